import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isViaducError } from '../words/errors.ts';
import { ledgerError } from './errors.ts';

const SQLITE_BUSY = 5;

/**
 * Takes the data folder's lock for this process. The lock is SQLite's own on an empty database: the system frees it when
 * the process ends, however it ends, so that a stale lock cannot exist.
 * @returns a function that gives the lock back
 * @throws ViaducError `ledger.locked`, `ledger.folder-not-writable`
 */
export function takeLock(folder: string): () => void {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(join(folder, 'lock'), { timeout: 0 });
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY)
      throw ledgerError('ledger.locked', { folder }, error);
    throw notWritable(folder, error);
  }
  const held = database;
  return () => held.close();
}

/** Makes a data folder that is not there. @throws ViaducError `ledger.folder-not-writable` */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw notWritable(folder, error);
  }
}

function notWritable(folder: string, error: unknown): Error {
  const { code, errcode, message } = error as { code?: string; errcode?: number; message: string };
  const why = errcode === undefined ? (code ?? message) : message;
  return ledgerError('ledger.folder-not-writable', { folder, why }, error);
}

/** Whether some process holds the folder's lock. */
export function isLocked(folder: string): boolean {
  try {
    takeLock(folder)();
    return false;
  } catch (error) {
    return isViaducError(error) && error.code === 'ledger.locked';
  }
}
