import type { LedgerKeys } from '../keys.ts';
import type { Append, Appended } from '../ledger.ts';
import { ledgerLimits } from '../limits.ts';
import { unpackAsync } from '../packing.ts';
import type { Row } from '../project.ts';
import { RecentValues } from '../recent.ts';
import { LedgerView, type Readings } from '../view.ts';
import type { Database } from './database.ts';
import { holdsBody, holdsPersonal, openBody, openPersonal, wrappingKey } from './vault.ts';

/** Readings of a SQLite ledger on the caller's thread: each is an indexed look-up of some tens of microseconds. */
export class SqliteReader implements Readings {
  readonly #database: Database;
  readonly #folder: string;
  readonly #wrapping: Buffer;
  readonly #bodies = new RecentValues(ledgerLimits.recentBodiesBytes.value);
  readonly #personal = new RecentValues(ledgerLimits.recentPersonalBytes.value);
  #reading = false;

  constructor(database: Database, folder: string, keys: LedgerKeys) {
    this.#database = database;
    this.#folder = folder;
    this.#wrapping = wrappingKey(keys);
  }

  of(establishment: string): LedgerView {
    return new LedgerView(establishment, this);
  }

  async all(sql: string, values: readonly (string | number | null)[]): Promise<Row[]> {
    this.#read();
    return this.#database.all(sql, ...values);
  }

  async personal(establishment: string, ref: string): Promise<Buffer | null> {
    this.#read();
    const recent = this.#personal.get(establishment, ref);
    if (recent && holdsPersonal(this.#database, establishment, ref)) return asBuffer(recent);
    const opened = openPersonal(this.#database, this.#wrapping, establishment, ref);
    return opened && unpackAsync(opened.packed);
  }

  async body(establishment: string, id: string): Promise<Buffer> {
    this.#read();
    const recent = this.#bodies.get(establishment, id);
    this.#bodies.forget(establishment, id);
    if (recent && holdsBody(this.#database, establishment, id)) return asBuffer(recent);
    return unpackAsync(openBody(this.#database, this.#wrapping, this.#folder, establishment, id));
  }

  /**
   * Keeps at hand what an append made durable and a delivery soon asks for: documents until they are first read, personal
   * values. That they still stand in the ledger is asked at every reading: what is erased is gone from here too.
   */
  keep({ establishment, bodies = [], events }: Append, appended: readonly Appended[]): void {
    for (const { id, bytes, retention } of bodies)
      if (retention === 'accepted') this.#bodies.keep(establishment, id, bytes);
    events.forEach(({ personal }, index) => {
      const ref = appended[index]?.personalRef;
      if (personal && ref) this.#personal.keep(establishment, ref, personal);
    });
  }

  close(): void {
    this.#endRead();
    this.#database.close();
  }

  /**
   * What is read without waiting in between is read in one transaction: the file is locked, and what changed in it looked
   * for, once. It ends before anything else is heard, so that whoever was told of a commit reads what it wrote.
   */
  #read(): void {
    if (this.#reading) return;
    this.#database.run('BEGIN');
    this.#reading = true;
    process.nextTick(() => this.#reading && this.#endRead());
  }

  #endRead(): void {
    this.#reading = false;
    // A failed reading may have ended it already.
    if (this.#database.raw.isTransaction) this.#database.run('COMMIT');
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
