import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ledgerError } from './errors.ts';

/** What a backup says of itself, in `backup.json`. Names no patient and holds no key. */
export interface BackupManifest {
  v: 1;
  /** Instant of the reading that was copied, ISO 8601 UTC. */
  at: string;
  environment: string;
  product: { name: string; version: string };
  /** Last event and last seal of each chain in it. */
  chains: { establishment: string; lastEvent: number; head: string; lastSeal: number }[];
  /** Every file of the backup, this one excepted; paths relative to it, SHA-256 in hexadecimal. */
  files: { path: string; size: number; sha256: string }[];
}

export const MANIFEST_FILE = 'backup.json';

/**
 * Reads the manifest of a backup; null for a folder without one, which may be a copy of a data folder.
 * @throws ViaducError `ledger.backup-unreadable`
 */
export function readManifest(folder: string): BackupManifest | null {
  const file = join(folder, MANIFEST_FILE);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw ledgerError('ledger.backup-unreadable', { file, why: (error as Error).message }, error);
  }
  try {
    const manifest = JSON.parse(text) as BackupManifest;
    if (manifest.v !== 1 || !Array.isArray(manifest.files)) throw new Error('unknown form');
    return manifest;
  } catch (error) {
    throw ledgerError('ledger.backup-unreadable', { file, why: (error as Error).message }, error);
  }
}
