import { hash } from 'node:crypto';

/**
 * Root of the Merkle tree over the hashes of a batch of events, as RFC 6962 (section 2.1) builds it: leaves are prefixed
 * with 0x00, nodes with 0x01, and the left subtree is the largest full one.
 * @param leaves hexadecimal SHA-256 digests, at least one
 */
export function merkleRoot(leaves: readonly string[]): string {
  let level = leaves.map((leaf) => node(LEAF, Buffer.from(leaf, 'hex')));
  while (level.length > 1) level = parents(level);
  return level[0]!.toString('hex');
}

const LEAF = Buffer.of(0);
const INNER = Buffer.of(1);

/** Pairing from the left and lifting an odd last node gives the tree of RFC 6962. */
function parents(level: Buffer[]): Buffer[] {
  const above: Buffer[] = [];
  for (let index = 0; index < level.length; index += 2) {
    const right = level[index + 1];
    above.push(right ? node(INNER, level[index]!, right) : level[index]!);
  }
  return above;
}

function node(prefix: Buffer, ...parts: Buffer[]): Buffer {
  return hash('sha256', Buffer.concat([prefix, ...parts]), 'buffer');
}
