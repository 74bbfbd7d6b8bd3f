import type { LedgerEvent } from '../words/events.ts';
import { ledgerError } from './errors.ts';
import { type Projection, type Statement, statement } from './statements.ts';

/** What is gone by decision, and by which event: bodies, personal values, persons. */
export type GoneKind = 'body' | 'value' | 'person';

function gone(event: LedgerEvent, kind: GoneKind, id: string): Statement {
  return statement(
    'INSERT INTO p_gone VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ...[event.establishment, kind, id, event.seq],
  );
}

/** Only what has ended is ever destroyed: a decision that came too late for that is refused. */
export function* expire(event: LedgerEvent<'bodies.expired'>): Projection {
  const { establishment, data } = event;
  for (const { submission, bodies, values } of data.submissions) {
    const done = yield statement(
      `UPDATE p_submissions SET gone = gone || ? WHERE establishment = ? AND id = ? AND state IN ('final', 'refused') RETURNING id`,
      ...[`${data.rule} `, establishment, submission],
    );
    if (done.length === 0) throw ledgerError('ledger.not-ended', { submission });
    for (const id of bodies) yield gone(event, 'body', id);
    for (const ref of values) yield gone(event, 'value', ref);
  }
}

/** A person of whom something is still under way is not erased. */
export function* erasePerson(event: LedgerEvent<'person.erased'>): Projection {
  const { establishment, person, data } = event;
  if (person === null) return;
  const [open] = yield statement(
    `SELECT id FROM p_submissions WHERE establishment = ? AND person = ? AND state NOT IN ('final', 'refused') LIMIT 1`,
    ...[establishment, person],
  );
  if (open) throw ledgerError('ledger.not-ended', { submission: String(open.id) });
  const [due] = yield statement(
    "SELECT id FROM p_integrations WHERE establishment = ? AND person = ? AND state IN ('due', 'parked') LIMIT 1",
    ...[establishment, person],
  );
  if (due) throw ledgerError('ledger.not-ended', { submission: String(due.id) });
  yield gone(event, 'person', person);
  for (const id of data.bodies) yield gone(event, 'body', id);
  for (const { finessEg, stayNo } of data.stays)
    yield* disown(event, 'p_stays', 'finess_eg = ? AND stay_no = ?', [finessEg, stayNo]);
  for (const { finessEg, kind, examId } of data.exams)
    yield* disown(event, 'p_exams', 'finess_eg = ? AND kind = ? AND exam_id = ?', [finessEg, kind, examId]);
}

/** In the place of the hash of an identifier stands the erased person, who is nobody: what is counted stays the same. */
function* disown(
  { establishment, person }: LedgerEvent<'person.erased'>,
  table: 'p_stays' | 'p_exams',
  where: string,
  key: string[],
): Projection {
  const [found] = yield statement(
    `SELECT row FROM ${table} WHERE establishment = ? AND ${where}`,
    ...[establishment, ...key],
  );
  if (!found) return;
  const row = JSON.stringify({ ...(JSON.parse(String(found.row)) as object), patient: person });
  yield statement(
    `UPDATE ${table} SET row = ? WHERE establishment = ? AND ${where}`,
    ...[row, establishment, ...key],
  );
}

/** Rows of an import as they are to be kept: one that was an erased person's does not become somebody's again. */
export function* keepErased(
  establishment: string,
  table: 'p_stays' | 'p_exams',
  lines: string[],
): Generator<Statement, string[], Readonly<Record<string, unknown>>[]> {
  const erased = yield statement(
    "SELECT id FROM p_gone WHERE establishment = ? AND kind = 'person'",
    establishment,
  );
  if (erased.length === 0) return lines;
  const nobody = new Set(erased.map(({ id }) => String(id)));
  const known = yield statement(`SELECT row FROM ${table} WHERE establishment = ?`, establishment);
  const owners = new Map(
    known.map(({ row }) => ownerOf(String(row))).filter(([, patient]) => nobody.has(patient ?? '')),
  );
  return lines.map((line) => {
    const owner = owners.get(ownerOf(line)[0]);
    return owner ? JSON.stringify({ ...(JSON.parse(line) as object), patient: owner }) : line;
  });
}

function ownerOf(row: string): [key: string, patient: string | null] {
  const { finessEg, stayNo, kind, examId, patient } = JSON.parse(row) as Record<string, string | null>;
  return [kind ? `${finessEg}/${kind}/${examId}` : `${finessEg}/${stayNo}`, patient ?? null];
}
