import type { NewEvent } from '../../ledger/ledger.ts';
import type { LedgerView } from '../../ledger/view.ts';
import type { DeliveryRow, WithdrawalRow } from '../../ledger/views.ts';
import { isViaducError } from '../../words/errors.ts';
import { newId } from '../../words/ids.ts';
import { sameName } from '../../words/person-name.ts';
import { type Commands, cancelled } from '../commands.ts';
import { deliveryError } from '../errors.ts';
import { followingEnds } from '../release.ts';
import type { Actor } from './ask.ts';
import { deletionSubmission, readDeletion } from './deletion.ts';
import { withdrawalError } from './errors.ts';

/** Events that carry a decision out, and the versions it was made on. */
interface Decision {
  events: NewEvent[];
  expect: Record<string, number>;
}

/**
 * The second person agrees: the deletion is accepted in the same append, so that a stop of the gateway loses neither.
 * @returns the submission that deletes
 * @throws ViaducError `withdrawal.same-person`, `withdrawal.already-decided`; those of `readDeletion`
 */
export async function confirmWithdrawal(
  commands: Commands,
  establishment: string,
  id: string,
  actor: Actor,
): Promise<string> {
  const submission = newId(commands.clock.now());
  await decide(commands, establishment, id, async (view, row) => {
    refuseUnlessAsked(row);
    refuseSamePerson(row, actor);
    const deletion = await readDeletion(view, row.documents, commands.clock.now());
    const accepted = await deletionSubmission(view, deletion, { withdrawal: id, submission });
    const confirmed: NewEvent = {
      type: 'withdrawal.confirmed',
      data: { withdrawal: id, submission, ...actor },
    };
    const events = [confirmed, accepted, ...deletion.planned.consequences];
    return { events, expect: deletion.expect };
  });
  return submission;
}

/** @throws ViaducError `withdrawal.same-person`, `withdrawal.already-decided` */
export function refuseWithdrawal(
  commands: Commands,
  establishment: string,
  id: string,
  { reason, ...actor }: Actor & { reason: string },
): Promise<void> {
  return decide(commands, establishment, id, async (_, row) => {
    refuseUnlessAsked(row);
    refuseSamePerson(row, actor);
    return {
      events: [{ type: 'withdrawal.refused', data: { withdrawal: id, reason, ...actor } }],
      expect: {},
    };
  });
}

/**
 * Takes a withdrawal back: by anybody who may decide, also by who asked for it. One that was confirmed ends as long as
 * nothing of it has left.
 * @throws ViaducError `withdrawal.already-decided`, `delivery.already-left`
 */
export function cancelWithdrawal(
  commands: Commands,
  establishment: string,
  id: string,
  actor: Actor,
): Promise<void> {
  return decide(commands, establishment, id, async (view, row) => {
    const event: NewEvent = { type: 'withdrawal.cancelled', data: { withdrawal: id, ...actor } };
    if (row.state === 'asked') return { events: [event], expect: {} };
    const open = await openDeletions(view, row);
    if (open.some(({ state, doubt }) => state === 'sending' || doubt))
      throw deliveryError('delivery.already-left');
    const ends = open.map((delivery) => cancelled(delivery, { by: actor.by }));
    return endingWith(view, event, ends, commands.clock.now());
  });
}

/**
 * The support of the DMP has withdrawn what the gateway may not.
 * @throws ViaducError `withdrawal.not-by-support`
 */
export function settleWithdrawal(
  commands: Commands,
  establishment: string,
  id: string,
  { reason, ...actor }: Actor & { reason: string },
): Promise<void> {
  return decide(commands, establishment, id, async (view, row) => {
    const parked = (await deletionsOf(view, row)).filter(waitsForSupport);
    if (row.state !== 'confirmed' || parked.length === 0) throw withdrawalError('withdrawal.not-by-support');
    const event: NewEvent = { type: 'withdrawal.settled', data: { withdrawal: id, reason, ...actor } };
    const ends = parked.map((delivery) => withdrawnBySupport(delivery, actor.by));
    return endingWith(view, event, ends, commands.clock.now());
  });
}

/** The deliveries that delete, of a withdrawal that was confirmed. */
export async function deletionsOf(view: LedgerView, { submission }: WithdrawalRow): Promise<DeliveryRow[]> {
  return submission === null ? [] : view.deliveriesOf(submission);
}

export function waitsForSupport({ state, code }: DeliveryRow): boolean {
  return state === 'parked' && code === 'delivery.withdrawal-by-support';
}

async function openDeletions(view: LedgerView, row: WithdrawalRow): Promise<DeliveryRow[]> {
  const open = (await deletionsOf(view, row)).filter(({ state }) => state !== 'final');
  if (row.state !== 'confirmed' || open.length === 0)
    throw withdrawalError('withdrawal.already-decided', { state: row.state });
  return open;
}

function withdrawnBySupport({ id, documents }: DeliveryRow, by: string): NewEvent {
  const code = 'delivery.withdrawn-by-support';
  const results = documents.map((uniqueId) => ({ uniqueId, outcome: 'delivered' as const, code }));
  return {
    type: 'delivery.finished',
    data: { delivery: id, outcome: 'delivered', code, results, entries: {}, receipt: null, by },
  };
}

/** Ends deliveries with what follows from each end. */
async function endingWith(
  view: LedgerView,
  event: NewEvent,
  ends: readonly NewEvent[],
  nowMs: number,
): Promise<Decision> {
  const decision: Decision = { events: [event, ...ends], expect: {} };
  const finished = ends.flatMap((end) => (end.type === 'delivery.finished' ? [end.data] : []));
  for (const { delivery } of finished)
    decision.expect[`delivery:${delivery}`] = await view.version(`delivery:${delivery}`);
  const { events, expect } = await followingEnds(view, finished, nowMs);
  decision.events.push(...events);
  decision.expect = { ...expect, ...decision.expect };
  return decision;
}

function refuseUnlessAsked({ state }: WithdrawalRow): void {
  if (state !== 'asked') throw withdrawalError('withdrawal.already-decided', { state });
}

/** Two tokens of one name, however it is written, are one person; so is one token under two names. */
function refuseSamePerson({ asked }: WithdrawalRow, { by, token }: Actor): void {
  if (sameName(asked.by, by) || asked.token === token) throw withdrawalError('withdrawal.same-person');
}

/** Reads a withdrawal, decides, and appends if nothing came in between; otherwise decides again. */
async function decide(
  { ledger, clock }: Commands,
  establishment: string,
  id: string,
  decision: (view: LedgerView, row: WithdrawalRow) => Promise<Decision>,
): Promise<void> {
  const view = ledger.of(establishment);
  const stream = `withdrawal:${id}`;
  for (;;) {
    const version = await view.version(stream);
    const row = await view.withdrawal(id);
    if (!row) throw withdrawalError('withdrawal.unknown');
    const { events, expect } = await decision(view, row);
    try {
      await ledger.append({
        ...{ establishment, nowMs: clock.now(), events },
        expect: { ...expect, [stream]: version },
      });
      return;
    } catch (error) {
      if (!isViaducError(error, 'ledger.conflict')) throw error;
    }
  }
}
