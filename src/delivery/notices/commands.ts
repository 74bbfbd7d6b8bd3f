import type { Ledger } from '../../ledger/ledger.ts';
import type { NoticeRow } from '../../ledger/views.ts';
import type { Clock } from '../../words/clock.ts';
import { isViaducError } from '../../words/errors.ts';
import { deliveryError } from '../errors.ts';

/**
 * Takes a parked notice up again, with the same MSH-10.
 * @throws ViaducError `delivery.notice-not-parked`
 */
export async function resumeNotice(
  { ledger, clock }: { ledger: Ledger; clock: Clock },
  establishment: string,
  { id, submission, state }: Pick<NoticeRow, 'id' | 'submission' | 'state'>,
  by: string,
): Promise<void> {
  if (state !== 'parked') throw deliveryError('delivery.notice-not-parked', { state });
  const data = { notice: id, submission, by };
  try {
    await ledger.append({ establishment, nowMs: clock.now(), events: [{ type: 'notice.resumed', data }] });
  } catch (error) {
    // Somebody else resumed it in between: it is under way, which is what was asked for.
    if (!isViaducError(error, 'ledger.illegal-move')) throw error;
  }
}
