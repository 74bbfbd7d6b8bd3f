import type { LedgerEvent } from '../words/events.ts';
import { WORK_CAUSES, type WorkCauseName } from '../words/work.ts';
import type { DeliveryEvent } from './project.ts';
import { type Projection, type Statement, statement } from './statements.ts';
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
  at: string;
}

/** Opens an item; one that was opened before, or closed by a person, stays as it is. */
export function openWork(
  { establishment, seq }: Pick<LedgerEvent, 'establishment' | 'seq'>,
  work: NewWork,
): Statement {
  const { id, cause, code = null, submission = null, delivery = null, notice = null, stay = null, at } = work;
  return statement(
    `INSERT INTO p_work (establishment, id, seq, opened_at, cause, role, code, submission, delivery, notice, stay, closed)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (establishment, id) DO NOTHING`,
    ...[establishment, id, seq, at, cause, WORK_CAUSES[cause].role, code, submission, delivery, notice, stay],
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
      'SELECT submission FROM p_deliveries WHERE establishment = ? AND id = ?',
      ...[establishment, delivery],
    );
    const submission = String(row!.submission);
    yield openWork(event, {
      id: `parked:${delivery}`,
      cause,
      code: event.data.code,
      submission,
      delivery,
      at,
    });
  }
  if (event.type === 'delivery.finished') yield* untold(event);
}

/** What was superseded is no work: the version that came after it says what became of the document. */
function* untold(event: LedgerEvent<'delivery.finished'>): Projection {
  const { establishment, at, data } = event;
  const { delivery, outcome, code } = data;
  const rows = yield statement(
    `SELECT b.id, b.facts FROM p_submission_deliveries s JOIN p_submissions b ON b.establishment = s.establishment AND b.id = s.submission
       WHERE s.establishment = ? AND s.delivery = ?`,
    ...[establishment, delivery],
  );
  for (const { id, facts } of rows) {
    const item = `outcome:${id}:${delivery}`;
    if (outcome === 'delivered')
      yield statement('DELETE FROM p_work WHERE establishment = ? AND id = ?', establishment, item);
    const { notices } = JSON.parse(String(facts)) as SubmissionRow['facts'];
    const told = notices?.reception === true && notices.origin !== null;
    if (told || outcome === 'delivered' || outcome === 'superseded') continue;
    yield openWork(event, {
      ...{ id: item, cause: 'outcome-untold', code, submission: String(id), delivery, at },
    });
  }
}

/** Opens an item for each document that the given persons have in the DMP by a delivery. */
export function* workOnDelivered(
  event: LedgerEvent,
  cause: WorkCauseName,
  condition: string,
  values: readonly (string | null)[],
): Projection {
  const rows = yield statement(
    `SELECT d.id, d.submission FROM p_deliveries d JOIN p_submissions b ON b.establishment = d.establishment AND b.id = d.submission
       WHERE d.establishment = ? AND d.kind = 'dmp' AND d.operation <> 'delete' AND d.outcome = 'delivered' AND ${condition}
       ORDER BY d.seq`,
    ...[event.establishment, ...values],
  );
  for (const { id, submission } of rows)
    yield openWork(event, {
      ...{ id: `${cause}:${id}`, cause, submission: String(submission), delivery: String(id), at: event.at },
    });
}
