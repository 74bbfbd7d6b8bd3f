import type { NewEvent } from '../../../ledger/ledger.ts';
import type { DeliveryRow } from '../../../ledger/views.ts';
import type { BodyReference, EventData } from '../../../words/events.ts';
import type { ReceiptFacts } from '../../../words/mail.ts';

/**
 * What a receipt means for its delivery: it ends it, a person must read it, or nothing. What has ended is not ended again,
 * but for a mail without confirmation: a receipt that comes late still says what became of it.
 */
export function meaningOf(
  { state, outcome }: Pick<DeliveryRow, 'state' | 'outcome'>,
  { kind, action }: Pick<ReceiptFacts, 'kind' | 'action'>,
): 'delivered' | 'refused' | 'parked' | null {
  if (kind === 'bounce') return state === 'ambiguous' || state === 'sending' ? 'parked' : null;
  if (action === null || action === 'delayed') return null;
  if (state === 'final' && outcome !== 'unconfirmed') return null;
  return action === 'failed' ? 'refused' : 'delivered';
}

export function ended(
  { id: delivery, documents }: Pick<DeliveryRow, 'id' | 'documents'>,
  outcome: 'delivered' | 'refused',
  { action, code: said }: ReceiptFacts,
  receipt: BodyReference,
): EventData['delivery.finished'] {
  const code = outcome === 'delivered' ? `mssante.${action}` : (said ?? '554');
  const results = documents.map((uniqueId) => ({ uniqueId, outcome, code }));
  return { delivery, outcome, code, results, entries: {}, receipt, by: null };
}

/** What came back is in no known form, and may mean anything. */
export function toBeRead({ id: delivery }: Pick<DeliveryRow, 'id'>, receipt: BodyReference): NewEvent {
  const why = { code: 'mssante.bounce', class: 'ambiguous' as const, charged: false, receipt };
  return { type: 'delivery.parked', data: { delivery, ...why, doubt: true, by: null } };
}
