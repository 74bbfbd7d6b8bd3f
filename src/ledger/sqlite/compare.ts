import { DatabaseSync } from 'node:sqlite';
import { parseEvent, streamsOf } from '../chain.ts';
import { project, type ReadRows, type Row } from '../project.ts';
import { Database } from './database.ts';
import { PROJECTION_TABLES, PROJECTIONS } from './migrations.ts';

const STREAMS_TABLE = `CREATE TABLE event_streams (establishment TEXT, stream TEXT, seq INTEGER,
  PRIMARY KEY (establishment, stream, seq)) STRICT, WITHOUT ROWID;`;

/** A row of a reading that is not what the events say: the table, and the key of the row. */
export interface Difference {
  table: string;
  key: string;
}

/**
 * Makes the readings of one establishment again from its events, in memory, and gives the first row of each table that is
 * not the same in the ledger: figures and states are read from these tables, and no hash covers them. Null when the events
 * cannot be projected, which their own verification tells.
 */
export function differingReadings(
  database: Database,
  establishment: string,
  readRows: ReadRows,
): Difference[] | null {
  const fresh = new Database(new DatabaseSync(':memory:'));
  try {
    fresh.raw.exec(`${STREAMS_TABLE} ${PROJECTION_TABLES}; BEGIN`);
    replayEvents(database, fresh, establishment, readRows);
    return ['event_streams', ...PROJECTIONS].flatMap((table) =>
      firstDifference(database, fresh, table, establishment),
    );
  } catch {
    return null;
  } finally {
    fresh.close();
  }
}

function replayEvents(database: Database, fresh: Database, establishment: string, readRows: ReadRows): void {
  const sql = 'SELECT position, text, hash FROM events WHERE establishment = ? ORDER BY seq';
  for (const row of database.iterate(sql, establishment)) {
    const event = parseEvent(String(row.text), Number(row.position), String(row.hash));
    for (const stream of new Set(streamsOf(event)))
      fresh.run(
        'INSERT INTO event_streams (establishment, stream, seq) VALUES (?, ?, ?)',
        establishment,
        stream,
        event.seq,
      );
    const steps = project(event, readRows);
    for (let step = steps.next([]); !step.done; )
      step = steps.next(fresh.all(step.value.sql, ...step.value.values));
  }
}

function firstDifference(
  database: Database,
  fresh: Database,
  table: string,
  establishment: string,
): Difference[] {
  const columns = fresh.all(`PRAGMA table_info(${table})`);
  const keys = columns.filter(({ pk }) => Number(pk) > 0).map(({ name }) => String(name));
  const own = columns.some(({ name }) => name === 'establishment');
  // The tokens of the gateway stand in its own chain alone.
  const where = own ? 'WHERE establishment = ?' : '';
  if (!own && !establishment.startsWith('@')) return [];
  const sql = `SELECT * FROM ${table} ${where} ORDER BY ${keys.join(', ')}`;
  const values = own ? [establishment] : [];
  const stored = database.iterate(sql, ...values);
  const made = fresh.iterate(sql, ...values);
  for (;;) {
    const [is, should] = [stored.next().value, made.next().value] as (Row | undefined)[];
    if (!is && !should) return [];
    if (!is || !should || !same(is, should)) return [{ table, key: keyOf((should ?? is)!, keys) }];
  }
}

function same(one: Row, other: Row): boolean {
  return Object.keys(other).every((column) => one[column] === other[column]);
}

function keyOf(row: Row, keys: readonly string[]): string {
  return keys
    .filter((key) => key !== 'establishment')
    .map((key) => String(row[key]))
    .join(' ');
}
