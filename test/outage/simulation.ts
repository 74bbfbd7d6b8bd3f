import { rmSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { AlarmDesk } from '../../src/alarms/desk.ts';
import { AlarmStore } from '../../src/alarms/store.ts';
import { Destinations } from '../../src/delivery/destinations.ts';
import { parseSchedule } from '../../src/delivery/schedule.ts';
import { Scheduler } from '../../src/delivery/scheduler.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { destinationId } from '../../src/words/delivery.ts';
import { seeded } from '../crash/random.ts';
import { HandClock } from '../delivery/scripted.ts';
import { openTestLedger, scratch, T0 } from '../ledger/making.ts';
import { type Arrival, arrivalsOver, arrive, STRUCTURES } from './arrivals.ts';
import { SimulatedDmp, type Weather } from './simulated-dmp.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** How long everything works before the outage; some documents more come at its end, so that requests are under way. */
const BEFORE_MS = 3 * MINUTE_MS;
/** How long documents come after the outage, unless the backlog is gone before, and when it is given up. */
const AFTER_MS = 3 * HOUR_MS;
const GIVE_UP_MS = 12 * HOUR_MS;

export interface OutageOptions {
  outageHours: number;
  /** That come from shortly before the outage to its end. */
  documents: number;
  chains: number;
  /** Documents a minute that come after the outage, while the backlog drains. */
  livePerMinute: number;
  seed: number;
}

export interface OutageReport {
  documents: number;
  chains: number;
  outageHours: number;
  /** Deliveries that had not ended when the destination came back. */
  backlog: number;
  /** Requests that the destination met while it was down. */
  callsInOutage: number;
  /** From the return of the destination until nothing of the backlog waited. */
  minutesToDrain: number;
  /** Documents that came while the backlog drained, and the longest that one of them took from arrival to storage. */
  liveWhileDraining: number;
  slowestLiveSeconds: number;
  states: Record<string, number>;
  /** Failures that were charged to the document to which most were. */
  mostCharged: number;
  doubled: number;
  disordered: number;
  /** Documents that should stand in the destination and do not, or stand there and should not. */
  missing: number;
  leftOver: number;
  /** What was told of alarms, reminders left out. */
  alarms: string[];
  errors: number;
  cpuSeconds: number;
}

/** An outage from its first minute to the last document of its backlog, on a clock that is turned by hand. */
export async function simulateOutage(
  options: OutageOptions,
  say: (line: string) => void,
): Promise<OutageReport> {
  const folder = scratch();
  const ledger = await openTestLedger(folder);
  try {
    return await new Simulation(ledger, options, say).run();
  } finally {
    await ledger.close();
    rmSync(folder, { recursive: true });
  }
}

class Simulation {
  readonly #ledger: Ledger;
  readonly #options: OutageOptions;
  readonly #say: (line: string) => void;
  readonly #clock = new HandClock(T0);
  readonly #random: () => number;
  readonly #dmp: SimulatedDmp;
  readonly #scheduler: Scheduler;
  readonly #destinations: Destinations;
  readonly #alarms: string[] = [];
  readonly #arrivals: Arrival[];
  readonly #live: Arrival[];
  #next: Arrival[];
  readonly #pending = new Set<Promise<unknown>>();
  #errors = 0;

  constructor(ledger: Ledger, options: OutageOptions, say: (line: string) => void) {
    this.#ledger = this.#counting(ledger);
    this.#options = options;
    this.#say = say;
    this.#random = seeded(options.seed);
    const beginsMs = T0 + BEFORE_MS;
    const burst = arrivalsOver(beginsMs - 1500, beginsMs, { documents: 40, chains: 0 }, this.#random);
    const spread = arrivalsOver(T0, this.#endMs, options, this.#random);
    this.#arrivals = [...spread, ...burst].toSorted((a, b) => a.atMs - b.atMs);
    const live = { documents: Math.round((options.livePerMinute * AFTER_MS) / MINUTE_MS), chains: 0 };
    this.#live = arrivalsOver(this.#endMs, this.#endMs + AFTER_MS, live, this.#random);
    this.#next = [...this.#arrivals, ...this.#live];
    const versions = new Map(
      this.#arrivals.flatMap(({ uniqueId, chain, operation }) =>
        chain === null || operation === 'delete'
          ? []
          : [[uniqueId, { chain, version: operation === 'deposit' ? 0 : 1 }] as const],
      ),
    );
    this.#dmp = new SimulatedDmp(this.#clock, this.#random, (uniqueId) => versions.get(uniqueId) ?? null);
    this.#destinations = this.#makeDestinations();
    this.#scheduler = this.#makeScheduler();
  }

  async run(): Promise<OutageReport> {
    const cpu = process.cpuUsage();
    await this.#until(T0 + BEFORE_MS, 500);
    this.#say(`outage begins, ${this.#dmp.inFlight} requests under way`);
    for (let hour = 0; this.#clock.now() < this.#endMs; hour += 1) {
      this.#dmp.weather = (['unreachable', 'hangs', 'unavailable'] as Weather[])[hour % 3]!;
      await this.#until(Math.min(this.#endMs, this.#clock.now() + HOUR_MS), 5 * SECOND_MS);
    }
    this.#dmp.weather = 'up';
    const backlog = await this.#depth();
    this.#say(`outage ends, ${backlog} deliveries wait`);
    const drainedAtMs = await this.#drain();
    // What was to come later is of no interest; what has come ends, and the alarm closes.
    const come = this.#live.length - this.#next.length;
    this.#live.splice(come);
    this.#next = [];
    await this.#until(this.#clock.now() + 10 * MINUTE_MS, 5 * SECOND_MS);
    await this.#scheduler.stop(0);
    const { user, system } = process.cpuUsage(cpu);
    return this.#report(backlog, drainedAtMs, (user + system) / 1e6);
  }

  get #endMs(): number {
    return T0 + BEFORE_MS + this.#options.outageHours * HOUR_MS;
  }

  /** Until nothing waits that came before the end of the outage. */
  async #drain(): Promise<number> {
    const old = new Set(
      this.#arrivals
        .filter(({ operation, chain }) => chain === null && operation === 'deposit')
        .map(({ uniqueId }) => uniqueId),
    );
    for (;;) {
      await this.#until(this.#clock.now() + 5 * SECOND_MS, 500);
      for (const uniqueId of old) if (this.#dmp.storedAtMs.has(uniqueId)) old.delete(uniqueId);
      if (old.size === 0) return this.#clock.now();
      if (this.#clock.now() > this.#endMs + GIVE_UP_MS) return Number.POSITIVE_INFINITY;
    }
  }

  async #until(atMs: number, stepMs: number): Promise<void> {
    while (this.#clock.now() < atMs) {
      const step = this.#dmp.inFlight > 0 ? Math.min(500, stepMs) : stepMs;
      this.#clock.advance(Math.min(step, atMs - this.#clock.now()));
      await this.#settle();
      await this.#arrive();
    }
  }

  async #arrive(): Promise<void> {
    const nowMs = this.#clock.now();
    const count = this.#next.findIndex(({ atMs }) => atMs > nowMs);
    const come = this.#next.splice(0, count < 0 ? this.#next.length : count);
    if (come.length === 0) return;
    const single = come.filter(({ chain }) => chain === null);
    await Promise.all(single.map((one) => arrive(this.#ledger, one, one.atMs)));
    for (const one of come) if (one.chain !== null) await arrive(this.#ledger, one, nowMs);
    for (const { structure } of come) this.#destinations.arrived(destinationId('dmp', 'one', structure));
    this.#scheduler.poke();
    await this.#settle();
  }

  /** Ends when everything that can happen at this instant has happened: only answers of the destination are awaited. */
  async #settle(): Promise<void> {
    for (let calm = 0; calm < 2; ) {
      await Promise.allSettled(this.#pending);
      await setImmediate();
      calm = this.#pending.size === 0 && this.#scheduler.running === this.#dmp.inFlight ? calm + 1 : 0;
    }
  }

  /** The ledger, with its calls whose answer has not come. */
  #counting(ledger: Ledger): Ledger {
    const counted = new Set<PropertyKey>(['append', 'claim', 'giveBack']);
    return new Proxy(ledger, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        const method = value.bind(target) as (...given: unknown[]) => Promise<unknown>;
        if (!counted.has(name)) return method;
        return (...given: unknown[]) => {
          const answer = method(...given).finally(() => this.#pending.delete(answer));
          this.#pending.add(answer);
          return answer;
        };
      },
    });
  }

  #makeDestinations(): Destinations {
    const desk = new AlarmDesk({
      ...{ clock: this.#clock, store: new AlarmStore(null) },
      policy: {
        remindMs: { 'call-now': HOUR_MS, morning: 24 * HOUR_MS, information: null },
        calmMs: 5 * MINUTE_MS,
      },
      tell: (event, { kind, subject }) => {
        if (event !== 'still-open') this.#alarms.push(`${event} ${kind} ${subject}`);
      },
      onError: () => {
        this.#errors += 1;
      },
    });
    desk.start();
    return new Destinations({
      ...{ ledger: this.#ledger, clock: this.#clock, incidents: desk, random: this.#random },
      stoppedMs: 4 * HOUR_MS,
      policies: {
        dmp: {
          ...{ concurrency: 16, perMinute: null },
          circuit: { failures: 5, probes: parseSchedule('10s, 30s, 1m, 2m, …') },
        },
      },
      onOpened: () => this.#scheduler.poke(),
    });
  }

  #makeScheduler(): Scheduler {
    return new Scheduler({
      ...{ ledger: this.#ledger, port: this.#dmp, clock: this.#clock, random: this.#random },
      destinations: this.#destinations,
      policy: {
        retry: parseSchedule('1m, 5m*2, 15m*4, 1h*12, 4h*12'),
        outage: parseSchedule('10s, 30s, 1m, 2m, …'),
        doubt: parseSchedule('10s, 1m*2, 5m*6, 1h*12'),
      },
      feeding: () => ({ consentNotCollected: 'deposit', closedDmpHours: 24 }),
      onError: () => {
        this.#errors += 1;
      },
    });
  }

  async #depth(): Promise<number> {
    return (await this.#ledger.of('one').lanes('dmp')).reduce((sum, { depth }) => sum + depth, 0);
  }

  async #report(backlog: number, drainedAtMs: number, cpuSeconds: number): Promise<OutageReport> {
    const { outageHours, chains } = this.#options;
    const rows = await this.#deliveries();
    const closed = new Map(STRUCTURES.map((one) => [one, this.#closedAtMs(one)]));
    const whileDraining = this.#live.filter(
      ({ atMs, structure }) => atMs < drainedAtMs && atMs > closed.get(structure)!,
    );
    const slowest = Math.max(0, ...whileDraining.map((one) => this.#tookMs(one)));
    const wanted = [...this.#arrivals, ...this.#live].filter(({ chain }) => chain === null);
    const missing = wanted.filter(({ uniqueId }) => !this.#dmp.held.has(uniqueId)).length;
    return {
      ...{ documents: this.#arrivals.length, chains, outageHours, backlog },
      callsInOutage: this.#dmp.callsInOutage,
      minutesToDrain: Math.round((drainedAtMs - this.#endMs) / 6000) / 10,
      ...{ liveWhileDraining: whileDraining.length, slowestLiveSeconds: Math.round(slowest / 100) / 10 },
      states: countBy(rows.map(({ state, outcome }) => (outcome ? `${state} ${outcome}` : state))),
      mostCharged: Math.max(...rows.map(({ charged }) => charged)),
      ...{ doubled: this.#dmp.doubled.length, disordered: this.#dmp.disordered.length },
      ...{ missing, leftOver: this.#dmp.held.size - (wanted.length - missing) },
      ...{ alarms: this.#alarms, errors: this.#errors, cpuSeconds: Math.round(cpuSeconds * 10) / 10 },
    };
  }

  /** When documents left in numbers again to a structure: until then everything that comes waits for its probes. */
  #closedAtMs(structure: string): number {
    const there = [...this.#arrivals, ...this.#live].filter((one) => one.structure === structure);
    const stored = there.flatMap(({ uniqueId }) => this.#dmp.storedAtMs.get(uniqueId) ?? []);
    return (
      stored.filter((atMs) => atMs > this.#endMs).toSorted((a, b) => a - b)[5] ?? Number.POSITIVE_INFINITY
    );
  }

  #tookMs({ uniqueId, atMs }: Arrival): number {
    return (this.#dmp.storedAtMs.get(uniqueId) ?? Number.POSITIVE_INFINITY) - atMs;
  }

  async #deliveries() {
    const view = this.#ledger.of('one');
    const all = [];
    for (let before: number | undefined; ; ) {
      const { items, next } = await view.deliveries({
        limit: 500,
        ...(before === undefined ? {} : { before }),
      });
      all.push(...items);
      if (next === null) return all;
      before = Number(next);
    }
  }
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
