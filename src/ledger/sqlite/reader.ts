import type { LedgerKeys } from '../keys.ts';
import type { Row } from '../project.ts';
import { LedgerView, type Readings } from '../view.ts';
import type { Database } from './database.ts';
import { openBody, openPersonal, wrappingKey } from './vault.ts';

/** Readings of a SQLite ledger on the caller's thread: each is an indexed look-up of some tens of microseconds. */
export class SqliteReader implements Readings {
  readonly #database: Database;
  readonly #folder: string;
  readonly #wrapping: Buffer;

  constructor(database: Database, folder: string, keys: LedgerKeys) {
    this.#database = database;
    this.#folder = folder;
    this.#wrapping = wrappingKey(keys);
  }

  of(establishment: string): LedgerView {
    return new LedgerView(establishment, this);
  }

  async all(sql: string, values: readonly (string | number | null)[]): Promise<Row[]> {
    return this.#database.all(sql, ...values);
  }

  async personal(establishment: string, ref: string): Promise<Uint8Array | null> {
    return openPersonal(this.#database, this.#wrapping, establishment, ref)?.packed ?? null;
  }

  async body(establishment: string, id: string): Promise<Uint8Array> {
    return openBody(this.#database, this.#wrapping, this.#folder, establishment, id);
  }

  close(): void {
    this.#database.close();
  }
}
