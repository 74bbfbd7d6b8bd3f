import { Gauge, type Registry } from 'prom-client';
import type { Alarm } from '../../alarms/alarm.ts';
import type { DestinationState } from '../../delivery/destination-state.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { readStanding, type Standing } from '../../ledger/standing.ts';
import type { Clock } from '../../words/clock.ts';
import { kindOf } from '../../words/delivery.ts';
import type { SenderActivity } from '../alarms/activity.ts';
import type { DiskState } from '../alarms/disk.ts';
import type { Watched } from '../certificate-ends.ts';
import { codeLabel } from './labels.ts';

/** What stands as it does at the moment of the question. */
export interface StateSources {
  clock: Clock;
  ledger: Ledger;
  establishments: readonly string[];
  senders: readonly { id: string; establishment: string }[];
  activity: SenderActivity;
  alarms(): readonly Alarm[];
  certificates(): readonly Watched[];
  destinations(
    establishment: string,
  ): readonly Pick<DestinationState, 'id' | 'circuitSinceMs' | 'standstill'>[];
  disk(): DiskState;
  /** When everything was last sealed; null before the first time. */
  sealedAtMs(): number | null;
  /** Requests that are being read, judged or made durable. */
  inHand(): number;
}

/** Name and labels of each gauge, and what it is. */
const GAUGES = {
  queue_deliveries: ['Deliveries that have not ended', 'establishment', 'destination', 'lane', 'state'],
  queue_oldest_age_seconds: ['Since when the oldest could have left', 'establishment', 'destination', 'lane'],
  parked_deliveries: ['Deliveries that wait for a person', 'establishment', 'code'],
  destination_circuit_open: [
    '1 while a destination is down and nothing but probes is sent to it',
    'destination',
  ],
  destination_standing_still: ['1 while a destination is parked or stopped by a person', 'destination'],
  work_items: ['Open items of the work list', 'establishment', 'cause'],
  notices_waiting: ['Notices that are not acknowledged', 'establishment', 'sender', 'state'],
  sender_last_message_timestamp_seconds: ['When a sender was last heard of', 'establishment', 'sender'],
  alarms_open: ['Alarms that are open', 'kind', 'severity'],
  certificate_end_timestamp_seconds: ['When a certificate in use ends', 'certificate'],
  disk_free_bytes: ['Free space of the disk of the data folder'],
  disk_size_bytes: ['Size of the disk of the data folder'],
  disk_days_left: ['Days until the disk is full at the measured rate; absent while that is not known'],
  ledger_sealed_timestamp_seconds: ['When everything was last sealed'],
  ledger_witnesses_failing: ['Witnesses that could not be written at the last seal'],
  requests_in_hand: ['Requests that are being read, judged or made durable'],
} as const;

type Name = keyof typeof GAUGES;

/** Values that are read when they are asked for, not counted along: they cannot disagree with what they are of. */
export class StateMetrics {
  readonly #sources: StateSources;
  readonly #gauges = new Map<Name, Gauge>();

  constructor(registry: Registry, sources: StateSources) {
    this.#sources = sources;
    for (const [name, [help, ...labelNames]] of Object.entries(GAUGES)) {
      const gauge = new Gauge({ name: `viaduc_${name}`, help, labelNames, registers: [registry] });
      this.#gauges.set(name as Name, gauge);
    }
  }

  async refresh(): Promise<void> {
    for (const gauge of this.#gauges.values()) gauge.reset();
    this.#machine();
    this.#senders();
    const { ledger, establishments } = this.#sources;
    for (const establishment of establishments) {
      const view = ledger.of(establishment);
      this.#destinations(establishment);
      this.#standing(establishment, await readStanding(view));
      for (const [cause, count] of Object.entries(await view.workCounts()))
        this.#set('work_items', { establishment, cause }, count);
    }
    this.#set('ledger_witnesses_failing', {}, (await ledger.witnessFailures()).length);
  }

  #standing(establishment: string, { deliveries, parked, notices }: Standing): void {
    const now = this.#sources.clock.now();
    const oldest = new Map<string, number>();
    const all = this.#sources.destinations(establishment);
    const still = new Set(all.filter(({ standstill }) => standstill !== null).map(({ id }) => id));
    for (const { destination: id, lane, state, count, oldestDueAtMs } of deliveries) {
      const labels = { establishment, destination: kindOf(id), lane };
      this.#gauge('queue_deliveries').inc({ ...labels, state }, count);
      if (state !== 'due' || oldestDueAtMs === null || still.has(id)) continue;
      const key = `${labels.destination} ${lane}`;
      oldest.set(key, Math.min(oldestDueAtMs, oldest.get(key) ?? now));
      this.#set('queue_oldest_age_seconds', labels, (now - oldest.get(key)!) / 1000);
    }
    for (const { code, count } of parked)
      this.#gauge('parked_deliveries').inc({ establishment, code: codeLabel(code) }, count);
    for (const { sender, state, count } of notices)
      this.#set('notices_waiting', { establishment, sender, state }, count);
  }

  #destinations(establishment: string): void {
    for (const { id, circuitSinceMs, standstill } of this.#sources.destinations(establishment)) {
      // One that a person has just resumed is tried with one document, and is not down for that.
      const down = standstill === null && circuitSinceMs !== null;
      this.#set('destination_circuit_open', { destination: id }, down ? 1 : 0);
      this.#set('destination_standing_still', { destination: id }, standstill === null ? 0 : 1);
    }
  }

  #machine(): void {
    const { alarms, certificates, disk, sealedAtMs, inHand } = this.#sources;
    for (const { kind, severity } of alarms()) this.#gauge('alarms_open').inc({ kind, severity });
    for (const { name, chain } of certificates()) {
      const ends = chain.map((one) => one.validToDate.getTime() / 1000);
      if (ends.length > 0)
        this.#set('certificate_end_timestamp_seconds', { certificate: name }, Math.min(...ends));
    }
    const { freeBytes, sizeBytes, daysLeft } = disk();
    this.#set('disk_free_bytes', {}, freeBytes);
    this.#set('disk_size_bytes', {}, sizeBytes);
    if (daysLeft === null) this.#gauge('disk_days_left').remove();
    else this.#set('disk_days_left', {}, daysLeft);
    const sealed = sealedAtMs();
    if (sealed === null) this.#gauge('ledger_sealed_timestamp_seconds').remove();
    else this.#set('ledger_sealed_timestamp_seconds', {}, sealed / 1000);
    this.#set('requests_in_hand', {}, inHand());
  }

  #senders(): void {
    for (const { id, establishment } of this.#sources.senders) {
      const last = this.#sources.activity.lastMs(establishment, id);
      if (last !== null)
        this.#set('sender_last_message_timestamp_seconds', { establishment, sender: id }, last / 1000);
    }
  }

  #set(name: Name, labels: Record<string, string>, value: number): void {
    this.#gauge(name).set(labels, value);
  }

  #gauge(name: Name): Gauge {
    return this.#gauges.get(name)!;
  }
}
