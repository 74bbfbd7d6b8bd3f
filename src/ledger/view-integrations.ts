import type { Words } from '../words/errors.ts';
import type { AnswerState, IntegrationState, ReceivedDocument, WrittenAnswer } from '../words/integration.ts';
import { one, page } from './pages.ts';
import * as rows from './rows.ts';
import type { Row } from './statements.ts';
import type { MailRow, Page } from './views.ts';

/** What was decided of a mail with documents. */
export interface SortedRow {
  mail: string;
  at: string;
  outcome: 'handed-on' | 'set-aside';
  code: string | null;
  /** The reason as it was told of this mail; null in what was sorted before it was kept. */
  why: Words | null;
}

export interface IntegrationRow {
  id: string;
  seq: number;
  createdAt: string;
  mail: string;
  mailbox: string;
  consumer: string;
  place: number;
  controlId: string;
  uniqueId: string;
  content: ReceivedDocument;
  state: IntegrationState;
  attempts: number;
  code: string | null;
  dueAtMs: number | null;
  endedAt: string | null;
  resumedAt: string | null;
  person: string | null;
  personalRef: string | null;
}

/** `id`, `mailbox` and `content` are null when there is none, for the reason in `code`. */
export interface AnswerRow {
  mail: string;
  id: string | null;
  seq: number;
  at: string;
  mailbox: string | null;
  content: Omit<WrittenAnswer, 'peer'> | null;
  state: AnswerState | 'omitted';
  attempts: number;
  code: string | null;
  dueAtMs: number | null;
  sentAt: string | null;
  person: string | null;
  personalRef: string | null;
}

export interface MailFilter {
  kind?: string;
  mailbox?: string;
  outcome?: SortedRow['outcome'];
  /** Only mails before this one (`seq`). */
  before?: number;
  limit: number;
}

/** What became of mails with documents; of one establishment. */
export class IntegrationView {
  readonly #all: (sql: string, ...values: (string | number | null)[]) => Promise<Row[]>;

  /** @param all reads rows by a statement whose first value, the establishment, it gives itself */
  constructor(all: (sql: string, ...values: (string | number | null)[]) => Promise<Row[]>) {
    this.#all = all;
  }

  async sorted(mail: string): Promise<SortedRow | null> {
    const sql =
      'SELECT mail, at, outcome, code, why FROM p_sorted WHERE establishment = ? AND mail = ? AND outcome IS NOT NULL';
    return one(await this.#all(sql, mail), rows.sorted);
  }

  /** Mails with documents that nothing was decided of, the oldest first. */
  async unsorted(mailbox: string, limit: number): Promise<MailRow[]> {
    const sql = `SELECT m.* FROM p_sorted s JOIN p_mails m ON m.establishment = s.establishment AND m.id = s.mail
      WHERE s.establishment = ? AND s.mailbox = ? AND s.open = 1 AND s.outcome IS NULL ORDER BY s.seq LIMIT ?`;
    return (await this.#all(sql, mailbox, limit)).map(rows.mail);
  }

  /** Mails of a kind, of a mailbox, decided on so, or all; newest first. */
  async mails(filter: MailFilter): Promise<Page<MailRow>> {
    const { kind = null, mailbox = null, outcome = null, before = Number.MAX_SAFE_INTEGER, limit } = filter;
    const sql = `SELECT m.* FROM p_mails m LEFT JOIN p_sorted s ON s.establishment = m.establishment AND s.mail = m.id
      WHERE m.establishment = ? AND (? IS NULL OR m.kind = ?) AND (? IS NULL OR m.mailbox = ?)
      AND (? IS NULL OR s.outcome = ?) AND m.seq < ? ORDER BY m.seq DESC LIMIT ?`;
    const values = [kind, kind, mailbox, mailbox, outcome, outcome, before, limit + 1];
    return page(await this.#all(sql, ...values), limit, rows.mail);
  }

  async integration(id: string): Promise<IntegrationRow | null> {
    return one(await this.#all('SELECT * FROM p_integrations WHERE establishment = ? AND id = ?', id), row);
  }

  /** Of one mail, in the order of its documents. */
  async ofMail(mail: string): Promise<IntegrationRow[]> {
    const sql = 'SELECT * FROM p_integrations WHERE establishment = ? AND mail = ? ORDER BY place';
    return (await this.#all(sql, mail)).map(row);
  }

  /** Of a person, the oldest first. */
  async ofPersons(persons: readonly string[]): Promise<IntegrationRow[]> {
    const marks = persons.map(() => '?').join(', ');
    const sql = `SELECT * FROM p_integrations WHERE establishment = ? AND person IN (${marks}) ORDER BY seq`;
    return (await this.#all(sql, ...persons)).map(row);
  }

  /** The first document of a mailbox that its consumer has not answered and that is not parked. */
  async next(mailbox: string): Promise<IntegrationRow | null> {
    const sql =
      "SELECT * FROM p_integrations WHERE establishment = ? AND mailbox = ? AND state = 'due' ORDER BY seq LIMIT 1";
    return one(await this.#all(sql, mailbox), row);
  }

  /** The last time that a document came in. */
  async lastOf(uniqueId: string): Promise<IntegrationRow | null> {
    const sql =
      'SELECT * FROM p_integrations WHERE establishment = ? AND unique_id = ? ORDER BY seq DESC LIMIT 1';
    return one(await this.#all(sql, uniqueId), row);
  }

  /** Mails of a mailbox whose documents have all ended and whose answer was not decided on, the oldest first. */
  async unanswered(mailbox: string, limit: number): Promise<MailRow[]> {
    const sql = `SELECT m.* FROM p_sorted s JOIN p_mails m ON m.establishment = s.establishment AND m.id = s.mail
      WHERE s.establishment = ? AND s.mailbox = ? AND s.open = 1 AND s.outcome = 'handed-on'
      AND NOT EXISTS (SELECT 1 FROM p_integrations i WHERE i.establishment = s.establishment AND i.mail = s.mail
        AND i.state IN ('due', 'parked')) ORDER BY s.seq LIMIT ?`;
    return (await this.#all(sql, mailbox, limit)).map(rows.mail);
  }

  async answer(mail: string): Promise<AnswerRow | null> {
    return one(await this.#all('SELECT * FROM p_answers WHERE establishment = ? AND mail = ?', mail), answer);
  }

  /** Answers of a mailbox that are to be sent by now, or whose attempt did not end; the oldest first. */
  async answersDue(mailbox: string, nowMs: number, limit: number): Promise<AnswerRow[]> {
    const sql = `SELECT * FROM p_answers WHERE establishment = ? AND mailbox = ? AND state IN ('due', 'sending')
      AND (due_at_ms IS NULL OR due_at_ms <= ?) ORDER BY seq LIMIT ?`;
    return (await this.#all(sql, mailbox, nowMs, limit)).map(answer);
  }

  /** Answers to one peer, by the keyed hash of its address, since an instant. */
  async answersTo(peer: string, since: string): Promise<number> {
    const sql = 'SELECT count(*) AS count FROM p_answers WHERE establishment = ? AND peer = ? AND at >= ?';
    return Number((await this.#all(sql, peer, since))[0]?.count ?? 0);
  }
}

function row(found: Row): IntegrationRow {
  return {
    ...{ id: String(found.id), seq: Number(found.seq), createdAt: String(found.created_at) },
    ...{ mail: String(found.mail), mailbox: String(found.mailbox), consumer: String(found.consumer) },
    ...{ place: Number(found.place), controlId: String(found.control_id), uniqueId: String(found.unique_id) },
    content: JSON.parse(String(found.content)) as ReceivedDocument,
    state: found.state as IntegrationState,
    ...{ attempts: Number(found.attempts), code: text(found.code), dueAtMs: number(found.due_at_ms) },
    ...{ endedAt: text(found.ended_at), resumedAt: text(found.resumed_at) },
    ...{ person: text(found.person), personalRef: text(found.personal_ref) },
  };
}

function answer(found: Row): AnswerRow {
  return {
    ...{ mail: String(found.mail), id: text(found.id), seq: Number(found.seq), at: String(found.at) },
    mailbox: text(found.mailbox),
    content: found.content === null ? null : JSON.parse(String(found.content)),
    state: found.state as AnswerRow['state'],
    ...{ attempts: Number(found.attempts), code: text(found.code), dueAtMs: number(found.due_at_ms) },
    ...{ sentAt: text(found.sent_at), person: text(found.person), personalRef: text(found.personal_ref) },
  };
}

function text(value: Row[string]): string | null {
  return value === null || value === undefined ? null : String(value);
}

function number(value: Row[string]): number | null {
  return value === null || value === undefined ? null : Number(value);
}
