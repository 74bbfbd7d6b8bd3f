import type { DeliveryState, Lane } from '../words/delivery.ts';
import type { Environment } from '../words/environment.ts';
import type { EventData, EventType, RetentionClass } from '../words/events.ts';
import type { Seal } from './seal.ts';
import type { LedgerView } from './view.ts';

/**
 * The append-only record of everything that happens, with the encrypted stores beside it. Asynchronous and batched, so
 * that a store in a worker and a store in another machine look the same. Every read is of one establishment.
 */
export interface Ledger {
  readonly environment: Environment;
  /** Public part of the key that signs seals, SPKI in PEM. */
  readonly publicPem: string;
  /**
   * Appends events of one establishment, all or none, and stores the bodies they name. When the promise resolves, both
   * are synced to disk.
   * @throws ViaducError `ledger.conflict`, `ledger.fenced`, `ledger.illegal-move`, `ledger.disk-full`, `ledger.write-failed`, `ledger.closed`
   */
  append(append: Append): Promise<Appended[]>;
  /** Takes deliveries whose time has come, for as long as the lease says. */
  claim(claim: Claim): Promise<Claimed[]>;
  /**
   * Takes the first notice of a sender, when it is due and nobody holds the notices of that sender; else null. One holder at
   * a time, whatever the number of processes, keeps their order.
   */
  claimNotice(claim: NoticeClaim): Promise<ClaimedNotice | null>;
  /** Takes all that is to be done for a mailbox; null while somebody holds it. */
  claimMailbox(claim: MailboxClaim): Promise<ClaimedMailbox | null>;
  /** Gives a lease back without writing anything: another may take what it was on as it stands. */
  giveBack(claimed: AnyClaimed): Promise<void>;
  /** Seals what is not sealed yet, in every establishment, and hands the seals to the witnesses. */
  seal(nowMs: number): Promise<Seal[]>;
  /**
   * Frees the space of bodies that were destroyed: what is left of a file is copied, and an hour later the file is removed.
   * Files of the current month are left alone. Runs beside everything else, until `signal` ends it between two records.
   */
  reclaim(nowMs: number, signal?: AbortSignal): Promise<Reclaimed>;
  /** Drops the projections and makes them again from the events. */
  rebuild(): Promise<void>;
  /** The keyed hash by which a subject is found again in one establishment. */
  searchHash(establishment: string, kind: 'ins' | 'ipp' | 'address', value: string): string;
  /** Why seals could not be handed to a witness, when they could not. */
  witnessFailures(): Promise<string[]>;
  /** The readings of one establishment, and of no other. */
  of(establishment: string): LedgerView;
  /** Ends writing: what was accepted is durable, leases are given back. */
  close(): Promise<void>;
}

/** Files removed from the disk, and their bytes. */
export interface Reclaimed {
  files: number;
  bytes: number;
}

export interface Append {
  establishment: string;
  nowMs: number;
  /** Version of each stream that the decision was made on (0: no event yet). */
  expect?: Readonly<Record<string, number>>;
  /** The lease under which something is worked on; given back with this append unless it says `keepLease`. */
  lease?: Lease;
  keepLease?: boolean;
  events: readonly NewEvent[];
  bodies?: readonly NewBody[];
}

/** Who an event or a body is about. The traits themselves never leave the encrypted stores. */
export type Subject = { person: string } | { ins: string | null; ipp: string | null };

export type NewEvent = {
  [K in EventType]: { type: K; data: EventData[K]; subject?: Subject | null; personal?: Uint8Array };
}[EventType];

/** Bytes to store, encrypted under a key of their own that is wrapped by the subject's key (or the ledger's without one). */
export interface NewBody {
  id: string;
  bytes: Uint8Array;
  retention: RetentionClass;
  subject?: Subject | null;
}

export interface Appended {
  seq: number;
  position: number;
  at: string;
  person: string | null;
  /** Under which its personal value is read back. */
  personalRef: string | null;
}

/** The right to work on something; its token grows, so that who held it before is refused. */
export type Lease = DeliveryLease | NoticeLease | MailboxLease;

export interface DeliveryLease {
  delivery: string;
  token: number;
}

/** On all notices of one sender. */
export interface NoticeLease {
  noticesOf: string;
  token: number;
}

/** On what came into a mailbox: documents to be handed on, and answers to be sent. */
export interface MailboxLease {
  mailboxOf: string;
  token: number;
}

export interface Claim {
  nowMs: number;
  leaseMs: number;
  /** In all, whatever the destinations say. */
  limit: number;
  kind: 'dmp' | 'mssante';
  /** By identifier of a destination; null takes nothing for it. Without it every destination is served without end. */
  serve?: Readonly<Record<string, Serving | null>>;
  /** For a destination that `serve` does not name. */
  others?: Serving;
  /** A destination is asked first that comes after this one, so that none always comes last. */
  after?: string;
}

/**
 * From where deliveries are taken: the lanes, and of the live one, first what became due lately (`live`), apart from what
 * could not leave in time (`late`). So what comes today does not stand behind two days of outage.
 */
export type Queue = Lane | 'late';

/** What may be taken for one destination: so many in all, from its queues in this order. */
export interface Serving {
  limit: number;
  /** Of these, so many are for `live` and for no other queue. */
  keptForLive?: number;
  queues: readonly { queue: Queue; limit: number }[];
}

/**
 * A delivery taken for work. In state `sending` an earlier worker did not come back, in state `waiting` its hold has ended:
 * then there is only something to write down, and `queue` is null.
 */
export interface Claimed extends DeliveryLease {
  establishment: string;
  state: Extract<DeliveryState, 'waiting' | 'due' | 'ambiguous' | 'sending'>;
  /** Identifier of its destination. */
  destination: string;
  queue: Queue | null;
}

export interface NoticeClaim {
  establishment: string;
  sender: string;
  nowMs: number;
  leaseMs: number;
}

export interface ClaimedNotice extends NoticeLease {
  establishment: string;
  /** Identifier of the notice. */
  notice: string;
}

export interface MailboxClaim {
  establishment: string;
  mailbox: string;
  nowMs: number;
  leaseMs: number;
}

export interface ClaimedMailbox extends MailboxLease {
  establishment: string;
}

export type AnyClaimed = Claimed | ClaimedNotice | ClaimedMailbox;
