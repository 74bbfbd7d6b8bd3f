import { ledgerError } from '../errors.ts';
import type { Lease } from '../ledger.ts';

/**
 * Leases on deliveries, each with a fencing token that grows. They live in memory: with one writer for a data folder, a
 * lease that outlives its process is worth nothing.
 */
export class Leases {
  readonly #held = new Map<string, { token: number; untilMs: number }>();
  #token = 0;

  get size(): number {
    return this.#held.size;
  }

  isFree(establishment: string, delivery: string, nowMs: number): boolean {
    const held = this.#held.get(keyOf(establishment, delivery));
    return !held || held.untilMs < nowMs;
  }

  take(establishment: string, delivery: string, untilMs: number): Lease {
    this.#token += 1;
    this.#held.set(keyOf(establishment, delivery), { token: this.#token, untilMs });
    return { delivery, token: this.#token };
  }

  /** Refuses whoever no longer holds the delivery; an overdue lease that nobody else took still counts. */
  check(establishment: string, lease: Lease): void {
    if (this.#held.get(keyOf(establishment, lease.delivery))?.token !== lease.token) {
      throw ledgerError('ledger.fenced', { delivery: lease.delivery });
    }
  }

  /** Frees a delivery, unless somebody else holds it by now. */
  giveBack(establishment: string, lease: Lease): void {
    const key = keyOf(establishment, lease.delivery);
    if (this.#held.get(key)?.token === lease.token) this.#held.delete(key);
  }
}

function keyOf(establishment: string, delivery: string): string {
  return `${establishment} ${delivery}`;
}
