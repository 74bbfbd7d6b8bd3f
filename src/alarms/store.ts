import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { Alarm } from './alarm.ts';
import { alarmLimits } from './limits.ts';

const TABLES = `
  CREATE TABLE IF NOT EXISTS alarms (
    id TEXT PRIMARY KEY, opened_at_ms INTEGER NOT NULL, closed_at_ms INTEGER, row TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS alarms_open ON alarms (opened_at_ms) WHERE closed_at_ms IS NULL;
  CREATE INDEX IF NOT EXISTS alarms_closed ON alarms (closed_at_ms) WHERE closed_at_ms IS NOT NULL;
  CREATE TABLE IF NOT EXISTS outbox (
    number INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, alarm TEXT NOT NULL, event TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL, attempts INTEGER NOT NULL, due_at_ms INTEGER NOT NULL, message TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS outbox_channel ON outbox (channel, number);
`;

/** How a list of alarms is read. */
export interface AlarmFilter {
  open?: boolean;
  /** Identifiers are in order of time: only alarms opened before this one. */
  before?: string;
  limit: number;
  /** Whether the reader may see it. */
  seen?(alarm: Alarm): boolean;
}

/** A message that a channel has not taken yet. */
export interface Waiting {
  number: number;
  alarm: string;
  event: string;
  createdAtMs: number;
  attempts: number;
  dueAtMs: number;
  message: string;
}

/**
 * Alarms and what is still to be told of them, in a file of their own: they must be kept when the ledger cannot be written,
 * which is what some of them say. Nothing here is evidence, and nothing is about a patient.
 */
export class AlarmStore {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /**
   * @param folder the data folder, which the caller holds; null keeps everything in memory
   * @param readOnly beside a gateway that holds it
   */
  constructor(folder: string | null, readOnly = false) {
    const file = folder === null ? ':memory:' : join(folder, 'alarms.sqlite');
    this.#database = new DatabaseSync(file, { timeout: 1000, readOnly });
    if (!readOnly) this.#database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; ${TABLES}`);
  }

  put(alarm: Alarm): void {
    this.#run(
      'INSERT INTO alarms VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET closed_at_ms = excluded.closed_at_ms, row = excluded.row',
      ...[alarm.id, alarm.openedAtMs, alarm.closedAtMs, JSON.stringify(alarm)],
    );
  }

  find(id: string): Alarm | null {
    return this.#alarms('SELECT row FROM alarms WHERE id = ?', id)[0] ?? null;
  }

  open(): Alarm[] {
    return this.#alarms('SELECT row FROM alarms WHERE closed_at_ms IS NULL ORDER BY opened_at_ms');
  }

  closedSince(sinceMs: number): Alarm[] {
    return this.#alarms('SELECT row FROM alarms WHERE closed_at_ms >= ? ORDER BY closed_at_ms', sinceMs);
  }

  /** Newest first. */
  list({ open, before = '~', limit, seen = () => true }: AlarmFilter): Alarm[] {
    const state = open === undefined ? '' : `AND closed_at_ms IS ${open ? '' : 'NOT'} NULL`;
    const sql = `SELECT row FROM alarms WHERE id < ? ${state} ORDER BY id DESC`;
    const found: Alarm[] = [];
    for (const { row } of this.#database.prepare(sql).iterate(before)) {
      const alarm = JSON.parse(row as string) as Alarm;
      if (seen(alarm)) found.push(alarm);
      if (found.length >= limit) break;
    }
    return found;
  }

  forgetClosedBefore(ms: number): void {
    this.#run('DELETE FROM alarms WHERE closed_at_ms < ?', ms);
  }

  /** A reminder that was not taken yet gives way to a newer message about the same alarm. */
  queue(channel: string, alarm: string, event: string, message: string, nowMs: number): void {
    this.#run(
      "DELETE FROM outbox WHERE channel = ? AND alarm = ? AND event = 'still-open' AND attempts = 0",
      ...[channel, alarm],
    );
    const sql =
      'INSERT INTO outbox (channel, alarm, event, created_at_ms, attempts, due_at_ms, message) VALUES (?, ?, ?, ?, 0, ?, ?)';
    this.#run(sql, channel, alarm, event, nowMs, nowMs, message);
    const newest = 'SELECT number FROM outbox WHERE channel = ? ORDER BY number DESC LIMIT ?';
    const most = alarmLimits.channelWaiting.value;
    this.#run(
      `DELETE FROM outbox WHERE channel = ? AND number NOT IN (${newest})`,
      ...[channel, channel, most],
    );
  }

  /** What waits for a channel that is no longer configured goes. */
  forgetChannelsBut(names: readonly string[]): void {
    this.#run(
      'DELETE FROM outbox WHERE channel NOT IN (SELECT value FROM json_each(?))',
      JSON.stringify(names),
    );
  }

  /** The first message that a channel has not taken. */
  next(channel: string): Waiting | null {
    const sql = `SELECT number, alarm, event, created_at_ms AS createdAtMs, attempts, due_at_ms AS dueAtMs, message
      FROM outbox WHERE channel = ? ORDER BY number LIMIT 1`;
    return (this.#prepared(sql).get(channel) as Waiting | undefined) ?? null;
  }

  waiting(channel: string): number {
    const sql = 'SELECT count(*) AS count FROM outbox WHERE channel = ?';
    return Number(this.#prepared(sql).get(channel)?.count ?? 0);
  }

  defer(number: number, attempts: number, dueAtMs: number): void {
    this.#run('UPDATE outbox SET attempts = ?, due_at_ms = ? WHERE number = ?', attempts, dueAtMs, number);
  }

  remove(number: number): void {
    this.#run('DELETE FROM outbox WHERE number = ?', number);
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #alarms(sql: string, ...values: SQLInputValue[]): Alarm[] {
    return this.#prepared(sql)
      .all(...values)
      .map(({ row }) => JSON.parse(row as string) as Alarm);
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#prepared(sql).run(...values);
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
