import { randomUUID } from 'node:crypto';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type Clock, instant } from '../../words/clock.ts';
import { dmpSandboxLimits } from './limits.ts';
import type { Status } from './names.ts';

/** A document entry as the registry keeps it. */
export interface Entry {
  entryUuid: string;
  /** entryUUID of the first version of the metadata. */
  logicalId: string;
  /** Version of the metadata, from 1. */
  version: number;
  uniqueId: string;
  /** uniqueId of the lot that brought it. */
  lot: string;
  status: Status;
  /** CX of the patient. */
  patient: string;
  /** Struct_IdNat of the author institutions. */
  structures: string[];
  classCode: string;
  typeCode: string;
  formatCode: string;
  confidentiality: string[];
  mimeType: string;
  /** DTM in UTC. */
  creationTime: string;
  /** SHA-1 in lower-case hexadecimal. */
  hash: string;
  /** Bytes. */
  size: number;
  signature: boolean;
  /** entryUUID that it replaced. */
  replaces: string | null;
  /** Instant, ISO 8601 UTC. */
  at: string;
}

export type NewEntry = Omit<Entry, 'entryUuid' | 'logicalId' | 'version' | 'status' | 'at' | 'lot'> & {
  content: Buffer;
};

/** A lot as it was accepted: a deposit with its documents, or a deletion. */
export interface Lot {
  uniqueId: string;
  kind: 'deposit' | 'deletion';
  /** Instant, ISO 8601 UTC. */
  at: string;
}

export interface Counts {
  /** Deposits accepted. */
  lots: number;
  /** Deletions accepted. */
  deletions: number;
  /** Clinical documents, each once whatever the number of its entries. */
  documents: number;
  signatures: number;
  /** Clinical documents that more than one accepted lot brought. */
  doubleDeposits: { uniqueId: string; lots: number }[];
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS lots (
    unique_id TEXT PRIMARY KEY, kind TEXT NOT NULL, at TEXT NOT NULL, message BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY, entry_uuid TEXT NOT NULL UNIQUE, logical_id TEXT NOT NULL, version INTEGER NOT NULL,
    unique_id TEXT NOT NULL, lot TEXT NOT NULL, status TEXT NOT NULL, patient TEXT NOT NULL, structures TEXT NOT NULL,
    class_code TEXT NOT NULL, type_code TEXT NOT NULL, format_code TEXT NOT NULL, confidentiality TEXT NOT NULL,
    mime_type TEXT NOT NULL, creation_time TEXT NOT NULL, hash TEXT NOT NULL, size INTEGER NOT NULL,
    signature INTEGER NOT NULL, replaces TEXT, at TEXT NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS entries_by_unique_id ON entries (unique_id);
  CREATE TABLE IF NOT EXISTS contents (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS former_uuids (entry_uuid TEXT PRIMARY KEY, id INTEGER NOT NULL) STRICT;
`;

const COLUMNS = `entry_uuid, logical_id, version, unique_id, lot, status, patient, structures, class_code, type_code,
  format_code, confidentiality, mime_type, creation_time, hash, size, signature, replaces, at`;

type Row = Record<string, string | number | null>;

/**
 * What the simulator accepted, in SQLite. Writes of one turn of the event loop share a transaction; `settled` tells when
 * they are committed. The store outlives the process (`synchronous=OFF`: not a power cut, which no test makes).
 */
export class Store {
  readonly #db: DatabaseSync;
  readonly #clock: Clock;
  readonly #statements = new Map<string, StatementSync>();
  #batch: Promise<void> | null = null;

  /** `path` is a file, made when missing, or `:memory:`. */
  constructor(path: string, clock: Clock) {
    this.#clock = clock;
    this.#db = new DatabaseSync(path);
    // Pages of 16 KB halve the cost of storing a document of 130 KB.
    this.#db.exec('PRAGMA page_size=16384; PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF');
    this.#db.exec(SCHEMA);
  }

  lot(uniqueId: string): Lot | null {
    const row = this.#get('SELECT unique_id, kind, at FROM lots WHERE unique_id = ?', uniqueId);
    return row && { uniqueId: String(row.unique_id), kind: row.kind as Lot['kind'], at: String(row.at) };
  }

  /** The entries of a document, oldest first. */
  entriesOf(uniqueId: string): Entry[] {
    return this.#all(`SELECT ${COLUMNS} FROM entries WHERE unique_id = ? ORDER BY id`, uniqueId).map(entryOf);
  }

  /** The entry of an entryUUID; one that a newer version of the metadata took over counts as Deprecated. */
  entry(entryUuid: string): Entry | null {
    if (!entryUuid.startsWith('urn:uuid:')) return null;
    const current = this.#get(`SELECT ${COLUMNS} FROM entries WHERE entry_uuid = ?`, entryUuid);
    if (current) return entryOf(current);
    const former = this.#get(
      `SELECT ${COLUMNS} FROM entries WHERE id = (SELECT id FROM former_uuids WHERE entry_uuid = ?)`,
      entryUuid,
    );
    return former && { ...entryOf(former), entryUuid, status: 'Deprecated' };
  }

  /** A page of entries, oldest first, those after the given place. */
  list(
    after: number,
    limit: number = dmpSandboxLimits.listed.value,
  ): { items: Entry[]; next: number | null } {
    const rows = this.#all(
      `SELECT id, ${COLUMNS} FROM entries WHERE id > ? ORDER BY id LIMIT ?`,
      after,
      limit,
    );
    const last = rows.length === limit ? Number(rows.at(-1)!.id) : null;
    return { items: rows.map(entryOf), next: last };
  }

  /** Clinical documents for a person, newest first, those before the given place, of one patient (CX) or of all. */
  newest(before: number, patient: string | null): { items: Entry[]; next: number | null } {
    const limit = dmpSandboxLimits.shown.value;
    const rows = this.#all(
      `SELECT id, ${COLUMNS} FROM entries WHERE signature = 0 AND id < ? AND (? = '' OR patient = ?)
       ORDER BY id DESC LIMIT ?`,
      ...[before, patient ?? '', patient ?? '', limit],
    );
    return { items: rows.map(entryOf), next: rows.length === limit ? Number(rows.at(-1)!.id) : null };
  }

  /** Number of clinical documents of a patient (CX). */
  documentsOf(patient: string): number {
    const sql = 'SELECT count(DISTINCT unique_id) AS n FROM entries WHERE signature = 0 AND patient = ?';
    return Number(this.#get(sql, patient)!.n);
  }

  /** uniqueId of the document that replaced another, or null. */
  replacing(uniqueId: string): string | null {
    const row = this.#get(
      `SELECT unique_id FROM entries WHERE replaces IN
       (SELECT entry_uuid FROM entries WHERE unique_id = ?1 UNION SELECT logical_id FROM entries WHERE unique_id = ?1)`,
      uniqueId,
    );
    return row && String(row.unique_id);
  }

  /** The bytes of the newest entry of a document, as they came. */
  content(uniqueId: string): Buffer | null {
    const row = this.#statement(
      'SELECT bytes FROM contents WHERE id = (SELECT max(id) FROM entries WHERE unique_id = ?)',
    ).get(uniqueId) as { bytes: Uint8Array } | undefined;
    return row ? Buffer.from(row.bytes) : null;
  }

  /** Registers a lot with its documents, all Approved; `message` is the envelope as received. */
  addLot(lot: { uniqueId: string; kind: Lot['kind']; message: Buffer }, entries: readonly NewEntry[]): void {
    this.#begin();
    const at = instant(this.#clock.now());
    // The transaction holds other lots too: one that fails in the middle takes only itself back.
    this.#db.exec('SAVEPOINT lot');
    try {
      this.#run('INSERT INTO lots VALUES (?, ?, ?, ?)', lot.uniqueId, lot.kind, at, lot.message);
      for (const entry of entries) this.#addEntry(entry, lot.uniqueId, at);
    } catch (error) {
      this.#db.exec('ROLLBACK TO lot');
      throw error;
    }
    this.#db.exec('RELEASE lot');
  }

  #addEntry(entry: NewEntry, lot: string, at: string): void {
    const uuid = newUuid();
    const id = this.#run(
      `INSERT INTO entries (${COLUMNS}) VALUES (?, ?, 1, ?, ?, 'Approved', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[uuid, uuid, entry.uniqueId, lot, entry.patient, JSON.stringify(entry.structures)],
      ...[entry.classCode, entry.typeCode, entry.formatCode, JSON.stringify(entry.confidentiality)],
      ...[
        entry.mimeType,
        entry.creationTime,
        entry.hash,
        entry.size,
        Number(entry.signature),
        entry.replaces,
        at,
      ],
    );
    this.#run('INSERT INTO contents VALUES (?, ?)', id, entry.content);
  }

  setStatus(entryUuid: string, status: Status): void {
    this.#begin();
    this.#run('UPDATE entries SET status = ? WHERE entry_uuid = ?', status, entryUuid);
  }

  /** Makes a new version of the metadata of a document's entries: they get another entryUUID, the logical id stays. */
  renew(uniqueId: string): void {
    this.#begin();
    for (const { entryUuid } of this.entriesOf(uniqueId)) {
      this.#run(
        'INSERT INTO former_uuids SELECT entry_uuid, id FROM entries WHERE entry_uuid = ?',
        entryUuid,
      );
      this.#run(
        'UPDATE entries SET entry_uuid = ?, version = version + 1 WHERE entry_uuid = ?',
        newUuid(),
        entryUuid,
      );
    }
  }

  counts(): Counts {
    const number = (sql: string): number => Number(this.#get(sql)!.n);
    const doubles = this.#all(
      `SELECT unique_id, count(DISTINCT lot) AS n FROM entries WHERE signature = 0
       GROUP BY unique_id HAVING n > 1 ORDER BY unique_id LIMIT ?`,
      dmpSandboxLimits.listed.value,
    );
    return {
      lots: number("SELECT count(*) AS n FROM lots WHERE kind = 'deposit'"),
      deletions: number("SELECT count(*) AS n FROM lots WHERE kind = 'deletion'"),
      documents: number('SELECT count(DISTINCT unique_id) AS n FROM entries WHERE signature = 0'),
      signatures: number('SELECT count(DISTINCT unique_id) AS n FROM entries WHERE signature = 1'),
      doubleDeposits: doubles.map((row) => ({ uniqueId: String(row.unique_id), lots: Number(row.n) })),
    };
  }

  /** Forgets everything. */
  clear(): void {
    this.#begin();
    for (const table of ['lots', 'entries', 'contents', 'former_uuids'])
      this.#db.exec(`DELETE FROM ${table}`);
  }

  /** Resolves once everything written so far is committed. */
  settled(): Promise<void> {
    return this.#batch ?? Promise.resolve();
  }

  close(): void {
    this.#commit();
    this.#db.close();
  }

  #begin(): void {
    if (this.#batch) return;
    this.#db.exec('BEGIN');
    this.#batch = new Promise((resolve, reject) => {
      setImmediate(() => {
        this.#batch = null;
        try {
          this.#commit();
          resolve();
        } catch (error) {
          reject(error);
        }
      });
    });
    // Whoever wrote asks by `settled`; nobody asking must not end the process.
    this.#batch.catch(() => {});
  }

  #commit(): void {
    if (!this.#db.isOpen || !this.#db.isTransaction) return;
    try {
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #get(sql: string, ...values: string[]): Row | null {
    return (this.#statement(sql).get(...values) as Row | undefined) ?? null;
  }

  #all(sql: string, ...values: (string | number)[]): Row[] {
    return this.#statement(sql).all(...values) as Row[];
  }

  #run(sql: string, ...values: (string | number | null | Buffer)[]): number {
    return Number(this.#statement(sql).run(...values).lastInsertRowid);
  }
}

function newUuid(): string {
  return `urn:uuid:${randomUUID()}`;
}

function entryOf(row: Row): Entry {
  const text = (column: string): string => String(row[column]);
  return {
    entryUuid: text('entry_uuid'),
    logicalId: text('logical_id'),
    version: Number(row.version),
    uniqueId: text('unique_id'),
    lot: text('lot'),
    status: text('status') as Status,
    patient: text('patient'),
    structures: JSON.parse(text('structures')),
    classCode: text('class_code'),
    typeCode: text('type_code'),
    formatCode: text('format_code'),
    confidentiality: JSON.parse(text('confidentiality')),
    mimeType: text('mime_type'),
    creationTime: text('creation_time'),
    hash: text('hash'),
    size: Number(row.size),
    signature: row.signature === 1,
    replaces: row.replaces === null ? null : text('replaces'),
    at: text('at'),
  };
}
