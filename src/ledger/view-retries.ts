import type { DeliveryOutcome, DeliveryState } from '../words/delivery.ts';
import type { Hold } from '../words/hold.ts';
import type { RetryFilter, RetryItem, RetryState } from '../words/retry.ts';
import { one, page } from './pages.ts';
import type { Row } from './statements.ts';
import type { Page } from './views.ts';

/** A run of retries as the ledger reads it back. */
export interface RetryRow {
  id: string;
  seq: number;
  startedAt: string;
  startedBy: string;
  reason: string;
  filter: RetryFilter;
  ratePerMinute: number;
  /** Deliveries of its list. */
  count: number;
  state: RetryState;
  changedAt: string;
  changedBy: string | null;
}

/** From where holds are, unless a filter names it: what a person or a request asked for was meant. */
const ORIGINS = ['rule'] as const;

/** A delivery that a filter finds, with what a person looks at before they have it tried again. */
export interface RetryCandidate extends RetryItem {
  code: string | null;
  /** Which it is under, or which has brought it before a person. */
  hold: Hold | null;
  submission: string;
  sender: string;
  receivedAt: string;
  /** uniqueIds. */
  documents: string[];
  types: string[];
}

/** How many deliveries of a list stand alike. */
export interface RetryCount {
  item: 'pending' | 'opened' | 'skipped';
  /** Why they were left out. */
  why: string | null;
  state: DeliveryState;
  outcome: DeliveryOutcome | null;
  code: string | null;
  count: number;
}

/** The readings of runs of retries, of one establishment. */
export class RetryView {
  readonly #all: (sql: string, ...values: (string | number)[]) => Promise<Row[]>;

  /** @param all reads rows by a statement whose first value, the establishment, it gives itself */
  constructor(all: (sql: string, ...values: (string | number)[]) => Promise<Row[]>) {
    this.#all = all;
  }

  /** Deliveries that a filter finds, oldest first. */
  async candidates(filter: RetryFilter, limit: number): Promise<RetryCandidate[]> {
    const { sql, values } = candidatesSql(filter);
    return (await this.#all(sql, ...values, limit)).map(retryCandidate);
  }

  async run(id: string): Promise<RetryRow | null> {
    return one(await this.#all('SELECT * FROM p_retries WHERE establishment = ? AND id = ?', id), retryRow);
  }

  /** The run that was started under a request key. */
  async byKey(key: string): Promise<RetryRow | null> {
    const sql = 'SELECT * FROM p_retries WHERE establishment = ? AND request_key = ? LIMIT 1';
    return one(await this.#all(sql, key), retryRow);
  }

  /** Runs, newest first. */
  async list({ before, limit }: { before?: number; limit: number }): Promise<Page<RetryRow>> {
    const until = before === undefined ? [] : [before];
    const sql = `SELECT * FROM p_retries WHERE establishment = ? ${before === undefined ? '' : 'AND seq < ?'}
      ORDER BY seq DESC LIMIT ?`;
    return page(await this.#all(sql, ...until, limit + 1), limit, retryRow);
  }

  async running(): Promise<RetryRow[]> {
    const sql = "SELECT * FROM p_retries WHERE establishment = ? AND state = 'running' ORDER BY seq";
    return (await this.#all(sql)).map(retryRow);
  }

  /** What a run has still to open, in order. */
  async pending(retry: string, limit: number): Promise<RetryItem[]> {
    const sql = `SELECT delivery, version FROM p_retry_items WHERE establishment = ? AND retry = ? AND state = 'pending'
      ORDER BY place LIMIT ?`;
    return (await this.#all(sql, retry, limit)).map(retryItem);
  }

  /** What a run has opened and to which nothing has happened since, with the version of its opening. */
  async untouched(retry: string): Promise<RetryItem[]> {
    return (await this.#all(UNTOUCHED, retry)).map(retryItem);
  }

  async counts(retry: string): Promise<RetryCount[]> {
    return (await this.#all(COUNTS, retry)).map(retryCount);
  }
}

const ESCALATED = "d.code = 'delivery.hold-escalated'";
const HOLD = `CASE WHEN ${ESCALATED} AND d.state = 'parked' THEN d.escalated ELSE d.hold END`;

const STANDING = {
  parked: "d.state = 'parked'",
  held: "d.state = 'waiting' AND d.waits_for IS NULL AND d.hold IS NOT NULL",
} as const;

/** The deliveries that a filter finds in an establishment, oldest first. */
function candidatesSql(filter: RetryFilter): { sql: string; values: string[] } {
  const { standing, codes, senders, types, destination, from, to } = filter;
  const { holdOrigins = ORIGINS, holdReasons } = filter;
  const letGo = standing === 'held' ? '' : `NOT ${ESCALATED} OR`;
  const ofTypes = `EXISTS (SELECT 1 FROM p_documents p WHERE p.establishment = d.establishment AND p.submission = d.submission AND p.type_code IN`;
  const conditions: [string, readonly string[] | undefined][] = [
    [`AND d.code IN (${marks(codes)})`, codes],
    [`AND b.sender IN (${marks(senders)})`, senders],
    [`AND ${ofTypes} (${marks(types)}))`, types],
    ['AND d.kind = ?', destination && [destination]],
    [`AND (${letGo} json_extract(${HOLD}, '$.origin') IN (${marks(holdOrigins)}))`, holdOrigins],
    [`AND json_extract(${HOLD}, '$.reason') IN (${marks(holdReasons)})`, holdReasons],
    ['AND b.received_at >= ?', from === undefined ? from : [from]],
    ['AND b.received_at < ?', to === undefined ? to : [to]],
  ];
  const given = conditions.filter(([, values]) => values !== undefined);
  const sql = `SELECT d.id AS delivery, d.code, ${HOLD} AS hold, d.submission, d.documents, b.sender, b.received_at,
      (SELECT max(seq) FROM event_streams e WHERE e.establishment = d.establishment AND e.stream = 'delivery:' || d.id) AS version,
      (SELECT group_concat(p.type_code, ' ') FROM p_documents p WHERE p.establishment = d.establishment AND p.submission = d.submission) AS types
    FROM p_deliveries d JOIN p_submissions b ON b.establishment = d.establishment AND b.id = d.submission
    WHERE d.establishment = ? AND ${STANDING[standing]} ${given.map(([one]) => one).join(' ')} ORDER BY d.seq, d.id LIMIT ?`;
  return { sql, values: given.flatMap(([, values]) => [...values!]) };
}

/** How the deliveries of a list stand; those that were opened by what became of them since. */
const COUNTS = `SELECT i.state AS item, i.why, d.state, d.outcome, d.code, count(*) AS count
  FROM p_retry_items i JOIN p_deliveries d ON d.establishment = i.establishment AND d.id = i.delivery
  WHERE i.establishment = ? AND i.retry = ? GROUP BY i.state, i.why, d.state, d.outcome, d.code`;

/** Deliveries of a list to which nothing has happened since they were opened. */
const UNTOUCHED = `SELECT i.delivery, i.opened_seq AS version FROM p_retry_items i
  WHERE i.establishment = ? AND i.retry = ? AND i.state = 'opened' AND i.opened_seq =
    (SELECT max(seq) FROM event_streams e WHERE e.establishment = i.establishment AND e.stream = 'delivery:' || i.delivery)
  ORDER BY i.place`;

function marks(values: readonly unknown[] = []): string {
  return values.map(() => '?').join(', ');
}

function retryRow(row: Row): RetryRow {
  return {
    ...{ id: String(row.id), seq: Number(row.seq), startedAt: String(row.started_at) },
    ...{ startedBy: String(row.started_by), reason: String(row.reason) },
    filter: JSON.parse(String(row.filter)) as RetryFilter,
    ...{ ratePerMinute: Number(row.rate), count: Number(row.count), state: row.state as RetryState },
    ...{
      changedAt: String(row.changed_at),
      changedBy: row.changed_by === null ? null : String(row.changed_by),
    },
  };
}

function retryItem(row: Row): RetryItem {
  return { delivery: String(row.delivery), version: Number(row.version) };
}

function retryCount(row: Row): RetryCount {
  const { item, why, state, outcome, code } = row as unknown as RetryCount;
  return { item, why, state, outcome, code, count: Number(row.count) };
}

function retryCandidate(row: Row): RetryCandidate {
  return {
    ...retryItem(row),
    ...{ code: row.code === null ? null : String(row.code), submission: String(row.submission) },
    ...{ sender: String(row.sender), receivedAt: String(row.received_at) },
    hold: row.hold === null ? null : (JSON.parse(String(row.hold)) as Hold),
    documents: JSON.parse(String(row.documents)) as string[],
    types: String(row.types ?? '').split(' '),
  };
}
