import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { EVENT_TYPES } from '../chain.ts';
import { sha256 } from '../cipher.ts';
import { ledgerError } from '../errors.ts';
import type { Row } from '../project.ts';
import { MIGRATIONS, PROJECTION_TABLES, PROJECTIONS, WRITABLE_FROM } from './migrations.ts';

export type SqlValue = string | number | null | Uint8Array;

/** A connection with its prepared statements kept. */
export class Database {
  readonly raw: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(raw: DatabaseSync) {
    this.raw = raw;
  }

  all(sql: string, ...values: SqlValue[]): Row[] {
    return this.#prepared(sql).all(...values) as Row[];
  }

  get(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.#prepared(sql).get(...values) as Row | undefined;
  }

  run(sql: string, ...values: SqlValue[]): void {
    this.#prepared(sql).run(...values);
  }

  /** Rows one by one, for readings of the whole ledger. */
  iterate(sql: string, ...values: SqlValue[]): IterableIterator<Row> {
    return this.raw.prepare(sql).iterate(...values) as IterableIterator<Row>;
  }

  close(): void {
    this.#statements.clear();
    this.raw.close();
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.raw.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

export function databaseFile(folder: string): string {
  return join(folder, 'ledger.sqlite');
}

/** Opens the ledger for writing: makes the folder and the tables, applies what migrations are missing. */
export function openForWriting(folder: string): { database: Database; projectionsAreOld: boolean } {
  mkdirSync(folder, { recursive: true });
  const database = new Database(new DatabaseSync(databaseFile(folder), { timeout: 10_000 }));
  // FULL makes every commit durable; the cap keeps the log short when readers allow it to be folded back.
  database.raw.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864',
  );
  migrate(database);
  return { database, projectionsAreOld: projectionsAreOld(database) };
}

/** Opens the ledger for reading; other processes may write it meanwhile. */
export function openForReading(folder: string): Database {
  try {
    const database = new Database(
      new DatabaseSync(databaseFile(folder), { readOnly: true, timeout: 10_000 }),
    );
    refuseNewer(database);
    return database;
  } catch (error) {
    if (error instanceof Error && 'errcode' in error)
      throw ledgerError('ledger.not-found', { folder }, error);
    throw error;
  }
}

function migrate(database: Database): void {
  refuseNewer(database);
  for (let version = schemaOf(database); version < MIGRATIONS.length; version += 1) {
    database.raw.exec(
      `BEGIN IMMEDIATE; ${MIGRATIONS[version]}; PRAGMA user_version = ${version + 1};
       INSERT OR REPLACE INTO meta (key, value) VALUES ('writable-from', '${WRITABLE_FROM}'); COMMIT`,
    );
  }
}

/** Number of the last migration that was applied to a ledger. */
export function schemaOf(database: Database): number {
  return Number(database.get('PRAGMA user_version')?.user_version);
}

/** A ledger of a newer build is opened when that build said that this one may, and wrote no event that this one does not know. */
function refuseNewer(database: Database): void {
  const found = schemaOf(database);
  if (found > MIGRATIONS.length) {
    const from = Number(database.get("SELECT value FROM meta WHERE key = 'writable-from'")?.value ?? found);
    if (from > MIGRATIONS.length)
      throw ledgerError('ledger.newer-schema', { found, known: MIGRATIONS.length });
  }
  if (found < EVENT_TYPES_SINCE) return;
  const unknown = database
    .all('SELECT type FROM event_types')
    .map(({ type }) => String(type))
    .filter((type) => !EVENT_TYPES.has(type));
  if (unknown.length > 0) throw ledgerError('ledger.newer-events', { types: unknown.join(', ') });
}

/** Schema from which the ledger keeps the types of its events. */
const EVENT_TYPES_SINCE = 3;

/** Whether the projections are missing, or of another definition than this build's: then they must be made again. */
export function projectionsAreOld(database: Database): boolean {
  return database.get("SELECT value FROM meta WHERE key = 'projections'")?.value !== PROJECTIONS_VERSION;
}

const PROJECTIONS_VERSION = sha256(PROJECTION_TABLES);

/**
 * Drops the projections and makes them again, filled by `fill`, all in one transaction: whatever interrupts it, the next
 * start finds the old ones and begins again.
 */
export function remakeProjections(database: Database, fill: () => void): void {
  database.raw.exec('BEGIN IMMEDIATE');
  try {
    database.raw.exec(PROJECTIONS.map((table) => `DROP TABLE IF EXISTS ${table};`).join(' '));
    database.raw.exec(PROJECTION_TABLES);
    fill();
    database.run(
      "INSERT INTO meta (key, value) VALUES ('projections', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
      PROJECTIONS_VERSION,
    );
    database.raw.exec('COMMIT');
  } catch (error) {
    if (database.raw.isTransaction) database.raw.exec('ROLLBACK');
    throw error;
  }
}
