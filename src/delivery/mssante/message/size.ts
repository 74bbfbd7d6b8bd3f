import { messageError } from './errors.ts';

/** Limits of a mail in bytes, as known so far; null or 0 where none is. */
export interface SizeLimits {
  /** `sizeLimit` of the mailbox. */
  setting: number | null;
  /** EHLO SIZE (RFC 1870). */
  operator: number | null;
  /** Of Mon espace santé, for a mail to a patient. */
  patient: number | null;
}

const LINE = 76;

/** Bytes that a file takes in a mail: base64 in lines of 76 characters and CRLF. */
export function encodedSize(bytes: number): number {
  const characters = Math.ceil(bytes / 3) * 4;
  return characters + 2 * Math.ceil(characters / LINE);
}

/**
 * @param bytes size of a whole mail, or less when it is not made yet
 * @throws ViaducError `mssante.too-large-for-…`, named after the lowest limit
 */
export function judgeSize(bytes: number, limits: SizeLimits): void {
  const lowest = (['setting', 'operator', 'patient'] as const)
    .flatMap((of) => (limits[of] ? [{ of, most: limits[of] }] : []))
    .toSorted((a, b) => a.most - b.most)[0];
  if (lowest && bytes > lowest.most)
    throw messageError(`mssante.too-large-for-${lowest.of}`, { bytes, most: lowest.most });
}
