import type { LostSeals } from '../words/events.ts';
import { type Seal, sealDigest } from './seal.ts';

/**
 * What a witness outside knows of one chain beyond the last seal of a copy of it: the seals made after the copy was taken,
 * which are lost with what they covered. Null when it knows nothing beyond.
 */
export function lostSince(held: readonly Seal[], witness: readonly Seal[]): LostSeals | null {
  const last = held.at(-1)?.content;
  const beyond = witness
    .filter(({ content }) => content.number > (last?.number ?? 0))
    .toSorted((a, b) => a.content.number - b.content.number);
  const [first, end] = [beyond[0], beyond.at(-1)];
  if (!first || !end) return null;
  return {
    fromSeal: first.content.number,
    toSeal: end.content.number,
    toEvent: end.content.last,
    lastAt: end.content.at,
    digest: sealDigest(end),
  };
}
