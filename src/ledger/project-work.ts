import type { LedgerEvent } from '../words/events.ts';
import { WITHDRAWABLE, WORK_CAUSES, type WorkCauseName } from '../words/work.ts';
import type { DeliveryEvent } from './project.ts';
import { type Projection, type Row, type Statement, statement } from './statements.ts';
import type { SubmissionRow } from './views.ts';

/** An item of the work list as an event opens it. */
export interface NewWork {
  /** Made of what it is about, so that the same cause opens it once. */
  id: string;
  cause: WorkCauseName;
  code?: string | null;
  submission?: string | null;
  delivery?: string | null;
  notice?: string | null;
  /** The stay, in words: site and number. */
  stay?: string | null;
  withdrawal?: string | null;
  mail?: string | null;
  at: string;
}

/** Opens an item; one that was opened before, or closed by a person, stays as it is. */
export function openWork(
  { establishment, seq }: Pick<LedgerEvent, 'establishment' | 'seq'>,
  work: NewWork,
): Statement {
  const { id, cause, code = null, submission = null, delivery = null, notice = null, stay = null, at } = work;
  const { role } = WORK_CAUSES[cause];
  return statement(
    `INSERT INTO p_work (establishment, id, seq, opened_at, cause, role, code, submission, delivery, notice, stay, withdrawal, mail, closed)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (establishment, id) DO NOTHING`,
    ...[establishment, id, seq, at, cause, role, code, submission, delivery, notice, stay],
    ...[work.withdrawal ?? null, work.mail ?? null],
  );
}

export function closeWork({ establishment, data }: LedgerEvent<'work.closed'>): Statement {
  return statement(
    'UPDATE p_work SET closed = 1 WHERE establishment = ? AND id = ?',
    establishment,
    data.item,
  );
}

const CAUSE_OF_CODE: Readonly<Record<string, WorkCauseName>> = {
  'delivery.identity-not-qualified': 'identity-not-qualified',
  'delivery.identity-changed': 'identity-not-qualified',
  'delivery.consent-not-collected': 'consent-not-collected',
  'delivery.withdrawal-by-support': 'withdrawal-by-support',
  'delivery.hold-escalated': 'hold-escalated',
};

/** A parked delivery is work until it moves on; one that ended otherwise than delivered is, when nobody will be told. */
export function* workOfDelivery(event: DeliveryEvent): Projection {
  const { establishment, at, data } = event;
  const { delivery } = data;
  yield statement(
    'DELETE FROM p_work WHERE establishment = ? AND id = ?',
    establishment,
    `parked:${delivery}`,
  );
  if (event.type === 'delivery.parked') {
    const cause = CAUSE_OF_CODE[event.data.code] ?? 'delivery-parked';
    const [row] = yield statement(
      `SELECT d.submission, b.facts FROM p_deliveries d JOIN p_submissions b ON b.establishment = d.establishment
         AND b.id = d.submission WHERE d.establishment = ? AND d.id = ?`,
      ...[establishment, delivery],
    );
    const submission = String(row!.submission);
    const { withdrawal = null } = factsIn(row!);
    yield openWork(event, {
      id: `parked:${delivery}`,
      cause,
      code: event.data.code,
      submission,
      delivery,
      withdrawal,
      at,
    });
  }
  if (event.type === 'delivery.finished') yield* workOfEnd(event);
}

function factsIn({ facts }: Row): SubmissionRow['facts'] {
  return JSON.parse(String(facts)) as SubmissionRow['facts'];
}

/** What the end of a delivery opens and closes, for each submission that it belongs to. */
function* workOfEnd(event: LedgerEvent<'delivery.finished'>): Projection {
  const { establishment, data } = event;
  const { delivery, outcome } = data;
  const rows = yield statement(
    `SELECT b.id, b.facts, b.operation FROM p_submission_deliveries s JOIN p_submissions b ON b.establishment = s.establishment
       AND b.id = s.submission WHERE s.establishment = ? AND s.delivery = ?`,
    ...[establishment, delivery],
  );
  for (const row of rows) {
    if (outcome === 'delivered') yield* forget(event, row);
    else yield* workOfFailure(event, row);
  }
  if (outcome === 'delivered' && rows.some(({ operation }) => operation === 'delete'))
    yield* closeDeleted(establishment, delivery);
}

/** What became of it has changed, or its sender is told of it. */
function* forget({ establishment, data }: LedgerEvent<'delivery.finished'>, { id }: Row): Projection {
  yield statement(
    'DELETE FROM p_work WHERE establishment = ? AND id = ?',
    ...[establishment, `outcome:${id}:${data.delivery}`],
  );
}

/**
 * What was superseded is no work: the version that came after it says what became of the document. Of a mail without
 * confirmation no notice speaks.
 */
function* workOfFailure(event: LedgerEvent<'delivery.finished'>, row: Row): Projection {
  const { delivery, outcome, code } = event.data;
  const { notices, withdrawal } = factsIn(row);
  const told = notices?.reception === true && notices.origin !== null && outcome !== 'unconfirmed';
  if (told) yield* forget(event, row);
  if (outcome === 'superseded' || (withdrawal === undefined ? told : outcome === 'cancelled')) return;
  const cause = withdrawal === undefined ? 'outcome-untold' : 'withdrawal-failed';
  const submission = String(row.id);
  yield openWork(event, {
    ...{ id: `outcome:${submission}:${delivery}`, cause, code, submission, delivery, at: event.at },
    withdrawal: withdrawal ?? null,
  });
}

/** A document that is no longer in the DMP needs no decision any more. */
function* closeDeleted(establishment: string, deletion: string): Projection {
  const deposits = yield statement(
    `SELECT d.id, d.chain, d.documents FROM p_deliveries x JOIN p_deliveries d ON d.establishment = x.establishment AND d.chain = x.chain
       WHERE x.establishment = ? AND x.id = ? AND d.operation <> 'delete' AND d.outcome = 'delivered'`,
    ...[establishment, deletion],
  );
  for (const deposit of deposits) {
    if (yield* isThere(establishment, deposit)) continue;
    for (const cause of WITHDRAWABLE)
      yield statement(
        'UPDATE p_work SET closed = 1 WHERE establishment = ? AND id = ?',
        ...[establishment, `${cause}:${deposit.id}`],
      );
  }
}

/** Whether a document of a deposit was not deleted since. */
function* isThere(establishment: string, { chain, documents }: Row): Generator<Statement, boolean, Row[]> {
  const deletions = yield statement(
    "SELECT documents FROM p_deliveries WHERE establishment = ? AND chain = ? AND operation = 'delete' AND outcome = 'delivered'",
    ...[establishment, String(chain)],
  );
  const gone = new Set(deletions.flatMap((one) => namesIn(one.documents)));
  return namesIn(documents).some((uniqueId) => !gone.has(uniqueId));
}

function namesIn(documents: unknown): string[] {
  return JSON.parse(String(documents)) as string[];
}

/** Opens an item for each document that the given persons have in the DMP by a delivery. */
export function* workOnDelivered(
  event: LedgerEvent,
  cause: WorkCauseName,
  condition: string,
  values: readonly (string | null)[],
): Projection {
  const rows = yield statement(
    `SELECT d.id, d.submission, d.chain, d.documents FROM p_deliveries d JOIN p_submissions b ON b.establishment = d.establishment AND b.id = d.submission
       WHERE d.establishment = ? AND d.kind = 'dmp' AND d.operation <> 'delete' AND d.outcome = 'delivered' AND ${condition}
       ORDER BY d.seq`,
    ...[event.establishment, ...values],
  );
  for (const row of rows) {
    if (!(yield* isThere(event.establishment, row))) continue;
    const [delivery, submission] = [String(row.id), String(row.submission)];
    yield openWork(event, { id: `${cause}:${delivery}`, cause, submission, delivery, at: event.at });
  }
}
