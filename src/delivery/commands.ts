import type { Ledger, NewEvent } from '../ledger/ledger.ts';
import type { DeliveryRow } from '../ledger/views.ts';
import { reopened } from '../routing/plan.ts';
import type { Clock } from '../words/clock.ts';
import { isViaducError } from '../words/errors.ts';
import { deliveryError } from './errors.ts';
import { followingEnd } from './release.ts';

/** What a person may do with a delivery; each act is an event that names its author. */
export interface Commands {
  ledger: Ledger;
  clock: Clock;
  /** Interrupts the attempt on a delivery, if one is under way in this process, and ends when it has ended. */
  interrupt(delivery: string): Promise<void>;
}

/** Who does it, and why. */
export interface Act {
  by: string;
  reason: string;
}

/** Opens a parked delivery again. What may already be at the destination is asked for before it is sent. */
export function retryDelivery(
  commands: Commands,
  establishment: string,
  id: string,
  by: string,
  reason: string,
): Promise<void> {
  return decide(commands, establishment, id, (delivery, predecessor) => {
    if (delivery.state !== 'parked') throw deliveryError('delivery.not-retryable', { state: delivery.state });
    const nowMs = commands.clock.now();
    return [reopened(delivery, predecessor, { by, reason, nowMs, lane: 'retried' })];
  });
}

/** Parks a delivery at once; one that is being sent is interrupted, and stays in doubt. */
export async function stopDelivery(
  commands: Commands,
  establishment: string,
  id: string,
  by: string,
): Promise<void> {
  await commands.interrupt(id);
  await decide(commands, establishment, id, (delivery) => {
    if (delivery.state === 'final' || delivery.state === 'parked')
      throw deliveryError('delivery.not-stoppable', { state: delivery.state });
    return [{ type: 'delivery.parked', data: parkedBy(delivery, by) }];
  });
}

function parkedBy(delivery: DeliveryRow, by: string) {
  const failure = { code: 'delivery.stopped', class: 'permanent' as const, charged: false, receipt: null };
  return { delivery: delivery.id, ...failure, doubt: delivery.doubt, by };
}

/**
 * Ends a mail that waits for a person, because nobody knows whether it arrived. A receipt that comes later still ends it
 * otherwise.
 * @throws ViaducError `delivery.not-closable`
 */
export function closeUnconfirmed(
  commands: Commands,
  establishment: string,
  id: string,
  act: Act,
): Promise<void> {
  return decide(commands, establishment, id, ({ state, doubt, destination, documents }) => {
    if (state !== 'parked' || !doubt || destination.kind !== 'mssante')
      throw deliveryError('delivery.not-closable', { state });
    const end = { outcome: 'unconfirmed', code: 'mssante.closed-unconfirmed' } as const;
    const results = documents.map((uniqueId) => ({ uniqueId, ...end }));
    const data = { delivery: id, ...end, results, entries: {}, receipt: null, ...act };
    return [{ type: 'delivery.finished', data }];
  });
}

/** Ends every delivery of a submission that has not left; refuses when one has, or may have. */
export async function cancelSubmission(
  commands: Commands,
  establishment: string,
  submission: string,
  act: Act,
): Promise<void> {
  const view = commands.ledger.of(establishment);
  const deliveries = (await view.deliveriesOf(submission)).filter((delivery) => delivery.state !== 'final');
  if (deliveries.some((delivery) => delivery.state === 'sending' || delivery.doubt))
    throw deliveryError('delivery.already-left');
  for (const delivery of deliveries) {
    await decide(commands, establishment, delivery.id, (now) => {
      if (now.state === 'sending' || now.doubt) throw deliveryError('delivery.already-left');
      return now.state === 'final' ? [] : [cancelled(now, act)];
    });
  }
}

/** The event that ends a delivery of which nothing has left. */
export function cancelled(delivery: DeliveryRow, act: Pick<Act, 'by'> & Partial<Act>): NewEvent {
  const outcome = 'cancelled' as const;
  const code = 'delivery.cancelled';
  const results = delivery.documents.map((uniqueId) => ({ uniqueId, outcome, code }));
  return {
    type: 'delivery.finished',
    data: { delivery: delivery.id, outcome, code, results, entries: {}, receipt: null, ...act },
  };
}

/** Reads a delivery and what it waits for, decides, and appends if nothing came in between; otherwise decides again. */
export async function decide(
  commands: Commands,
  establishment: string,
  id: string,
  decision: (delivery: DeliveryRow, predecessor: DeliveryRow | null) => NewEvent[],
): Promise<void> {
  const { ledger, clock } = commands;
  for (;;) {
    const view = ledger.of(establishment);
    const expect = { [`delivery:${id}`]: await view.version(`delivery:${id}`) };
    const delivery = await view.delivery(id);
    if (!delivery) return;
    const before = delivery.waitsFor;
    if (before !== null) expect[`delivery:${before}`] = await view.version(`delivery:${before}`);
    const decided = decision(delivery, before === null ? null : await view.delivery(before));
    if (decided.length === 0) return;
    const events = [...decided];
    for (const event of decided) {
      if (event.type !== 'delivery.finished') continue;
      const following = await followingEnd(view, event.data, clock.now());
      events.push(...following.events);
      Object.assign(expect, following.expect);
    }
    try {
      await ledger.append({ establishment, nowMs: clock.now(), expect, events });
      return;
    } catch (error) {
      if (!isViaducError(error, 'ledger.conflict')) throw error;
    }
  }
}
