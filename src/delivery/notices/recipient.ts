import { isGone } from '../../ledger/errors.ts';
import type { LedgerView } from '../../ledger/view.ts';
import type { NoticeRow } from '../../ledger/views.ts';
import { type Addresses, type NamedRecipient, recipientOfDelivery } from '../mssante/recipient.ts';

/**
 * Whom a notice about a mail names: who received it, or the mailbox that read it as its receipt says. Read anew for each
 * repetition from what is kept apart from the events, and the same as long as it is kept; null when it is not any more.
 */
export async function recipientOfNotice(
  addresses: Addresses,
  view: LedgerView,
  notice: Pick<NoticeRow, 'content'>,
): Promise<NamedRecipient | null> {
  try {
    return (await namedByReceipt(view, notice)) ?? (await ofDelivery(addresses, view, notice));
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

async function namedByReceipt(
  view: LedgerView,
  { content }: Pick<NoticeRow, 'content'>,
): Promise<NamedRecipient | null> {
  const receipt = content.reading ? await view.mails.receipt(content.reading) : null;
  const named = receipt?.personalRef ? await view.personal(receipt.personalRef) : null;
  return named && { address: named.toString('utf8'), id: null };
}

async function ofDelivery(
  addresses: Addresses,
  view: LedgerView,
  { content }: Pick<NoticeRow, 'content'>,
): Promise<NamedRecipient | null> {
  const delivery = await view.delivery(content.deliveries[0]!);
  return delivery && recipientOfDelivery(addresses, view, delivery);
}
