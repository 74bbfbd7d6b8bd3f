import type { Ledger, NewEvent } from '../ledger/ledger.ts';
import type { DeliveryRow } from '../ledger/views.ts';
import { instant } from '../words/clock.ts';
import type { EventData, StoodBefore } from '../words/events.ts';

/** Who stops the destinations of a restored ledger, until a person resumes them. */
export const RESTORE = 'restore';

/** Deliveries put in doubt by one append. */
const AT_ONCE = 200;

/**
 * Writes down that a chain was restored, stops every destination that it knows and those given beside, then puts in doubt every delivery that had not ended at the backup: it may have
 * left since. What waits for a predecessor is left waiting, and asked for when its turn has come: asked sooner, the absence
 * of a document that is yet to be deposited would pass for its deletion.
 * @returns how many deliveries were put in doubt
 */
export async function recordRestore(
  ledger: Ledger,
  establishment: string,
  data: EventData['ledger.restored'],
  configured: readonly string[],
  nowMs: number,
): Promise<number> {
  const view = ledger.of(establishment);
  const destinations = new Set([...(await view.everyDestination()), ...configured]);
  const stops: NewEvent[] = [...destinations].map((destination) => ({
    type: 'destination.stopped',
    data: { destination, by: RESTORE, reason: data.backupAt ?? 'backup' },
  }));
  await ledger.append({ establishment, nowMs, events: [{ type: 'ledger.restored', data }, ...stops] });
  let doubted = 0;
  for (let after: Pick<DeliveryRow, 'seq' | 'id'> = { seq: 0, id: '' }; ; ) {
    const page = await view.unfinished(after, AT_ONCE);
    const events = page.flatMap((delivery) => doubt(delivery, nowMs));
    if (events.length > 0) await ledger.append({ establishment, nowMs, events });
    doubted += events.length;
    const last = page.at(-1);
    if (page.length < AT_ONCE || !last) return doubted;
    after = last;
  }
}

function doubt(delivery: DeliveryRow, nowMs: number): NewEvent[] {
  if (delivery.state === 'waiting' && delivery.waitsFor !== null) return [];
  const data = { delivery: delivery.id, was: stoodBefore(delivery), dueAt: instant(nowMs) };
  return [{ type: 'delivery.restored', data }];
}

function stoodBefore({ state, code, dueAtMs }: DeliveryRow): StoodBefore | null {
  if (state === 'sending' || state === 'ambiguous' || state === 'final') return null;
  return { state, code, dueAt: dueAtMs === null ? null : instant(dueAtMs) };
}
