import type { Ledger } from '../../ledger/ledger.ts';
import { lastRequests } from '../../ledger/standing.ts';
import type { Clock } from '../../words/clock.ts';

/** When each configured sender was last heard of, over whichever door. */
export class SenderActivity {
  readonly #clock: Clock;
  readonly #last = new Map<string, number>();
  readonly #sinceMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#sinceMs = clock.now();
  }

  /** Reads what the ledger says of the time before this start. */
  async load(ledger: Ledger, establishments: readonly string[]): Promise<void> {
    for (const establishment of establishments)
      for (const { sender, at } of await lastRequests(ledger.of(establishment)))
        this.#note(establishment, sender, Date.parse(at));
  }

  heard(establishment: string, sender: string): void {
    this.#note(establishment, sender, this.#clock.now());
  }

  /** Milliseconds since 1970; null while it was never heard of. */
  lastMs(establishment: string, sender: string): number | null {
    return this.#last.get(`${establishment} ${sender}`) ?? null;
  }

  /** From when silence counts: its last word, or this start. */
  silentSinceMs(establishment: string, sender: string): number {
    return this.lastMs(establishment, sender) ?? this.#sinceMs;
  }

  #note(establishment: string, sender: string, atMs: number): void {
    const key = `${establishment} ${sender}`;
    this.#last.set(key, Math.max(atMs, this.#last.get(key) ?? 0));
  }
}
