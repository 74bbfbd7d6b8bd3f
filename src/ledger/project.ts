import {
  type DeliveryEventType,
  type DeliveryState,
  destinationId,
  type Lane,
  mayMove,
} from '../words/delivery.ts';
import type { EventType, LedgerEvent, NewDelivery } from '../words/events.ts';
import { type AskedHold, type Hold, wholeHold } from '../words/hold.ts';
import type { Exam, Stay } from '../words/stay.ts';
import { ledgerError } from './errors.ts';
import { isAnswer, moveAnswer } from './project-answers.ts';
import { isDestination, moveDestination } from './project-destinations.ts';
import { erasePerson, expire, keepErased } from './project-gone.ts';
import { isIntegration, moveIntegration, sortMail, workOfMail } from './project-integrations.ts';
import { keepEnvelope, keepMail, recordReceipt } from './project-mails.ts';
import { isNotice, moveNotice } from './project-notices.ts';
import {
  assessIdentity,
  mergeIdentities,
  moveStay,
  recordConsent,
  unlinkIdentities,
} from './project-patients.ts';
import { isRetry, moveRetry, openItem } from './project-retries.ts';
import { isWithdrawal, moveWithdrawal } from './project-withdrawals.ts';
import { closeWork, workOfDelivery } from './project-work.ts';
import { type Projection, type Row, type Statement, statement, update } from './statements.ts';

export type { Projection, Row, Statement };

/** Reads the stored rows of an import event. */
export type ReadRows = (body: string) => Uint8Array;

/** What an event changes in the projections. Runs in the transaction that appends the event. */
export function* project(event: LedgerEvent, readRows: ReadRows): Projection {
  if (isDelivery(event)) {
    yield* moveDelivery(event);
    yield* workOfDelivery(event);
    if (event.type === 'delivery.reopened' || event.type === 'delivery.released') yield* openItem(event);
  } else if (event.type === 'hold.placed' || event.type === 'hold.lifted') yield* setHold(event);
  else if (event.type === 'mail.received') {
    yield keepMail(event);
    yield* workOfMail(event);
  } else if (event.type === 'mail.sorted' || event.type === 'mail.resumed') yield* sortMail(event);
  else if (isIntegration(event)) yield* moveIntegration(event);
  else if (isAnswer(event)) yield* moveAnswer(event);
  else if (event.type === 'receipt.recorded') yield* recordReceipt(event);
  else if (isNotice(event)) yield* moveNotice(event);
  else if (isRetry(event)) yield* moveRetry(event);
  else if (event.type === 'stay.moved') yield* moveStay(event);
  else if (event.type === 'identity.assessed') yield* assessIdentity(event);
  else if (event.type === 'identity.merged') yield* mergeIdentities(event);
  else if (event.type === 'identity.unlinked') yield* unlinkIdentities(event);
  else if (event.type === 'consent.recorded') yield* recordConsent(event);
  else if (isDestination(event)) yield moveDestination(event);
  else if (event.type === 'work.closed') yield closeWork(event);
  else if (isWithdrawal(event)) yield* moveWithdrawal(event);
  else if (event.type === 'submission.accepted') yield* accept(event);
  else if (event.type === 'submission.refused') yield* refuse(event);
  else if (event.type === 'stays.imported') yield* importStays(event, readRows);
  else if (event.type === 'exams.imported') yield* importExams(event, readRows);
  else if (event.type === 'bodies.expired') yield* expire(event);
  else if (event.type === 'person.erased') yield* erasePerson(event);
  else if (event.type === 'ledger.restored') yield* restore(event);
  else if (event.type === 'token.issued') yield* issueToken(event);
  else if (event.type === 'token.revoked')
    yield statement('UPDATE p_tokens SET revoked = 1 WHERE token = ?', event.data.token);
}

export type DeliveryEvent = LedgerEvent<Extract<EventType, DeliveryEventType>>;

function isDelivery(event: LedgerEvent): event is DeliveryEvent {
  return event.type.startsWith('delivery.');
}

function* accept(event: LedgerEvent<'submission.accepted'>): Projection {
  const { data, establishment, seq } = event;
  yield statement(
    `INSERT INTO p_submissions (establishment, id, seq, received_at, sender, door, operation, state, request_key, request_sha256,
       site, stay_no, visit_no, target, facts, person, personal_ref) VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[
      establishment,
      data.submission,
      seq,
      event.at,
      data.sender,
      data.door,
      data.operation,
      data.requestKey,
      data.requestSha256,
    ],
    ...[data.stay?.finessEg ?? null, data.stay?.number ?? null, data.stay?.visit ?? null, data.target],
    ...[JSON.stringify(factsOf(data)), event.person, event.personal?.ref ?? null],
  );
  for (const document of data.documents) {
    yield statement(
      'INSERT INTO p_documents (establishment, submission, unique_id, seq, sender, set_id, type_code, entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      ...[
        establishment,
        data.submission,
        document.uniqueId,
        seq,
        data.sender,
        document.setId,
        document.typeCode,
      ],
      JSON.stringify(document),
    );
  }
  for (const delivery of data.deliveries) yield* addDelivery(event, delivery);
  yield refreshSubmission(establishment, data.submission);
}

/** What a submission carries that is read back whole and never searched. */
function factsOf(data: LedgerEvent<'submission.accepted'>['data']): Record<string, unknown> {
  const { structure, visibility, secretConnection, identity, consent, stay, exam, hold } = data;
  const { notices, withdrawal } = data;
  return {
    structure,
    visibility,
    secretConnection,
    identity,
    consent,
    stay,
    exam,
    hold,
    notices,
    withdrawal,
  };
}

function* addDelivery(
  { establishment, seq, data }: LedgerEvent<'submission.accepted'>,
  delivery: NewDelivery,
): Projection {
  yield statement(
    'INSERT INTO p_submission_deliveries (establishment, submission, delivery, joined) VALUES (?, ?, ?, ?)',
    ...[establishment, data.submission, delivery.id, delivery.joined ? 1 : 0],
  );
  if (delivery.joined) return;
  yield statement(
    `INSERT INTO p_deliveries (establishment, id, seq, kind, destination, destination_id, chain, operation, submission, documents,
       lane, state, due_at_ms, waits_for, hold, hold_until_ms, attempts, charged, doubt, asked)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0)`,
    ...[
      establishment,
      delivery.id,
      seq,
      delivery.destination.kind,
      JSON.stringify(delivery.destination),
      destinationId(delivery.destination.kind, establishment, delivery.destination.via ?? data.structure.id),
      delivery.chain,
    ],
    ...[
      delivery.operation,
      data.submission,
      JSON.stringify(delivery.documents),
      delivery.lane,
      delivery.state,
    ],
    ...[milliseconds(delivery.dueAt), delivery.waitsFor, ...Object.values(holdColumns(data.hold))],
  );
}

function* refuse(event: LedgerEvent<'submission.refused'>): Projection {
  const { data } = event;
  yield statement(
    `INSERT INTO p_submissions (establishment, id, seq, received_at, sender, door, state, request_key, request_sha256, code, status,
       facts, person, personal_ref, body) VALUES (?, ?, ?, ?, ?, ?, 'refused', ?, ?, ?, ?, '{}', ?, ?, ?)`,
    ...[
      event.establishment,
      data.submission,
      event.seq,
      event.at,
      data.sender,
      data.door,
      data.requestKey,
      data.requestSha256,
    ],
    ...[
      data.code,
      data.status,
      event.person,
      event.personal?.ref ?? null,
      data.body ? JSON.stringify(data.body) : null,
    ],
  );
}

/** The state each event leads to. */
function stateAfter(event: DeliveryEvent): DeliveryState {
  if (event.type === 'delivery.reopened') return event.data.to;
  if (event.type === 'delivery.returned') return event.data.state;
  return STATE_AFTER[event.type];
}

const STATE_AFTER: Readonly<
  Record<Exclude<DeliveryEventType, 'delivery.reopened' | 'delivery.returned'>, DeliveryState>
> = {
  'delivery.released': 'due',
  'delivery.held': 'waiting',
  'delivery.sending': 'sending',
  'delivery.accepted': 'ambiguous',
  'delivery.deferred': 'due',
  'delivery.in-doubt': 'ambiguous',
  'delivery.parked': 'parked',
  'delivery.restored': 'ambiguous',
  'delivery.finished': 'final',
};

function* moveDelivery(event: DeliveryEvent): Projection {
  const { establishment, data } = event;
  const rows = yield statement(
    'SELECT state, outcome, kind FROM p_deliveries WHERE establishment = ? AND id = ?',
    establishment,
    data.delivery,
  );
  const from = (rows[0]?.state ?? 'unknown') as DeliveryState;
  const to = stateAfter(event);
  const late = from !== 'final' || rows[0]?.outcome === 'unconfirmed';
  if (!rows[0] || !late || !mayMove(from, to, event.type)) {
    throw ledgerError('ledger.illegal-move', { delivery: data.delivery, from, to, event: event.type });
  }
  if (event.type === 'delivery.parked') yield* escalate(event);
  yield update('p_deliveries', { state: to, ...columnsOf(event) }, { establishment, id: data.delivery });
  if (event.type === 'delivery.sending' && rows[0].kind === 'mssante') yield* keepEnvelope(event);
  if (chargedBy(event)) {
    yield statement(
      'UPDATE p_deliveries SET charged = charged + 1 WHERE establishment = ? AND id = ?',
      establishment,
      data.delivery,
    );
  }
  yield* refreshSubmissionsOf(establishment, data.delivery);
}

/** A hold that was escalated has ended: from here on a person decides, who wants to know what it was. */
function* escalate({ establishment, data }: LedgerEvent<'delivery.parked'>): Projection {
  if (data.code !== 'delivery.hold-escalated') return;
  yield statement(
    `UPDATE p_deliveries SET escalated = coalesce(hold, escalated), hold = NULL, hold_until_ms = NULL
     WHERE establishment = ? AND id = ?`,
    ...[establishment, data.delivery],
  );
}

function* refreshSubmissionsOf(establishment: string, delivery: string): Projection {
  const submissions = yield statement(
    'SELECT submission FROM p_submission_deliveries WHERE establishment = ? AND delivery = ?',
    ...[establishment, delivery],
  );
  for (const { submission } of submissions) yield refreshSubmission(establishment, String(submission));
}

function* setHold(event: LedgerEvent<'hold.placed' | 'hold.lifted'>): Projection {
  const { establishment, data } = event;
  const set = holdColumns(event.type === 'hold.placed' ? holdIn(event) : null);
  yield statement(
    "UPDATE p_deliveries SET hold = ?, hold_until_ms = ? WHERE establishment = ? AND id = ? AND state <> 'final'",
    ...[...Object.values(set), establishment, data.delivery],
  );
  yield* refreshSubmissionsOf(establishment, data.delivery);
}

function holdIn({ data: { delivery: _, ...hold } }: LedgerEvent<'hold.placed'>): Hold {
  return hold;
}

function holdColumns(hold: AskedHold | null): { hold: string | null; hold_until_ms: number | null } {
  if (!hold) return { hold: null, hold_until_ms: null };
  return { hold: JSON.stringify(wholeHold(hold)), hold_until_ms: milliseconds(hold.until) };
}

function chargedBy(event: DeliveryEvent): boolean {
  return 'charged' in event.data && event.data.charged;
}

/** The columns of a delivery that an event sets beside its state. */
function columnsOf(event: DeliveryEvent): Record<string, string | number | null> {
  switch (event.type) {
    case 'delivery.released':
      return { due_at_ms: milliseconds(event.data.dueAt), waits_for: null, ...laneColumn(event.data.lane) };
    case 'delivery.held':
      return { code: event.data.reason, due_at_ms: milliseconds(event.data.dueAt) };
    case 'delivery.sending':
      return {
        attempts: event.data.attempt,
        due_at_ms: null,
        doubt: 1,
        ...lotColumn(event.data.lot),
        ...holdColumns(null),
        sent_at: event.at,
        accepted: null,
      };
    case 'delivery.accepted': {
      const { code, size, dueAt } = event.data;
      return {
        code: null,
        due_at_ms: milliseconds(dueAt),
        accepted: JSON.stringify({ at: event.at, code, size }),
      };
    }
    case 'delivery.deferred':
      return { code: event.data.code, due_at_ms: milliseconds(event.data.dueAt), doubt: 0 };
    case 'delivery.in-doubt':
      return { code: event.data.code, due_at_ms: milliseconds(event.data.dueAt) };
    case 'delivery.parked':
      return { code: event.data.code, due_at_ms: null, doubt: event.data.doubt ? 1 : 0 };
    case 'delivery.reopened':
      return {
        ...{ due_at_ms: milliseconds(event.data.dueAt), charged: 0, lane: event.data.lane },
        waits_for: event.data.waitsFor,
      };
    case 'delivery.restored':
      return restoredColumns(event.data);
    case 'delivery.returned':
      return {
        ...{
          code: event.data.code,
          due_at_ms: milliseconds(event.data.dueAt),
          waits_for: event.data.waitsFor,
        },
        ...{ doubt: 0, stood: null },
      };
    case 'delivery.finished':
      return finishedColumns(event);
  }
}

/** What was in doubt already is asked for as before, and keeps the way in which it stood before an earlier restore. */
function restoredColumns({
  was,
  dueAt,
}: LedgerEvent<'delivery.restored'>['data']): Record<string, string | number | null> {
  const columns = { due_at_ms: milliseconds(dueAt), doubt: 1, asked: 1 };
  return was === null ? columns : { ...columns, stood: JSON.stringify(was) };
}

function lotColumn(lot: LedgerEvent<'delivery.sending'>['data']['lot']): { lot?: string } {
  return lot ? { lot: JSON.stringify(lot) } : {};
}

function laneColumn(lane: Lane | undefined): { lane?: string } {
  return lane ? { lane } : {};
}

function finishedColumns({
  data,
  at,
}: LedgerEvent<'delivery.finished'>): Record<string, string | number | null> {
  return {
    outcome: data.outcome,
    code: data.code,
    due_at_ms: null,
    waits_for: null,
    doubt: 0,
    stood: null,
    ...holdColumns(null),
    escalated: null,
    results: JSON.stringify(data.results),
    entries: JSON.stringify(data.entries),
    receipt: data.receipt ? JSON.stringify(data.receipt) : null,
    finished_at: at,
  };
}

/** A submission is final when all its deliveries are, held while one that has not left is under a hold, open otherwise. */
function refreshSubmission(establishment: string, submission: string): Statement {
  const some = (condition: string) => `EXISTS (SELECT 1 FROM p_submission_deliveries s JOIN p_deliveries d
    ON d.establishment = s.establishment AND d.id = s.delivery
    WHERE s.establishment = p_submissions.establishment AND s.submission = p_submissions.id AND ${condition})`;
  return statement(
    `UPDATE p_submissions SET state = CASE
       WHEN NOT ${some("d.state <> 'final'")} THEN 'final'
       WHEN ${some("d.hold IS NOT NULL AND d.state IN ('waiting', 'due', 'ambiguous')")} THEN 'held'
       ELSE 'open' END WHERE establishment = ? AND id = ?`,
    ...[establishment, submission],
  );
}

function* importStays(
  { establishment, data }: LedgerEvent<'stays.imported'>,
  readRows: ReadRows,
): Projection {
  const lines = linesOf(readRows(data.rows.id));
  for (const line of yield* keepErased(establishment, 'p_stays', lines)) {
    const stay = JSON.parse(line) as Stay;
    yield statement(
      `INSERT INTO p_stays (establishment, finess_eg, stay_no, row) VALUES (?, ?, ?, ?)
       ON CONFLICT (establishment, finess_eg, stay_no) DO UPDATE SET row = excluded.row`,
      ...[establishment, stay.finessEg, stay.stayNo, line],
    );
  }
}

function* importExams(
  { establishment, data }: LedgerEvent<'exams.imported'>,
  readRows: ReadRows,
): Projection {
  const lines = linesOf(readRows(data.rows.id));
  for (const line of yield* keepErased(establishment, 'p_exams', lines)) {
    const exam = JSON.parse(line) as Exam;
    yield statement(
      `INSERT INTO p_exams (establishment, finess_eg, kind, exam_id, row) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (establishment, finess_eg, kind, exam_id) DO UPDATE SET row = excluded.row`,
      ...[establishment, exam.finessEg, exam.kind, exam.examId, line],
    );
  }
}

function linesOf(bytes: Uint8Array): string[] {
  return Buffer.from(bytes)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

function* restore({ establishment, seq, at, data }: LedgerEvent<'ledger.restored'>): Projection {
  yield statement(
    "UPDATE p_deliveries SET asked = 0 WHERE establishment = ? AND state <> 'final'",
    establishment,
  );
  yield statement(
    'INSERT INTO p_restores (establishment, seq, at, resend_until, lost_to_seal, data) VALUES (?, ?, ?, ?, ?, ?)',
    ...[establishment, seq, at, data.resendUntil, data.lost?.toSeal ?? 0, JSON.stringify(data)],
  );
}

function* issueToken({ data }: LedgerEvent<'token.issued'>): Projection {
  yield statement(
    'INSERT INTO p_tokens (token, name, sha256, grants, sender, revoked) VALUES (?, ?, ?, ?, ?, 0)',
    ...[data.token, data.name, data.sha256, JSON.stringify(data.grants), data.sender],
  );
}

function milliseconds(at: string | null): number | null {
  return at === null ? null : Date.parse(at);
}
