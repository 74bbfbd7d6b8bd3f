import { type Clock, instant } from '../../words/clock.ts';
import { mailSandboxLimits } from './limits.ts';
import { mailRefusals, type Reason } from './refusals.ts';

/** A mail that the operator took, with what became of it. */
export interface TakenMail {
  number: number;
  at: string;
  from: string;
  to: string;
  class: string;
  messageId: string;
  envid: string | null;
  notify: string[];
  bytes: number;
  /** Header lines as they came. */
  headers: string;
  steps: { at: string; what: string }[];
}

export interface RefusedMail {
  at: string;
  step: string;
  from: string;
  to: string[];
  reasons: Reason[];
}

/** What passed by since the start or the last reset, in memory only. */
export class MailJournal {
  readonly #clock: Clock;
  #taken: TakenMail[] = [];
  #refused: RefusedMail[] = [];
  #counts = { taken: 0, refused: 0 };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  taken(mail: Omit<TakenMail, 'at' | 'steps' | 'number'>): TakenMail {
    this.#counts.taken += 1;
    const kept = { ...mail, number: this.#counts.taken, at: this.#now(), steps: [] };
    this.#taken.push(kept);
    if (this.#taken.length > mailSandboxLimits.mailsKept.value) this.#taken.shift();
    return kept;
  }

  step(mail: TakenMail, what: string): void {
    mail.steps.push({ at: this.#now(), what });
  }

  refused(refusal: Omit<RefusedMail, 'at'>): void {
    this.#counts.refused += 1;
    this.#refused.push({ ...refusal, at: this.#now() });
    if (this.#refused.length > mailSandboxLimits.refusalsKept.value) this.#refused.shift();
  }

  counts(): { taken: number; refused: number } {
    return { ...this.#counts };
  }

  /** Mails taken, newest first. */
  mails(): TakenMail[] {
    return this.#taken.toReversed();
  }

  /** Refusals with their rows, newest first. */
  refusals() {
    return this.#refused.toReversed().map((one) => ({
      ...one,
      reasons: one.reasons.map((reason) => ({ ...reason, ...mailRefusals[reason.code] })),
    }));
  }

  clear(): void {
    [this.#taken, this.#refused, this.#counts] = [[], [], { taken: 0, refused: 0 }];
  }

  #now(): string {
    return instant(this.#clock.now());
  }
}
