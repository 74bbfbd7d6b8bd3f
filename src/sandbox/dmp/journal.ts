import { type Clock, instant } from '../../words/clock.ts';
import type { ViaducError } from '../../words/errors.ts';
import type { FaultName } from './faults.ts';
import { dmpSandboxLimits } from './limits.ts';
import type { Transaction } from './operations.ts';
import type { Problem } from './report.ts';

/** What was seen of a request. */
export interface Seen {
  /** Instant, ISO 8601 UTC. */
  at: string;
  transaction: Transaction | null;
  messageId: string | null;
  /** uniqueIds that it is about. */
  uniqueIds: string[];
  /** SOAP header as written. */
  header: string;
}

/** A request that was not accepted, with its reasons in both languages. */
export interface Refused {
  at: string;
  transaction: Transaction | null;
  messageId: string | null;
  uniqueIds: string[];
  problems: Problem[];
  /** The SOAP fault, when the request was not even judged. */
  fault: { code: string; fr: string; en: string } | null;
}

/** What passed by since the start or the last reset: in memory only, for whoever tests. */
export class Journal {
  readonly #clock: Clock;
  #requests = 0;
  #refused = 0;
  #faults: Partial<Record<FaultName, number>> = {};
  #last: Partial<Record<Transaction, Seen>> = {};
  #refusals: Refused[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  request(seen: Omit<Seen, 'at'>): void {
    this.#requests += 1;
    if (seen.transaction) this.#last[seen.transaction] = { ...seen, at: this.#now() };
  }

  scripted(fault: FaultName): void {
    this.#faults[fault] = (this.#faults[fault] ?? 0) + 1;
  }

  refused(seen: Omit<Seen, 'at' | 'header'>, problems: Problem[], error: ViaducError | null = null): void {
    this.#refused += 1;
    const fault = error && { code: error.code, fr: error.entry.message.fr, en: error.message };
    const { transaction, messageId, uniqueIds } = seen;
    this.#refusals.push({ at: this.#now(), transaction, messageId, uniqueIds, problems, fault });
    if (this.#refusals.length > dmpSandboxLimits.refusalsKept.value) this.#refusals.shift();
  }

  /** Requests whose body came whole; those among them that were judged and refused; scripted faults played. */
  counts(): { requests: number; refused: number; faults: Partial<Record<FaultName, number>> } {
    return { requests: this.#requests, refused: this.#refused, faults: { ...this.#faults } };
  }

  /** The last request of each transaction. */
  last(): Partial<Record<Transaction, Seen>> {
    return { ...this.#last };
  }

  /** The last refusals, newest first. */
  refusals(): Refused[] {
    return this.#refusals.toReversed();
  }

  clear(): void {
    [this.#requests, this.#refused, this.#faults, this.#last, this.#refusals] = [0, 0, {}, {}, []];
  }

  #now(): string {
    return instant(this.#clock.now());
  }
}
