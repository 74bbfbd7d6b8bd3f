import type { Claimed, Ledger } from '../ledger/ledger.ts';
import type { Clock } from '../words/clock.ts';
import { isViaducError } from '../words/errors.ts';
import { type AttemptTools, attempt } from './attempt.ts';
import type { Destinations } from './destinations.ts';
import { deliveryLimits } from './limits.ts';

export interface SchedulerOptions extends AttemptTools {
  ledger: Ledger;
  clock: Clock;
  destinations: Destinations;
  /** Told of an attempt that failed in a way no outcome describes, or that nothing could be taken (null). Carries no patient data. */
  onError(error: unknown, claimed: Claimed | null): void;
  /** Told when a turn of a delivery has ended. */
  onTurn?(claimed: Claimed): void;
}

/** What makes deliveries leave: one scheduler, or those of all kinds of destinations together. */
export type Sending = Pick<Scheduler, 'start' | 'poke' | 'stop' | 'interrupt' | 'interruptAt'>;

export function together(schedulers: readonly Scheduler[]): Sending {
  const each = async (act: (one: Scheduler) => Promise<void>) => {
    await Promise.all(schedulers.map(act));
  };
  return {
    start() {
      for (const one of schedulers) one.start();
    },
    poke() {
      for (const one of schedulers) one.poke();
    },
    stop: (drainMs) => each((one) => one.stop(drainMs)),
    interrupt: (delivery) => each((one) => one.interrupt(delivery)),
    interruptAt: (destination) => each((one) => one.interruptAt(destination)),
  };
}

/** Takes what is due from the ledger and works on it, never more at a time than its destinations take; one for each kind of them. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #running = new Map<Promise<void>, { claimed: Claimed; controller: AbortController }>();
  #stopped = false;
  #claiming: Promise<void> | null = null;
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
  interrupt(delivery: string): Promise<void> {
    return this.#interruptThose((claimed) => claimed.delivery === delivery);
  }

  /** Interrupts every attempt on a destination, and ends when they have ended. */
  interruptAt(destination: string): Promise<void> {
    return this.#interruptThose((claimed) => claimed.destination === destination);
  }

  async #interruptThose(meant: (claimed: Claimed) => boolean): Promise<void> {
    const those = [...this.#running].filter(([, { claimed }]) => meant(claimed));
    for (const [, { controller }] of those) controller.abort();
    await Promise.all(those.map(([running]) => running));
  }

  get running(): number {
    return this.#running.size;
  }

  async #claim(): Promise<void> {
    this.#cancelTimer();
    const limit = deliveryLimits.attemptsAtOnce.value - this.#running.size;
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
    const { port, ledger, clock, destinations } = this.#options;
    const leaseMs = deliveryLimits.leaseMs.value;
    const serving = destinations.serving(port.kind);
    const claimed = await ledger.claim({ kind: port.kind, nowMs: clock.now(), leaseMs, limit, ...serving });
    destinations.took(claimed, serving);
    for (const one of claimed)
      if (one.queue && destinations.of(one.destination).takesNothing) await this.#leave(one);
      else this.#run(one);
  }

  /** Its destination was stopped, parked or found down while this was being taken. */
  async #leave(claimed: Claimed): Promise<void> {
    this.#options.destinations.ended(claimed);
    await this.#options.ledger.giveBack(claimed);
  }

  #run(claimed: Claimed): void {
    const { destinations, port, onTurn } = this.#options;
    const controller = new AbortController();
    if (this.#interrupted) controller.abort();
    const running: Promise<void> = attempt(this.#options, claimed, controller.signal)
      .catch((error: unknown) => this.#failed(error, claimed))
      .then((awakens) => {
        const full = this.#running.size >= deliveryLimits.attemptsAtOnce.value;
        this.#running.delete(running);
        destinations.ended(claimed);
        onTurn?.(claimed);
        if (awakens || full || destinations.mayHaveMore(port.kind)) this.poke();
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
