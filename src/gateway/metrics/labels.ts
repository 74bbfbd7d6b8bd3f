import { CODE_MEANINGS } from '../../delivery/dmp/codes.ts';
import { SMTP_CODES } from '../../delivery/mssante/message/smtp-codes.ts';

/** A code as a label: ours and those of the destinations that we know; of what else they may answer there is no known number. */
export function codeLabel(code: string): string {
  return code === 'delivered' ||
    Object.hasOwn(CODE_MEANINGS, code) ||
    Object.hasOwn(SMTP_CODES, code) ||
    /^[a-z0-9-]{1,24}(\.[a-z0-9-]{1,40}){1,3}$/.test(code)
    ? code
    : 'other';
}
