import type { RetryRow } from '../../ledger/view-retries.ts';
import type { Commands } from '../commands.ts';
import { openOne } from './item.ts';
import { retryLimits } from './limits.ts';
import { finishRetry } from './retries.ts';

export interface RunnerOptions extends Commands {
  establishments: readonly string[];
  /** Something has become due. */
  onOpened(): void;
  /** Told of a turn that failed. Carries no patient data. */
  onError(error: unknown): void;
}

/** How much a run may open, and since when that was counted. */
interface Credit {
  deliveries: number;
  atMs: number;
  /** When the run began or was resumed: a pause earns nothing. */
  since: string;
}

/**
 * Opens the deliveries of running lists, each list at its own rate. What it has opened stands in the ledger and nowhere
 * else: a gateway that starts again goes on where the former stopped.
 */
export class RetryRunner {
  readonly #options: RunnerOptions;
  readonly #credits = new Map<string, Credit>();
  #turning: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  #cancelTimer: () => void = () => {};

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /** A run has begun or goes on; also what a start calls, for runs of before. */
  poke(): void {
    if (this.#stopped) return;
    if (this.#turning) {
      this.#again = true;
      return;
    }
    this.#cancelTimer();
    this.#turning = this.#turn().finally(() => {
      this.#turning = null;
    });
  }

  /** Ends when what is being opened is opened. */
  async idle(): Promise<void> {
    await this.#turning;
  }

  /** Opens nothing more; ends when what is being written is written. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer();
    await this.#turning;
  }

  async #turn(): Promise<void> {
    let running = true;
    try {
      running = await this.#turnOfAll();
    } catch (error) {
      this.#options.onError(error);
    }
    if (this.#stopped || !(running || this.#again)) return;
    this.#again = false;
    this.#cancelTimer = this.#options.clock.after(retryLimits.tickMs.value, () => this.poke());
  }

  /** @returns whether any run is still running */
  async #turnOfAll(): Promise<boolean> {
    let running = false;
    for (const establishment of this.#options.establishments)
      for (const run of await this.#options.ledger.of(establishment).retries.running()) {
        if (this.#stopped) return true;
        running = (await this.#turnOf(establishment, run)) || running;
      }
    return running;
  }

  async #turnOf(establishment: string, run: RetryRow): Promise<boolean> {
    const credit = this.#creditOf(run);
    const allowed = Math.floor(credit.deliveries);
    const items = await this.#options.ledger.of(establishment).retries.pending(run.id, allowed + 1);
    for (const item of items.slice(0, allowed)) {
      if (this.#stopped) return true;
      if (!(await openOne(this.#options, establishment, run.id, item))) return false;
      credit.deliveries -= 1;
      this.#options.onOpened();
    }
    if (items.length > allowed) return true;
    await this.#finish(establishment, run);
    return false;
  }

  async #finish(establishment: string, { id }: RetryRow): Promise<void> {
    this.#credits.delete(id);
    const now = await this.#options.ledger.of(establishment).retries.run(id);
    if (now?.state === 'running') await finishRetry(this.#options, establishment, id);
  }

  /** A run begins with one, and so does one that is resumed; time that passed brings more, and no more than ten seconds of it at once. */
  #creditOf({ id, ratePerMinute, changedAt: since }: RetryRow): Credit {
    const nowMs = this.#options.clock.now();
    const known = this.#credits.get(id);
    const credit = known?.since === since ? known : { deliveries: 1, atMs: nowMs, since };
    const earned = (Math.max(0, nowMs - credit.atMs) * ratePerMinute) / 60_000;
    credit.deliveries = Math.min(credit.deliveries + earned, Math.max(1, ratePerMinute / 6));
    credit.atMs = nowMs;
    this.#credits.set(id, credit);
    return credit;
  }
}
