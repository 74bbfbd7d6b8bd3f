import { readFileSync, type StatsFs, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alarmWatchLimits } from './limits.ts';

export interface DiskState {
  freeBytes: number;
  sizeBytes: number;
  /** Days until it is full at the rate of the hours that were measured; null while that is not known or nothing grows. */
  daysLeft: number | null;
  /** How long it must still be watched before it can tell the days left; 0 when it can. */
  unmeasuredMs: number;
}

interface Sample {
  atMs: number;
  freeBytes: number;
}

/**
 * How full the disk of a folder is, and when it will be at the rate measured over the last days. Samples are kept in the folder,
 * so that an alarm is not over because the gateway was started again.
 */
export class DiskBudget {
  readonly #kept: string;
  readonly #read: () => Pick<StatsFs, 'bavail' | 'blocks' | 'bsize'>;
  #samples: Sample[];

  constructor(
    folder: string,
    read: () => Pick<StatsFs, 'bavail' | 'blocks' | 'bsize'> = () => statfsSync(folder),
  ) {
    this.#kept = join(folder, 'disk.json');
    this.#read = read;
    this.#samples = samplesIn(this.#kept);
  }

  /** Looks at the disk; samples are kept for some days, an hour apart. */
  look(nowMs: number): DiskState {
    const { bavail, blocks, bsize } = this.#read();
    const freeBytes = bavail * bsize;
    this.#keep({ atMs: nowMs, freeBytes });
    const first = this.#samples[0]!;
    const elapsedMs = nowMs - first.atMs;
    const unmeasuredMs = Math.max(0, alarmWatchLimits.diskMeasureMs.value - elapsedMs);
    const used = unmeasuredMs > 0 ? 0 : first.freeBytes - freeBytes;
    const daysLeft = used <= 0 ? null : (freeBytes / used) * (elapsedMs / 86_400_000);
    return { freeBytes, sizeBytes: blocks * bsize, daysLeft, unmeasuredMs };
  }

  /** Samples that are too old, or that a clock set back has left in the future, say nothing of the days to come. */
  #keep(sample: Sample): void {
    const { diskSampleMs, diskSamples } = alarmWatchLimits;
    const longestMs = diskSampleMs.value * diskSamples.value;
    this.#samples = this.#samples.filter(({ atMs }) => atMs <= sample.atMs && sample.atMs - atMs < longestMs);
    const last = this.#samples.at(-1);
    if (last && sample.atMs - last.atMs < diskSampleMs.value) return;
    this.#samples.push(sample);
    try {
      writeFileSync(this.#kept, JSON.stringify(this.#samples));
    } catch {
      // A disk that cannot be written has an alarm of its own.
    }
  }
}

/** What a gateway before this one has seen; nothing when that cannot be read. */
function samplesIn(path: string): Sample[] {
  try {
    const kept: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return Array.isArray(kept) ? kept.filter(isSample) : [];
  } catch {
    return [];
  }
}

function isSample(value: unknown): value is Sample {
  const { atMs, freeBytes } = (value ?? {}) as Partial<Record<keyof Sample, unknown>>;
  return typeof atMs === 'number' && typeof freeBytes === 'number';
}
