import { type Clock, instant } from '../words/clock.ts';
import { isViaducError } from '../words/errors.ts';
import type { RetentionRule } from '../words/events.ts';
import type { Ledger, Reclaimed } from './ledger.ts';
import { ledgerLimits } from './limits.ts';
import { type Expirable, expirable, RETENTION_RULES, type RetentionPolicy } from './retention.ts';

export interface KeepingOptions {
  ledger: Ledger;
  clock: Clock;
  establishments: readonly string[];
  policy: RetentionPolicy;
  /** Lets others be served between two steps. */
  pause(): Promise<void>;
}

/** What a rule destroyed in one sweep. */
export interface Swept {
  establishment: string;
  rule: RetentionRule;
  submissions: number;
  bodies: number;
  values: number;
  /** Before compression. */
  bytes: number;
}

/**
 * Destroys what has come to the end of its time, in steps of a few submissions, each decided by an event; then frees the
 * space. Whatever interrupts it, what was decided is done and the rest is found again.
 */
export class Keeping {
  readonly #options: KeepingOptions;
  /** Events up to which nothing is left to look at, by establishment and rule. */
  readonly #done = new Map<string, number>();
  #stopped = false;
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: KeepingOptions) {
    this.#options = options;
  }

  /** @param only looks only, and destroys nothing */
  async sweep(only: 'look' | 'destroy' = 'destroy'): Promise<{ swept: Swept[]; reclaimed: Reclaimed }> {
    const running = this.#sweep(only);
    this.#running = running.catch(() => {});
    return running;
  }

  /** Ends after the step under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #sweep(only: 'look' | 'destroy'): Promise<{ swept: Swept[]; reclaimed: Reclaimed }> {
    const { ledger, clock, establishments } = this.#options;
    const swept: Swept[] = [];
    for (const establishment of establishments)
      for (const rule of RETENTION_RULES) swept.push(await this.#rule(establishment, rule, only));
    const nothing = { files: 0, bytes: 0 };
    const reclaimed = only === 'look' || this.#stopped ? nothing : await ledger.reclaim(clock.now());
    return { swept: swept.filter(({ submissions }) => submissions > 0), reclaimed };
  }

  async #rule(establishment: string, rule: RetentionRule, only: 'look' | 'destroy'): Promise<Swept> {
    const swept: Swept = { establishment, rule, submissions: 0, bodies: 0, values: 0, bytes: 0 };
    const retention = this.#options.policy[rule];
    if (!retention) return swept;
    const view = this.#options.ledger.of(establishment);
    const [last, before] = [await view.lastSeq(), await this.#before(establishment, retention.ms)];
    const step = ledgerLimits.retentionEvents.value;
    const name = `${establishment} ${rule}`;
    let whole = only === 'destroy';
    for (let from = (this.#done.get(name) ?? 0) + 1; from <= last && !this.#stopped; from += step) {
      const to = Math.min(last, from + step - 1);
      const found = await expirable(view, rule, before, [from, to]);
      if (only === 'look') count(swept, found);
      const done = only === 'look' || (await this.#destroyed(swept, retention.text, found));
      whole &&= done && found.later === 0;
      if (whole) this.#done.set(name, to);
      await this.#options.pause();
    }
    return swept;
  }

  /** A clock far ahead of everything that was ever recorded is not believed: at most a week beyond the last event. */
  async #before(establishment: string, ms: number): Promise<string> {
    const view = this.#options.ledger.of(establishment);
    const [newest] = await view.events(await view.lastSeq(), 1);
    const ahead = ledgerLimits.retentionAheadDays.value * 86_400_000;
    const now = Math.min(this.#options.clock.now(), Date.parse(newest?.at ?? instant(0)) + ahead);
    return instant(Math.max(0, now - ms));
  }

  /** @returns false when something came in between: the next sweep decides again */
  async #destroyed(swept: Swept, after: string, found: Expirable): Promise<boolean> {
    if (found.submissions.length === 0) return true;
    const { ledger, clock } = this.#options;
    const { establishment, rule } = swept;
    const { submissions, bytes, expect } = found;
    const event = { type: 'bodies.expired' as const, data: { rule, after, bytes, submissions } };
    try {
      await ledger.append({ establishment, nowMs: clock.now(), expect, events: [event] });
      count(swept, found);
      return true;
    } catch (error) {
      if (!isViaducError(error, 'ledger.conflict') && !isViaducError(error, 'ledger.not-ended')) throw error;
      return false;
    }
  }
}

function count(swept: Swept, { submissions, bytes }: Expirable): void {
  swept.submissions += submissions.length;
  swept.bodies += submissions.reduce((sum, { bodies }) => sum + bodies.length, 0);
  swept.values += submissions.reduce((sum, { values }) => sum + values.length, 0);
  swept.bytes += bytes;
}
