const MOST_KEPT = 100_000;

/** Identifiers of VIHF that were taken, as long as a second one of the same could still be young enough. */
export class UsedIds {
  /** Instant of use by identifier, milliseconds, in the order of use. */
  readonly #used = new Map<string, number>();

  /** Notes an identifier; false when it was used in the last `forMs` milliseconds. */
  use(id: string, nowMs: number, forMs: number): boolean {
    for (const [old, atMs] of this.#used) {
      if (nowMs - atMs <= forMs && this.#used.size < MOST_KEPT) break;
      this.#used.delete(old);
    }
    if (this.#used.has(id)) return false;
    this.#used.set(id, nowMs);
    return true;
  }

  clear(): void {
    this.#used.clear();
  }
}
