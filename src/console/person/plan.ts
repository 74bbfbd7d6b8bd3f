import { hash } from 'node:crypto';
import { bodiesOf } from '../../ledger/bodies-of.ts';
import { cameBack } from '../../ledger/came-back.ts';
import type { LedgerView } from '../../ledger/view.ts';
import type { BodyReference, EventData } from '../../words/events.ts';
import type { FoundPerson } from './subject.ts';

type Erased = Pick<EventData['person.erased'], 'bodies' | 'bytes' | 'stays' | 'exams'>;

/** What an erasure would destroy, before it does. */
export interface ErasurePlan {
  /** By person: those merged are erased together. */
  persons: Map<string, Erased>;
  submissions: number;
  /** Submissions, and documents that came by mail, of which something is still under way. */
  notEnded: string[];
  /** Digest of all of this: what is confirmed is what was shown. */
  digest: string;
  expect: Record<string, number>;
}

/** Bodies that one event can name; the person's key takes whatever there is beyond. */
const MOST_BODIES = 20_000;

export async function planErasure(
  view: LedgerView,
  { persons, patients }: FoundPerson,
): Promise<ErasurePlan> {
  const expect = Object.fromEntries(
    await Promise.all(['persons', 'stays', 'exams'].map(async (one) => [one, await view.version(one)])),
  ) as Record<string, number>;
  const plan = new Map(
    persons.map((person): [string, Erased] => [person, { bodies: [], bytes: 0, stays: [], exams: [] }]),
  );
  const submissions = await view.submissionsOfPersons(persons);
  for (const { id, person, body } of submissions) {
    const erased = plan.get(person!)!;
    const bodies = [...(await bodiesOfSubmission(view, id)), ...(body ? [body] : [])];
    for (const one of await stillKept(view, bodies)) {
      erased.bodies.push(one.id);
      erased.bytes += one.size;
    }
  }
  const received = await view.integrations.ofPersons(persons);
  for (const { person, mail, content } of received) {
    const erased = plan.get(person!)!;
    const named = new Set(erased.bodies);
    const bodies = [content.document.body, ...(await bodiesOfMail(view, mail))];
    for (const one of await stillKept(
      view,
      bodies.filter(({ id }) => !named.has(id)),
    )) {
      erased.bodies.push(one.id);
      erased.bytes += one.size;
    }
  }
  await ownRows(view, plan.get(persons[0]!)!, patients);
  for (const erased of plan.values()) erased.bodies.splice(MOST_BODIES);
  const notEnded = submissions
    .filter(({ state }) => state === 'open' || state === 'held')
    .map(({ id }) => id);
  for (const { id, state } of received) if (state === 'due' || state === 'parked') notEnded.push(id);
  const ids = [...submissions, ...received].map(({ id }) => id);
  const digest = hash('sha256', JSON.stringify([[...plan], ids]), 'hex').slice(0, 16);
  return { persons: plan, submissions: submissions.length, notEnded, digest, expect };
}

async function bodiesOfSubmission(view: LedgerView, submission: string): Promise<BodyReference[]> {
  const own = (await view.deliveriesOf(submission)).filter((delivery) => delivery.submission === submission);
  const events = own.length === 0 ? [] : await view.timeline(own.map(({ id }) => `delivery:${id}`));
  const documents = (await view.documents(submission)).map(({ body }) => body);
  const exchanged = bodiesOf(events.filter(({ type }) => type.startsWith('delivery.')));
  const { bodies: returned } = await cameBack(
    view,
    own.map(({ id }) => id),
  );
  return [...new Map([...documents, ...exchanged, ...returned].map((body) => [body.id, body])).values()];
}

/** The mail that a document came in, which is about nobody else, and what it was answered. */
async function bodiesOfMail(view: LedgerView, mail: string): Promise<BodyReference[]> {
  const bodies = bodiesOf(await view.timeline([`mail:${mail}`]));
  const documents = await view.integrations.ofMail(mail);
  const others = new Set(documents.map(({ content }) => content.document.body.id));
  return bodies.filter(({ id }) => !others.has(id));
}

async function stillKept(view: LedgerView, bodies: readonly BodyReference[]): Promise<BodyReference[]> {
  const gone = await Promise.all(bodies.map(({ id }) => view.goneBy('body', id)));
  return bodies.filter((_, index) => gone[index] === null);
}

/** Rows of imported files that were known to be theirs. */
async function ownRows(view: LedgerView, erased: Erased, patients: ReadonlySet<string>): Promise<void> {
  const own = ({ patient }: { patient: string | null }) => patient !== null && patients.has(patient);
  for (const { finessEg, stayNo } of (await view.importedStays()).filter(own))
    erased.stays.push({ finessEg, stayNo });
  for (const { finessEg, kind, examId } of (await view.exams()).filter(own))
    erased.exams.push({ finessEg, kind, examId });
}
