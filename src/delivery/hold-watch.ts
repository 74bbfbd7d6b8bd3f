import type { Ledger } from '../ledger/ledger.ts';
import type { Clock } from '../words/clock.ts';
import type { Incidents } from '../words/incident.ts';
import { endDueHolds } from './holds.ts';
import { deliveryLimits } from './limits.ts';

export interface HoldWatchOptions {
  ledger: Ledger;
  clock: Clock;
  establishments: readonly string[];
  incidents: Incidents;
  interrupt(delivery: string): Promise<void>;
  /** Something may have become due. */
  onEnded(): void;
  /** Told of a look that failed. Carries no patient data. */
  onError(error: unknown): void;
}

/** Ends holds at their date, and keeps an incident open for as long as one that was escalated waits for a person. */
export class HoldWatch {
  readonly #options: HoldWatchOptions;
  #looking: Promise<void> = Promise.resolve();
  #stopped = false;
  #cancelTimer: () => void = () => {};

  constructor(options: HoldWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#looking = this.look().catch(this.#options.onError);
    void this.#looking.then(() => this.#again());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer();
    await this.#looking;
  }

  /** One look at every establishment. */
  async look(): Promise<void> {
    for (const establishment of this.#options.establishments) {
      await endDueHolds(this.#options, establishment);
      await this.#tell(establishment);
    }
    this.#options.onEnded();
  }

  #again(): void {
    if (this.#stopped) return;
    this.#cancelTimer = this.#options.clock.after(deliveryLimits.holdLookMs.value, () => this.start());
  }

  async #tell(establishment: string): Promise<void> {
    const { ledger, incidents } = this.#options;
    const { 'hold-escalated': count = 0 } = await ledger.of(establishment).workCounts();
    const incident = { kind: 'hold-escalated', subject: establishment, establishment } as const;
    if (count === 0) return incidents.close(incident);
    incidents.open({
      ...{ ...incident, severity: 'morning', role: 'it', code: 'delivery.hold-escalated' },
      facts: { count },
    });
  }
}
