import type { NewEvent } from '../ledger/ledger.ts';
import type { DeliveryRow } from '../ledger/views.ts';
import { instant } from '../words/clock.ts';
import type { Destination, Lane } from '../words/delivery.ts';
import type { NewDelivery } from '../words/events.ts';
import { newId } from '../words/ids.ts';
import type { Operation } from '../words/request.ts';
import { routingError } from './errors.ts';

/** What is known of the documents of a request when it is routed. */
export interface PlanInput {
  operation: Operation;
  /** uniqueIds of the request's documents. */
  documents: readonly string[];
  /** uniqueId that a replacement replaces; for a deletion, the document itself. */
  target: string | null;
  destinations: readonly Destination[];
  /** Hold asked for by the request: nothing leaves before. ISO 8601. */
  holdUntil: string | null;
  /** Of what is new; `live` when absent. */
  lane?: Lane;
  nowMs: number;
  /** Deliveries of these very documents, and all of the chain that the target belongs to, oldest first. */
  known: readonly DeliveryRow[];
}

/** The deliveries of a submission and what its arrival does to others. */
export interface Plan {
  deliveries: NewDelivery[];
  /** Events about other deliveries, or about a new one that ends without a call; they follow the acceptance. */
  consequences: NewEvent[];
}

/**
 * From a request to its deliveries (design, "Sending again" and "Chains"): what was delivered is joined, what is parked is
 * opened again, what was refused or cancelled is a new delivery; versions of one document leave in order.
 * @throws ViaducError `routing.newer-version-known`, `routing.target-deleted`
 */
export function plan(input: PlanInput): Plan {
  const whole: Plan = { deliveries: [], consequences: [] };
  for (const destination of input.destinations) {
    const known = input.known.filter((one) => sameDestination(one.destination, destination));
    const joined = joinable(input, known);
    for (const one of joined) refuseDeleted(one, known);
    const covered = new Set(joined.flatMap((one) => one.documents));
    const rest = input.documents.filter((uniqueId) => !covered.has(uniqueId));
    for (const one of joined) join(whole, one, input);
    for (const lot of lotsOf(input, rest)) add(whole, lot, destination, known);
  }
  return whole;
}

/** Documents leave together; each is deleted by a lot of its own, which has room for one (TD3.3c). */
function lotsOf(input: PlanInput, documents: string[]): PlanInput[] {
  if (input.operation !== 'delete') return documents.length === 0 ? [] : [{ ...input, documents }];
  return documents.map((uniqueId) => ({ ...input, documents: [uniqueId], target: uniqueId }));
}

function sameDestination(a: Destination, b: Destination): boolean {
  return a.kind === b.kind && a.class === b.class && a.recipient === b.recipient;
}

/** Earlier deliveries of the same documents by the same operation that still serve: delivered, under way or parked. */
function joinable(input: PlanInput, known: readonly DeliveryRow[]): DeliveryRow[] {
  return known.filter(
    (one) =>
      one.operation === input.operation &&
      one.documents.some((uniqueId) => input.documents.includes(uniqueId)) &&
      (one.state !== 'final' || one.outcome === 'delivered' || one.outcome === 'unconfirmed'),
  );
}

/** What was deleted since cannot be answered from the receipt of its deposit, and its identifier is used up. */
function refuseDeleted(one: DeliveryRow, known: readonly DeliveryRow[]): void {
  if (one.operation === 'delete') return;
  const target = one.documents.find((uniqueId) =>
    known.some((other) => other.seq > one.seq && deletes(other) && other.documents.includes(uniqueId)),
  );
  if (target !== undefined) throw routingError('routing.target-deleted', { target });
}

/** Whether a delivery is a deletion that is under way or took something away. */
export function deletes({ operation, state, outcome, code }: DeliveryRow): boolean {
  return (
    operation === 'delete' &&
    (state !== 'final' || (outcome === 'delivered' && code !== 'delivery.nothing-to-delete'))
  );
}

function join(whole: Plan, one: DeliveryRow, input: PlanInput): void {
  const { id, operation, destination, chain, documents, lane, state } = one;
  const dueAt = one.dueAtMs === null ? null : instant(one.dueAtMs);
  whole.deliveries.push({
    id,
    joined: true,
    operation,
    destination,
    chain,
    documents,
    lane,
    state,
    dueAt,
    waitsFor: null,
  });
  if (state !== 'parked' || awaitsDecision(one)) return;
  const predecessor = input.known.find((other) => other.id === one.waitsFor) ?? null;
  whole.consequences.push(
    reopened(one, predecessor, { by: 'sender', reason: 'sent again', nowMs: input.nowMs, lane: 'live' }),
  );
}

/** Whether a person held it and nobody has decided since: its sender, who might not lift that hold, does not end it either. */
function awaitsDecision({ escalated }: DeliveryRow): boolean {
  return escalated?.origin === 'person';
}

/**
 * The event that opens a parked delivery again: what may have left is asked for first, what has a predecessor that has not
 * ended waits for it again, anything else is due.
 */
export function reopened(
  { id, doubt, waitsFor }: DeliveryRow,
  predecessor: DeliveryRow | null,
  { by, reason, nowMs, lane }: { by: string; reason: string; nowMs: number; lane: Lane },
): NewEvent {
  const waits = !doubt && predecessor !== null && predecessor.state !== 'final';
  return {
    type: 'delivery.reopened',
    data: {
      ...{ delivery: id, to: doubt ? 'ambiguous' : waits ? 'waiting' : 'due', by, reason, lane },
      dueAt: waits ? null : instant(nowMs),
      waitsFor: waits ? waitsFor : null,
    },
  };
}

function add(whole: Plan, input: PlanInput, destination: Destination, known: readonly DeliveryRow[]): void {
  const documents = [...input.documents];
  const place = placeInChain(input, known);
  const held = input.holdUntil !== null && Date.parse(input.holdUntil) > input.nowMs;
  const waits = place.waitsFor !== null || held;
  const id = newId(input.nowMs);
  whole.deliveries.push({
    ...{
      id,
      joined: false,
      operation: input.operation,
      destination,
      chain: place.chain,
      documents,
      lane: input.lane ?? 'live',
    },
    ...{
      state: waits ? 'waiting' : 'due',
      dueAt: place.waitsFor !== null ? null : instant(held ? Date.parse(input.holdUntil!) : input.nowMs),
      waitsFor: place.waitsFor,
    },
  });
  whole.consequences.push(...place.consequences);
  if (place.endsAs) whole.consequences.push(ended(id, documents, place.endsAs, 'delivered'));
}

/** Where a new delivery stands among the versions of its document. */
interface Place {
  chain: string;
  waitsFor: string | null;
  consequences: NewEvent[];
  /** Code with which it ends at once, without a call. */
  endsAs: string | null;
}

function placeInChain(input: PlanInput, known: readonly DeliveryRow[]): Place {
  const { target, operation } = input;
  if (operation === 'deposit' || target === null)
    return { chain: input.documents[0]!, waitsFor: null, consequences: [], endsAs: null };
  const chain = known.find((one) => one.documents.includes(target))?.chain ?? target;
  if (operation === 'replace') refuseCircle(input.documents, chain, target);
  const versions = known.filter((one) => one.chain === chain);
  const beside = besideOf(target, versions);
  const head = versions.findLast(
    (one) =>
      (deletes(one) && !one.documents.every((uniqueId) => beside.has(uniqueId))) ||
      (one.operation !== 'delete' && (one.state !== 'final' || one.outcome === 'delivered')),
  );
  if (head) refuseOutdated(head, target);
  const nothing = operation === 'delete' && !head && versions.length > 0;
  if (!head || nothing)
    return { chain, waitsFor: null, consequences: [], endsAs: nothing ? 'delivery.nothing-to-delete' : null };
  return { chain, ...behind(head, operation, versions) };
}

/** The documents that came in one lot with another: their deletion says nothing of it. */
function besideOf(target: string, versions: readonly DeliveryRow[]): Set<string> {
  const lots = versions.filter(
    ({ operation, documents }) => operation !== 'delete' && documents.includes(target),
  );
  return new Set(lots.flatMap(({ documents }) => documents).filter((uniqueId) => uniqueId !== target));
}

/** A document replaces neither itself nor what came after it. */
function refuseCircle(documents: readonly string[], chain: string, target: string): void {
  if (documents.includes(target)) throw routingError('routing.replaces-itself', { target });
  if (documents.includes(chain))
    throw routingError('routing.newer-version-known', { target: chain, newer: target });
}

/** A request may aim at the newest version only. */
function refuseOutdated(head: DeliveryRow, target: string): void {
  if (head.operation === 'delete') throw routingError('routing.target-deleted', { target });
  if (!head.documents.includes(target))
    throw routingError('routing.newer-version-known', { target, newer: head.documents[0]! });
}

/** What has never left is ended and its place taken; what may have left is waited for. */
function behind(
  head: DeliveryRow,
  operation: Operation,
  versions: readonly DeliveryRow[],
): Omit<Place, 'chain'> {
  if (head.state === 'final') return { waitsFor: null, consequences: [], endsAs: null };
  if (head.state === 'sending' || head.doubt) return { waitsFor: head.id, consequences: [], endsAs: null };
  const outcome = operation === 'delete' ? 'cancelled' : 'superseded';
  const consequences = [ended(head.id, head.documents, `delivery.${outcome}`, outcome)];
  const nothing = operation === 'delete' && head.operation === 'deposit';
  const before = versions.find((one) => one.id === head.waitsFor && one.state !== 'final');
  return {
    waitsFor: before?.id ?? null,
    consequences,
    endsAs: nothing ? 'delivery.nothing-to-delete' : null,
  };
}

function ended(
  delivery: string,
  documents: readonly string[],
  code: string,
  outcome: 'delivered' | 'cancelled' | 'superseded',
): NewEvent {
  const results = documents.map((uniqueId) => ({ uniqueId, outcome, code }));
  return {
    type: 'delivery.finished',
    data: { delivery, outcome, code, results, entries: {}, receipt: null, by: null },
  };
}
