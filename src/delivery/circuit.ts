import { type Schedule, waitAfter } from './schedule.ts';

/**
 * - `closed`: requests pass
 * - `open`: the destination does not answer as it should; nothing is asked of it until the next probe
 * - `half-open`: one at a time, until enough of them were answered
 */
export type CircuitState = 'closed' | 'open' | 'half-open';

export interface CircuitPolicy {
  /** Contacts in a row that find the destination down until the circuit opens. */
  failures: number;
  /** Waits before each probe; the last is repeated when the schedule has come to its end. */
  probes: Schedule;
}

/** Probes in a row that must be answered before everything may pass again: a destination that comes and goes is down. */
export const ANSWERS_TO_CLOSE = 3;

/** Spares a destination that is down, and the documents for it: what nobody answers is not asked by all. */
export class Circuit {
  readonly #policy: CircuitPolicy;
  readonly #random: () => number;
  #state: CircuitState = 'closed';
  #downs = 0;
  #answers = 0;
  #failedProbes = 0;
  #probeAtMs = 0;
  #setAtMs = 0;

  constructor(policy: CircuitPolicy, random: () => number) {
    this.#policy = policy;
    this.#random = random;
  }

  get state(): CircuitState {
    return this.#state;
  }

  /** When the next probe may leave; null unless open. */
  get probeAtMs(): number | null {
    return this.#state === 'open' ? this.#probeAtMs : null;
  }

  /** A clock that was set back makes no wait longer. */
  mayProbe(nowMs: number): boolean {
    return this.#state !== 'open' || nowMs >= this.#probeAtMs || nowMs < this.#setAtMs;
  }

  /** A probe was taken from what is due. */
  probing(): void {
    if (this.#state === 'open') this.#state = 'half-open';
  }

  /** One at a time from here on, beginning at once: it must be seen whether it works again, or still. */
  tryOne(): void {
    this.#state = 'half-open';
    this.#answers = 0;
    this.#failedProbes = 0;
  }

  /** @returns whether the circuit closed by it */
  up(): boolean {
    this.#downs = 0;
    if (this.#state === 'closed') return false;
    this.#answers += 1;
    return this.#answers >= ANSWERS_TO_CLOSE && this.#close();
  }

  /** Nothing more is due: as all that could be asked was answered, it may close. @returns whether it did */
  nothingDue(): boolean {
    return this.#state === 'half-open' && this.#answers > 0 && this.#close();
  }

  /** @returns whether the circuit opened by it */
  down(nowMs: number): boolean {
    this.#downs += 1;
    const was = this.#state;
    if (was === 'closed' && this.#downs < this.#policy.failures) return false;
    // Those that were under way when it opened say nothing new.
    if (was === 'open') return false;
    this.#state = 'open';
    this.#answers = 0;
    this.#failedProbes += was === 'half-open' ? 1 : 0;
    this.#setAtMs = nowMs;
    this.#probeAtMs = nowMs + this.#waitMs();
    return true;
  }

  #waitMs(): number {
    const { probes } = this.#policy;
    const nth = Math.min(this.#failedProbes + 1, probes.waitsMs.length);
    return waitAfter(probes, nth, this.#random())!;
  }

  #close(): boolean {
    this.#state = 'closed';
    this.#downs = 0;
    this.#answers = 0;
    this.#failedProbes = 0;
    return true;
  }
}
