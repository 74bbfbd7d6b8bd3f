import type { DestinationKind } from './delivery.ts';
import type { Hold } from './hold.ts';

/**
 * States of a run of retries, a list of deliveries that a person has tried again:
 * - `running`: opens one after the other at its rate
 * - `paused`: opens none until it is resumed
 * - `stopped`: opens none any more
 * - `done`: every delivery of its list was opened or left out
 */
export type RetryState = 'running' | 'paused' | 'stopped' | 'done';

export type RetryEventType = 'retry.paused' | 'retry.resumed' | 'retry.stopped' | 'retry.finished';

/** Every allowed move and the event that makes it; the ledger refuses any other. */
export const RETRY_MOVES: Readonly<
  Record<RetryState, Readonly<Partial<Record<RetryState, RetryEventType>>>>
> = {
  running: { paused: 'retry.paused', stopped: 'retry.stopped', done: 'retry.finished' },
  paused: { running: 'retry.resumed', stopped: 'retry.stopped' },
  stopped: {},
  done: {},
};

/** How a delivery stands that a run lets go on: parked, or waiting for the end of its hold. */
export type RetryStanding = 'parked' | 'held';

/** Which deliveries of an establishment a run is about. Members of a list are alternatives; different members add up. */
export interface RetryFilter {
  standing: RetryStanding;
  /** Codes of why they stand so. */
  codes?: string[];
  senders?: string[];
  /** Type codes of their documents. */
  types?: string[];
  destination?: DestinationKind;
  /**
   * From where the holds are: what is held, or has been brought before a person by its hold, is found only when its hold is of
   * one of these; `rule` when none is named.
   */
  holdOrigins?: Hold['origin'][];
  /** What the holds say. */
  holdReasons?: string[];
  /** When their submission came in: from (included) and to (excluded), ISO 8601 UTC. */
  from?: string;
  to?: string;
}

/** A delivery of a list, with the version of its stream that was seen: what has changed since is left out. */
export interface RetryItem {
  delivery: string;
  version: number;
}

/** Why a delivery of a list was left out. */
export type RetrySkip = 'changed' | 'gone';
