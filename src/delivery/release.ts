import type { NewEvent } from '../ledger/ledger.ts';
import type { LedgerView } from '../ledger/view.ts';
import { instant } from '../words/clock.ts';
import { type AtEnd, type Ended, noticesAtEnd } from './notices/due.ts';

/** The events that free what waited for a delivery to end: they stand in the same append as its end. */
export async function releases(view: LedgerView, delivery: string, nowMs: number): Promise<NewEvent[]> {
  const waiting = await view.waitingFor(delivery);
  return waiting.map(({ id }) => ({
    type: 'delivery.released',
    data: { delivery: id, dueAt: instant(nowMs) },
  }));
}

/** Everything that the end of a delivery brings with it: what waited is free, senders are to be told. */
export function followingEnd(view: LedgerView, ended: Ended, nowMs: number): Promise<AtEnd> {
  return followingEnds(view, [ended], nowMs);
}

/** The same of deliveries that end together. */
export async function followingEnds(
  view: LedgerView,
  ended: readonly Ended[],
  nowMs: number,
): Promise<AtEnd> {
  const freed = [];
  for (const { delivery } of ended) freed.push(...(await releases(view, delivery, nowMs)));
  const { events, expect } = await noticesAtEnd(view, ended, nowMs);
  return { events: [...freed, ...events], expect };
}
