import type { Clock } from '../../../words/clock.ts';

/** Gives each call its turn, so long after the one before has truly left: a thread that was held up makes no burst. */
export class Pace {
  readonly #clock: Clock;
  readonly #everyMs: number;
  #leftMs = Number.NEGATIVE_INFINITY;
  #last: Promise<void> = Promise.resolve();

  constructor(callsPerSecond: number, clock: Clock) {
    this.#clock = clock;
    this.#everyMs = 1000 / callsPerSecond;
  }

  /** Resolves when the turn has come; one that is given up meanwhile takes no time from the others. */
  turn(signal: AbortSignal): Promise<void> {
    const turn = this.#last.then(() => this.#wait(signal));
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #wait(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const passedMs = this.#clock.now() - this.#leftMs;
    // A clock that was set back makes nobody wait until it has come again.
    const waitMs = Math.min(this.#everyMs, this.#everyMs - passedMs);
    if (waitMs > 0) await new Promise<void>((resolve) => void this.#clock.after(waitMs, resolve));
    signal.throwIfAborted();
    this.#leftMs = this.#clock.now();
  }
}
