import { CODE_MEANINGS } from '../../delivery/dmp/codes.ts';

/** A code as a label: ours and those of the destinations that we know; of what else they may answer there is no known number. */
export function codeLabel(code: string): string {
  return code === 'delivered' ||
    code in CODE_MEANINGS ||
    /^[a-z0-9-]{1,24}(\.[a-z0-9-]{1,40}){1,3}$/.test(code)
    ? code
    : 'other';
}
