import type { Claimed, Ledger } from '../ledger/ledger.ts';
import type { Clock } from '../words/clock.ts';
import { isViaducError } from '../words/errors.ts';
import { type AttemptTools, attempt } from './attempt.ts';
import { deliveryLimits } from './limits.ts';

export interface SchedulerOptions extends AttemptTools {
  ledger: Ledger;
  clock: Clock;
  /** Attempts under way at the same time. */
  concurrency: number;
  /** Told of an attempt that failed in a way no outcome describes, or that nothing could be taken (null). Carries no patient data. */
  onError(error: unknown, claimed: Claimed | null): void;
  /** Told when a turn of a delivery has ended. */
  onTurn?(claimed: Claimed): void;
}

/** Takes what is due from the ledger and works on it, never more at a time than it may; one for each kind of destination. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #running = new Map<Promise<void>, { claimed: Claimed; controller: AbortController }>();
  #stopped = false;
  #claiming: Promise<void> | null = null;
  /** More may be due than could be taken. */
  #more = false;
  #again = false;
  #interrupted = false;
  #pausedUntilMs = 0;
  #cancelTimer: () => void = () => {};

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  start(): void {
    this.poke();
  }

  /** Something may have become due: looks now instead of at the next turn of the clock. */
  poke(): void {
    if (this.#stopped) return;
    if (this.#claiming) this.#again = true;
    else {
      this.#claiming = this.#claim().finally(() => {
        this.#claiming = null;
        if (this.#again) this.#lookAgain();
      });
    }
  }

  #lookAgain(): void {
    this.#again = false;
    this.poke();
  }

  /** Takes nothing more; ends when what runs has ended, or has been interrupted after the drain time. */
  async stop(drainMs: number = deliveryLimits.drainMs.value): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer();
    const cancel = this.#options.clock.after(drainMs, () => this.#interruptAll());
    if (drainMs === 0) this.#interruptAll();
    await this.#claiming;
    while (this.#running.size > 0) await Promise.race(this.#running.keys());
    cancel();
  }

  /** Interrupts the attempt on one delivery, if one is under way, and ends when it has ended. */
  async interrupt(delivery: string): Promise<void> {
    for (const [running, { claimed, controller }] of this.#running) {
      if (claimed.delivery !== delivery) continue;
      controller.abort();
      await running;
    }
  }

  get running(): number {
    return this.#running.size;
  }

  async #claim(): Promise<void> {
    this.#cancelTimer();
    const limit = this.#options.concurrency - this.#running.size;
    this.#more = limit <= 0;
    if (limit > 0 && this.#options.clock.now() >= this.#pausedUntilMs) {
      await this.#take(limit).catch((error: unknown) => {
        this.#pause();
        this.#options.onError(error, null);
      });
    }
    if (!this.#stopped)
      this.#cancelTimer = this.#options.clock.after(deliveryLimits.pollMs.value, () => this.poke());
  }

  async #take(limit: number): Promise<void> {
    const { port, ledger, clock } = this.#options;
    const leaseMs = deliveryLimits.leaseMs.value;
    const claimed = await ledger.claim({ kind: port.kind, nowMs: clock.now(), leaseMs, limit });
    for (const one of claimed) this.#run(one);
    this.#more = claimed.length === limit;
    if (this.#more && this.#running.size < this.#options.concurrency) this.#again = true;
  }

  #run(claimed: Claimed): void {
    const controller = new AbortController();
    if (this.#interrupted) controller.abort();
    const running: Promise<void> = attempt(this.#options, claimed, controller.signal)
      .catch((error: unknown) => this.#failed(error, claimed))
      .then((awakens) => {
        this.#running.delete(running);
        this.#options.onTurn?.(claimed);
        if (awakens || this.#more) this.poke();
      });
    this.#running.set(running, { claimed, controller });
  }

  /**
   * An attempt that could not write what became of it gives the delivery back as it stands: if a byte may have left, the
   * next one takes it up as in doubt. That another decision came first (superseded, cancelled) is no failure.
   */
  async #failed(error: unknown, claimed: Claimed): Promise<boolean> {
    const overtaken = isViaducError(error, 'ledger.fenced') || isViaducError(error, 'ledger.illegal-move');
    if (isViaducError(error, 'ledger.disk-full') || isViaducError(error, 'ledger.write-failed'))
      this.#pause();
    if (!overtaken) this.#options.onError(error, claimed);
    await this.#options.ledger.giveBack(claimed).catch(() => {});
    return true;
  }

  /** While nothing can be written nothing is taken: it would only be sent without a trace. */
  #pause(): void {
    this.#pausedUntilMs = this.#options.clock.now() + deliveryLimits.pauseMs.value;
  }

  #interruptAll(): void {
    this.#interrupted = true;
    for (const { controller } of this.#running.values()) controller.abort();
  }
}
