import type { Clock } from '../words/clock.ts';
import { establishmentOf } from '../words/delivery.ts';
import type { Incidents } from '../words/incident.ts';
import { deliveryLimits } from './limits.ts';

/**
 * Tells when one destination had several deliveries parked by the same code within a short time: what looks like the fault of
 * each of them is more likely one cause.
 */
export class ParkedAlike {
  readonly #clock: Clock;
  readonly #incidents: Incidents;
  /** Milliseconds since 1970 of the latest ones, by destination and code; never more than it takes to tell. */
  readonly #latest = new Map<string, number[]>();

  constructor(clock: Clock, incidents: Incidents) {
    this.#clock = clock;
    this.#incidents = incidents;
  }

  parked(destination: string, code: string): void {
    const { parkedAlike, parkedAlikeMs } = deliveryLimits;
    const nowMs = this.#clock.now();
    this.#forget(nowMs - parkedAlikeMs.value);
    const named = NAMED.test(code) ? code : null;
    const key = `${destination} ${named}`;
    const latest = [...(this.#latest.get(key) ?? []), nowMs].slice(-parkedAlike.value);
    this.#latest.set(key, latest);
    if (latest.length < parkedAlike.value || nowMs - latest[0]! > parkedAlikeMs.value) return;
    const kind = destination.split('.')[0]!;
    this.#incidents.open({
      ...{ kind: 'deliveries-parked', severity: 'morning', role: 'it' },
      ...{ subject: named === null ? kind : `${kind} ${named}`, establishment: establishmentOf(destination) },
      ...(named === null ? {} : { code: named }),
      facts: { destination, count: latest.length, minutes: parkedAlikeMs.value / 60_000 },
    });
  }

  #forget(beforeMs: number): void {
    for (const [key, latest] of this.#latest) if (latest.at(-1)! < beforeMs) this.#latest.delete(key);
  }
}

/** What may be told outside: some servers put a sentence, and so perhaps a name, where a code should be. */
const NAMED = /^(XDS|DMP|Partial|Unresolved|References|InvalidDocument)\w*$|^delivery\.[a-z0-9-]+$/;
