import { rmSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import type { AttemptOutcome, DestinationPort, Resolution } from '../../src/delivery/destination.ts';
import type { DestinationPolicy } from '../../src/delivery/destination-state.ts';
import { Destinations } from '../../src/delivery/destinations.ts';
import { type Job, personalBytes } from '../../src/delivery/job.ts';
import { parseSchedule } from '../../src/delivery/schedule.ts';
import { Scheduler } from '../../src/delivery/scheduler.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { Clock } from '../../src/words/clock.ts';
import type { DestinationKind } from '../../src/words/delivery.ts';
import type { ConsentNotCollected } from '../../src/words/establishment.ts';
import type { EventData } from '../../src/words/events.ts';
import type { Incidents, Observation } from '../../src/words/incident.ts';
import type { SubmissionRequest } from '../../src/words/request.ts';
import { accepted, acceptedEvent, appendOf, openTestLedger, scratch, T0 } from '../ledger/making.ts';

/** A clock that stands until it is told to go; what waits for it then happens in order. */
export class HandClock implements Clock {
  #now: number;
  #waiting: { at: number; action: () => void }[] = [];

  constructor(nowMs: number) {
    this.#now = nowMs;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, action: () => void): () => void {
    const entry = { at: this.#now + ms, action };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((one) => one !== entry);
    };
  }

  advance(ms: number): void {
    this.#now += ms;
    const due = this.#waiting.filter(({ at }) => at <= this.#now);
    this.#waiting = this.#waiting.filter(({ at }) => at > this.#now);
    for (const { action } of due) action();
  }
}

/** A destination that does what a script says and writes down what was asked of it. */
export class ScriptedPort implements DestinationPort {
  kind: DestinationKind = 'dmp';
  readonly calls: string[] = [];
  readonly outcomes: (AttemptOutcome | Error | 'hang' | 'delivered')[] = [];
  readonly resolutions: Resolution[] = [];

  async prepare(): ReturnType<DestinationPort['prepare']> {
    this.calls.push('prepare');
    return { ready: { lotUniqueId: `2.25.${this.calls.length}`, metadata: Buffer.from('<lot/>') } };
  }

  async send(_job: unknown, lot: { uniqueId: string }, signal: AbortSignal): Promise<AttemptOutcome> {
    this.calls.push(`send ${lot.uniqueId}`);
    const next = this.outcomes.shift() ?? delivered;
    const outcome = next === 'delivered' ? delivered : next;
    if (outcome instanceof Error) throw outcome;
    if (outcome !== 'hang') return outcome;
    if (!signal.aborted)
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    return { result: 'ambiguous', code: 'delivery.dmp-no-answer', raw: null };
  }

  outdated(): boolean {
    return false;
  }

  async resolve(_job?: Job): Promise<Resolution> {
    this.calls.push('resolve');
    return this.resolutions.shift() ?? { found: false };
  }
}

export const delivered: AttemptOutcome = {
  result: 'delivered',
  code: 'delivered',
  entries: {},
  raw: Buffer.from('<ok/>'),
};

export interface Stage {
  ledger: Ledger;
  clock: HandClock;
  port: ScriptedPort;
  scheduler: Scheduler;
  destinations: Destinations;
  incidents: HeardIncidents;
  errors: unknown[];
  /** Ends when the scheduler has nothing under way and took nothing more at the present instant. */
  rest(): Promise<void>;
}

/** Incidents as they were told, one line each. */
export class HeardIncidents implements Incidents {
  readonly lines: string[] = [];
  readonly opened: Observation[] = [];
  readonly #open = new Set<string>();

  open(observation: Observation): void {
    const { kind, subject } = observation;
    this.opened.push(observation);
    if (this.#open.has(`${kind} ${subject}`)) return;
    this.#open.add(`${kind} ${subject}`);
    this.lines.push(`open ${kind} ${subject}`);
  }

  close({ kind, subject }: Pick<Observation, 'kind' | 'subject'>): void {
    if (this.#open.delete(`${kind} ${subject}`)) this.lines.push(`close ${kind} ${subject}`);
  }
}

const SCHEDULES = { retry: '1m, 5m*2', outage: '10s, 30s, …', doubt: '10s, 1m*2' };

export function stageOf(
  ledger: Ledger,
  policy: Partial<DestinationPolicy> = {},
  setting: ConsentNotCollected = 'deposit',
  schedules = SCHEDULES,
): Stage {
  const clock = new HandClock(T0);
  const port = new ScriptedPort();
  const errors: unknown[] = [];
  const retrying = {
    retry: parseSchedule(schedules.retry),
    outage: parseSchedule(schedules.outage),
    doubt: parseSchedule(schedules.doubt),
  };
  const incidents = new HeardIncidents();
  const usual = { concurrency: 4, perMinute: null, circuit: { failures: 5, probes: retrying.outage } };
  const destinations = new Destinations({
    ...{ ledger, clock, incidents, random: () => 0, stoppedMs: 4 * 3_600_000 },
    policies: { dmp: { ...usual, ...policy }, mssante: { ...usual, ...policy } },
  });
  let turns = 0;
  const scheduler = new Scheduler({
    ...{ ledger, port, clock, policy: retrying, destinations, random: () => 0 },
    feeding: () => ({ consentNotCollected: setting, closedDmpHours: 24 }),
    onError: (error) => errors.push(error),
    onTurn: () => {
      turns += 1;
    },
  });
  async function rest(): Promise<void> {
    for (let before = -1; before !== turns || scheduler.running > 0; ) {
      before = turns;
      scheduler.poke();
      // Each look at the ledger is a message to its thread and back: after a few of them, nothing more is under way.
      for (let look = 0; look < 5; look += 1) await ledger.witnessFailures();
    }
  }
  return { ledger, clock, port, scheduler, destinations, incidents, errors, rest };
}

/** A stage over a ledger of its own, for one test; both end with it. */
export async function openStage(): Promise<Stage> {
  const folder = scratch();
  const ledger = await openTestLedger(folder);
  const stage = stageOf(ledger);
  onTestFinished(async () => {
    await stage.scheduler.stop(0);
    await ledger.close();
    rmSync(folder, { recursive: true });
  });
  return stage;
}

/** Puts a submission with one due delivery into the ledger, as the door would. */
export async function submit(
  ledger: Ledger,
  changes: Partial<EventData['submission.accepted']> = {},
  expect: Record<string, number> = {},
): Promise<{ submission: string; delivery: string; uniqueId: string }> {
  const data = accepted(changes);
  const record = { request: {} as SubmissionRequest, facts: [], findings: [[]] };
  await ledger.append(
    appendOf(
      { ...acceptedEvent(data), subject: { ins: null, ipp: null }, personal: personalBytes(record) },
      { expect },
    ),
  );
  return {
    submission: data.submission,
    delivery: data.deliveries[0]!.id,
    uniqueId: data.documents[0]!.uniqueId,
  };
}
