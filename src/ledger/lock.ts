import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ledgerError } from './errors.ts';

/**
 * Takes the data folder's lock for this process, or throws `ledger.locked`. The lock is SQLite's own on an empty
 * database: the system frees it when the process ends, however it ends, so that a stale lock cannot exist.
 * @returns a function that gives the lock back
 */
export function takeLock(folder: string): () => void {
  const database = new DatabaseSync(join(folder, 'lock'), { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw ledgerError('ledger.locked', { folder }, error);
  }
  return () => database.close();
}

/** Whether some process holds the folder's lock. */
export function isLocked(folder: string): boolean {
  try {
    takeLock(folder)();
    return false;
  } catch {
    return true;
  }
}
