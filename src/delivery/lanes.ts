import type { Queue, Serving } from '../ledger/ledger.ts';

/** Attempts under way at a destination, by the queue they were taken from. */
export type Running = Record<Queue, number>;

export function noneRunning(): Running {
  return { live: 0, retried: 0, late: 0, historic: 0 };
}

export function allRunning({ live, retried, late, historic }: Running): number {
  return live + retried + late + historic;
}

/** After so many live ones in a row one of the others goes first: what comes may be without end. */
export const LIVE_IN_A_ROW = 7;

/** What one destination does at the moment. */
export interface Load {
  concurrency: number;
  running: Running;
  /** Live ones taken since one of the others was. */
  liveInARow: number;
  /** How many the rate lets leave; null without one. */
  allowance: number | null;
}

/**
 * What may be taken next. A quarter of the places is kept for live documents: a backlog of slow calls never fills them all.
 * Of the others, those that a person opened again go before what is late, and what comes from the past goes last; each has
 * an upper bound, so that none shuts out the next.
 */
export function servingFor({ concurrency, running, liveInARow, allowance }: Load): Serving {
  const free = Math.max(0, concurrency - allRunning(running));
  const limit = allowance === null ? free : Math.min(free, allowance);
  const kept = Math.floor(concurrency / 4);
  const others = (['retried', 'late', 'historic'] as const).map((queue) => ({
    queue,
    limit: Math.max(0, bound(queue, concurrency) - running[queue]),
  }));
  const live = { queue: 'live' as const, limit };
  const turn =
    liveInARow < LIVE_IN_A_ROW ? [] : others.map((one) => ({ ...one, limit: Math.min(1, one.limit) }));
  return { limit, keptForLive: Math.max(0, kept - running.live), queues: [...turn, live, ...others] };
}

function bound(queue: Exclude<Queue, 'live'>, concurrency: number): number {
  const quarter = Math.floor(concurrency / 4);
  const most = {
    retried: 2 * quarter,
    late: concurrency - quarter - (quarter > 0 ? 1 : 0),
    historic: quarter,
  };
  return Math.max(1, most[queue]);
}
