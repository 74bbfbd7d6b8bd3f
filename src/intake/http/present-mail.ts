import { type Addresses, recipientOfDelivery } from '../../delivery/mssante/recipient.ts';
import { isGone } from '../../ledger/errors.ts';
import type { LedgerView } from '../../ledger/view.ts';
import type { DeliveryRow, ReceiptRow } from '../../ledger/views.ts';

/** How the addresses of mails are shown: whole to whoever may see identities, else their domain. */
export interface AddressSight extends Addresses {
  whole: boolean;
}

/** What is shown of a delivery by mail beside what is shown of every one. */
export interface ShownMail {
  /** Null when it is no longer kept. */
  address: string | null;
  /** When and how the operator took it over; `size` in bytes. */
  accepted: DeliveryRow['accepted'];
  receipts: ShownReceipt[];
}

type ShownReceipt = Omit<ReceiptRow, 'delivery' | 'seq' | 'personalRef'> & { body: string | null };

export async function presentMail(
  view: LedgerView,
  delivery: DeliveryRow,
  sight: AddressSight,
): Promise<ShownMail | null> {
  if (delivery.destination.kind !== 'mssante') return null;
  const receipts = await view.mails.receipts(delivery.id);
  return {
    address: await shownAddress(view, delivery, sight),
    accepted: delivery.accepted,
    receipts: await Promise.all(receipts.map((one) => presentReceipt(view, one))),
  };
}

async function presentReceipt(
  view: LedgerView,
  { delivery: _, seq: __, personalRef: ___, ...shown }: ReceiptRow,
): Promise<ShownReceipt> {
  const mail = await view.mails.mail(shown.mail);
  return { ...shown, body: mail?.body.id ?? null };
}

async function shownAddress(
  view: LedgerView,
  delivery: DeliveryRow,
  sight: AddressSight,
): Promise<string | null> {
  try {
    const recipient = await recipientOfDelivery(sight, view, delivery);
    if (!recipient) return null;
    return sight.whole ? recipient.address : recipient.address.replace(/^.*@/s, '…@');
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}
