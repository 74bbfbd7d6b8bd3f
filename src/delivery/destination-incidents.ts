import type { Ledger } from '../ledger/ledger.ts';
import { type Clock, instant } from '../words/clock.ts';
import { establishmentOf, kindOf } from '../words/delivery.ts';
import type { Incidents, Observation } from '../words/incident.ts';

type Kind = Extract<Observation['kind'], 'destination-down' | 'destination-parked' | 'destination-stopped'>;

/** What is known of one destination that nothing leaves to. */
interface About {
  code?: string;
  /** Milliseconds since 1970. */
  sinceMs: number;
}

interface DestinationIncidentsOptions {
  ledger: Ledger;
  clock: Clock;
  incidents: Incidents;
  /** How long a person may keep a destination stopped before somebody is told of it again. */
  stoppedMs: number;
}

/**
 * What is said of destinations that are down, parked or stopped, with how much waits for them. All of an establishment that
 * meet the same are one incident: a service that is down is down for every structure.
 */
export class DestinationIncidents {
  readonly #options: DestinationIncidentsOptions;
  /** Destinations that meet the same, by incident. */
  readonly #concerned = new Map<string, Map<string, About>>();

  constructor(options: DestinationIncidentsOptions) {
    this.#options = options;
  }

  /** Ends when it is told; never throws. */
  async is(kind: Kind, id: string, about: About): Promise<void> {
    this.#incident(kind, id).concerned.set(id, about);
    await this.#tell(kind, id);
  }

  over(kind: Kind, id: string): void {
    const { concerned, incident } = this.#incident(kind, id);
    concerned.delete(id);
    if (concerned.size === 0) this.#options.incidents.close(incident);
  }

  /** Closes it once, unless something was said since the start. */
  atStart(kind: Kind, id: string): void {
    if (!this.#concerned.has(keyOf(kind, id))) this.over(kind, id);
  }

  /** Says again what lasts: how much waits by now, and that it lasts too long. */
  async look(): Promise<void> {
    for (const [key, concerned] of this.#concerned) {
      const [id] = concerned.keys();
      if (id !== undefined) await this.#tell(key.split(' ')[0] as Kind, id);
    }
  }

  async #tell(kind: Kind, id: string): Promise<void> {
    const waiting = await this.#waiting(kind, id);
    const { concerned, incident } = this.#incident(kind, id);
    const about = concerned.get(id);
    // It may have come to its end meanwhile.
    if (!about) return;
    const sinceMs = Math.min(...[...concerned.values()].map((one) => one.sinceMs));
    this.#options.incidents.open({
      ...{ ...incident, severity: this.#severity(kind, sinceMs), role: 'it' },
      ...(about.code === undefined ? {} : { code: about.code }),
      facts: {
        ...{ destination: id, destinations: concerned.size, since: instant(sinceMs) },
        ...(waiting === null ? {} : { waiting }),
      },
    });
  }

  #severity(kind: Kind, sinceMs: number): Observation['severity'] {
    if (kind !== 'destination-stopped') return 'call-now';
    return this.#options.clock.now() - sinceMs >= this.#options.stoppedMs ? 'morning' : 'information';
  }

  /** Deliveries that cannot leave because of it; null while the ledger cannot be read. */
  async #waiting(kind: Kind, id: string): Promise<number | null> {
    try {
      const lanes = await this.#options.ledger.of(establishmentOf(id)).lanes(kindOf(id));
      const { concerned } = this.#incident(kind, id);
      const meant = lanes.filter(({ destination }) => concerned.has(destination));
      return meant.reduce((sum, { depth }) => sum + depth, 0);
    } catch {
      return null;
    }
  }

  #incident(kind: Kind, id: string) {
    const key = keyOf(kind, id);
    const concerned = this.#concerned.get(key) ?? new Map<string, About>();
    this.#concerned.set(key, concerned);
    const incident = { kind, subject: kindOf(id), establishment: establishmentOf(id) };
    return { concerned, incident };
  }
}

function keyOf(kind: Kind, id: string): string {
  return `${kind} ${kindOf(id)} ${establishmentOf(id)}`;
}
