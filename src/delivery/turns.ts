import type { Clock } from '../words/clock.ts';

export interface TurnsOptions {
  clock: Clock;
  /** Does what is due, and asks `isStopped` between two pieces of work. */
  turn(): Promise<void>;
  /** How late something that became due by itself may be noticed. Milliseconds. */
  pollMs: number;
  /** Between two looks after one that failed. Milliseconds. */
  pauseMs: number;
  /** Told of a turn that failed, unless it was stopped. */
  onError(error: unknown): void;
}

/**
 * Work that stands in the ledger, done turn by turn, one turn at a time: as soon as somebody says that there is some, and
 * else from time to time. A poke during a turn brings another one.
 */
export class Turns {
  readonly #options: TurnsOptions;
  #stopped = false;
  #running: Promise<void> | null = null;
  #again = false;
  #cancelTimer: () => void = () => {};

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  /** Something may have become due: looks now instead of at the next turn of the clock. */
  poke(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
      if (this.#again) this.poke();
    });
  }

  /** Begins nothing more. `interrupt` ends what a turn waits for; ends when the turn under way has ended. */
  async stop(interrupt: () => void): Promise<void> {
    this.#stopped = true;
    this.#again = false;
    this.#cancelTimer();
    interrupt();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, turn, pollMs, pauseMs, onError } = this.#options;
    this.#cancelTimer();
    let waitMs = pollMs;
    try {
      while (!this.#stopped && this.#again) {
        this.#again = false;
        await turn();
      }
    } catch (error) {
      waitMs = pauseMs;
      this.#again = false;
      if (!this.#stopped) onError(error);
    }
    if (!this.#stopped) this.#cancelTimer = clock.after(waitMs, () => this.poke());
  }
}
