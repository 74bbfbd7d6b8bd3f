import { readdirSync, readFileSync } from 'node:fs';

/** What a process used so far, as Linux accounts for it; null where there is no /proc. */
export interface Usage {
  /** Milliseconds of CPU, all threads, user and system. */
  cpuMs: number;
  /** Resident memory now, bytes. */
  residentBytes: number;
}

const TICKS_PER_SECOND = 100;

/**
 * Milliseconds of CPU that each thread of a process used so far, by the name of the thread; those of one name together.
 * Empty where there is no /proc.
 */
export function threadsOf(pid: number): Record<string, number> {
  const sums: Record<string, number> = {};
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const folder = `/proc/${pid}/task/${thread}`;
      const name = readFileSync(`${folder}/comm`, 'utf8').trim();
      // Nanoseconds on a CPU stand first.
      const spentNs = Number(readFileSync(`${folder}/schedstat`, 'utf8').split(' ')[0]);
      sums[name] = (sums[name] ?? 0) + spentNs / 1e6;
    }
  } catch {
    return sums;
  }
  return sums;
}

export function usageOf(pid: number): Usage | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return { cpuMs: (ticks / TICKS_PER_SECOND) * 1000, residentBytes: Number(resident?.[1] ?? 0) * 1024 };
  } catch {
    return null;
  }
}

/** Value below which a part of the sorted values lies. */
export function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
