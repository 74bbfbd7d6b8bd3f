import type { BodyReference, Expired, RetentionRule } from '../words/events.ts';
import { bodiesOf } from './bodies-of.ts';
import { cameBack } from './came-back.ts';
import type { LedgerView } from './view.ts';
import type { DeliveryRow, SubmissionRow } from './views.ts';

/** How long something is kept after its end, as configured; null: for ever. */
export type Retention = { text: string; ms: number } | null;

export type RetentionPolicy = Readonly<Record<RetentionRule, Retention>>;

export const RETENTION_RULES: readonly RetentionRule[] = [
  'refused',
  'delivered',
  'undelivered',
  'wire',
  'record',
];

/** What one rule may destroy among some events, and the versions of the streams on which that was decided. */
export interface Expirable {
  submissions: Expired[];
  /** Of the bodies, before compression. */
  bytes: number;
  expect: Record<string, number>;
  /** Submissions whose time has not come, or that something still keeps. */
  later: number;
  /** The last event that was looked at. */
  to: number;
}

/**
 * What of the submissions among the given events has come to the end of its time. Time counts from the end of the last
 * delivery. Nothing is taken of what has not ended, nor while another version of the same document is under way.
 */
export async function expirable(
  view: LedgerView,
  rule: RetentionRule,
  before: string,
  [fromSeq, toSeq]: readonly [number, number],
): Promise<Expirable> {
  const later = await view.submissionsNotYet(before, fromSeq, toSeq);
  const found: Expirable = { submissions: [], bytes: 0, expect: {}, later, to: toSeq };
  for (const row of await view.endedSubmissions(rule, before, fromSeq, toSeq)) {
    const expect = { [`submission:${row.id}`]: await view.version(`submission:${row.id}`) };
    const deliveries = await view.deliveriesOf(row.id);
    for (const { id } of deliveries) expect[`delivery:${id}`] = await view.version(`delivery:${id}`);
    if (!applies(rule, row, deliveries)) continue;
    if (endOf(row, deliveries) >= before || (await isChainOpen(view, deliveries))) {
      found.later += 1;
      continue;
    }
    const bodies = await bodiesFor(view, rule, row, deliveries);
    const values = await valuesFor(view, rule, row, deliveries);
    found.submissions.push({ submission: row.id, bodies: bodies.map(({ id }) => id), values });
    found.bytes += bodies.reduce((sum, { size }) => sum + size, 0);
    Object.assign(found.expect, expect);
  }
  return found;
}

function applies(rule: RetentionRule, { state }: SubmissionRow, deliveries: readonly DeliveryRow[]): boolean {
  if (state === 'refused' || rule === 'refused') return state === 'refused' && rule === 'refused';
  if (deliveries.some((delivery) => delivery.state !== 'final')) return false;
  const delivered = deliveries.some(({ outcome }) => outcome === 'delivered');
  if (rule === 'delivered') return delivered;
  return rule === 'undelivered' ? !delivered : true;
}

/** When a submission ended: with the last of its deliveries. */
function endOf({ receivedAt }: SubmissionRow, deliveries: readonly DeliveryRow[]): string {
  return deliveries.reduce(
    (last, { finishedAt }) => (finishedAt !== null && finishedAt > last ? finishedAt : last),
    receivedAt,
  );
}

/** Whether something else that concerns the same document has not ended: it may be compared with what was. */
async function isChainOpen(view: LedgerView, deliveries: readonly DeliveryRow[]): Promise<boolean> {
  for (const chain of new Set(deliveries.map((delivery) => delivery.chain)))
    if ((await view.chain(chain)).some(({ state }) => state !== 'final')) return true;
  return false;
}

/** With the record go the addresses that receipts of its mails name. */
async function valuesFor(
  view: LedgerView,
  rule: RetentionRule,
  { id, personalRef }: SubmissionRow,
  deliveries: readonly DeliveryRow[],
): Promise<string[]> {
  if (rule !== 'refused' && rule !== 'record') return [];
  const named = rule === 'record' ? (await cameBack(view, ownOf(id, deliveries))).values : [];
  return personalRef === null ? named : [personalRef, ...named];
}

/** Deliveries that a submission made, and did not join. */
function ownOf(submission: string, deliveries: readonly DeliveryRow[]): string[] {
  return deliveries.filter((one) => one.submission === submission).map(({ id }) => id);
}

async function bodiesFor(
  view: LedgerView,
  rule: RetentionRule,
  { id, body }: SubmissionRow,
  deliveries: readonly DeliveryRow[],
): Promise<BodyReference[]> {
  if (rule === 'refused') return body ? [body] : [];
  if (rule === 'record') return [];
  if (rule !== 'wire') return (await view.documents(id)).map((document) => document.body);
  const own = ownOf(id, deliveries);
  const events = own.length === 0 ? [] : await view.timeline(own.map((one) => `delivery:${one}`));
  // Acceptances stand in the streams of deliveries too, with the documents of others that joined them.
  const exchanged = bodiesOf(events.filter(({ type }) => type.startsWith('delivery.')));
  const { bodies } = await cameBack(view, own);
  return [...new Map([...exchanged, ...bodies].map((body) => [body.id, body])).values()];
}
