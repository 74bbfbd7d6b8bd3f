/**
 * States of a delivery:
 * - `waiting`: for the end of a hold, or for its predecessor in the chain
 * - `due`: to be sent at `dueAt`
 * - `sending`: the first byte may have left
 * - `ambiguous`: it is not known whether the destination took it, or a mail was taken over and its receipt is awaited; at
 *   `dueAt` the destination is asked, or the receipt is missed
 * - `parked`: a person must act; may be reopened
 * - `final`: has its outcome
 */
export type DeliveryState = 'waiting' | 'due' | 'sending' | 'ambiguous' | 'parked' | 'final';

/** Outcomes of a delivery that is final. `unconfirmed` (mail without a DSN) may still become delivered or refused. */
export type DeliveryOutcome = 'delivered' | 'refused' | 'cancelled' | 'superseded' | 'unconfirmed';

/**
 * Every allowed move and the event that makes it; the ledger refuses any other. `final` to `final` is only for an
 * unconfirmed mail whose DSN comes late.
 */
export const DELIVERY_MOVES: Readonly<
  Record<DeliveryState, Readonly<Partial<Record<DeliveryState, readonly DeliveryEventType[]>>>>
> = {
  waiting: {
    waiting: ['delivery.held'],
    due: ['delivery.released'],
    ambiguous: ['delivery.restored'],
    parked: ['delivery.parked'],
    final: ['delivery.finished'],
  },
  due: {
    waiting: ['delivery.held'],
    due: ['delivery.deferred'],
    sending: ['delivery.sending'],
    ambiguous: ['delivery.restored'],
    parked: ['delivery.parked'],
    final: ['delivery.finished'],
  },
  sending: {
    due: ['delivery.deferred'],
    ambiguous: ['delivery.in-doubt', 'delivery.accepted', 'delivery.restored'],
    parked: ['delivery.parked'],
    final: ['delivery.finished'],
  },
  ambiguous: {
    ambiguous: ['delivery.in-doubt', 'delivery.restored'],
    sending: ['delivery.sending'],
    waiting: ['delivery.returned'],
    due: ['delivery.returned'],
    parked: ['delivery.parked', 'delivery.returned'],
    final: ['delivery.finished'],
  },
  parked: {
    waiting: ['delivery.reopened'],
    due: ['delivery.reopened'],
    ambiguous: ['delivery.reopened', 'delivery.restored'],
    final: ['delivery.finished'],
  },
  final: { final: ['delivery.finished'] },
};

export type DeliveryEventType =
  | 'delivery.released'
  | 'delivery.held'
  | 'delivery.sending'
  | 'delivery.accepted'
  | 'delivery.deferred'
  | 'delivery.in-doubt'
  | 'delivery.parked'
  | 'delivery.reopened'
  | 'delivery.restored'
  | 'delivery.returned'
  | 'delivery.finished';

/** Whether the table allows an event to lead from one state to another. */
export function mayMove(from: DeliveryState, to: DeliveryState, by: DeliveryEventType): boolean {
  return DELIVERY_MOVES[from][to]?.includes(by) ?? false;
}

export type DestinationKind = 'dmp' | 'mssante';

/** Where a delivery goes. The address of a mail stands with the personal values; here is only what may be shown to all. */
export interface Destination {
  kind: DestinationKind;
  class?: 'professional' | 'organization' | 'patient';
  /** Keyed hash of the address, to know the same recipient again. */
  recipient?: string;
  /** The mailbox it leaves from, by its id in the configuration. */
  via?: string;
}

/**
 * Identifier of a destination: its kind, the establishment, and by whose access it is reached (the structure for the DMP, the
 * mailbox for a mail). `dmp.chu.10B0000012`, `mssante.chu.labo`
 */
export function destinationId(kind: DestinationKind, establishment: string, via: string): string {
  return `${kind}.${establishment}.${via}`;
}

export function kindOf(destination: string): DestinationKind {
  return destination.split('.')[0] as DestinationKind;
}

/** The establishment that an identifier of a destination names. */
export function establishmentOf(destination: string): string {
  return destination.split('.')[1]!;
}

/** Which queue a delivery stands in: documents as they come, tried again by a person, or loaded from the past. */
export type Lane = (typeof LANES)[number];

export const LANES = ['live', 'retried', 'historic'] as const;

/** What became of one document of a delivery. */
export interface DeliveryResult {
  uniqueId: string;
  outcome: DeliveryOutcome;
  /** Stable code of the reason; the destination's own code when it gave one. */
  code: string;
}
