import { randomBytes } from 'node:crypto';
import type { NewEvent } from '../../ledger/ledger.ts';
import type { LedgerView } from '../../ledger/view.ts';
import type { ReceiptRow, SubmissionRow } from '../../ledger/views.ts';
import type { DeliveryOutcome, DeliveryResult } from '../../words/delivery.ts';
import type { EventData } from '../../words/events.ts';
import { newId } from '../../words/ids.ts';
import type { NoticeError } from '../../words/notice.ts';
import { readingError, receptionError } from './mail-outcomes.ts';
import { errorOf, WITHDRAWN } from './outcomes.ts';

/** A delivery that ended. */
export interface Ended {
  delivery: string;
  outcome: DeliveryOutcome;
  code: string;
  results: DeliveryResult[];
}

/** Events that belong in the append of an end, with the versions they were decided on. */
export interface AtEnd {
  events: NewEvent[];
  expect: Record<string, number>;
}

/**
 * The notices that the end of deliveries makes due. To the DMP: one for each submission of them whose last delivery there it
 * is. Of a mail: one for each submission that is to be told of its reception. They stand in the same append, so that no end
 * is durable without its notice.
 */
export async function noticesAtEnd(view: LedgerView, ended: readonly Ended[], nowMs: number): Promise<AtEnd> {
  const due: AtEnd = { events: [], expect: {} };
  const deposits: Ended[] = [];
  for (const one of ended) {
    const mail = (await view.delivery(one.delivery))?.destination.kind === 'mssante';
    if (mail) due.events.push(...(await receptionsTold(view, one, nowMs)));
    else deposits.push(one);
  }
  await depositsTold(view, deposits, nowMs, due);
  return due;
}

async function depositsTold(
  view: LedgerView,
  ended: readonly Ended[],
  nowMs: number,
  due: AtEnd,
): Promise<void> {
  const submissions = new Map<string, SubmissionRow>();
  for (const { delivery } of ended)
    for (const submission of await view.submissionsOf(delivery)) submissions.set(submission.id, submission);
  for (const submission of submissions.values()) {
    if (!isTold(submission.facts.notices)) continue;
    const whole = await wholeEnd(view, submission, ended, due.expect);
    if (whole && changesWhatWasTold(submission, whole)) due.events.push(noticeDue(submission, whole, nowMs));
  }
}

async function receptionsTold(view: LedgerView, ended: Ended, nowMs: number): Promise<NewEvent[]> {
  const submissions = await view.submissionsOf(ended.delivery);
  return submissions
    .filter(({ facts }) => isTold(facts.notices))
    .flatMap((submission) => receptionDue(submission, ended, nowMs) ?? []);
}

/** A withdrawal that failed leaves the document where its sender believes it to be: the work list has it. */
function changesWhatWasTold({ facts }: SubmissionRow, ended: readonly Ended[]): boolean {
  return facts.withdrawal === undefined || ended.every(({ outcome }) => outcome === 'delivered');
}

function isTold(notices: SubmissionRow['facts']['notices']): boolean {
  return notices?.reception === true && notices.origin !== null;
}

/** How every delivery of a submission to the DMP ended; null while one has not. */
async function wholeEnd(
  view: LedgerView,
  submission: SubmissionRow,
  ended: readonly Ended[],
  expect: Record<string, number>,
): Promise<Ended[] | null> {
  const whole: Ended[] = [];
  for (const { id, destination } of await view.deliveriesOf(submission.id)) {
    if (destination.kind !== 'dmp') continue;
    const now = ended.find(({ delivery }) => delivery === id);
    if (!now) expect[`delivery:${id}`] = await view.version(`delivery:${id}`);
    const row = now ? null : await view.delivery(id);
    if (row && row.state !== 'final') return null;
    whole.push(now ?? { delivery: id, outcome: row!.outcome!, code: row!.code!, results: row!.results });
  }
  return whole;
}

/** A submission that is told something, as far as its notice needs it. */
export type Told = Pick<SubmissionRow, 'id' | 'sender' | 'facts'>;

/**
 * The event that makes a notice due for a submission whose deliveries to the DMP ended so. That of a withdrawal takes back
 * what was said of the deposit, under the same message.
 */
export function noticeDue(submission: Told, ended: readonly Ended[], nowMs: number): NewEvent {
  const withdrawn = submission.facts.withdrawal !== undefined;
  const success = !withdrawn && ended.every(({ outcome }) => outcome === 'delivered');
  const error = withdrawn ? { ...errorOf('delivered', WITHDRAWN)!, detail: null } : errorOfAll(ended);
  const deliveries = ended.map(({ delivery }) => delivery);
  return newNotice(submission, { kind: 'Z01', deliveries, success, error }, nowMs);
}

/** The notice of how a mail was received; null where nobody knows, since nothing is made up. */
export function receptionDue(
  submission: Told,
  { delivery, outcome, code }: Ended,
  nowMs: number,
): NewEvent | null {
  if (outcome === 'unconfirmed') return null;
  const error = receptionError(outcome, code);
  const what = { kind: 'Z02' as const, deliveries: [delivery], success: error === null, error };
  return newNotice(submission, what, nowMs);
}

/** The notice of how a mail was read: what a receipt says, with the address that it names. */
export function readingDue(
  submission: Told,
  { id: reading, delivery, failed, code }: Pick<ReceiptRow, 'id' | 'delivery' | 'failed' | 'code'>,
  nowMs: number,
): NewEvent {
  const error = failed ? readingError(code) : null;
  return newNotice(
    submission,
    { kind: 'Z03', deliveries: [delivery], success: !failed, error, reading },
    nowMs,
  );
}

type Content = Pick<EventData['notice.due'], 'kind' | 'deliveries' | 'success' | 'error' | 'reading'>;

function newNotice({ id, sender, facts }: Told, content: Content, nowMs: number): NewEvent {
  const identified = { notice: newId(nowMs), submission: id, sender, controlId: newControlId(nowMs) };
  return { type: 'notice.due', data: { ...identified, origin: facts.notices!.origin!, ...content } };
}

/** The first thing that went wrong, null when nothing did; when the documents ended differently, what became of each. */
function errorOfAll(ended: readonly Ended[]): NoticeError | null {
  const first = ended.find(({ outcome }) => outcome !== 'delivered');
  if (!first) return null;
  const results = ended.flatMap((one) => one.results);
  const ends = new Set(results.map(({ outcome, code }) => `${outcome} ${code}`));
  const detail =
    ends.size > 1 ? results.map((one) => `${one.uniqueId} : ${one.outcome}, ${one.code}`).join(' ; ') : null;
  return { ...errorOf(first.outcome, first.code)!, detail };
}

/** A fresh MSH-10 of at most 20 characters, which is what older interfaces keep of one. */
export function newControlId(nowMs: number): string {
  return `V${nowMs.toString(36)}${randomBytes(5).toString('hex')}`.toUpperCase();
}
