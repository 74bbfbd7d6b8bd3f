import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { sha256 } from '../cipher.ts';
import { ledgerError } from '../errors.ts';
import type { Row } from '../project.ts';
import { MIGRATIONS, PROJECTION_TABLES, PROJECTIONS } from './migrations.ts';

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
    refuseNewer(Number(database.get('PRAGMA user_version')?.user_version));
    return database;
  } catch (error) {
    if (error instanceof Error && 'errcode' in error)
      throw ledgerError('ledger.not-found', { folder }, error);
    throw error;
  }
}

function migrate(database: Database): void {
  const found = Number(database.get('PRAGMA user_version')?.user_version);
  refuseNewer(found);
  for (let version = found; version < MIGRATIONS.length; version += 1) {
    database.raw.exec(
      `BEGIN IMMEDIATE; ${MIGRATIONS[version]}; PRAGMA user_version = ${version + 1}; COMMIT`,
    );
  }
}

function refuseNewer(found: number): void {
  if (found > MIGRATIONS.length)
    throw ledgerError('ledger.newer-schema', { found, known: MIGRATIONS.length });
}

/** Whether the projections are missing, or of another definition than this build's: then they must be made again. */
function projectionsAreOld(database: Database): boolean {
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
      "INSERT INTO meta VALUES ('projections', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
      PROJECTIONS_VERSION,
    );
    database.raw.exec('COMMIT');
  } catch (error) {
    if (database.raw.isTransaction) database.raw.exec('ROLLBACK');
    throw error;
  }
}
