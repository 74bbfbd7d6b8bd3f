import { randomBytes } from 'node:crypto';

/**
 * A new identifier for a submission, a delivery or a stored body: a UUID of version 7 (RFC 9562, section 5.7), so
 * that identifiers made later sort later. Order is never deduced from it: the ledger's sequence gives order.
 */
export function newId(nowMs: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const OID = /^[0-2](\.(0|[1-9][0-9]*))+$/;

/** Whether a text is an object identifier as XDS takes it: digits and dots, no leading zero, at most 64 characters. */
export function isOid(text: string): boolean {
  return text.length <= 64 && OID.test(text);
}

/**
 * A new object identifier under `root`: two arcs, the instant in milliseconds and 48 random bits, so that it stays
 * unique after a restart or a clock set back. At most 30 characters longer than the root.
 */
export function newOid(root: string, nowMs: number): string {
  return `${root}.${nowMs}.${randomBytes(6).readUIntBE(0, 6)}`;
}
