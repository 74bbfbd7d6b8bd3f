import type { Ledger } from '../ledger/ledger.ts';

interface Waiter {
  submission: string;
  resolve(): void;
}

/** Lets a caller wait until a submission has come to rest: every delivery final, or parked for a person. */
export class Settling {
  readonly #ledger: Ledger;
  readonly #waiting = new Map<string, Set<Waiter>>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Something happened to a delivery of this establishment: whoever waits looks again. */
  look(establishment: string): void {
    for (const waiter of this.#waiting.get(establishment) ?? []) void this.#check(establishment, waiter);
  }

  async wait(establishment: string, submission: string, withinMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiter = { submission, resolve };
    const waiters = this.#waiting.get(establishment) ?? new Set();
    this.#waiting.set(establishment, waiters.add(waiter));
    const timer = setTimeout(resolve, withinMs);
    await this.#check(establishment, waiter);
    await promise;
    clearTimeout(timer);
    waiters.delete(waiter);
  }

  async #check(establishment: string, { submission, resolve }: Waiter): Promise<void> {
    const deliveries = await this.#ledger.of(establishment).deliveriesOf(submission);
    if (deliveries.every(({ state }) => state === 'final' || state === 'parked')) resolve();
  }
}
