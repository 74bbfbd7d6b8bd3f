import type { Destination } from '../words/delivery.ts';
import type { MailedDocument, MailReceipt } from '../words/figures.ts';
import { countedDocument, receipt } from './rows.ts';
import type { Row } from './statements.ts';
import type { LedgerView } from './view.ts';
import type { ReceiptRow } from './views.ts';

/**
 * Every document of every mail that an operator took over or that a receipt speaks of, in the order of the submissions. A mail
 * that never left is not here.
 */
export async function mailedDocuments(view: Pick<LedgerView, 'ask'>): Promise<MailedDocument[]> {
  const [rows, receipts] = await Promise.all([
    view.ask(
      `SELECT d.id AS delivery, d.destination, d.operation, d.chain, d.accepted, d.outcome, d.finished_at,
          d.documents AS delivered, p.entry, b.id AS submission, b.target, b.facts, b.person
        FROM p_deliveries d
        JOIN p_submissions b ON b.establishment = d.establishment AND b.id = d.submission
        JOIN p_documents p ON p.establishment = b.establishment AND p.submission = b.id
        WHERE d.establishment = ? AND d.kind = 'mssante' ORDER BY d.seq, d.id, p.unique_id`,
    ),
    view.ask('SELECT * FROM p_receipts WHERE establishment = ? ORDER BY seq'),
  ]);
  const ofDeliveries = Map.groupBy(receipts.map(receipt), ({ delivery }) => delivery);
  return rows.flatMap((row) => mailedDocument(row, ofDeliveries.get(String(row.delivery)) ?? []));
}

/** Empty when the delivery carried other documents than this one, or never left as far as is known. */
function mailedDocument(row: Row, receipts: readonly ReceiptRow[]): MailedDocument[] {
  const document = countedDocument(row);
  const carried = JSON.parse(String(row.delivered)) as string[];
  const accepted = JSON.parse(String(row.accepted)) as { at: string } | null;
  if (!carried.includes(document.uniqueId) || (accepted === null && receipts.length === 0)) return [];
  const destination = JSON.parse(String(row.destination)) as Destination;
  return [
    {
      ...document,
      class: destination.class ?? null,
      recipient: destination.recipient ?? document.delivery,
      acceptedAt: accepted?.at ?? null,
      outcome: row.outcome as MailedDocument['outcome'],
      finishedAt: row.finished_at === null ? null : String(row.finished_at),
      receipts: receipts.map(told),
    },
  ];
}

function told({ id, at, kind, action, failed }: ReceiptRow): MailReceipt {
  return { id, at, kind, action, failed };
}
