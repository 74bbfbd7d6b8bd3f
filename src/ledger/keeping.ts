import { type Clock, instant } from '../words/clock.ts';
import { isViaducError } from '../words/errors.ts';
import type { RetentionRule } from '../words/events.ts';
import type { Ledger, Reclaimed } from './ledger.ts';
import { ledgerLimits } from './limits.ts';
import { type Expirable, expirable, RETENTION_RULES, type RetentionPolicy } from './retention.ts';
import type { LedgerView } from './view.ts';

export interface KeepingOptions<L = Ledger> {
  ledger: L;
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

/** A sweep that only looks needs nothing but readings. */
export type LookingOptions = KeepingOptions<Pick<Ledger, 'of'>>;

/** What each rule would destroy now. */
export async function lookForExpired(options: LookingOptions): Promise<Swept[]> {
  const found: Swept[] = [];
  for (const establishment of options.establishments)
    for (const rule of RETENTION_RULES)
      found.push(
        await eachStep(options, { establishment, rule }, 0, async (swept, expired) => {
          count(swept, expired);
          return false;
        }),
      );
  return found.filter(({ submissions }) => submissions > 0);
}

/**
 * Destroys what has come to the end of its time, in steps of a few submissions, each decided by an event; then frees the
 * space. Whatever interrupts it, what was decided is done and the rest is found again.
 */
export class Keeping {
  readonly #options: KeepingOptions;
  /** Events up to which nothing is left to look at, by establishment and rule. */
  readonly #done = new Map<string, number>();
  readonly #stopping = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: KeepingOptions) {
    this.#options = options;
  }

  async sweep(): Promise<{ swept: Swept[]; reclaimed: Reclaimed }> {
    const running = this.#sweep();
    this.#running = running.catch(() => {});
    return running;
  }

  /** Ends after the step under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #sweep(): Promise<{ swept: Swept[]; reclaimed: Reclaimed }> {
    const swept: Swept[] = [];
    for (const establishment of this.#options.establishments)
      for (const rule of RETENTION_RULES)
        if (!this.#stopping.signal.aborted) swept.push(await this.#rule(establishment, rule));
    const reclaimed = await this.#reclaim();
    return { swept: swept.filter(({ submissions }) => submissions > 0), reclaimed };
  }

  /** Copying what is left of a large file is given up when the gateway stops: the next sweep does it. */
  async #reclaim(): Promise<Reclaimed> {
    const { signal } = this.#stopping;
    try {
      signal.throwIfAborted();
      return await this.#options.ledger.reclaim(this.#options.clock.now(), signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      return { files: 0, bytes: 0 };
    }
  }

  /** Events behind which nothing of a rule is left are not looked at again. */
  #rule(establishment: string, rule: RetentionRule): Promise<Swept> {
    const name = `${establishment} ${rule}`;
    let whole = true;
    return eachStep(
      this.#options,
      { establishment, rule },
      this.#done.get(name) ?? 0,
      async (swept, found, after) => {
        whole &&= (await this.#destroyed(swept, after, found)) && found.later === 0;
        if (whole) this.#done.set(name, found.to);
        return this.#stopping.signal.aborted;
      },
    );
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

/** Goes through the events of a chain from a place on, some at a time; `act` ends it by answering true. */
async function eachStep(
  options: LookingOptions,
  { establishment, rule }: Pick<Swept, 'establishment' | 'rule'>,
  done: number,
  act: (swept: Swept, found: Expirable, after: string) => Promise<boolean>,
): Promise<Swept> {
  const swept: Swept = { establishment, rule, submissions: 0, bodies: 0, values: 0, bytes: 0 };
  const retention = options.policy[rule];
  if (!retention) return swept;
  const view = options.ledger.of(establishment);
  const last = await view.lastSeq();
  const before = await endBefore(view, options.clock.now(), retention.ms);
  const step = ledgerLimits.retentionEvents.value;
  for (let from = done + 1; from <= last; from += step) {
    // Events stand in the order of their instants: behind the first that is too young all are.
    const [first] = await view.events(from, 1);
    if (first && first.at >= before) break;
    const found = await expirable(view, rule, before, [from, Math.min(last, from + step - 1)]);
    if (await act(swept, found, retention.text)) break;
    await options.pause();
  }
  return swept;
}

/** A clock far ahead of everything that was ever recorded is not believed: at most a week beyond the last event. */
async function endBefore(view: LedgerView, nowMs: number, ms: number): Promise<string> {
  const [newest] = await view.events(await view.lastSeq(), 1);
  const ahead = ledgerLimits.retentionAheadDays.value * 86_400_000;
  const now = Math.min(nowMs, Date.parse(newest?.at ?? instant(0)) + ahead);
  return instant(Math.max(0, now - ms));
}

function count(swept: Swept, { submissions, bytes }: Expirable): void {
  swept.submissions += submissions.length;
  swept.bodies += submissions.reduce((sum, { bodies }) => sum + bodies.length, 0);
  swept.values += submissions.reduce((sum, { values }) => sum + values.length, 0);
  swept.bytes += bytes;
}
