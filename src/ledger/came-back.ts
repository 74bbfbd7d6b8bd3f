import type { BodyReference } from '../words/events.ts';
import type { LedgerView } from './view.ts';

/** Mails that came back after deliveries, and references of the addresses that they name. */
export async function cameBack(
  view: LedgerView,
  deliveries: readonly string[],
): Promise<{ bodies: BodyReference[]; values: string[] }> {
  const receipts = (await Promise.all(deliveries.map((id) => view.mails.receipts(id)))).flat();
  const mails = await Promise.all(receipts.map(({ mail }) => view.mails.mail(mail)));
  return {
    bodies: mails.flatMap((one) => (one ? [one.body] : [])),
    values: receipts.flatMap(({ personalRef }) => personalRef ?? []),
  };
}
