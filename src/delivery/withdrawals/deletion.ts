import { sha256 } from '../../ledger/cipher.ts';
import type { NewEvent } from '../../ledger/ledger.ts';
import type { LedgerView } from '../../ledger/view.ts';
import type { DeliveryRow, DocumentRow, SubmissionRow } from '../../ledger/views.ts';
import { type Plan, plan } from '../../routing/plan.ts';
import type { DocumentEntry } from '../../words/events.ts';
import { type PersonalRecord, parsePersonal, personalBytes } from '../job.ts';
import { withdrawalError } from './errors.ts';
import { type Target, targetOf } from './target.ts';

/** A deletion as it would be accepted now, and the versions of what it was decided on. */
export interface Deletion {
  targets: Target[];
  planned: Plan;
  expect: Record<string, number>;
}

/**
 * Reads what the deletion of documents rests on, and routes it as one that their sender asks for.
 * @throws ViaducError those of `targetOf`; `routing.newer-version-known` when another version took the place of one
 */
export async function readDeletion(
  view: LedgerView,
  documents: readonly string[],
  nowMs: number,
): Promise<Deletion> {
  const expect: Record<string, number> = {};
  for (const stream of documents.map((uniqueId) => `document:${uniqueId}`))
    expect[stream] = await view.version(stream);
  const targets = [];
  for (const uniqueId of documents) targets.push(await targetOf(view, uniqueId));
  const known = new Map(targets.flatMap((one) => one.known).map((row) => [row.id, row]));
  for (const id of known.keys()) expect[`delivery:${id}`] = await view.version(`delivery:${id}`);
  return { targets, planned: route(documents, [...known.values()], nowMs), expect };
}

function route(documents: readonly string[], known: DeliveryRow[], nowMs: number): Plan {
  // A deletion that found nothing is no answer to one that has something to take away.
  const alive = known.filter(({ operation, state }) => operation !== 'delete' || state !== 'final');
  return plan({
    ...{ operation: 'delete', documents, target: documents[0]!, destinations: [{ kind: 'dmp' }] },
    ...{ holdUntil: null, nowMs, known: alive.toSorted((a, b) => a.seq - b.seq) },
  });
}

/** What a document was deposited with. */
interface Deposited {
  submission: SubmissionRow;
  entry: DocumentEntry;
  record: PersonalRecord;
}

/**
 * The submission that carries a withdrawal out: that of the deposit again, as a deletion. The matricule, the structure and
 * the people are those of the deposit, whatever became of the identity since.
 * @throws ViaducError `withdrawal.record-missing`
 */
export async function deletionSubmission(
  view: LedgerView,
  { targets, planned }: Deletion,
  about: { withdrawal: string; submission: string },
): Promise<NewEvent> {
  const deposited: Deposited[] = [];
  for (const target of targets) deposited.push(await readDeposited(view, target));
  const [{ submission: first, record }] = deposited as [Deposited, ...Deposited[]];
  const request = { ...record.request, operation: 'delete' as const, hold: null };
  const facts = deposited.map((one) => factsOf(one));
  const { structure, visibility, secretConnection, identity, consent, stay, exam, notices } = first.facts;
  return {
    type: 'submission.accepted',
    data: {
      ...{ submission: about.submission, sender: first.sender, door: 'http', requestKey: null },
      ...{ requestSha256: sha256(about.withdrawal), operation: 'delete', target: targets[0]!.uniqueId },
      ...{ structure, visibility, secretConnection, identity, consent, stay, exam, hold: null },
      documents: deposited.map(({ entry }) => entry),
      deliveries: planned.deliveries,
      ...(notices === undefined ? {} : { notices }),
      withdrawal: about.withdrawal,
    },
    ...(first.person === null ? {} : { subject: { person: first.person } }),
    personal: personalBytes({ request, facts, findings: facts.map(() => []) }),
  };
}

async function readDeposited(view: LedgerView, { uniqueId, deposit }: Target): Promise<Deposited> {
  const submission = await view.submission(deposit.submission);
  const bytes = submission?.personalRef ? await view.personal(submission.personalRef) : null;
  const row = (await view.documents(deposit.submission)).find((one) => one.uniqueId === uniqueId);
  if (!submission || !bytes || !row) throw withdrawalError('withdrawal.record-missing');
  return { submission, entry: entryOf(row), record: parsePersonal(bytes) };
}

function entryOf({ submission: _, sender: __, seq: ___, ...entry }: DocumentRow): DocumentEntry {
  return entry;
}

function factsOf({ record, entry }: Deposited) {
  return record.facts.find(({ id }) => id.root === entry.uniqueId)!;
}
