import { randomBytes } from 'node:crypto';
import type { EventData, LedgerEvent } from '../../words/events.ts';
import { type BodyFiles, readBody } from '../bodies.ts';
import { parseEvent } from '../chain.ts';
import { decrypt, derive, encrypt, keyed } from '../cipher.ts';
import { ledgerError } from '../errors.ts';
import type { LedgerKeys } from '../keys.ts';
import type { GoneKind } from '../project-gone.ts';
import type { Database } from './database.ts';

/** A subject as the writer sees it: keyed hashes only. */
export type HashedSubject = { person: string } | { hashes: string[] };

/** A body as the writer sees it: compressed, not yet encrypted. */
export interface PackedBody {
  id: string;
  packed: Uint8Array<ArrayBuffer>;
  retention: string;
  subject: HashedSubject | null;
}

/**
 * The encrypted stores beside the chain. A person has one random key, wrapped by the master key; every personal value is
 * encrypted under it, every body under a key of its own that the person's key wraps. Destroying the wrapped key erases.
 */
export class Vault {
  readonly #database: Database;
  readonly #files: BodyFiles;
  readonly #wrapping: Buffer;
  /** Keys of persons that the group being written is about, unwrapped. */
  readonly #opened = new Map<string, Buffer>();

  constructor(database: Database, files: BodyFiles, keys: LedgerKeys) {
    this.#database = database;
    this.#files = files;
    this.#wrapping = wrappingKey(keys);
  }

  /** Forgets the keys it unwrapped: a group has been written, or will not be. */
  endGroup(): void {
    this.#opened.clear();
  }

  /** Destroys what the event decided on, in the transaction that appends it. @returns whether it was such a decision */
  destroy({
    establishment,
    type,
    person,
    data,
    at,
  }: Pick<LedgerEvent, 'establishment' | 'type' | 'person' | 'data' | 'at'>): boolean {
    if (type !== 'bodies.expired' && type !== 'person.erased') return false;
    // What stood in the place of a key is written over, not only let go of.
    this.#database.raw.exec('PRAGMA secure_delete = ON');
    if (type === 'person.erased') {
      const { bodies } = data as EventData['person.erased'];
      this.#destroyBodies(establishment, bodies);
      this.#destroyPerson(establishment, person!, at);
      return true;
    }
    for (const { bodies, values } of (data as EventData['bodies.expired']).submissions) {
      this.#destroyBodies(establishment, bodies);
      for (const ref of values)
        this.#database.run(
          "UPDATE personal SET sealed = x'' WHERE establishment = ? AND ref = ?",
          establishment,
          ref,
        );
    }
    return true;
  }

  #destroyBodies(establishment: string, ids: readonly string[]): void {
    for (const id of ids) {
      const row = this.#database.get(
        'SELECT file, length FROM bodies WHERE establishment = ? AND id = ? AND wrapped IS NOT NULL',
        ...[establishment, id],
      );
      if (!row) continue;
      this.#database.run(
        'UPDATE bodies SET wrapped = NULL WHERE establishment = ? AND id = ?',
        establishment,
        id,
      );
      addWaste(this.#database, String(row.file), Number(row.length));
    }
  }

  #destroyPerson(establishment: string, person: string, at: string): void {
    const values = [establishment, person];
    this.#opened.delete(`${establishment}/${person}`);
    this.#database.run(
      `DELETE FROM person_index_proofs WHERE establishment = ? AND hash IN
         (SELECT hash FROM person_index WHERE establishment = ? AND person = ?)`,
      ...[establishment, ...values],
    );
    this.#database.run('DELETE FROM person_index WHERE establishment = ? AND person = ?', ...values);
    this.#database.run(
      'UPDATE persons SET wrapped = NULL, erased_at = ? WHERE establishment = ? AND person = ?',
      ...[at, ...values],
    );
  }

  /** The person that a subject names, made known when it is new. Without any identifier every subject is a new person. */
  person(establishment: string, subject: HashedSubject): string {
    if ('person' in subject) return subject.person;
    const known = subject.hashes
      .map((hash) => this.#find(establishment, hash))
      .find((person) => person !== null);
    const person = known ?? this.#create(establishment);
    for (const hash of subject.hashes) this.#indexed(establishment, hash, person);
    return person;
  }

  /** Stores a personal value; gives its keyed commitment, which stands in the chain. */
  storePersonal(establishment: string, ref: string, person: string, packed: Uint8Array): string {
    const key = this.#keyOf(establishment, person);
    const sealed = encrypt(key, packed, `personal ${ref}`);
    this.#database.run(
      'INSERT INTO personal (establishment, ref, person, sealed) VALUES (?, ?, ?, ?)',
      establishment,
      ref,
      person,
      sealed,
    );
    return commitment(key, ref, packed);
  }

  storeBody(establishment: string, at: string, body: PackedBody, person: string | null): void {
    const outer = person === null ? this.#wrapping : this.#keyOf(establishment, person);
    const key = randomBytes(32);
    const sealed = encrypt(key, body.packed, `body ${body.id}`);
    const place = this.#files.append(establishment, body.retention, at, body.id, sealed);
    this.#database.run(
      'INSERT INTO bodies (establishment, id, person, wrapped, file, "offset", length, retention) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      ...[establishment, body.id, person, encrypt(outer, key, `key of body ${body.id}`)],
      ...[place.file, place.offset, place.length, body.retention],
    );
  }

  #find(establishment: string, hash: string): string | null {
    const sql = `SELECT p.person FROM person_index i JOIN persons p ON p.establishment = i.establishment AND p.person = i.person
      WHERE i.establishment = ? AND i.hash = ? AND p.wrapped IS NOT NULL`;
    return (this.#database.get(sql, establishment, hash)?.person as string | undefined) ?? null;
  }

  /** Makes a person found by a hash that leads to nobody yet. */
  #indexed(establishment: string, hash: string, person: string): void {
    const row = this.#database.get(
      'INSERT INTO person_index (establishment, hash, person) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING hash',
      ...[establishment, hash, person],
    );
    if (!row) return;
    const proof = indexProof(this.#keyOf(establishment, person), establishment, hash);
    this.#database.run(
      'INSERT INTO person_index_proofs (establishment, hash, proof) VALUES (?, ?, ?)',
      establishment,
      hash,
      proof,
    );
  }

  #create(establishment: string): string {
    const person = randomBytes(16).toString('hex');
    const wrapped = encrypt(this.#wrapping, randomBytes(32), `key of person ${person}`);
    this.#database.run(
      'INSERT INTO persons (establishment, person, wrapped) VALUES (?, ?, ?)',
      establishment,
      person,
      wrapped,
    );
    return person;
  }

  #keyOf(establishment: string, person: string): Buffer {
    const name = `${establishment}/${person}`;
    const key = this.#opened.get(name) ?? personKey(this.#database, this.#wrapping, establishment, person);
    if (!key) throw new Error(`no key of person ${person}`);
    this.#opened.set(name, key);
    return key;
  }
}

/** Adds to the bytes of a file that nobody reads any more. */
export function addWaste(database: Database, file: string, bytes: number): void {
  database.run(
    `INSERT INTO body_files (file, waste, retired) VALUES (?, ?, 0)
       ON CONFLICT (file) DO UPDATE SET waste = waste + excluded.waste`,
    ...[file, bytes],
  );
}

/** What binds a row of the search index to its person: it can be made with the person's key only. */
export function indexProof(key: Buffer, establishment: string, hash: string): string {
  return keyed(derive(key, 'search index'), establishment, hash);
}

export function wrappingKey(keys: LedgerKeys): Buffer {
  return derive(keys.master, 'wrapping of person keys');
}

/** What the chain holds in the place of a personal value: it binds the value and reveals nothing without the person's key. */
export function commitment(key: Buffer, ref: string, packed: Uint8Array): string {
  return keyed(derive(key, 'commitment'), ref, packed);
}

/** The key of a person, or null once erased. */
export function personKey(
  database: Database,
  wrapping: Buffer,
  establishment: string,
  person: string,
): Buffer | null {
  const wrapped = database.get(
    'SELECT wrapped FROM persons WHERE establishment = ? AND person = ?',
    establishment,
    person,
  )?.wrapped;
  return wrapped ? decrypt(wrapping, wrapped as Uint8Array, `key of person ${person}`) : null;
}

/** A personal value in its stored form, or null once erased. */
export function openPersonal(
  database: Database,
  wrapping: Buffer,
  establishment: string,
  ref: string,
): { packed: Buffer; key: Buffer } | null {
  const row = database.get(
    'SELECT person, sealed FROM personal WHERE establishment = ? AND ref = ?',
    establishment,
    ref,
  );
  const expired = !row || (row.sealed as Uint8Array).length === 0;
  const key = expired ? null : personKey(database, wrapping, establishment, String(row.person));
  const packed = key ? decrypt(key, row!.sealed as Uint8Array, `personal ${ref}`) : null;
  return packed && key ? { packed, key } : null;
}

/** Whether a personal value stands in the store and can be opened: neither removed nor erased with its person. */
export function holdsPersonal(database: Database, establishment: string, ref: string): boolean {
  const sql = `SELECT 1 AS held FROM personal v JOIN persons p ON p.establishment = v.establishment AND p.person = v.person
    WHERE v.establishment = ? AND v.ref = ? AND length(v.sealed) > 0 AND p.wrapped IS NOT NULL`;
  return database.get(sql, establishment, ref) !== undefined;
}

/** The same for a body, whose own key may be destroyed at the end of its retention. */
export function holdsBody(database: Database, establishment: string, id: string): boolean {
  const sql = `SELECT 1 AS held FROM bodies b LEFT JOIN persons p ON p.establishment = b.establishment AND p.person = b.person
    WHERE b.establishment = ? AND b.id = ? AND b.wrapped IS NOT NULL AND (b.person IS NULL OR p.wrapped IS NOT NULL)`;
  return database.get(sql, establishment, id) !== undefined;
}

/** Why a body is no longer there, as the decision says that destroyed it. */
function missing(database: Database, establishment: string, body: string, person: unknown): Error {
  const own = goneBy(database, establishment, 'body', body);
  const decision = own ?? (person ? goneBy(database, establishment, 'person', String(person)) : null);
  if (!decision) return ledgerError('ledger.body-missing', { body });
  const { at, type, data, seq } = decision;
  if (type !== 'bodies.expired') return ledgerError('ledger.body-erased', { body, at, event: seq });
  const { rule, after } = data as EventData['bodies.expired'];
  return ledgerError('ledger.body-expired', { body, at, event: seq, rule, after });
}

/** The event that decided that something is gone, or null. */
export function goneBy(
  database: Database,
  establishment: string,
  kind: GoneKind,
  id: string,
): LedgerEvent | null {
  const row = database.get(
    `SELECT e.position, e.text, e.hash FROM p_gone g JOIN events e ON e.establishment = g.establishment AND e.seq = g.seq
       WHERE g.establishment = ? AND g.kind = ? AND g.id = ?`,
    ...[establishment, kind, id],
  );
  return row ? parseEvent(String(row.text), Number(row.position), String(row.hash)) : null;
}

/**
 * The stored form of a body.
 * @throws ViaducError `ledger.body-expired`, `ledger.body-erased` once gone by decision, `ledger.body-missing` when it never was, `ledger.body-damaged` when its record was altered
 */
export function openBody(
  database: Database,
  wrapping: Buffer,
  folder: string,
  establishment: string,
  id: string,
): Buffer {
  const row = database.get('SELECT * FROM bodies WHERE establishment = ? AND id = ?', establishment, id);
  const outer = row?.person ? personKey(database, wrapping, establishment, String(row.person)) : wrapping;
  if (!row?.wrapped || !outer) throw missing(database, establishment, id, row?.person);
  const place = { file: String(row.file), offset: Number(row.offset), length: Number(row.length) };
  const key = decrypt(outer, row.wrapped as Uint8Array, `key of body ${id}`);
  const sealed = key ? readBody(folder, id, place) : null;
  const packed = sealed ? decrypt(key!, sealed, `body ${id}`) : null;
  if (!packed) throw ledgerError('ledger.body-damaged', { body: id, file: place.file, offset: place.offset });
  return packed;
}
