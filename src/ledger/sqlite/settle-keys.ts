import { existsSync } from 'node:fs';
import { ledgerError } from '../errors.ts';
import { nextKeyFile, putKeysInForce, removeNextKeys } from '../key-file.ts';
import { keyCheck, type LedgerKeys, openKeys } from '../keys.ts';
import { databaseFile, openForReading } from './database.ts';

/**
 * Ends a change of keys that was interrupted: the tables say which keys they belong to. Called with the folder's lock.
 */
export function settleKeys(folder: string, keyFile: string): void {
  const next = nextKeyFile(keyFile);
  if (!existsSync(next) || !existsSync(databaseFile(folder)) || !existsSync(keyFile)) return;
  const database = openForReading(folder);
  const check = database.get("SELECT value FROM meta WHERE key = 'key-check'")?.value;
  database.close();
  const old = openKeys(keyFile, false);
  if (check === keyCheck(old)) removeNextKeys(keyFile);
  else if (check === keyCheck(openKeys(next, false))) putKeysInForce(keyFile, old);
  else throw ledgerError('ledger.wrong-key', { file: keyFile });
}

/**
 * The keys of a ledger for reading it, also while a change of keys is waiting for its end.
 * @throws ViaducError `ledger.wrong-key` when they are others'
 */
export function keysInForce(folder: string, keyFile: string): LedgerKeys {
  const keys = openKeys(keyFile, false);
  const database = openForReading(folder);
  const check = database.get("SELECT value FROM meta WHERE key = 'key-check'")?.value;
  database.close();
  const next = nextKeyFile(keyFile);
  const found = check === keyCheck(keys) || !existsSync(next) ? keys : openKeys(next, false);
  if (check !== keyCheck(found)) throw ledgerError('ledger.wrong-key', { file: keyFile });
  return found;
}
