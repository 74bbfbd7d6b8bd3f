import { existsSync } from 'node:fs';
import { ledgerError } from '../errors.ts';
import { nextKeyFile, putKeysInForce, writeNextKeys } from '../key-file.ts';
import { openKeys } from '../keys.ts';
import { takeLock } from '../lock.ts';
import { fileWitness } from '../witnesses/file.ts';
import { databaseFile } from './database.ts';
import { settleKeys } from './settle-keys.ts';
import { GATEWAY_CHAIN, type SqliteLedgerOptions } from './store.ts';
import { SqliteWriter } from './writer.ts';

/** Which secrets are made anew. */
export interface Rotation {
  seal: boolean;
  master: boolean;
  by: string;
}

/** The key that signs from now on, and where the file of before is kept. */
export interface Rotated {
  from: string;
  to: string;
  oldFile: string;
}

/**
 * Puts new keys in the place of those of a ledger that no gateway writes. One commit holds everything: the change in every
 * chain, signed by both keys, the last seals of the old key, and every wrapped key wrapped again. Before it the new keys
 * stand beside the key file; after it they take its place, at the next opening when this is interrupted.
 * @throws ViaducError `ledger.not-found`, `ledger.locked`, `ledger.wrong-key`, `ledger.key-unwrappable`
 */
export function rotateKeys(options: SqliteLedgerOptions, { seal, master, by }: Rotation): Rotated {
  if (!existsSync(databaseFile(options.folder)))
    throw ledgerError('ledger.not-found', { folder: options.folder });
  const unlock = takeLock(options.folder);
  try {
    settleKeys(options.folder, options.keyFile);
    const old = openKeys(options.keyFile, false);
    writeNextKeys(options.keyFile, old, { seal, master });
    const next = openKeys(nextKeyFile(options.keyFile), false);
    const { folder, environment, product, nowMs } = options;
    const writer = new SqliteWriter({
      ...{ folder, environment, product, nowMs, keys: old },
      establishments: [GATEWAY_CHAIN, ...options.establishments],
      witnesses: options.witnessFiles.map(fileWitness),
    });
    try {
      writer.changeKeys(next, by, nowMs);
    } finally {
      writer.close();
    }
    const oldFile = putKeysInForce(options.keyFile, old);
    return { from: old.id, to: next.id, oldFile };
  } finally {
    unlock();
  }
}
