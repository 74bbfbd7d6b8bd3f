import type { Seal } from '../seal.ts';

/** A witness that is reached over a network, so that handing it a seal takes time and may fail. */
export interface RemoteWitness {
  /** By which its progress is remembered and the log speaks of it: its kind and where it is. */
  readonly name: string;
  /**
   * Shortest time between two handings over, in ms; then only the newest seal of each chain is handed over, which answers for
   * all before it. 0: every seal, as soon as it is made.
   */
  readonly everyMs: number;
  /** Hands seals over; when it resolves, the other side has taken them as far as its protocol can say. */
  take(seals: readonly Seal[]): Promise<void>;
}

/** What is read of the ledger to hand it over. */
export interface SealReading {
  establishments: readonly string[];
  /** Seals of a chain behind a number, in order. */
  sealsAfter(establishment: string, number: number): Promise<Seal[]>;
}

/** How far each witness has come, kept over a restart. */
export interface Progress {
  /** Number of the last seal of each chain that it took. */
  taken: Record<string, number>;
  /** Instant of the last handing over, ms. */
  atMs: number;
}

/**
 * Hands one witness what it lacks.
 * @returns its new progress, or the same when nothing was to be done
 * @throws whatever the witness throws; nothing is then taken for handed over
 */
export async function handOver(
  witness: RemoteWitness,
  progress: Progress,
  { establishments, sealsAfter }: SealReading,
  nowMs: number,
): Promise<Progress> {
  if (nowMs - progress.atMs < witness.everyMs) return progress;
  const taken = { ...progress.taken };
  const seals: Seal[] = [];
  for (const establishment of establishments) {
    const lacking = await sealsAfter(establishment, taken[establishment] ?? 0);
    const last = lacking.at(-1);
    if (!last) continue;
    seals.push(...(witness.everyMs > 0 ? [last] : lacking));
    taken[establishment] = last.content.number;
  }
  if (seals.length === 0) return progress;
  await witness.take(seals);
  return { taken, atMs: nowMs };
}
