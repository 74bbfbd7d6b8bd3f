import type { Fault } from './sample.ts';

/** A change that no test can tell from the original, and why; found by its words, wherever its line goes. */
export interface Equivalent {
  file: string;
  /** The line as it stands, without its margin. */
  before: string;
  kind: Fault['kind'];
  from: string;
  why: string;
}

export const EQUIVALENTS: readonly Equivalent[] = [];

/** Why a fault changes nothing that can be seen; null when nobody said so. */
export function whyEquivalent(fault: Fault): string | null {
  const known = EQUIVALENTS.find(
    ({ file, before, kind, from }) =>
      file === fault.file && before === fault.before && kind === fault.kind && from === fault.from,
  );
  return known?.why ?? null;
}
