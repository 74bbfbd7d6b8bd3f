import type { LedgerEvent } from '../words/events.ts';
import { cancelledFileKey, type Movement, visitKey } from '../words/movement.ts';
import { type PersonMovement, stayFrom } from './moved-stay.ts';
import { openWork, workOnDelivered } from './project-work.ts';
import { type Projection, type Row, type Statement, statement } from './statements.ts';

/**
 * Keeps a movement and computes the stay again from all movements of its visit: the order of arrival is of no account. The
 * cancellation of a whole file counts for every visit of it.
 */
export function* moveStay(event: LedgerEvent<'stay.moved'>): Projection {
  const { visit, ofFile, trigger } = event.data;
  const key = visitKey(visit);
  yield keptUnder(key, event);
  const others = ofFile && visit.stayNo !== null ? yield* cancelFile(event, visit.stayNo) : [];
  for (const one of new Set([key, ...others])) yield* computeStay(event, one);
  if (trigger === 'A44') yield* documentsOfStay(event);
}

/** @returns the visits of the file that are known */
function* cancelFile(
  event: LedgerEvent<'stay.moved'>,
  stayNo: string,
): Generator<Statement, string[], Row[]> {
  const { establishment, data } = event;
  yield keptUnder(cancelledFileKey(data.visit, stayNo), event);
  const rows = yield statement(
    'SELECT visit FROM p_visits WHERE establishment = ? AND finess_eg = ? AND stay_no = ?',
    ...[establishment, data.visit.finessEg, stayNo],
  );
  return rows.map(({ visit }) => String(visit));
}

function keptUnder(key: string, { establishment, seq, data, person }: LedgerEvent<'stay.moved'>): Statement {
  return statement(
    'INSERT INTO p_movements (establishment, visit, seq, person, movement) VALUES (?, ?, ?, ?, ?)',
    ...[establishment, key, seq, data.identified ? person : null, JSON.stringify(data)],
  );
}

function* computeStay(event: LedgerEvent<'stay.moved'>, key: string): Projection {
  const { establishment, at, data } = event;
  const own = movementsOf(yield movementsUnder(establishment, key));
  const stayNo = own.findLast(({ visit }) => visit.stayNo !== null)?.visit.stayNo ?? null;
  const file = stayNo === null ? null : cancelledFileKey(data.visit, stayNo);
  const ofFile = file === null ? [] : movementsOf(yield movementsUnder(establishment, file));
  const { stay, admissionMissing } = stayFrom([...own, ...ofFile]);
  yield statement(
    `INSERT INTO p_visits (establishment, visit, finess_eg, stay_no, row) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (establishment, visit) DO UPDATE SET stay_no = excluded.stay_no, row = excluded.row`,
    ...[establishment, key, data.visit.finessEg, stay?.stayNo ?? stayNo ?? own[0]!.visit.visitNo],
    stay && JSON.stringify(stay),
  );
  const item = `admission-missing:${key}`;
  if (admissionMissing) yield openWork(event, { id: item, cause: 'admission-missing', stay: key, at });
  else yield statement('DELETE FROM p_work WHERE establishment = ? AND id = ?', establishment, item);
}

function movementsUnder(establishment: string, key: string): Statement {
  return statement(
    'SELECT person, movement FROM p_movements WHERE establishment = ? AND visit = ? ORDER BY seq',
    ...[establishment, key],
  );
}

function movementsOf(rows: readonly Row[]): PersonMovement[] {
  return rows.map(({ person, movement }) => ({
    ...(JSON.parse(String(movement)) as Movement),
    person: person === null ? null : String(person),
  }));
}

function* documentsOfStay(event: LedgerEvent<'stay.moved'>): Projection {
  const { finessEg, stayNo, visitNo } = event.data.visit;
  yield* workOnDelivered(
    ...[event, 'stay-of-other-patient' as const, 'b.site = ? AND (b.stay_no = ? OR b.visit_no = ?)'],
    [finessEg, stayNo, visitNo],
  );
}

/** Of the statements about an identity the latest counts; what was delivered under one that no longer holds is work. */
export function* assessIdentity(event: LedgerEvent<'identity.assessed'>): Projection {
  const { establishment, person, seq, data, personal } = event;
  if (person === null || data.status.length === 0) return;
  const changed = yield statement(
    `INSERT INTO p_identities (establishment, person, seq, stated_at, qualified, traits, statement) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (establishment, person) DO UPDATE SET seq = excluded.seq, stated_at = excluded.stated_at,
         qualified = excluded.qualified, traits = excluded.traits, statement = excluded.statement
       WHERE excluded.stated_at >= p_identities.stated_at RETURNING person`,
    ...[establishment, person, seq, data.statedAt, data.qualified ? 1 : 0, personal?.ref ?? null],
    JSON.stringify(data),
  );
  if (changed.length === 0) return;
  if (!data.qualified) yield* workOnDelivered(event, 'identity-downgraded', 'b.person = ?', [person]);
}

export function* mergeIdentities(event: LedgerEvent<'identity.merged'>): Projection {
  const { establishment, person, data } = event;
  if (person === null || data.kept === person) return;
  yield statement(
    `INSERT INTO p_merges (establishment, merged, kept, kind) VALUES (?, ?, ?, ?)
       ON CONFLICT (establishment, merged, kept) DO UPDATE SET kind = excluded.kind`,
    ...[establishment, person, data.kept, data.kind],
  );
  if (data.kind === 'merge') yield* workOnDelivered(event, 'identity-merged', 'b.person = ?', [person]);
}

export function* unlinkIdentities(event: LedgerEvent<'identity.unlinked'>): Projection {
  const { establishment, person, data } = event;
  if (person === null) return;
  yield statement(
    `DELETE FROM p_merges WHERE establishment = ? AND kind = 'link'
       AND ((merged = ? AND kept = ?) OR (merged = ? AND kept = ?))`,
    ...[establishment, person, data.kept, data.kept, person],
  );
}

/** Of what was collected for a visit, or for the patient, the latest counts; an opposition makes work of what was delivered. */
export function* recordConsent(event: LedgerEvent<'consent.recorded'>): Projection {
  const { establishment, person, seq, data } = event;
  if (person === null) return;
  const { visit, feeding, collectedAt } = data;
  yield* recordDmpState(event);
  if (feeding === null) return;
  const changed = yield statement(
    `INSERT INTO p_consents (establishment, person, visit, seq, collected_at, feeding, site, stay_no, visit_no)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (establishment, person, visit) DO UPDATE SET seq = excluded.seq, collected_at = excluded.collected_at,
         feeding = excluded.feeding, stay_no = excluded.stay_no WHERE excluded.collected_at >= p_consents.collected_at
       RETURNING person`,
    ...[establishment, person, visit ? visitKey(visit) : '', seq, collectedAt ?? '', feeding],
    ...[visit?.finessEg ?? null, visit?.stayNo ?? null, visit?.visitNo ?? null],
  );
  if (feeding !== 'opposed' || changed.length === 0) return;
  const [newer] = yield newerConsent(event);
  if (!newer) yield* workOnDelivered(event, 'patient-opposed', 'b.person = ?', [person]);
}

function* recordDmpState({ establishment, person, data }: LedgerEvent<'consent.recorded'>): Projection {
  if (!data.dmp) return;
  yield statement(
    `INSERT INTO p_dmp_states (establishment, person, status, at) VALUES (?, ?, ?, ?)
       ON CONFLICT (establishment, person) DO UPDATE SET status = excluded.status, at = excluded.at
       WHERE excluded.at >= p_dmp_states.at`,
    ...[establishment, person, data.dmp.status, data.dmp.at],
  );
}

function newerConsent({ establishment, person, data }: LedgerEvent<'consent.recorded'>): Statement {
  return statement(
    "SELECT 1 AS found FROM p_consents WHERE establishment = ? AND person = ? AND collected_at > ? AND feeding <> 'not-collected'",
    ...[establishment, person, data.collectedAt ?? ''],
  );
}
