import { mailAddress } from './address.ts';
import type { ReadMail } from './read.ts';

/** Why no MDN may be sent (RFC 8098, section 2.1; RFC 3834, section 2). */
export type NoAnswer =
  | 'not-a-document'
  | 'not-asked'
  | 'several-addresses'
  | 'no-return-path'
  | 'address-differs'
  | 'automatic'
  | 'own-address'
  | 'address-malformed';

/**
 * The address to which the MDN for a document mail goes, or why there is none: it must be the one envelope sender, so that
 * nobody is sent what he did not ask for, and no two machines answer each other for ever.
 * @param own addresses of our mailboxes
 */
export function mayAnswer(
  { kind, mail }: ReadMail,
  own: readonly string[],
): { to: string } | { no: NoAnswer } {
  const { notifyTo, returnPath, autoSubmitted } = mail;
  const [to, second] = new Set(notifyTo.map(folded));
  if (kind !== 'document') return { no: 'not-a-document' };
  if (to === undefined) return { no: 'not-asked' };
  if (second !== undefined) return { no: 'several-addresses' };
  if (!returnPath) return { no: 'no-return-path' };
  if (to !== folded(returnPath)) return { no: 'address-differs' };
  if (autoSubmitted !== null && autoSubmitted !== 'no') return { no: 'automatic' };
  if (own.map(folded).includes(to)) return { no: 'own-address' };
  return written(notifyTo[0]!);
}

function folded(address: string): string {
  return address.trim().toLowerCase();
}

function written(address: string): { to: string } | { no: NoAnswer } {
  try {
    return { to: mailAddress(address.trim()).address };
  } catch {
    return { no: 'address-malformed' };
  }
}
