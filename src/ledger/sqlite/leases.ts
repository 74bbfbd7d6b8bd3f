import { ledgerError } from '../errors.ts';
import type { Lease } from '../ledger.ts';
import type { Database } from './database.ts';

/**
 * Leases on deliveries, on the notices of a sender and on a mailbox, each with a fencing token that grows. They live in a temporary table
 * of the writer's connection, in memory: with one writer for a data folder, a lease that outlives its process is worth
 * nothing, and a query for what is due leaves out what is held without reading it.
 */
export class Leases {
  readonly #database: Database;
  #token = 0;

  constructor(database: Database) {
    this.#database = database;
    database.raw.exec(`PRAGMA temp_store = MEMORY; CREATE TEMP TABLE leases (establishment TEXT, held TEXT, token INTEGER,
      until_ms INTEGER, PRIMARY KEY (establishment, held)) STRICT, WITHOUT ROWID`);
  }

  /** @returns the token of the new lease */
  take(establishment: string, on: WithoutToken<Lease>, untilMs: number): number {
    this.#token += 1;
    const values = [establishment, heldBy(on), this.#token, untilMs];
    this.#database.run('INSERT OR REPLACE INTO temp.leases VALUES (?, ?, ?, ?)', ...values);
    return this.#token;
  }

  /** Whether somebody holds it at an instant. */
  isHeld(establishment: string, on: WithoutToken<Lease>, nowMs: number): boolean {
    const sql = 'SELECT 1 AS held FROM temp.leases WHERE establishment = ? AND held = ? AND until_ms >= ?';
    return this.#database.get(sql, establishment, heldBy(on), nowMs) !== undefined;
  }

  /** Refuses whoever no longer holds it; an overdue lease that nobody else took still counts. */
  check(establishment: string, lease: Lease): void {
    const held = this.#database.get(
      'SELECT token FROM temp.leases WHERE establishment = ? AND held = ?',
      ...[establishment, heldBy(lease)],
    );
    if (held?.token !== lease.token) throw ledgerError('ledger.fenced', { held: heldBy(lease) });
  }

  /** Frees it, unless somebody else holds it by now. */
  giveBack(establishment: string, lease: Lease): void {
    const sql = 'DELETE FROM temp.leases WHERE establishment = ? AND held = ? AND token = ?';
    this.#database.run(sql, establishment, heldBy(lease), lease.token);
  }
}

type WithoutToken<L> = L extends Lease ? Omit<L, 'token'> : never;

/** What a lease is on, as one text. An identifier of a delivery holds no space. */
function heldBy(lease: WithoutToken<Lease>): string {
  if ('delivery' in lease) return lease.delivery;
  return 'noticesOf' in lease ? `notices ${lease.noticesOf}` : `mailbox ${lease.mailboxOf}`;
}

/** Condition on `p_deliveries` that nobody holds the delivery at an instant, its one value. */
export const NOT_LEASED = `NOT EXISTS (SELECT 1 FROM temp.leases l WHERE l.establishment = p_deliveries.establishment
  AND l.held = p_deliveries.id AND l.until_ms >= ?)`;
