import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ledger } from '../../ledger/ledger.ts';
import { isLocked } from '../../ledger/lock.ts';
import { openForReading } from '../../ledger/sqlite/database.ts';
import { SqliteReader } from '../../ledger/sqlite/reader.ts';
import { keysInForce } from '../../ledger/sqlite/settle-keys.ts';
import { openSqliteLedger, type SqliteLedgerOptions } from '../../ledger/sqlite/store.ts';
import { systemClock } from '../../words/clock.ts';
import type { Establishment } from '../../words/establishment.ts';
import type { Config } from '../config.ts';
import type { Endpoints } from '../endpoints.ts';
import { text, UsageError, type Values } from './command.ts';

/** Reads a ledger, whether or not a gateway is writing it. */
export function readLedger({ data, keyFile }: Config): SqliteReader {
  return new SqliteReader(openForReading(data), data, keysInForce(data, keyFile));
}

/** Opens a ledger for writing, with its lock. @throws ViaducError `ledger.locked` while a gateway runs */
export function openLedgerFor(config: Config): Promise<Ledger> {
  return openSqliteLedger({ ...ledgerSettings(config), nowMs: systemClock.now() });
}

export function ledgerSettings(config: Config): Omit<SqliteLedgerOptions, 'nowMs'> {
  const { data: folder, keyFile, environment, product, witnessFiles } = config;
  const establishments = config.establishments.map(({ id }) => id);
  return { folder, keyFile, environment, product, establishments, witnessFiles };
}

/** The establishment that a command is about: the one it names, or the only one. */
export function establishmentOf(config: Config, values: Values): Establishment {
  const named = text(values, 'establishment');
  const found =
    named === undefined && config.establishments.length === 1
      ? config.establishments[0]
      : config.establishments.find(({ id }) => id === named);
  if (!found)
    throw new UsageError(`--establishment is one of ${config.establishments.map(({ id }) => id).join(', ')}`);
  return found;
}

/** Where the gateway that writes this data folder is reached, or null when none runs. */
export function runningGateway({ data }: Config): Endpoints | null {
  const file = join(data, 'endpoints.json');
  // The file of a gateway that was killed is still there; its lock is not.
  return existsSync(file) && isLocked(data) ? (JSON.parse(readFileSync(file, 'utf8')) as Endpoints) : null;
}
