import type { Claim, Claimed, Ledger, NewEvent } from '../ledger/ledger.ts';
import { type Clock, instant } from '../words/clock.ts';
import { type DestinationKind, destinationId, establishmentOf, kindOf } from '../words/delivery.ts';
import type { Incidents } from '../words/incident.ts';
import { DestinationIncidents } from './destination-incidents.ts';
import {
  type Contact,
  type DestinationPolicy,
  DestinationState,
  type Standstill,
} from './destination-state.ts';
import { deliveryError } from './errors.ts';
import { ParkedAlike } from './parked-alike.ts';
import { RESTORE } from './restored.ts';

export interface DestinationsOptions {
  /** Of each kind that is open. */
  policies: Readonly<Partial<Record<DestinationKind, DestinationPolicy>>>;
  ledger: Ledger;
  clock: Clock;
  incidents: Incidents;
  /** A number from 0 to 1. */
  random(): number;
  /** How long a person may keep a destination stopped before somebody is told of it again. */
  stoppedMs: number;
  /** Told when something may leave again. */
  onOpened?(): void;
}

/** What an attempt learns when it tells how its destination behaved. */
export interface Observed {
  /** The failure says nothing of the document: it costs it nothing. */
  spared: boolean;
  /** The fault of configuration is this delivery's own. */
  alone: boolean;
  /** To be appended with what the attempt writes. */
  events: NewEvent[];
}

/** The destinations: which of them take something, how much, and what is to be said of those that do not. */
export class Destinations {
  readonly #options: DestinationsOptions;
  readonly #all = new Map<string, DestinationState>();
  readonly #told: DestinationIncidents;
  readonly #alike: ParkedAlike;
  /** What a destination that nobody has met yet is given, by kind. */
  readonly #unmet = new Map<string, DestinationState>();
  /** The one that was served last, by kind. */
  readonly #last = new Map<string, string>();

  constructor(options: DestinationsOptions) {
    this.#options = options;
    const { policies, clock, random } = options;
    this.#told = new DestinationIncidents(options);
    this.#alike = new ParkedAlike(clock, options.incidents);
    for (const [kind, policy] of Object.entries(policies))
      this.#unmet.set(kind, new DestinationState('', policy, clock.now(), random));
  }

  get kinds(): DestinationKind[] {
    return Object.keys(this.#options.policies) as DestinationKind[];
  }

  /** Reads what stood still when the gateway last ran. What was parked is tried anew: its configuration was read anew. */
  async load(establishments: readonly string[]): Promise<void> {
    for (const establishment of establishments) {
      for (const kind of this.kinds)
        this.#told.over('destination-stopped', destinationId(kind, establishment, ''));
      for (const { id, ...standstill } of await this.#options.ledger.of(establishment).destinations()) {
        if (!(kindOf(id) in this.#options.policies)) continue;
        const state = this.of(id);
        if (standstill.state === 'stopped') {
          state.standstill = standstill;
          await this.#tellStopped(id, standstill);
        } else {
          state.onTrial = standstill;
          state.resume();
        }
      }
    }
  }

  of(id: string): DestinationState {
    let state = this.#all.get(id);
    if (!state) {
      const { policies, clock, random } = this.#options;
      state = new DestinationState(id, policies[kindOf(id)]!, clock.now(), random);
      this.#all.set(id, state);
    }
    return state;
  }

  /** Those of an establishment that are known since the gateway started. */
  known(establishment: string): DestinationState[] {
    return [...this.#all.values()].filter(({ id }) => establishmentOf(id) === establishment);
  }

  /** What a claim of a kind may take now. */
  serving(kind: DestinationKind): Required<Pick<Claim, 'serve' | 'others' | 'after'>> {
    const nowMs = this.#options.clock.now();
    const own = [...this.#all].filter(([id]) => kindOf(id) === kind);
    const serve = Object.fromEntries(own.map(([id, state]) => [id, state.serving(nowMs)]));
    return { serve, others: this.#unmet.get(kind)!.serving(nowMs)!, after: this.#last.get(kind) ?? '' };
  }

  /** What a claim took of what it might. */
  took(claimed: readonly Claimed[], { serve, others }: ReturnType<Destinations['serving']>): void {
    const leaving = claimed.filter(({ queue }) => queue !== null);
    const byId = Map.groupBy(leaving, ({ destination }) => destination);
    for (const id of new Set([...byId.keys(), ...Object.keys(serve)])) {
      const serving = id in serve ? serve[id] : others;
      if (serving && this.of(id).took(byId.get(id) ?? [], serving)) this.#closed(id);
    }
    const last = leaving.at(-1)?.destination;
    if (last !== undefined) this.#last.set(kindOf(last), last);
  }

  /** Whether a place that becomes free may be taken at once by something that is due already. */
  mayHaveMore(kind: DestinationKind): boolean {
    return [...this.#all.values()].some(({ id, more }) => more && kindOf(id) === kind);
  }

  ended(claimed: Claimed): void {
    if (claimed.queue) this.of(claimed.destination).ended(claimed);
  }

  /** A delivery to it was accepted. */
  arrived(id: string): void {
    this.of(id).arrived.add(this.#options.clock.now());
  }

  /** What a destination answered, or did not, parked a delivery. */
  parked(id: string, code: string): void {
    this.#alike.parked(id, code);
  }

  /** A delivery to it ended. */
  left(id: string): void {
    this.of(id).left.add(this.#options.clock.now());
  }

  observe({ destination: id, delivery }: Claimed, contact: Contact, code: string): Observed {
    const state = this.of(id);
    const change = state.observe(delivery, contact, code, this.#options.clock.now());
    if (change === 'opened') this.#opened(id, code);
    if (change === 'closed') this.#closed(id);
    if (contact === 'up') this.#seenUp(id);
    const events =
      change === 'parked' ? this.#park(state, code) : contact === 'up' ? this.#trialWon(state) : [];
    return { spared: state.circuit.state !== 'closed', alone: change === 'delivery-alone', events };
  }

  /** Stops a destination for a person: nothing is taken from the moment of the call. */
  async stop(id: string, by: string, reason: string): Promise<void> {
    const state = this.of(id);
    if (state.standstill?.state === 'stopped') throw deliveryError('delivery.destination-not-stoppable');
    const before = state.standstill;
    const since = instant(this.#options.clock.now());
    const stopped: Standstill = { state: 'stopped', since, code: null, by, reason };
    state.standstill = stopped;
    try {
      await this.#append(id, { type: 'destination.stopped', data: { destination: id, by, reason } });
    } catch (error) {
      state.standstill = before;
      throw error;
    }
    state.onTrial = null;
    // Who stopped it knows; that it is down is told again when it is seen after it goes on.
    for (const kind of ['destination-parked', 'destination-down'] as const) this.#told.over(kind, id);
    await this.#tellStopped(id, stopped);
  }

  /** Lets a destination that stands still go on. */
  async resume(id: string, by: string, reason: string): Promise<void> {
    const state = this.of(id);
    if (!state.standstill) throw deliveryError('delivery.destination-not-resumable');
    await this.#append(id, { type: 'destination.resumed', data: { destination: id, by, reason } });
    state.onTrial = null;
    state.resume();
    for (const kind of ['destination-parked', 'destination-stopped'] as const) this.#told.over(kind, id);
    this.#options.onOpened?.();
  }

  /** Says again of what is down or stands still how much waits for it, and that it lasts. */
  look(): Promise<void> {
    return this.#told.look();
  }

  /** What a restore stopped is told by an alarm of its own. */
  async #tellStopped(id: string, { by, since }: Standstill): Promise<void> {
    if (by !== RESTORE) await this.#told.is('destination-stopped', id, { sinceMs: Date.parse(since) });
  }

  /** Somebody has changed what is configured for a kind: what was parked for it goes on. */
  async reconfigured(kind: DestinationKind, reason: string): Promise<void> {
    for (const { id, standstill } of this.#all.values())
      if (kindOf(id) === kind && standstill?.state === 'parked') await this.resume(id, 'gateway', reason);
  }

  #park(state: DestinationState, code: string): NewEvent[] {
    const known = state.onTrial !== null;
    const since = state.onTrial?.since ?? instant(this.#options.clock.now());
    state.standstill = { state: 'parked', since, code, by: null, reason: null } satisfies Standstill;
    state.onTrial = null;
    void this.#told.is('destination-parked', state.id, { sinceMs: Date.parse(since), code });
    return known ? [] : [{ type: 'destination.parked', data: { destination: state.id, code } }];
  }

  #trialWon(state: DestinationState): NewEvent[] {
    if (!state.onTrial) return [];
    state.onTrial = null;
    this.#told.over('destination-parked', state.id);
    const data = { destination: state.id, by: 'gateway', reason: 'answered after a new start' };
    return [{ type: 'destination.resumed', data }];
  }

  #opened(id: string, code: string): void {
    const sinceMs = this.of(id).circuitSinceMs ?? this.#options.clock.now();
    void this.#told.is('destination-down', id, { sinceMs, code });
  }

  #closed(id: string): void {
    this.#told.over('destination-down', id);
    this.#options.onOpened?.();
  }

  /** An incident may be open from before the gateway last stopped. */
  #seenUp(id: string): void {
    if (this.of(id).circuit.state === 'closed') this.#told.atStart('destination-down', id);
  }

  #append(id: string, event: NewEvent): Promise<unknown> {
    const { ledger, clock } = this.#options;
    return ledger.append({ establishment: establishmentOf(id), nowMs: clock.now(), events: [event] });
  }
}
