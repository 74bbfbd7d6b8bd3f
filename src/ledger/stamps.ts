import { existsSync, readFileSync } from 'node:fs';
import { readSeal } from './seal.ts';
import { verifyStamp } from './timestamp.ts';
import { keptSeals } from './witnesses/file.ts';

/** What a time stamp over a seal says, or why it proves nothing. */
export interface StampReport {
  establishment: string;
  seal: number;
  /** Last event under the seal. */
  event: number;
  /** Instant of the authority, ISO 8601 UTC; null when the stamp does not hold. */
  at: string | null;
  problem: string | null;
}

/** Verifies every time stamp (RFC 3161) in files of witnesses, against the authorities (PEM) that are believed. */
export async function verifyStamps(files: readonly string[], authorities: string): Promise<StampReport[]> {
  const reports: StampReport[] = [];
  for (const { seal: text, signature, timestamp } of files
    .filter(existsSync)
    .flatMap((file) => keptSeals(readFileSync(file, 'utf8')))) {
    if (timestamp === undefined) continue;
    const seal = readSeal(text, signature);
    const { establishment, number, last } = seal.content;
    const about = { establishment, seal: number, event: last };
    try {
      const at = await verifyStamp(Buffer.from(timestamp, 'base64'), `${text}\n${signature}`, authorities);
      const early = at.getTime() < Date.parse(seal.content.at) - CLOCKS_DIFFER_MS;
      reports.push({
        ...about,
        at: at.toISOString(),
        problem: early ? 'it is older than the seal says of itself' : null,
      });
    } catch (error) {
      reports.push({ ...about, at: null, problem: (error as Error).message });
    }
  }
  return reports;
}

const CLOCKS_DIFFER_MS = 300_000;
