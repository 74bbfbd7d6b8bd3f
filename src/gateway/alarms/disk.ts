import { type StatsFs, statfsSync } from 'node:fs';
import { alarmWatchLimits } from './limits.ts';

export interface DiskState {
  freeBytes: number;
  sizeBytes: number;
  /** Days until it is full at the rate of the hours that were measured; null while that is not known or nothing grows. */
  daysLeft: number | null;
  /** How long it must still be watched before it can tell the days left; 0 when it can. Samples do not outlive a restart. */
  unmeasuredMs: number;
}

/** How full the disk of a folder is, and when it will be at the rate measured over the last days. */
export class DiskBudget {
  readonly #samples: { atMs: number; freeBytes: number }[] = [];
  readonly #read: () => Pick<StatsFs, 'bavail' | 'blocks' | 'bsize'>;

  constructor(
    folder: string,
    read: () => Pick<StatsFs, 'bavail' | 'blocks' | 'bsize'> = () => statfsSync(folder),
  ) {
    this.#read = read;
  }

  /** Looks at the disk; samples are kept for some days, an hour apart. */
  look(nowMs: number): DiskState {
    const { bavail, blocks, bsize } = this.#read();
    const freeBytes = bavail * bsize;
    const { diskSampleMs, diskSamples } = alarmWatchLimits;
    const last = this.#samples.at(-1);
    if (!last || nowMs - last.atMs >= diskSampleMs.value) this.#samples.push({ atMs: nowMs, freeBytes });
    if (this.#samples.length > diskSamples.value) this.#samples.shift();
    const first = this.#samples[0]!;
    const elapsedMs = nowMs - first.atMs;
    const unmeasuredMs = Math.max(0, alarmWatchLimits.diskMeasureMs.value - elapsedMs);
    const used = unmeasuredMs > 0 ? 0 : first.freeBytes - freeBytes;
    const daysLeft = used <= 0 ? null : (freeBytes / used) * (elapsedMs / 86_400_000);
    return { freeBytes, sizeBytes: blocks * bsize, daysLeft, unmeasuredMs };
  }
}
