import type { DeliveryState, Lane } from '../words/delivery.ts';
import { ledgerLimits } from './limits.ts';
import type { Row } from './project.ts';
import type { LedgerView } from './view.ts';

/** How many deliveries to one destination stand somewhere, and since when the oldest could have left. */
export interface StandingDeliveries {
  destination: string;
  lane: Lane;
  state: Exclude<DeliveryState, 'final'>;
  count: number;
  /** Milliseconds since 1970; null when none of them has an instant. */
  oldestDueAtMs: number | null;
}

/** What has not come to its end in one establishment, counted: no identifier, nothing of a patient. */
export interface Standing {
  deliveries: StandingDeliveries[];
  /** Deliveries that wait for a person, by code. */
  parked: { code: string; count: number }[];
  /** Notices that are not acknowledged, by sender. */
  notices: { sender: string; state: 'due' | 'parked'; count: number }[];
  /** Mails whose receipt is missed, or that bounced in no known form, by mailbox. */
  mails: { destination: string; code: MissingCode; count: number }[];
  /** Documents that came by mail and wait for a person, by mailbox. */
  integrations: { mailbox: string; count: number }[];
}

/** Why it is not known what became of a mail that was sent. */
export type MissingCode = 'mssante.receipt-late' | 'mssante.bounce';

export async function readStanding(view: LedgerView): Promise<Standing> {
  const questions = [OPEN, PARKED, DUE, STOPPED, MISSING, RECEIVED].map((sql) => view.ask(sql));
  const [deliveries = [], parked = [], due = [], stopped = [], missing = [], received = []] =
    await Promise.all(questions);
  return {
    deliveries: deliveries.map((row) => ({
      destination: String(row.destination_id),
      lane: row.lane as Lane,
      state: row.state as StandingDeliveries['state'],
      count: Number(row.count),
      oldestDueAtMs: row.oldest === null ? null : Number(row.oldest),
    })),
    parked: parked.map(({ code, count }) => ({ code: String(code), count: Number(count) })),
    notices: [...due.map(noticeRow('due')), ...stopped.map(noticeRow('parked'))],
    mails: missing.map(({ destination_id, code, count }) => ({
      ...{ destination: String(destination_id), code: code as MissingCode, count: Number(count) },
    })),
    integrations: received.map(({ mailbox, count }) => ({ mailbox: String(mailbox), count: Number(count) })),
  };
}

const noticeRow =
  (state: 'due' | 'parked') =>
  ({ sender, count }: Row) => ({ sender: String(sender), state, count: Number(count) });

const OPEN = `SELECT destination_id, lane, state, count(*) AS count, min(due_at_ms) AS oldest FROM p_deliveries
  WHERE establishment = ? AND state IN ('waiting', 'due', 'sending', 'ambiguous', 'parked') GROUP BY destination_id, lane, state`;

const PARKED = `SELECT code, count(*) AS count FROM p_deliveries
  WHERE establishment = ? AND state = 'parked' AND code IS NOT NULL GROUP BY code`;

const MISSING = `SELECT destination_id, code, count(*) AS count FROM p_deliveries
  WHERE establishment = ? AND state IN ('ambiguous', 'parked') AND code IN ('mssante.receipt-late', 'mssante.bounce')
  GROUP BY destination_id, code`;

const DUE = `SELECT sender, count(*) AS count FROM p_notices WHERE establishment = ? AND state = 'due' GROUP BY sender`;

/** Found by the items of the work list that they opened: only those that are open are gone through. */
const STOPPED = `SELECT n.sender, count(*) AS count FROM p_work w
  JOIN p_notices n ON n.establishment = w.establishment AND n.id = w.notice
  WHERE w.establishment = ? AND w.closed = 0 AND w.cause = 'notice-parked' GROUP BY n.sender`;

const RECEIVED = `SELECT m.mailbox, count(*) AS count FROM p_work w
  JOIN p_mails m ON m.establishment = w.establishment AND m.id = w.mail
  WHERE w.establishment = ? AND w.closed = 0 AND w.cause = 'integration-parked' GROUP BY m.mailbox`;

/** When each sender was last heard of, ISO 8601, as far as the latest requests of an establishment tell. */
export async function lastRequests(view: LedgerView): Promise<{ sender: string; at: string }[]> {
  const found = await view.ask(LAST_REQUESTS, ledgerLimits.recentRequests.value);
  return found.map(({ sender, at }) => ({ sender: String(sender), at: String(at) }));
}

const LAST_REQUESTS = `SELECT sender, max(received_at) AS at FROM
  (SELECT sender, received_at FROM p_submissions WHERE establishment = ? ORDER BY seq DESC LIMIT ?) GROUP BY sender`;
