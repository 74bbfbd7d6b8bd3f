import { type DestinationKind, destinationId } from '../words/delivery.ts';
import type { LedgerEvent, RetentionRule } from '../words/events.ts';
import type { DeliveredDocument } from '../words/figures.ts';
import {
  type DmpState,
  type IdentityStatement,
  type Movement,
  type Visit,
  visitKey,
} from '../words/movement.ts';
import type { Exam, Stay } from '../words/stay.ts';
import { parseEvent } from './chain.ts';
import { type KnownVisit, linksOfMerged, mergedStays } from './merged.ts';
import { one, page } from './pages.ts';
import type { Row } from './project.ts';
import type { GoneKind } from './project-gone.ts';
import * as rows from './rows.ts';
import { readSeal, type Seal } from './seal.ts';
import { openDeliveries } from './statements.ts';
import { HoldView } from './view-holds.ts';
import { IntegrationView } from './view-integrations.ts';
import { MailView } from './view-mails.ts';
import { RetryView } from './view-retries.ts';
import type {
  ConsentRow,
  DeliveryFilter,
  DeliveryRow,
  DestinationRow,
  DocumentRow,
  IdentityRow,
  LaneRow,
  NoticeFilter,
  NoticeRow,
  Page,
  RestoreRow,
  SubmissionFilter,
  SubmissionRow,
  TokenRow,
  WithdrawalFilter,
  WithdrawalRow,
  WorkFilter,
  WorkRow,
} from './views.ts';

/** What a store offers below the readings: portable SQL, and what the two encrypted stores hold, in plain. */
export interface Readings {
  all(sql: string, values: readonly (string | number | null)[]): Promise<Row[]>;
  /** A personal value, or null once erased. */
  personal(establishment: string, ref: string): Promise<Buffer | null>;
  /** @throws ViaducError `ledger.body-missing`, `ledger.body-damaged` */
  body(establishment: string, id: string): Promise<Buffer>;
}

const IN_DELIVERIES = `FROM p_deliveries d JOIN p_submission_deliveries s ON s.establishment = d.establishment AND s.delivery = d.id`;

/**
 * The readings of one establishment: every query carries its name, so that no caller can forget the filter and an
 * identifier of another establishment is simply not found.
 */
export class LedgerView {
  readonly establishment: string;
  readonly holds: HoldView;
  readonly retries: RetryView;
  readonly mails: MailView;
  readonly integrations: IntegrationView;
  readonly #readings: Readings;

  constructor(establishment: string, readings: Readings) {
    this.establishment = establishment;
    this.#readings = readings;
    this.holds = new HoldView(establishment, (sql, ...values) => this.#all(sql, ...values));
    this.retries = new RetryView((sql, ...values) => this.#all(sql, ...values));
    this.mails = new MailView((sql, ...values) => this.#all(sql, ...values));
    this.integrations = new IntegrationView((sql, ...values) => this.#all(sql, ...values));
  }

  /** Version of a stream: `seq` of the last event that touched it, 0 when none did. */
  async version(stream: string): Promise<number> {
    const found = await this.#all(
      'SELECT max(seq) AS version FROM event_streams WHERE establishment = ? AND stream = ?',
      stream,
    );
    return Number(found[0]?.version ?? 0);
  }

  async submission(id: string): Promise<SubmissionRow | null> {
    const sql = 'SELECT * FROM p_submissions WHERE establishment = ? AND id = ?';
    return one(await this.#all(sql, id), rows.submission);
  }

  /**
   * Submissions that came in before an instant, have ended, and of which a rule has destroyed nothing yet: those among the
   * given events of the chain.
   */
  async endedSubmissions(
    rule: RetentionRule,
    before: string,
    fromSeq: number,
    toSeq: number,
  ): Promise<SubmissionRow[]> {
    const sql = `SELECT * FROM p_submissions WHERE establishment = ? AND seq BETWEEN ? AND ? AND received_at < ?
      AND state IN ('final', 'refused') AND instr(gone, ?) = 0 ORDER BY seq`;
    return (await this.#all(sql, fromSeq, toSeq, before, `${rule} `)).map(rows.submission);
  }

  /** How many submissions among the given events came in later than an instant, or have not ended. */
  async submissionsNotYet(before: string, fromSeq: number, toSeq: number): Promise<number> {
    const sql = `SELECT count(*) AS n FROM p_submissions WHERE establishment = ? AND seq BETWEEN ? AND ?
      AND (received_at >= ? OR state NOT IN ('final', 'refused'))`;
    return Number((await this.#all(sql, fromSeq, toSeq, before))[0]!.n);
  }

  /** Submissions of documents of these persons, oldest first, and refusals too. */
  async submissionsOfPersons(persons: readonly string[]): Promise<SubmissionRow[]> {
    const sql = `SELECT * FROM p_submissions WHERE establishment = ? AND person IN (${marks(persons)})`;
    return rows.inOrder(await this.#all(sql, ...persons)).map(rows.submission);
  }

  /** The event by which something is gone, or null while it is there. */
  async goneBy(kind: GoneKind, id: string): Promise<LedgerEvent | null> {
    const sql = `SELECT e.position, e.text, e.hash FROM p_gone g JOIN events e ON e.establishment = g.establishment AND e.seq = g.seq
      WHERE g.establishment = ? AND g.kind = ? AND g.id = ?`;
    return one(await this.#all(sql, kind, id), eventOf);
  }

  /** The first submission that came under a request key. */
  async submissionByRequest(requestKey: string): Promise<SubmissionRow | null> {
    const sql =
      'SELECT * FROM p_submissions WHERE establishment = ? AND request_key = ? ORDER BY seq LIMIT 1';
    return one(await this.#all(sql, requestKey), rows.submission);
  }

  /** Submissions, newest first. */
  async submissions(filter: SubmissionFilter): Promise<Page<SubmissionRow>> {
    const { where, values } = rows.submissionConditions(filter);
    const sql = `SELECT * FROM p_submissions WHERE establishment = ? ${where} ORDER BY seq DESC LIMIT ?`;
    return page(await this.#all(sql, ...values, filter.limit + 1), filter.limit, rows.submission);
  }

  async documents(submission: string): Promise<DocumentRow[]> {
    const sql = 'SELECT * FROM p_documents WHERE establishment = ? AND submission = ?';
    return (await this.#all(sql, submission)).map(rows.document);
  }

  /** Every accepted submission of a document, oldest first. */
  async documentHistory(uniqueId: string): Promise<DocumentRow[]> {
    const sql = 'SELECT * FROM p_documents WHERE establishment = ? AND unique_id = ? ORDER BY seq';
    return (await this.#all(sql, uniqueId)).map(rows.document);
  }

  /** The last accepted document of a series (`setId`), the given one excepted. */
  async lastOfSeries(setId: string, exceptUniqueId: string): Promise<DocumentRow | null> {
    const sql =
      'SELECT * FROM p_documents WHERE establishment = ? AND set_id = ? AND unique_id <> ? ORDER BY seq DESC LIMIT 1';
    return one(await this.#all(sql, setId, exceptUniqueId), rows.document);
  }

  async delivery(id: string): Promise<DeliveryRow | null> {
    const sql = 'SELECT * FROM p_deliveries WHERE establishment = ? AND id = ?';
    return one(await this.#all(sql, id), rows.delivery);
  }

  /** The deliveries of a submission, made by it or joined, in order. */
  async deliveriesOf(submission: string): Promise<DeliveryRow[]> {
    const sql = `SELECT d.* ${IN_DELIVERIES} WHERE s.establishment = ? AND s.submission = ? ORDER BY d.seq, d.id`;
    return (await this.#all(sql, submission)).map(rows.delivery);
  }

  /** The deliveries of a chain in the order in which they must leave. */
  async chain(chain: string): Promise<DeliveryRow[]> {
    return (
      await this.#all(
        'SELECT * FROM p_deliveries WHERE establishment = ? AND chain = ? ORDER BY seq, id',
        chain,
      )
    ).map(rows.delivery);
  }

  /** The deliveries that wait for a given one to end. */
  async waitingFor(delivery: string): Promise<DeliveryRow[]> {
    const sql =
      "SELECT * FROM p_deliveries WHERE establishment = ? AND waits_for = ? AND state = 'waiting' ORDER BY seq";
    return (await this.#all(sql, delivery)).map(rows.delivery);
  }

  /** The destinations to which nothing leaves until somebody resumes them. */
  async destinations(): Promise<DestinationRow[]> {
    const sql = 'SELECT * FROM p_destinations WHERE establishment = ? ORDER BY id';
    return (await this.#all(sql)).map(rows.destination);
  }

  /** Every destination that a delivery was ever made for. Goes through all deliveries. */
  async everyDestination(): Promise<string[]> {
    const sql =
      'SELECT DISTINCT destination_id FROM p_deliveries WHERE establishment = ? ORDER BY destination_id';
    return (await this.#all(sql)).map((row) => String(row.destination_id));
  }

  /** What is to be sent or asked for, by destination and lane; mails that wait for their receipt are neither. Goes through the whole backlog: not for every document. */
  async lanes(kind: DestinationKind): Promise<LaneRow[]> {
    const sql = `SELECT destination_id, lane, depth, (SELECT at FROM events e WHERE e.establishment = ? AND e.seq = oldest) AS oldest_at
      FROM (SELECT destination_id, lane, count(*) AS depth, min(seq) AS oldest FROM p_deliveries
        WHERE state IN ('due', 'ambiguous') AND accepted IS NULL AND destination_id > ? AND destination_id < ? GROUP BY destination_id, lane)`;
    const of = destinationId(kind, this.establishment, '');
    return (await this.#all(sql, of, `${of}\u{10FFFF}`)).map(rows.lane);
  }

  async deliveries(filter: DeliveryFilter): Promise<Page<DeliveryRow>> {
    const { where, values } = rows.deliveryConditions(filter);
    const sql = `SELECT * FROM p_deliveries WHERE establishment = ? ${where} ORDER BY seq DESC LIMIT ?`;
    return page(await this.#all(sql, ...values, filter.limit + 1), filter.limit, rows.delivery);
  }

  /** Events that touched any of the streams, in order. */
  async timeline(streams: readonly string[]): Promise<LedgerEvent[]> {
    const marks = streams.map(() => '?').join(', ');
    const sql = `SELECT e.position, e.text, e.hash FROM events e WHERE e.establishment = ? AND e.seq IN
      (SELECT seq FROM event_streams WHERE establishment = ? AND stream IN (${marks})) ORDER BY e.seq`;
    return (await this.#all(sql, this.establishment, ...streams)).map(eventOf);
  }

  /** The seals of the chain behind a number, in order. */
  async seals(afterNumber: number): Promise<Seal[]> {
    const sql = 'SELECT text, signature FROM seals WHERE establishment = ? AND number > ? ORDER BY number';
    const found = await this.#all(sql, afterNumber);
    return found.map((row) => readSeal(String(row.text), String(row.signature)));
  }

  /** The restores of this ledger from a backup, oldest first. */
  async restores(): Promise<RestoreRow[]> {
    const sql = 'SELECT seq, at, data FROM p_restores WHERE establishment = ? ORDER BY seq';
    return (await this.#all(sql)).map(rows.restore);
  }

  /** Whether what was received at an instant may have left before a restore: it stood in the backup, or is sent again. */
  async mayHaveLeftBefore(receivedAt: string): Promise<boolean> {
    const sql = 'SELECT seq FROM p_restores WHERE establishment = ? AND resend_until > ? LIMIT 1';
    return (await this.#all(sql, receivedAt)).length > 0;
  }

  /** Deliveries that have not ended, in order, behind the given one. */
  async unfinished(after: Pick<DeliveryRow, 'seq' | 'id'>, limit: number): Promise<DeliveryRow[]> {
    const sql = `SELECT * FROM p_deliveries WHERE establishment = ? AND (seq, id) > (?, ?) AND state <> 'final'
      ORDER BY seq, id LIMIT ?`;
    return (await this.#all(sql, after.seq, after.id, limit)).map(rows.delivery);
  }

  /** Asks a question whose first value is this establishment: for readings of this room that stand in files of their own. */
  ask(sql: string, ...values: (string | number)[]): Promise<Row[]> {
    return this.#all(sql, ...values);
  }

  /** Events from a place in the chain on. */
  async events(fromSeq: number, limit: number): Promise<LedgerEvent[]> {
    const sql =
      'SELECT position, text, hash FROM events WHERE establishment = ? AND seq >= ? ORDER BY seq LIMIT ?';
    return (await this.#all(sql, fromSeq, limit)).map(eventOf);
  }

  /** What was stored beside an event about a person, or null once erased; not to be changed. */
  async personal(ref: string): Promise<Buffer | null> {
    return this.#readings.personal(this.establishment, ref);
  }

  /** @throws ViaducError `ledger.body-missing`, `ledger.body-damaged` */
  async body(id: string): Promise<Buffer> {
    return this.#readings.body(this.establishment, id);
  }

  /** Every document whose delivery ended `delivered`, in the order of the submissions. */
  async deliveredDocuments(): Promise<DeliveredDocument[]> {
    const sql = `SELECT d.id AS delivery, d.kind, d.operation, d.chain, d.finished_at, d.documents AS delivered, d.results,
        p.entry, b.id AS submission, b.target, b.facts, b.person
      FROM p_deliveries d
      JOIN p_submissions b ON b.establishment = d.establishment AND b.id = d.submission
      JOIN p_documents p ON p.establishment = b.establishment AND p.submission = b.id
      WHERE d.establishment = ? AND d.outcome = 'delivered' ORDER BY d.seq, p.unique_id`;
    return (await this.#all(sql)).flatMap(rows.deliveredDocument);
  }

  /** Stays of files and of movements, as one (see `mergedStays`). */
  async stays(): Promise<Stay[]> {
    const [imported, visits] = await Promise.all([this.importedStays(), this.#visits()]);
    return mergedStays(imported, visits);
  }

  /** The stays of imported files alone. */
  async importedStays(): Promise<Stay[]> {
    return (await this.#all('SELECT row FROM p_stays WHERE establishment = ?')).map(
      (row) => JSON.parse(String(row.row)) as Stay,
    );
  }

  async #visits(): Promise<KnownVisit[]> {
    const found = await this.#all(
      'SELECT finess_eg, stay_no, row FROM p_visits WHERE establishment = ? ORDER BY visit',
    );
    return found.map((row) => ({
      finessEg: String(row.finess_eg),
      stayNo: String(row.stay_no ?? ''),
      stay: row.row === null ? null : (JSON.parse(String(row.row)) as Stay),
    }));
  }

  async exams(): Promise<Exam[]> {
    return (await this.#all('SELECT row FROM p_exams WHERE establishment = ?')).map(
      (row) => JSON.parse(String(row.row)) as Exam,
    );
  }

  /** Which person each keyed hash of an identifier belongs to, and each person who was merged with others. */
  async people(): Promise<{ person: string; patient: string }[]> {
    const found = await this.#all('SELECT person, hash FROM person_index WHERE establishment = ?');
    const links = found.map((row) => ({ person: String(row.person), patient: String(row.hash) }));
    const erased = await this.#all("SELECT id FROM p_gone WHERE establishment = ? AND kind = 'person'");
    links.push(...erased.map(({ id }) => ({ person: String(id), patient: String(id) })));
    const merges = await this.#all('SELECT merged, kept FROM p_merges WHERE establishment = ?');
    return merges.length === 0 ? links : linksOfMerged(links, merges);
  }

  /** The person that a keyed hash of an identifier leads to. */
  async personOf(hash: string): Promise<string | null> {
    const sql = `SELECT i.person FROM person_index i JOIN persons p ON p.establishment = i.establishment AND p.person = i.person
      WHERE i.establishment = ? AND i.hash = ? AND p.wrapped IS NOT NULL`;
    return one(await this.#all(sql, hash), (row) => String(row.person));
  }

  /** A person and all who were merged with them; `linked`: also those who were linked. */
  async samePersons(person: string, linked = false): Promise<string[]> {
    const same = new Set([person]);
    for (let last = [person]; last.length > 0; ) {
      const found = await this.#mergedWith(last, linked ? 'link' : 'merge');
      last = found.filter((one) => !same.has(one));
      for (const one of last) same.add(one);
    }
    return [...same];
  }

  /** Who was merged with any of these persons, directly, or joined to them in the given way. */
  async #mergedWith(persons: readonly string[], kind: 'merge' | 'link'): Promise<string[]> {
    const known = `IN (${marks(persons)}) AND kind IN ('merge', ?)`;
    const sql = `SELECT merged AS person FROM p_merges WHERE establishment = ? AND kept ${known}
      UNION ALL SELECT kept FROM p_merges WHERE establishment = ? AND merged ${known}`;
    const found = await this.#all(sql, ...persons, kind, this.establishment, ...persons, kind);
    return found.map((row) => String(row.person));
  }

  /** The last statement about each of these persons' identities. */
  async identities(persons: readonly string[]): Promise<IdentityRow[]> {
    const sql = `SELECT statement, traits FROM p_identities WHERE establishment = ? AND person IN (${marks(persons)})`;
    return (await this.#all(sql, ...persons)).map(({ statement, traits }) => ({
      ...(JSON.parse(String(statement)) as IdentityStatement),
      traitsRef: traits === null ? null : String(traits),
    }));
  }

  /** What was collected for each visit of these persons, and for themselves, latest first. */
  async consents(persons: readonly string[]): Promise<ConsentRow[]> {
    const sql = `SELECT * FROM p_consents WHERE establishment = ? AND person IN (${marks(persons)})
      ORDER BY collected_at DESC, seq DESC`;
    return (await this.#all(sql, ...persons)).map(rows.consent);
  }

  /** The latest that was told of the DMP of these persons. */
  async dmpState(persons: readonly string[]): Promise<DmpState | null> {
    const sql = `SELECT status, at FROM p_dmp_states WHERE establishment = ? AND person IN (${marks(persons)}) ORDER BY at DESC LIMIT 1`;
    return one(await this.#all(sql, ...persons), ({ status, at }) => ({ status, at }) as unknown as DmpState);
  }

  /** Deliveries to the DMP that have not ended, of documents of these persons. */
  async openDeliveriesOf(persons: readonly string[]): Promise<DeliveryRow[]> {
    const sql = openDeliveries(`b.person IN (${marks(persons)})`);
    return rows
      .inOrder(await this.#all(sql, this.establishment, this.establishment, ...persons))
      .map(rows.delivery);
  }

  /** Deliveries to the DMP that have not ended, of documents of a stay that are of none of these persons. */
  async openDeliveriesOfStay(
    { finessEg, stayNo, visitNo }: Visit,
    exceptPersons: readonly string[],
  ): Promise<DeliveryRow[]> {
    const own = (column: string) => `SELECT id FROM p_submissions WHERE establishment = ? AND ${column} = ?`;
    const sql = openDeliveries(`b.id IN (${own('stay_no')} UNION ALL ${own('visit_no')}) AND b.site = ?
      AND coalesce(b.person, '') NOT IN (${marks(exceptPersons)})`);
    const { establishment: here } = this;
    const values = [here, here, here, stayNo, here, visitNo, finessEg, ...exceptPersons];
    return rows.inOrder(await this.#all(sql, ...values)).map(rows.delivery);
  }

  /** Parked deliveries that stopped for one of the given reasons. */
  async parkedFor(codes: readonly string[]): Promise<DeliveryRow[]> {
    const sql = `SELECT * FROM p_deliveries WHERE establishment = ? AND state = 'parked' AND code IN (${marks(codes)}) ORDER BY seq`;
    return (await this.#all(sql, ...codes)).map(rows.delivery);
  }

  /** The submissions that a delivery belongs to, made by them or joined. */
  async submissionsOf(delivery: string): Promise<SubmissionRow[]> {
    const sql = `SELECT * FROM p_submissions WHERE establishment = ? AND id IN
      (SELECT submission FROM p_submission_deliveries WHERE establishment = ? AND delivery = ?)`;
    return rows.inOrder(await this.#all(sql, this.establishment, delivery)).map(rows.submission);
  }

  async notice(id: string): Promise<NoticeRow | null> {
    const sql = 'SELECT * FROM p_notices WHERE establishment = ? AND id = ?';
    return one(await this.#all(sql, id), rows.notice);
  }

  /** The first notice that a sender has not acknowledged and that is not parked. */
  async nextNotice(sender: string): Promise<NoticeRow | null> {
    const sql =
      "SELECT * FROM p_notices WHERE establishment = ? AND sender = ? AND state = 'due' ORDER BY seq LIMIT 1";
    return one(await this.#all(sql, sender), rows.notice);
  }

  /** Notices, newest first. */
  async notices(filter: NoticeFilter): Promise<Page<NoticeRow>> {
    const { where, values } = rows.noticeConditions(filter);
    const sql = `SELECT * FROM p_notices WHERE establishment = ? ${where} ORDER BY seq DESC LIMIT ?`;
    return page(await this.#all(sql, ...values, filter.limit + 1), filter.limit, rows.notice);
  }

  /** The visits of a file that movements speak of. */
  async visitsOfFile(finessEg: string, stayNo: string): Promise<Visit[]> {
    const sql =
      'SELECT movement FROM p_movements WHERE establishment = ? AND visit IN (SELECT visit FROM p_visits WHERE establishment = ? AND finess_eg = ? AND stay_no = ?) ORDER BY visit, seq';
    const found = await this.#all(sql, this.establishment, finessEg, stayNo);
    const visits = found.map((row) => (JSON.parse(String(row.movement)) as Movement).visit);
    return [...new Map(visits.map((visit) => [visitKey(visit), visit])).values()];
  }

  /** What waits for a person, oldest first. */
  async work(filter: WorkFilter): Promise<Page<WorkRow>> {
    const { where, values } = rows.workConditions(filter);
    const sql = `SELECT * FROM p_work WHERE establishment = ? AND closed = 0 ${where} ORDER BY seq, id LIMIT ? OFFSET ?`;
    const from = filter.after ?? 0;
    const found = await this.#all(sql, ...values, filter.limit + 1, from);
    const items = found.slice(0, filter.limit).map(rows.work);
    return { items, next: found.length > filter.limit ? String(from + filter.limit) : null };
  }

  async workItem(id: string): Promise<WorkRow | null> {
    const sql = 'SELECT * FROM p_work WHERE establishment = ? AND id = ? AND closed = 0';
    return one(await this.#all(sql, id), rows.work);
  }

  async withdrawal(id: string): Promise<WithdrawalRow | null> {
    const sql = 'SELECT * FROM p_withdrawals WHERE establishment = ? AND id = ?';
    return one(await this.#all(sql, id), rows.withdrawal);
  }

  /** Withdrawals, newest first. */
  async withdrawals(filter: WithdrawalFilter): Promise<Page<WithdrawalRow>> {
    const { where, values } = rows.withdrawalConditions(filter);
    const sql = `SELECT * FROM p_withdrawals WHERE establishment = ? ${where} ORDER BY seq DESC LIMIT ?`;
    return page(await this.#all(sql, ...values, filter.limit + 1), filter.limit, rows.withdrawal);
  }

  /** The withdrawal of a document that waits for its second person. */
  async withdrawalAskedOf(uniqueId: string): Promise<WithdrawalRow | null> {
    const sql =
      "SELECT * FROM p_withdrawals WHERE establishment = ? AND state = 'asked' AND instr(documents, ?) > 0";
    return one(await this.#all(sql, JSON.stringify(uniqueId)), rows.withdrawal);
  }

  /** How many open items there are of each cause. */
  async workCounts(): Promise<Record<string, number>> {
    const sql =
      'SELECT cause, count(*) AS items FROM p_work WHERE establishment = ? AND closed = 0 GROUP BY cause';
    const found = await this.#all(sql);
    return Object.fromEntries(found.map((row) => [String(row.cause), Number(row.items)]));
  }

  /** Number of the last event of the chain. */
  async lastSeq(): Promise<number> {
    return Number(
      (await this.#all('SELECT max(seq) AS last FROM events WHERE establishment = ?'))[0]?.last ?? 0,
    );
  }

  /** Tokens that may be used; they stand in the gateway's own chain. */
  async tokens(): Promise<(TokenRow & { sha256: string })[]> {
    const found = await this.#readings.all('SELECT * FROM p_tokens WHERE revoked = 0', []);
    return found.map((row) => ({ ...rows.token(row), sha256: String(row.sha256) }));
  }

  #all(sql: string, ...values: (string | number | null)[]): Promise<Row[]> {
    return this.#readings.all(sql, [this.establishment, ...values]);
  }
}

function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}

function eventOf(row: Row): LedgerEvent {
  return parseEvent(String(row.text), Number(row.position), String(row.hash));
}
