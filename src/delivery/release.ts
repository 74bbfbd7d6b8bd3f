import type { NewEvent } from '../ledger/ledger.ts';
import type { LedgerView } from '../ledger/view.ts';
import { instant } from '../words/clock.ts';

/** The events that free what waited for a delivery to end: they stand in the same append as its end. */
export async function releases(view: LedgerView, delivery: string, nowMs: number): Promise<NewEvent[]> {
  const waiting = await view.waitingFor(delivery);
  return waiting.map(({ id }) => ({
    type: 'delivery.released',
    data: { delivery: id, dueAt: instant(nowMs) },
  }));
}
