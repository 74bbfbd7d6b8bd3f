/** Minutes that are kept; a rate is told over those of them that have passed. */
const MINUTES = 5;
const MINUTE_MS = 60_000;

/** How many of something there were in each of the last minutes. */
export class Tally {
  readonly #counts = new Array<number>(MINUTES + 1).fill(0);
  readonly #sinceMinute: number;
  #minute: number;

  constructor(nowMs: number) {
    this.#minute = Math.floor(nowMs / MINUTE_MS);
    this.#sinceMinute = this.#minute;
  }

  add(nowMs: number, count = 1): void {
    this.#move(nowMs);
    this.#counts[this.#minute % this.#counts.length]! += count;
  }

  /** Mean number a minute over the whole minutes that have passed, five at most; in the first one, what there was so far. */
  perMinute(nowMs: number): number {
    this.#move(nowMs);
    const whole = Math.min(MINUTES, this.#minute - this.#sinceMinute);
    const current = this.#counts[this.#minute % this.#counts.length]!;
    if (whole === 0) return current;
    const passed = this.#counts.reduce((sum, count) => sum + count, 0) - current;
    return Math.round((passed / whole) * 10) / 10;
  }

  #move(nowMs: number): void {
    const minute = Math.floor(nowMs / MINUTE_MS);
    const steps = Math.min(minute - this.#minute, this.#counts.length);
    for (let step = 1; step <= steps; step += 1)
      this.#counts[(this.#minute + step) % this.#counts.length] = 0;
    if (minute > this.#minute) this.#minute = minute;
  }
}
