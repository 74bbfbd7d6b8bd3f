import type { WaitingFor, WaitReason } from '../delivery/waiting.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { DeliveryRow } from '../ledger/views.ts';

interface Waiter {
  submission: string;
  resolve(): void;
}

/** Reasons for which a delivery goes no further by itself. */
const AT_REST: readonly WaitReason[] = ['permission', 'person', 'destination-stopped', 'destination-parked'];

/** Lets a caller wait until a submission has come to rest: every delivery final, or waiting for a person. */
export class Settling {
  readonly #ledger: Ledger;
  readonly #waiting = new Map<string, Set<Waiter>>();

  readonly #waitingFor: (delivery: DeliveryRow) => WaitingFor | null;

  constructor(ledger: Ledger, waitingFor: (delivery: DeliveryRow) => WaitingFor | null) {
    this.#ledger = ledger;
    this.#waitingFor = waitingFor;
  }

  /** Something happened to a delivery of this establishment: whoever waits looks again. */
  look(establishment: string): void {
    for (const waiter of this.#waiting.get(establishment) ?? []) void this.#check(establishment, waiter);
  }

  /** @returns whether it has come to rest */
  async wait(establishment: string, submission: string, withinMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiter = { submission, resolve: () => resolve(true) };
    const waiters = this.#waiting.get(establishment) ?? new Set();
    this.#waiting.set(establishment, waiters.add(waiter));
    const timer = setTimeout(() => resolve(false), withinMs);
    await this.#check(establishment, waiter);
    const atRest = await promise;
    clearTimeout(timer);
    waiters.delete(waiter);
    return atRest;
  }

  async #check(establishment: string, { submission, resolve }: Waiter): Promise<void> {
    const deliveries = await this.#ledger.of(establishment).deliveriesOf(submission);
    if (deliveries.every((delivery) => this.#isAtRest(delivery))) resolve();
  }

  #isAtRest(delivery: DeliveryRow): boolean {
    if (delivery.state === 'final') return true;
    const waiting = this.#waitingFor(delivery);
    return waiting !== null && AT_REST.includes(waiting.reason);
  }
}
