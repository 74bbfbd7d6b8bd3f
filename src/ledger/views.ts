import type { DeliveryOutcome, DeliveryResult, DeliveryState, Destination, Lane } from '../words/delivery.ts';
import type { Role } from '../words/establishment.ts';
import type { BodyReference, DocumentEntry, EventData, LotReference, StoodBefore } from '../words/events.ts';
import type { Hold } from '../words/hold.ts';
import type { ReceiptFacts } from '../words/mail.ts';
import type { IdentityStatement } from '../words/movement.ts';
import type { MessageOrigin, NoticeError, NoticeKind, NoticeState } from '../words/notice.ts';
import type { Door, Operation, SubmissionRequest } from '../words/request.ts';
import type { WorkCauseName } from '../words/work.ts';

/** A submission as the ledger reads it back. */
export interface SubmissionRow {
  id: string;
  seq: number;
  receivedAt: string;
  sender: string;
  door: Door;
  /** null for a refusal. */
  operation: Operation | null;
  state: 'refused' | 'held' | 'open' | 'final';
  requestKey: string | null;
  requestSha256: string;
  /** Code and HTTP status of a refusal. */
  code: string | null;
  status: number | null;
  target: string | null;
  facts: Pick<
    EventData['submission.accepted'],
    | 'structure'
    | 'visibility'
    | 'secretConnection'
    | 'identity'
    | 'consent'
    | 'stay'
    | 'exam'
    | 'hold'
    | 'notices'
    | 'withdrawal'
  >;
  person: string | null;
  /** Reference of the personal value: the request in full, the facts and the findings. */
  personalRef: string | null;
  /** Bytes kept of a refusal. */
  body: BodyReference | null;
}

export interface DeliveryRow {
  id: string;
  seq: number;
  destination: Destination;
  /** Identifier of the destination it goes to. */
  destinationId: string;
  chain: string;
  operation: Operation;
  /** The submission that made it. */
  submission: string;
  /** uniqueIds of its documents. */
  documents: string[];
  lane: Lane;
  state: DeliveryState;
  outcome: DeliveryOutcome | null;
  /** Code of the outcome, or of why it waits. */
  code: string | null;
  dueAtMs: number | null;
  waitsFor: string | null;
  /** In force, or whose date has come and that has not ended yet. */
  hold: Hold | null;
  /** Whose date came without a decision, while it is parked for that. */
  escalated: Hold | null;
  attempts: number;
  /** Failures that spend its budget. */
  charged: number;
  /** The destination may hold it already. */
  doubt: boolean;
  /** How it stood before a restore put it in doubt, while it is. */
  stood: StoodBefore | null;
  /** The destination was asked for it because of a restore. */
  asked: boolean;
  lot: LotReference | null;
  /** When it was last begun to be sent. */
  sentAt: string | null;
  /** When and how the operator took the mail over; null before, and for the DMP. `size` in bytes. */
  accepted: { at: string; code: string; size: number } | null;
  results: DeliveryResult[];
  entries: Record<string, string>;
  receipt: BodyReference | null;
  finishedAt: string | null;
}

/** What came back after a mail of ours. */
export interface ReceiptRow extends ReceiptFacts {
  id: string;
  delivery: string;
  seq: number;
  at: string;
  /** The mail that says it. */
  mail: string;
  /** Reference of the address that it names. */
  personalRef: string | null;
}

/** A mail that came into a mailbox. */
export interface MailRow extends Omit<EventData['mail.received'], 'mail'> {
  id: string;
  seq: number;
  receivedAt: string;
  person: string | null;
}

/** A destination to which nothing leaves: refused for its configuration, or stopped by a person. */
export interface DestinationRow {
  id: string;
  state: 'parked' | 'stopped';
  since: string;
  /** What it answered, when it is parked. */
  code: string | null;
  by: string | null;
  reason: string | null;
}

/** Deliveries to one destination in one lane that are to be sent or asked for. */
export interface LaneRow {
  destination: string;
  lane: Lane;
  depth: number;
  /** When the oldest of them was accepted. */
  oldestAt: string;
}

/** A document of an accepted submission. */
export interface DocumentRow extends DocumentEntry {
  submission: string;
  sender: string;
  seq: number;
}

/** A restore from a backup, as this chain recorded it. */
export interface RestoreRow {
  seq: number;
  at: string;
  data: EventData['ledger.restored'];
}

export interface TokenRow {
  token: string;
  name: string;
  grants: EventData['token.issued']['grants'];
  sender: string | null;
}

export interface Page<T> {
  items: T[];
  /** Give it as `cursor` to read on; null at the end. */
  next: string | null;
}

export interface SubmissionFilter {
  state?: SubmissionRow['state'];
  sender?: string;
  typeCode?: string;
  stayNo?: string;
  uniqueId?: string;
  /** Only submissions before this one (`seq`), newest first. */
  before?: number;
  limit: number;
}

export interface DeliveryFilter {
  state?: DeliveryState;
  before?: number;
  limit: number;
}

export interface NoticeRow {
  id: string;
  seq: number;
  createdAt: string;
  submission: string;
  sender: string;
  kind: NoticeKind;
  controlId: string;
  content: {
    origin: MessageOrigin;
    deliveries: string[];
    success: boolean;
    error: NoticeError | null;
    /** Of a `Z03`: the receipt that says it. */
    reading?: string;
  };
  state: NoticeState;
  attempts: number;
  code: string | null;
  dueAtMs: number | null;
  acknowledgedAt: string | null;
  resumedAt: string | null;
}

export interface NoticeFilter {
  state?: NoticeState;
  sender?: string;
  submission?: string;
  before?: number;
  limit: number;
}

export interface WorkRow {
  id: string;
  seq: number;
  openedAt: string;
  cause: WorkCauseName;
  role: Role;
  code: string | null;
  submission: string | null;
  delivery: string | null;
  notice: string | null;
  stay: string | null;
  /** The withdrawal it waits for, or is about. */
  withdrawal: string | null;
  /** The mail that came in. */
  mail: string | null;
}

/**
 * `asked`: waits for a second person; `confirmed`: the submission that deletes says what became of it; `settled`: the support
 * of the DMP has done it.
 */
export const WITHDRAWAL_STATES = ['asked', 'confirmed', 'refused', 'cancelled', 'settled'] as const;

export type WithdrawalState = (typeof WITHDRAWAL_STATES)[number];

export interface WithdrawalRow {
  id: string;
  seq: number;
  state: WithdrawalState;
  /** uniqueIds. */
  documents: string[];
  /** Deliveries by which the documents are in the DMP. */
  deposits: string[];
  item: string | null;
  reason: string;
  asked: { at: string; by: string; token: string };
  /** How the second person decided. */
  decided: WithdrawalStep | null;
  /** Who took it back, or said that the support had done it. */
  ended: WithdrawalStep | null;
  /** The submission that deletes. */
  submission: string | null;
}

export interface WithdrawalStep {
  at: string;
  by: string;
  reason: string | null;
}

export interface WithdrawalFilter {
  state?: WithdrawalState;
  before?: number;
  limit: number;
}

export interface WorkFilter {
  cause?: string;
  role?: string;
  /** Items to leave out at the beginning. */
  after?: number;
  limit: number;
}

/** What is known of an identity: the latest statement about it. */
export type IdentityRow = IdentityStatement & {
  /** Reference of the traits beside it. */
  traitsRef: string | null;
};

/** What was last collected for a visit, or for the patient (`visit` null). */
export interface ConsentRow {
  feeding: NonNullable<SubmissionRequest['consent']>;
  /** ISO 8601; empty when it has no date. */
  collectedAt: string;
  visit: { finessEg: string; stayNo: string | null; visitNo: string | null } | null;
}
