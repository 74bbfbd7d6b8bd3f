import type { Claimed, Serving } from '../ledger/ledger.ts';
import { Circuit, type CircuitPolicy } from './circuit.ts';
import { allRunning, noneRunning, servingFor } from './lanes.ts';
import { Rate } from './rate.ts';
import { Tally } from './tally.ts';

/** How much may leave to each destination of a kind, and when one counts as down. */
export interface DestinationPolicy {
  /** Attempts under way at the same time. */
  concurrency: number;
  /** Attempts begun in a minute; null for no limit. */
  perMinute: number | null;
  circuit: CircuitPolicy;
}

/**
 * What an attempt showed of its destination:
 * - `up`: it answered
 * - `down`: it could not be reached, did not answer in time, or said that it cannot now
 * - `busy`: it answered about a document that it cannot now; of one and the same document this counts once
 * - `misconfigured`: it refuses what is configured here, such as a certificate
 */
export type Contact = 'up' | 'down' | 'busy' | 'misconfigured';

/** Nothing leaves until somebody resumes it. */
export interface Standstill {
  state: 'parked' | 'stopped';
  /** ISO 8601. */
  since: string;
  code: string | null;
  by: string | null;
  reason: string | null;
}

/** What one contact changed. */
export type Change = 'opened' | 'closed' | 'parked' | 'delivery-alone' | null;

/** One destination as it is at the moment; what must outlive the process stands in the ledger. */
export class DestinationState {
  readonly id: string;
  readonly circuit: Circuit;
  readonly arrived: Tally;
  readonly left: Tally;
  readonly running = noneRunning();
  standstill: Standstill | null = null;
  /** Parked in the ledger, and tried again because the gateway has read its configuration anew. */
  onTrial: Standstill | null = null;
  /** Why the circuit is not closed. */
  downCode: string | null = null;
  circuitSinceMs: number | null = null;
  more = false;
  readonly #policy: DestinationPolicy;
  readonly #rate: Rate | null;
  #liveInARow = 0;
  /** What was offered last is a probe. */
  #probes = false;
  #lastBusy: string | null = null;
  /** It answered since it was last seen misconfigured. */
  #answeredSince = false;
  /** Deliveries that met a fault of configuration; true once others were answered after that. */
  readonly #suspects = new Map<string, boolean>();

  constructor(id: string, policy: DestinationPolicy, nowMs: number, random: () => number) {
    this.id = id;
    this.#policy = policy;
    this.circuit = new Circuit(policy.circuit, random);
    this.#rate = policy.perMinute === null ? null : new Rate(policy.perMinute, nowMs);
    this.arrived = new Tally(nowMs);
    this.left = new Tally(nowMs);
  }

  /** What may be taken now; null for nothing at all. */
  serving(nowMs: number): Serving | null {
    if (this.standstill || !this.circuit.mayProbe(nowMs)) return null;
    this.#probes = this.circuit.state === 'open';
    const one = this.circuit.state !== 'closed';
    return servingFor({
      concurrency: one ? 1 : this.#policy.concurrency,
      ...{ running: this.running, liveInARow: this.#liveInARow, allowance: this.allowance(nowMs) },
    });
  }

  /** Whether nothing may leave at this moment. */
  get takesNothing(): boolean {
    return this.standstill !== null || this.circuit.state === 'open';
  }

  /** How many the rate lets leave; null without one. */
  allowance(nowMs: number): number | null {
    return this.#rate?.available(nowMs) ?? null;
  }

  /** @returns whether the circuit closed, because nothing is left to try it on */
  took(claimed: readonly Claimed[], serving: Serving): boolean {
    for (const { queue } of claimed) {
      this.running[queue!] += 1;
      this.#liveInARow = queue === 'live' ? this.#liveInARow + 1 : 0;
    }
    this.#rate?.take(claimed.length);
    if (claimed.length > 0 && this.#probes) this.circuit.probing();
    const others = allRunning(this.running) - this.running.live;
    this.more = others > 0 || claimed.length >= serving.limit;
    const closed = claimed.length === 0 && serving.limit > 0 && this.circuit.nothingDue();
    if (closed) this.#isUp();
    return closed;
  }

  ended({ queue }: Claimed): void {
    if (queue) this.running[queue] -= 1;
  }

  observe(delivery: string, contact: Contact, code: string, nowMs: number): Change {
    if (contact === 'misconfigured') return this.#misconfigured(delivery);
    if (contact !== 'up') return this.#down(contact === 'busy' ? delivery : null, code, nowMs);
    this.#answeredSince = true;
    this.#lastBusy = null;
    this.#suspects.delete(delivery);
    for (const suspect of this.#suspects.keys()) this.#suspects.set(suspect, true);
    if (!this.circuit.up()) return null;
    this.#isUp();
    return 'closed';
  }

  /** Goes on, one at a time until it is seen whether it works again. */
  resume(): void {
    this.standstill = null;
    this.#suspects.clear();
    this.#answeredSince = false;
    this.#isUp();
    this.circuit.tryOne();
  }

  #down(busyWith: string | null, code: string, nowMs: number): Change {
    const wasClosed = this.circuit.state === 'closed';
    if (wasClosed && busyWith !== null && busyWith === this.#lastBusy) return null;
    this.#lastBusy = busyWith;
    if (!this.circuit.down(nowMs)) return null;
    this.downCode = code;
    if (wasClosed || this.circuitSinceMs === null) this.circuitSinceMs = nowMs;
    return 'opened';
  }

  #isUp(): void {
    this.downCode = null;
    this.circuitSinceMs = null;
  }

  /**
   * One document may be refused for reasons of its own by something that refuses all when it is misconfigured. So the first
   * fault after answers is looked at again with another document, one at a time; the next fault parks the destination. Is
   * the other answered and the first one refused again, then that one alone is to be parked.
   */
  #misconfigured(delivery: string): Change {
    if (this.standstill) return null;
    if (this.#suspects.get(delivery)) {
      this.#suspects.delete(delivery);
      return 'delivery-alone';
    }
    if (this.#answeredSince) {
      this.#answeredSince = false;
      this.#suspects.set(delivery, false);
      this.circuit.tryOne();
      return null;
    }
    return 'parked';
  }
}
