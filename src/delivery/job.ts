import type { LedgerView } from '../ledger/view.ts';
import type { DeliveryRow, DocumentRow, SubmissionRow } from '../ledger/views.ts';
import type { DocumentFacts } from '../words/document.ts';
import type { Finding } from '../words/findings.ts';
import type { SubmissionRequest } from '../words/request.ts';

/** What stands beside an accepted submission in the encrypted store, as JSON. */
export interface PersonalRecord {
  request: SubmissionRequest;
  facts: DocumentFacts[];
  findings: Finding[][];
}

/** Everything an attempt needs to know of a delivery, read from the ledger when the attempt begins. */
export interface Job {
  establishment: string;
  view: LedgerView;
  delivery: DeliveryRow;
  submission: SubmissionRow;
  documents: DocumentRow[];
  personal: PersonalRecord;
}

export async function readJob(view: LedgerView, deliveryId: string): Promise<Job | null> {
  const delivery = await view.delivery(deliveryId);
  const submission = delivery ? await view.submission(delivery.submission) : null;
  const personal = submission?.personalRef ? await view.personal(submission.personalRef) : null;
  if (!delivery || !submission || !personal) return null;
  const documents = (await view.documents(submission.id)).filter((one) =>
    delivery.documents.includes(one.uniqueId),
  );
  return {
    establishment: view.establishment,
    view,
    delivery,
    submission,
    documents,
    personal: parsePersonal(personal),
  };
}

/** What the headers of a delivery's documents say, in the order of its documents: it may carry some of its submission only. */
export function factsOf({ documents, personal }: Pick<Job, 'documents' | 'personal'>): DocumentFacts[] {
  return documents.map(({ uniqueId }) => personal.facts.find(({ id }) => id.root === uniqueId)!);
}

/** Records by the very bytes they were written to or read from, for as long as these are at hand. */
const records = new WeakMap<Uint8Array, PersonalRecord>();

/** The record that stands in the bytes; not to be changed. */
export function parsePersonal(bytes: Uint8Array): PersonalRecord {
  const known = records.get(bytes);
  if (known) return known;
  const { buffer, byteOffset, length } = bytes;
  return JSON.parse(Buffer.from(buffer, byteOffset, length).toString('utf8')) as PersonalRecord;
}

export function personalBytes(record: PersonalRecord): Uint8Array {
  const bytes = Buffer.from(JSON.stringify(record));
  records.set(bytes, record);
  return bytes;
}
