import type { NewEvent } from '../ledger/ledger.ts';
import type { LedgerView } from '../ledger/view.ts';
import type { DeliveryRow } from '../ledger/views.ts';
import { reopened } from '../routing/plan.ts';
import type { FeedingPolicy } from '../words/establishment.ts';
import type { Visit } from '../words/movement.ts';
import { type Commands, decide } from './commands.ts';
import { readJob } from './job.ts';
import { knownPatient } from './patient.ts';
import { PATIENT_CODES, type Permission, permissionFor } from './permission.ts';

export interface Reassessing extends Commands {
  feeding(establishment: string): FeedingPolicy;
  /** Something may have become due, or have ended. */
  onDecided(): void;
}

/**
 * Assesses again what has not ended for a person, after a message about them: what stops is ended or parked, what was parked
 * for a reason that no longer holds goes on. What is being sent is left alone: it was permitted when it left.
 */
export async function reassessPerson(
  tools: Reassessing,
  establishment: string,
  person: string,
): Promise<void> {
  const view = tools.ledger.of(establishment);
  const persons = await view.samePersons(person, true);
  for (const delivery of await view.openDeliveriesOf(persons)) await reassess(tools, view, delivery);
}

/** Assesses again everything that waits for a message about its patient: one may have come when the gateway stopped. */
export async function reassessParked(tools: Reassessing, establishment: string): Promise<void> {
  const view = tools.ledger.of(establishment);
  for (const delivery of await view.parkedFor(PATIENT_CODES)) await reassess(tools, view, delivery);
}

/** Parks what waits for documents of a stay that now belongs to other persons than theirs. */
export async function parkOfStay(
  tools: Reassessing,
  establishment: string,
  visit: Visit,
  persons: readonly string[],
): Promise<void> {
  const view = tools.ledger.of(establishment);
  for (const { id } of await view.openDeliveriesOfStay(visit, persons))
    await decide(tools, establishment, id, (now) =>
      isQueued(now) ? [parkedBy(now, 'delivery.stay-moved')] : [],
    );
}

function isQueued({ state, doubt }: DeliveryRow): boolean {
  return (state === 'due' || state === 'waiting') && !doubt;
}

async function reassess(tools: Reassessing, view: LedgerView, { id }: DeliveryRow): Promise<void> {
  const job = await readJob(view, id);
  if (!job) return;
  const patient = await knownPatient(view, job.submission, job.personal.facts);
  const setting = tools.feeding(view.establishment);
  const permission = permissionFor(job, patient, setting, tools.clock.now());
  await decide(tools, view.establishment, id, (now, predecessor) =>
    decisionOn(now, predecessor, permission, tools.clock.now()),
  );
  tools.onDecided();
}

function decisionOn(
  now: DeliveryRow,
  predecessor: DeliveryRow | null,
  permission: Permission,
  nowMs: number,
): NewEvent[] {
  const parked = now.state === 'parked' && PATIENT_CODES.includes(now.code ?? '');
  const queued = isQueued(now);
  if (permission.allowed || permission.do === 'hold') {
    const because = { by: 'adt', reason: 'a message about the patient', nowMs, lane: 'live' as const };
    return parked ? [reopened(now, predecessor, because)] : [];
  }
  if (permission.do === 'refuse' && (queued || (parked && !now.doubt)))
    return [refusedBy(now, permission.code)];
  return permission.do === 'park' && queued ? [parkedBy(now, permission.code)] : [];
}

function refusedBy({ id, documents }: DeliveryRow, code: string): NewEvent {
  const results = documents.map((uniqueId) => ({ uniqueId, outcome: 'refused' as const, code }));
  return {
    type: 'delivery.finished',
    data: { delivery: id, outcome: 'refused', code, results, entries: {}, receipt: null, by: null },
  };
}

function parkedBy({ id, doubt }: DeliveryRow, code: string): NewEvent {
  const why = { code, class: 'permanent' as const, charged: false, receipt: null };
  return { type: 'delivery.parked', data: { delivery: id, ...why, doubt, by: null } };
}
