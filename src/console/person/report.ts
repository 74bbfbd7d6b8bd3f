import { parsePersonal } from '../../delivery/job.ts';
import type { LedgerView } from '../../ledger/view.ts';
import type { DeliveryRow, ReceiptRow, SubmissionRow } from '../../ledger/views.ts';
import type { Establishment } from '../../words/establishment.ts';
import type { LedgerEvent } from '../../words/events.ts';
import type { Actor, PersonTools } from './erase.ts';
import { type FoundPerson, lookUpPerson, type SubjectInput } from './subject.ts';

/** Everything held of one person, for who asks for it under the right of access. Personal data. */
export type PersonReport = Awaited<ReturnType<typeof gather>>;

/**
 * Gathers what is held of a person and writes down that it was read, by whom and why, before it gives it.
 * @throws ViaducError `console.person-unknown`, `console.person-unnamed`
 */
export async function reportPerson(
  tools: PersonTools,
  establishment: Establishment,
  subject: SubjectInput,
  { by, reason }: Pick<Actor, 'by'> & { reason: string },
): Promise<PersonReport> {
  const found = await lookUpPerson(tools, establishment, subject, { by, reason });
  return gather(tools.ledger.of(establishment.id), establishment, found, tools.clock.now());
}

async function gather(view: LedgerView, { id, name }: Establishment, found: FoundPerson, nowMs: number) {
  const { persons, patients } = found;
  const own = ({ patient }: { patient: string | null }) => patient !== null && patients.has(patient);
  const [stays, exams] = [await view.stays(), await view.exams()];
  const submissions = await view.submissionsOfPersons(persons);
  return {
    at: new Date(nowMs).toISOString(),
    establishment: { id, name },
    /** Random identifiers under which the events speak of the person. */
    persons,
    identities: await identities(view, persons),
    consents: await view.consents(persons),
    dmp: await view.dmpState(persons),
    stays: stays.filter(own).map(({ patient: _, ...stay }) => stay),
    exams: exams.filter(own).map(({ patient: _, ...exam }) => exam),
    submissions: await Promise.all(submissions.map((row) => submission(view, row))),
    received: await received(view, persons),
    accesses: await accesses(view, persons),
  };
}

/** Documents that came by MSSanté, and what became of them. */
async function received(view: LedgerView, persons: readonly string[]) {
  const rows = await view.integrations.ofPersons(persons);
  return Promise.all(
    rows.map(async ({ mail, consumer, state, endedAt, content: { operation, document } }) => ({
      receivedAt: (await view.mails.mail(mail))!.receivedAt,
      ...{ operation, consumer, state, endedAt, uniqueId: document.uniqueId, typeCode: document.typeCode },
      ...{ size: document.body.size, sha256: document.body.sha256 },
      kept: await standing(view, 'body', document.body.id),
    })),
  );
}

async function identities(view: LedgerView, persons: readonly string[]) {
  const rows = await view.identities(persons);
  return Promise.all(
    rows.map(async ({ traitsRef, status, qualified, statedAt }) => ({
      ...{ status, qualified, statedAt, traits: traitsRef === null ? null : await json(view, traitsRef) },
    })),
  );
}

async function submission(view: LedgerView, row: SubmissionRow) {
  const { id, receivedAt, sender, door, operation, state, code, personalRef, body } = row;
  const deliveries = await view.deliveriesOf(id);
  const { items: notices } = await view.notices({ submission: id, limit: MOST_NOTICES });
  const documents = await view.documents(id);
  return {
    ...{
      id,
      receivedAt,
      sender,
      door,
      operation,
      state,
      code,
      stay: row.facts.stay ?? null,
      exam: row.facts.exam ?? null,
    },
    held:
      state === 'refused' ? await refusedRecord(view, personalRef) : await acceptedRecord(view, personalRef),
    documents: await Promise.all(
      documents.map(
        async ({ uniqueId, typeCode, level, effectiveTime, body: { id: kept, size, sha256 } }) => ({
          ...{
            uniqueId,
            typeCode,
            level,
            effectiveTime,
            size,
            sha256,
            kept: await standing(view, 'body', kept),
          },
        }),
      ),
    ),
    refusedDocument: body
      ? { size: body.size, sha256: body.sha256, kept: await standing(view, 'body', body.id) }
      : null,
    deliveries: await Promise.all(deliveries.map((delivery) => sent(view, delivery))),
    notices: notices.map(({ kind, sender: to, state: now, createdAt, acknowledgedAt }) => ({
      ...{ kind, to, state: now, createdAt, acknowledgedAt },
    })),
  };
}

/** Notices of one submission that are listed: it has one for each end of its deliveries. */
const MOST_NOTICES = 200;

async function sent(view: LedgerView, delivery: DeliveryRow) {
  const { id, destination, operation, state, outcome, code, finishedAt, entries } = delivery;
  const receipts = await view.mails.receipts(id);
  return {
    ...{ id, destination, operation, state, outcome, code, finishedAt, entries },
    receipts: await Promise.all(receipts.map((one) => receipt(view, one))),
  };
}

/** What came back after a mail, with the address that it names. */
async function receipt(view: LedgerView, { id: _, delivery: __, personalRef, mail, ...said }: ReceiptRow) {
  const named = personalRef === null ? null : await view.personal(personalRef);
  const body = (await view.mails.mail(mail))?.body;
  return {
    ...said,
    address: named?.toString('utf8') ?? null,
    mail: body ? { size: body.size, kept: await standing(view, 'body', body.id) } : null,
  };
}

/** Whether something is kept, or when and by which decision it went. */
async function standing(view: LedgerView, kind: 'body' | 'value', id: string) {
  const event = await view.goneBy(kind, id);
  return event === null ? { kept: true } : { kept: false, at: event.at, decision: decisionOf(event) };
}

function decisionOf({ type, data }: LedgerEvent): string {
  return type === 'bodies.expired' ? `${data.rule} ${data.after}` : 'erasure';
}

/** What the request and the headers said: traits, recipients, requester; null once gone. */
async function acceptedRecord(view: LedgerView, ref: string | null) {
  const bytes = ref === null ? null : await view.personal(ref);
  if (!bytes) return null;
  const { request, facts, findings } = parsePersonal(bytes);
  return { request, patients: facts.map(({ patient }) => patient), findings: findings.flat().length };
}

async function refusedRecord(view: LedgerView, ref: string | null) {
  return ref === null ? null : json(view, ref);
}

async function json(view: LedgerView, ref: string): Promise<unknown> {
  const bytes = await view.personal(ref);
  return bytes ? JSON.parse(bytes.toString('utf8')) : null;
}

const ACTS: Partial<Record<LedgerEvent['type'], string>> = {
  'person.reported': 'report',
  'person.erasure-asked': 'erasure-asked',
  'document.read': 'document',
  'receipt.read': 'receipt',
  'mail.read': 'mail',
};

/** Who read out what is held, who asked for an erasure, who read a document. */
async function accesses(view: LedgerView, persons: readonly string[]) {
  const events = (await view.timeline(['persons'])).filter(({ person }) => persons.includes(person ?? ''));
  return events.flatMap(({ at, type, data }) => {
    const act = ACTS[type];
    return act && 'by' in data && 'reason' in data ? [{ at, act, by: data.by, reason: data.reason }] : [];
  });
}
