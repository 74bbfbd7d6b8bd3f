import type { DeliveryOutcome, DeliveryResult } from '../words/delivery.ts';
import type { Words } from '../words/errors.ts';
import type { DocumentEntry } from '../words/events.ts';
import type { CountedDocument, DeliveredDocument } from '../words/figures.ts';
import type { ReceiptFacts } from '../words/mail.ts';
import type { Operation } from '../words/request.ts';
import type { Row } from './project.ts';
import type { SortedRow } from './view-integrations.ts';
import type {
  ConsentRow,
  DeliveryFilter,
  DeliveryRow,
  DestinationRow,
  DocumentRow,
  LaneRow,
  MailRow,
  NoticeFilter,
  NoticeRow,
  ReceiptRow,
  RestoreRow,
  SubmissionFilter,
  SubmissionRow,
  TokenRow,
  WithdrawalFilter,
  WithdrawalRow,
  WorkFilter,
  WorkRow,
} from './views.ts';

function json<T>(value: unknown, otherwise: T): T {
  return value === null || value === undefined ? otherwise : (JSON.parse(String(value)) as T);
}

function text(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

export function submission(row: Row): SubmissionRow {
  return {
    id: String(row.id),
    seq: Number(row.seq),
    receivedAt: String(row.received_at),
    sender: String(row.sender),
    door: row.door as SubmissionRow['door'],
    operation: row.operation as SubmissionRow['operation'],
    state: row.state as SubmissionRow['state'],
    requestKey: text(row.request_key),
    requestSha256: String(row.request_sha256),
    code: text(row.code),
    status: row.status === null ? null : Number(row.status),
    target: text(row.target),
    facts: json(row.facts, {} as SubmissionRow['facts']),
    person: text(row.person),
    personalRef: text(row.personal_ref),
    body: json(row.body, null),
  };
}

export function document(row: Row): DocumentRow {
  const entry = json<DocumentEntry>(row.entry, {} as DocumentEntry);
  return { ...entry, submission: String(row.submission), sender: String(row.sender), seq: Number(row.seq) };
}

export function delivery(row: Row): DeliveryRow {
  return {
    id: String(row.id),
    seq: Number(row.seq),
    destination: json(row.destination, { kind: 'dmp' }),
    destinationId: String(row.destination_id),
    chain: String(row.chain),
    operation: row.operation as DeliveryRow['operation'],
    submission: String(row.submission),
    documents: json(row.documents, []),
    lane: row.lane as DeliveryRow['lane'],
    state: row.state as DeliveryRow['state'],
    outcome: row.outcome as DeliveryRow['outcome'],
    code: text(row.code),
    dueAtMs: row.due_at_ms === null ? null : Number(row.due_at_ms),
    waitsFor: text(row.waits_for),
    hold: json(row.hold, null),
    escalated: isEscalated(row) ? json(row.escalated, null) : null,
    attempts: Number(row.attempts),
    charged: Number(row.charged),
    doubt: Number(row.doubt) === 1,
    stood: json(row.stood, null),
    asked: Number(row.asked) === 1,
    lot: json(row.lot, null),
    sentAt: text(row.sent_at),
    accepted: json(row.accepted, null),
    results: json(row.results, []),
    entries: json(row.entries, {}),
    receipt: json(row.receipt, null),
    finishedAt: text(row.finished_at),
  };
}

function isEscalated({ state, code }: Row): boolean {
  return state === 'parked' && code === 'delivery.hold-escalated';
}

export function receipt(row: Row): ReceiptRow {
  return {
    ...json<ReceiptFacts>(row.facts, {} as ReceiptFacts),
    ...{ id: String(row.id), delivery: String(row.delivery), seq: Number(row.seq), at: String(row.at) },
    ...{ mail: String(row.mail), personalRef: text(row.personal_ref) },
  };
}

export function mail(row: Row): MailRow {
  return {
    ...{ id: String(row.id), seq: Number(row.seq), receivedAt: String(row.received_at) },
    mailbox: String(row.mailbox),
    position: { uidValidity: String(row.uid_validity), uid: Number(row.uid) },
    sha256: String(row.sha256),
    kind: row.kind as MailRow['kind'],
    reason: text(row.reason),
    body: JSON.parse(String(row.body)),
    person: text(row.person),
  };
}

export function sorted(row: Row): SortedRow {
  return { ...(row as unknown as SortedRow), why: json<Words | null>(row.why, null) };
}

export function restore(row: Row): RestoreRow {
  return { seq: Number(row.seq), at: String(row.at), data: JSON.parse(String(row.data)) };
}

export function destination(row: Row): DestinationRow {
  return {
    id: String(row.id),
    state: row.state as DestinationRow['state'],
    since: String(row.since),
    code: text(row.code),
    by: text(row.by_whom),
    reason: text(row.reason),
  };
}

export function lane(row: Row): LaneRow {
  return {
    destination: String(row.destination_id),
    lane: row.lane as LaneRow['lane'],
    depth: Number(row.depth),
    oldestAt: String(row.oldest_at),
  };
}

export function token(row: Row): TokenRow {
  return {
    token: String(row.token),
    name: String(row.name),
    grants: json(row.grants, []),
    sender: text(row.sender),
  };
}

export function notice(row: Row): NoticeRow {
  return {
    id: String(row.id),
    seq: Number(row.seq),
    createdAt: String(row.created_at),
    submission: String(row.submission),
    sender: String(row.sender),
    kind: row.kind as NoticeRow['kind'],
    controlId: String(row.control_id),
    content: json(row.content, {} as NoticeRow['content']),
    state: row.state as NoticeRow['state'],
    attempts: Number(row.attempts),
    code: text(row.code),
    dueAtMs: row.due_at_ms === null ? null : Number(row.due_at_ms),
    acknowledgedAt: text(row.acknowledged_at),
    resumedAt: text(row.resumed_at),
  };
}

export function work(row: Row): WorkRow {
  return {
    id: String(row.id),
    seq: Number(row.seq),
    openedAt: String(row.opened_at),
    cause: row.cause as WorkRow['cause'],
    role: row.role as WorkRow['role'],
    code: text(row.code),
    submission: text(row.submission),
    delivery: text(row.delivery),
    notice: text(row.notice),
    stay: text(row.stay),
    withdrawal: text(row.withdrawal),
    mail: text(row.mail),
  };
}

export function withdrawal(row: Row): WithdrawalRow {
  const { asked_at: at, asked_by: by, asked_token: token } = row;
  return {
    id: String(row.id),
    seq: Number(row.seq),
    state: row.state as WithdrawalRow['state'],
    documents: json(row.documents, []),
    deposits: json(row.deposits, []),
    item: text(row.item),
    reason: String(row.reason),
    asked: { at: String(at), by: String(by), token: String(token) },
    decided: step(row.decided_at, row.decided_by, row.decided_reason),
    ended: step(row.ended_at, row.ended_by, row.ended_reason),
    submission: text(row.submission),
  };
}

function step(at: unknown, by: unknown, reason: unknown): WithdrawalRow['decided'] {
  return at === null ? null : { at: String(at), by: String(by), reason: text(reason) };
}

export function consent(row: Row): ConsentRow {
  const visit = row.visit === '' ? null : visitOf(row);
  return {
    feeding: row.feeding as ConsentRow['feeding'],
    collectedAt: String(row.collected_at),
    visit,
  };
}

function visitOf(row: Row): NonNullable<ConsentRow['visit']> {
  return { finessEg: String(row.site), stayNo: text(row.stay_no), visitNo: text(row.visit_no) };
}

/** A row of the join of delivery, submission and document; empty when the delivery carried other documents or not this one. */
export function deliveredDocument(row: Row): DeliveredDocument[] {
  const document = countedDocument(row);
  const results = json<DeliveryResult[]>(row.results, []);
  const delivered = results.some(
    ({ uniqueId, outcome }) =>
      uniqueId === document.uniqueId && outcome === ('delivered' satisfies DeliveryOutcome),
  );
  if (!delivered) return [];
  const destination = row.kind as DeliveredDocument['destination'];
  return [{ ...document, destination, deliveredAt: String(row.finished_at) }];
}

/** What figures take from a row of that join, whatever became of the delivery. */
export function countedDocument(row: Row): CountedDocument {
  const entry = json<DocumentEntry>(row.entry, {} as DocumentEntry);
  const { stay, exam, identity } = json<SubmissionRow['facts']>(row.facts, {} as SubmissionRow['facts']);
  const { uniqueId, typeCode, typeCodeSystem, templateIds, level, effectiveTime, serviceTime, exams } = entry;
  return {
    ...{ submission: String(row.submission), delivery: String(row.delivery), uniqueId },
    ...{ operation: row.operation as Operation, target: targetOf(row, entry), chain: String(row.chain) },
    ...{ typeCode, typeCodeSystem, templateIds, level, effectiveTime, serviceTime },
    ...{ stay, exam, exams, person: text(row.person), identityRoot: identity.environmentRoot },
  };
}

/** What a document ended: of several that a request deletes each has its own delivery, of several that replace each its own link. */
function targetOf({ operation, delivered, target }: Row, { parents }: DocumentEntry): string | null {
  const documents = json<string[]>(delivered, []);
  if (operation === 'delete' && documents.length === 1) return documents[0]!;
  return operation === 'replace' && documents.length > 1 ? (parents[0] ?? text(target)) : text(target);
}

interface Conditions {
  where: string;
  values: (string | number)[];
}

export function submissionConditions(filter: SubmissionFilter): Conditions {
  const having = (column: string) =>
    `AND id IN (SELECT submission FROM p_documents WHERE establishment = p_submissions.establishment AND ${column} = ?)`;
  return conditions([
    [filter.state === 'final' ? 'AND state = ?' : "AND state <> 'final' AND state = ?", filter.state],
    ['AND sender = ?', filter.sender],
    ['AND stay_no = ?', filter.stayNo],
    [having('type_code'), filter.typeCode],
    [having('unique_id'), filter.uniqueId],
    ['AND seq < ?', filter.before],
  ]);
}

export function deliveryConditions(filter: DeliveryFilter): Conditions {
  return conditions([
    ['AND state = ?', filter.state],
    ['AND seq < ?', filter.before],
  ]);
}

export function noticeConditions(filter: NoticeFilter): Conditions {
  return conditions([
    ['AND state = ?', filter.state],
    ['AND sender = ?', filter.sender],
    ['AND submission = ?', filter.submission],
    ['AND seq < ?', filter.before],
  ]);
}

export function withdrawalConditions(filter: WithdrawalFilter): Conditions {
  return conditions([
    ['AND state = ?', filter.state],
    ['AND seq < ?', filter.before],
  ]);
}

export function workConditions(filter: WorkFilter): Conditions {
  return conditions([
    ['AND cause = ?', filter.cause],
    ['AND role = ?', filter.role],
  ]);
}

function conditions(all: [string, string | number | undefined][]): Conditions {
  const given = all.filter((one): one is [string, string | number] => one[1] !== undefined);
  return { where: given.map(([sql]) => sql).join(' '), values: given.map(([, value]) => value) };
}

/** Sorted here: asked to sort, a database would rather go through all it holds in that order than look up the few. */
export function inOrder(found: Row[]): Row[] {
  return found.toSorted((a, b) => Number(a.seq) - Number(b.seq));
}
