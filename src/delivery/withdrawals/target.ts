import type { LedgerView } from '../../ledger/view.ts';
import type { DeliveryRow } from '../../ledger/views.ts';
import { deletes } from '../../routing/plan.ts';
import { WITHDRAWABLE } from '../../words/work.ts';
import { withdrawalError } from './errors.ts';

/** What a person names; exactly one of them. */
export interface Named {
  /** uniqueId of a document. */
  document?: string | undefined;
  /** A submission: all its documents. */
  submission?: string | undefined;
  /** An item of the work list that stands on a delivered document. */
  item?: string | undefined;
}

/** A document that is in the DMP, with everything known of its versions there. */
export interface Target {
  uniqueId: string;
  /** The delivery by which it is there. */
  deposit: DeliveryRow;
  /** Deliveries to the DMP of the document and of its chain, oldest first. */
  known: DeliveryRow[];
}

/**
 * The documents that a person names.
 * @throws ViaducError `withdrawal.target-unclear`, `withdrawal.document-unknown`
 */
export async function documentsNamed(view: LedgerView, named: Named): Promise<string[]> {
  const { document, submission, item } = named;
  if ([document, submission, item].filter((one) => one !== undefined).length !== 1)
    throw withdrawalError('withdrawal.target-unclear');
  if (document !== undefined) return [document];
  const documents = item === undefined ? await ofSubmission(view, submission!) : await ofItem(view, item);
  if (documents.length === 0) throw withdrawalError('withdrawal.document-unknown');
  return documents;
}

async function ofSubmission(view: LedgerView, submission: string): Promise<string[]> {
  return (await view.documents(submission)).map(({ uniqueId }) => uniqueId);
}

async function ofItem(view: LedgerView, id: string): Promise<string[]> {
  const item = await view.workItem(id);
  const fits = item?.delivery && WITHDRAWABLE.some((cause) => cause === item.cause);
  return fits ? ((await view.delivery(item.delivery!))?.documents ?? []) : [];
}

/**
 * A document as it stands in the DMP.
 * @throws ViaducError `withdrawal.document-unknown`, `withdrawal.not-delivered`, `withdrawal.never-delivered`,
 * `withdrawal.deleted`
 */
export async function targetOf(view: LedgerView, uniqueId: string): Promise<Target> {
  const known = await deliveriesOf(view, uniqueId);
  const own = known.filter(({ documents }) => documents.includes(uniqueId));
  const deposit = own.findLast(({ operation, outcome }) => operation !== 'delete' && outcome === 'delivered');
  if (!deposit) throw notThere(uniqueId, own);
  if (own.some((one) => deletes(one))) throw withdrawalError('withdrawal.deleted', { document: uniqueId });
  return { uniqueId, deposit, known };
}

async function deliveriesOf(view: LedgerView, uniqueId: string): Promise<DeliveryRow[]> {
  const history = await view.documentHistory(uniqueId);
  if (history.length === 0) throw withdrawalError('withdrawal.document-unknown');
  const known = new Map<string, DeliveryRow>();
  for (const { submission } of history)
    for (const { chain } of await view.deliveriesOf(submission))
      for (const one of await view.chain(chain)) known.set(one.id, one);
  const toDmp = [...known.values()].filter(({ destination }) => destination.kind === 'dmp');
  return toDmp.toSorted((a, b) => a.seq - b.seq);
}

function notThere(document: string, own: readonly DeliveryRow[]) {
  const open = own.findLast(({ operation, state }) => operation !== 'delete' && state !== 'final');
  if (open) return withdrawalError('withdrawal.not-delivered', { document, state: open.state });
  return withdrawalError('withdrawal.never-delivered', { document });
}
