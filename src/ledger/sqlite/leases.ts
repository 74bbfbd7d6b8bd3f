import { ledgerError } from '../errors.ts';
import type { Lease } from '../ledger.ts';
import type { Database } from './database.ts';

/**
 * Leases on deliveries, each with a fencing token that grows. They live in a temporary table of the writer's connection, in
 * memory: with one writer for a data folder, a lease that outlives its process is worth nothing, and a query for what is
 * due leaves out what is held without reading it.
 */
export class Leases {
  readonly #database: Database;
  #token = 0;

  constructor(database: Database) {
    this.#database = database;
    database.raw.exec(`PRAGMA temp_store = MEMORY; CREATE TEMP TABLE leases (establishment TEXT, delivery TEXT, token INTEGER,
      until_ms INTEGER, PRIMARY KEY (establishment, delivery)) STRICT, WITHOUT ROWID`);
  }

  take(establishment: string, delivery: string, untilMs: number): Lease {
    this.#token += 1;
    const values = [establishment, delivery, this.#token, untilMs];
    this.#database.run('INSERT OR REPLACE INTO temp.leases VALUES (?, ?, ?, ?)', ...values);
    return { delivery, token: this.#token };
  }

  /** Refuses whoever no longer holds the delivery; an overdue lease that nobody else took still counts. */
  check(establishment: string, { delivery, token }: Lease): void {
    const held = this.#database.get(
      'SELECT token FROM temp.leases WHERE establishment = ? AND delivery = ?',
      ...[establishment, delivery],
    );
    if (held?.token !== token) throw ledgerError('ledger.fenced', { delivery });
  }

  /** Frees a delivery, unless somebody else holds it by now. */
  giveBack(establishment: string, { delivery, token }: Lease): void {
    const sql = 'DELETE FROM temp.leases WHERE establishment = ? AND delivery = ? AND token = ?';
    this.#database.run(sql, establishment, delivery, token);
  }
}

/** Condition on `p_deliveries` that nobody holds the delivery at an instant, its one value. */
export const NOT_LEASED = `NOT EXISTS (SELECT 1 FROM temp.leases l WHERE l.establishment = p_deliveries.establishment
  AND l.delivery = p_deliveries.id AND l.until_ms >= ?)`;
