/** Seconds of its rate that may leave at once after a pause. */
const BURST_SECONDS = 2;

/** At most so many a minute, spread over it. */
export class Rate {
  readonly #perMs: number;
  readonly #most: number;
  #tokens: number;
  #atMs: number;

  constructor(perMinute: number, nowMs: number) {
    this.#perMs = perMinute / 60_000;
    this.#most = Math.max(1, this.#perMs * BURST_SECONDS * 1000);
    this.#tokens = this.#most;
    this.#atMs = nowMs;
  }

  /** How many may leave now. */
  available(nowMs: number): number {
    // A clock that was set back gives nothing, and takes nothing away.
    const passed = Math.max(0, nowMs - this.#atMs);
    this.#tokens = Math.min(this.#most, this.#tokens + passed * this.#perMs);
    this.#atMs = nowMs;
    return Math.floor(this.#tokens + 1e-9);
  }

  take(count: number): void {
    this.#tokens -= count;
  }
}
