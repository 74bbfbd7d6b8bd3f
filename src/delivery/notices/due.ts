import { randomBytes } from 'node:crypto';
import type { NewEvent } from '../../ledger/ledger.ts';
import type { LedgerView } from '../../ledger/view.ts';
import type { SubmissionRow } from '../../ledger/views.ts';
import type { DeliveryOutcome, DeliveryResult } from '../../words/delivery.ts';
import { newId } from '../../words/ids.ts';
import type { NoticeError } from '../../words/notice.ts';
import { errorOf, WITHDRAWN } from './outcomes.ts';

/** A delivery to the DMP that ended. */
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
 * The notices that the end of deliveries makes due: one for each submission of them whose last delivery to the DMP it is.
 * They stand in the same append, so that no end is durable without its notice.
 */
export async function noticesAtEnd(view: LedgerView, ended: readonly Ended[], nowMs: number): Promise<AtEnd> {
  const due: AtEnd = { events: [], expect: {} };
  const submissions = new Map<string, SubmissionRow>();
  for (const { delivery } of ended)
    for (const submission of await view.submissionsOf(delivery)) submissions.set(submission.id, submission);
  for (const submission of submissions.values()) {
    if (!isTold(submission.facts.notices)) continue;
    const whole = await wholeEnd(view, submission, ended, due.expect);
    if (whole && changesWhatWasTold(submission, whole)) due.events.push(noticeDue(submission, whole, nowMs));
  }
  return due;
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
  for (const { id } of await view.deliveriesOf(submission.id)) {
    const now = ended.find(({ delivery }) => delivery === id);
    if (!now) expect[`delivery:${id}`] = await view.version(`delivery:${id}`);
    const row = now ? null : await view.delivery(id);
    if (row && row.destination.kind !== 'dmp') continue;
    if (row && row.state !== 'final') return null;
    whole.push(now ?? { delivery: id, outcome: row!.outcome!, code: row!.code!, results: row!.results });
  }
  return whole;
}

/**
 * The event that makes a notice due for a submission whose deliveries ended so. That of a withdrawal takes back what was
 * said of the deposit, under the same message.
 */
export function noticeDue(
  { id, sender, facts }: Pick<SubmissionRow, 'id' | 'sender' | 'facts'>,
  ended: readonly Ended[],
  nowMs: number,
): NewEvent {
  const withdrawn = facts.withdrawal !== undefined;
  const success = !withdrawn && ended.every(({ outcome }) => outcome === 'delivered');
  const error = withdrawn ? { ...errorOf('delivered', WITHDRAWN)!, detail: null } : errorOfAll(ended);
  return {
    type: 'notice.due',
    data: {
      ...{ notice: newId(nowMs), submission: id, kind: 'Z01', sender, controlId: newControlId(nowMs) },
      ...{ origin: facts.notices!.origin!, deliveries: ended.map(({ delivery }) => delivery), success },
      error,
    },
  };
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
