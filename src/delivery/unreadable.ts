import { isGone } from '../ledger/errors.ts';
import type { Claimed, Ledger, NewEvent } from '../ledger/ledger.ts';
import type { Clock } from '../words/clock.ts';
import { isViaducError, type ViaducError } from '../words/errors.ts';

/** What the ledger no longer holds, or cannot read, will not come back by trying again: a person must look. */
export function isUnreadable(error: unknown): error is ViaducError {
  return isGone(error) || isViaducError(error, 'ledger.body-damaged');
}

/** A delivery whose person was erased, or whose record is damaged, has nothing left to send. */
export async function parkUnreadable(
  { ledger, clock }: { ledger: Ledger; clock: Clock },
  claimed: Claimed,
): Promise<void> {
  const { establishment, delivery } = claimed;
  const doubt = (await ledger.of(establishment).delivery(delivery))?.doubt ?? false;
  const why = { code: 'delivery.record-missing', class: 'permanent' as const, charged: false, receipt: null };
  const parked: NewEvent = { type: 'delivery.parked', data: { delivery, ...why, doubt, by: null } };
  await ledger.append({ establishment, nowMs: clock.now(), lease: claimed, events: [parked] });
}
