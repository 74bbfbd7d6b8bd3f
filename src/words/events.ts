import type { DeliveryOutcome, DeliveryResult, DeliveryState, Destination, Lane } from './delivery.ts';
import type { Environment } from './environment.ts';
import type { ErrorClass, Words } from './errors.ts';
import type { Grant } from './establishment.ts';
import type { Judgement, NotEvaluated, Profile } from './findings.ts';
import type { AskedHold, Hold } from './hold.ts';
import type { ReceivedDocument, WrittenAnswer } from './integration.ts';
import type { MailKind, ReceiptFacts } from './mail.ts';
import type { Consent, IdentityStatement, MergeKind, Movement } from './movement.ts';
import type { MessageOrigin, NoticeError, NoticeKind } from './notice.ts';
import type {
  Door,
  ExamReference,
  Operation,
  RequestIdentity,
  StayReference,
  SubmissionRequest,
  Visibility,
} from './request.ts';
import type { RetryFilter, RetryItem, RetrySkip } from './retry.ts';

/** A lot as it was written before its first byte left: its metadata, and the document that signs it. */
export interface LotReference {
  uniqueId: string;
  metadata: BodyReference;
  /** Absent for a lot without documents, and where no seal is configured. */
  signature?: BodyReference;
}

/** Where a stored body is and what it must be; the bytes stand in the encrypted store. */
export interface BodyReference {
  id: string;
  /** Lower-case hexadecimal SHA-256 of the bytes. */
  sha256: string;
  /** Bytes. */
  size: number;
}

/** Seals that a witness holds and a restored ledger no longer has, with the events under them. */
export interface LostSeals {
  fromSeal: number;
  toSeal: number;
  /** Last event under them. Events that were never sealed are lost beside these, and nobody can count them. */
  toEvent: number;
  /** Instant of the last of them. */
  lastAt: string;
  /** Digest of the last of them, by which the witness's are known again. */
  digest: string;
}

/** How a delivery stood when a restore put it in doubt, to go on from when the destination holds nothing. */
export interface StoodBefore {
  state: Extract<DeliveryState, 'waiting' | 'due' | 'parked'>;
  code: string | null;
  dueAt: string | null;
}

/** Retention classes of stored bodies (issue of keeping: each class has its own time). */
export type RetentionClass = 'accepted' | 'refused' | 'wire' | 'import';

/**
 * By which rule something kept beside the chain is destroyed at the end of its time:
 * - `refused`: document and report of a refusal at the door
 * - `delivered`: documents of a submission that was delivered, at least in part
 * - `undelivered`: documents of a submission of which nothing was delivered
 * - `wire`: what was sent and answered, as proof of an exchange
 * - `record`: request, facts and findings of an accepted submission, which hold the traits
 */
export type RetentionRule = 'refused' | 'delivered' | 'undelivered' | 'wire' | 'record';

/** What of a submission is destroyed: identifiers of bodies and of personal values. */
export interface Expired {
  submission: string;
  bodies: string[];
  values: string[];
}

/** A judgement as the chain keeps it: counts and codes; the findings themselves quote the document and stand apart. */
export interface VerdictSummary {
  judgement: Judgement;
  errors: number;
  warnings: number;
  codes: string[];
  notEvaluated: NotEvaluated[];
  packs: { id: string; sha256: string }[];
  /** Model and edition that the document was judged as; absent in events older than this member. */
  profile?: Pick<Profile, 'pack' | 'model' | 'edition'> | null;
}

/** What the chain keeps of a document: nothing that says who the patient is. */
export interface DocumentEntry {
  uniqueId: string;
  setId: string | null;
  versionNumber: number | null;
  /** uniqueIds of the documents its own header says it replaces. */
  parents: string[];
  typeCode: string;
  typeCodeSystem: string | null;
  /** OIDs, without their extension. */
  templateIds: string[];
  level: 1 | 2 | 3;
  /** HL7 time stamps as written. */
  effectiveTime: string | null;
  serviceTime: string | null;
  /** Structure identifiers (`1` + FINESS…) of the authors. */
  structures: string[];
  /** Exam identifiers of the header: serviceEvent ids and orders, `root^extension`. */
  exams: string[];
  contentSha256: string;
  body: BodyReference;
  verdict: VerdictSummary;
}

/** The data of each event, by type. Personal values never stand here: see `Personal` of the ledger. */
export interface EventData {
  'ledger.opened': { environment: Environment; product: { name: string; version: string } };
  /**
   * The ledger was put back from a backup: what was recorded after it is lost, and may have left. Until `resendUntil`
   * destinations are asked before anything new is sent, since senders send again what was lost.
   */
  'ledger.restored': {
    /** Instant of the backup; null for a copy that does not say. */
    backupAt: string | null;
    /** Last event of this chain in it. */
    lastEvent: number;
    /** Whether a witness said what was lost. */
    witness: 'none' | 'nothing-lost' | 'lost';
    lost: LostSeals | null;
    /** What was found wrong with the backup, and accepted. */
    problems: number;
    resendUntil: string;
    by: string;
  };
  'submission.accepted': {
    submission: string;
    sender: string;
    door: Door;
    /** SHA-256 of the sender's request key, or null when it gave none. */
    requestKey: string | null;
    requestSha256: string;
    operation: Operation;
    /** uniqueId that a replacement replaces or a deletion deletes. */
    target: string | null;
    /** In whose name it leaves: national identifier of the structure (`1` + FINESS…) and its name. */
    structure: { id: string; name: string };
    visibility: Visibility;
    secretConnection: boolean;
    identity: RequestIdentity & { environmentRoot: string | null };
    consent: SubmissionRequest['consent'];
    stay: StayReference | null;
    exam: ExamReference | null;
    /** The one in force at its arrival. */
    hold: AskedHold | null;
    documents: DocumentEntry[];
    deliveries: NewDelivery[];
    /** What the sender wants to be told of, and where its message came from; absent in events older than this member. */
    notices?: SubmissionRequest['notices'] & { origin: MessageOrigin | null };
    /** The withdrawal that this deletion carries out; absent when its sender asked for it. */
    withdrawal?: string;
  };
  'submission.refused': {
    submission: string;
    sender: string;
    door: Door;
    requestKey: string | null;
    requestSha256: string;
    /** Stable code of the refusal and the HTTP status it was answered with. */
    code: string;
    status: number;
    codes: string[];
    body: BodyReference | null;
  };
  /** `lane`: the queue it now stands in, when that changes. */
  'delivery.released': DeliveryFact & { dueAt: string; lane?: Lane } & Retried;
  /** `dueAt`: when the hold ends, and the delivery is released by itself. */
  'delivery.held': DeliveryFact & { reason: string; dueAt: string };
  /** It is not to leave before an instant, whatever its state; what has left is not called back. */
  'hold.placed': DeliveryFact & Hold;
  /** `by` null: at its date. */
  'hold.lifted': DeliveryFact & { by: string | null; reason: string };
  'delivery.sending': DeliveryFact & {
    attempt: number;
    /** Identifiers decided, and the exact metadata stored, before the first byte leaves. */
    lot: LotReference | null;
    /**
     * Codes of what was permitted by a setting of the establishment and not by a statement (`delivery.consent-not-collected`),
     * and of what the directory said of the recipient of a mail (`mssante.directory-…`).
     */
    traces?: string[];
  };
  /**
   * The operator took the mail over: it will not be sent again, and its receipt is awaited. `code`: its reply to the message;
   * `size`: bytes sent; `dueAt`: when the receipt is missed.
   */
  'delivery.accepted': DeliveryFact & { code: string; size: number; dueAt: string };
  'delivery.deferred': DeliveryFact & Failure & { dueAt: string };
  'delivery.in-doubt': DeliveryFact & Failure & { dueAt: string };
  /** `doubt`: the destination may hold it already, so it is asked before anything is sent again. */
  'delivery.parked': DeliveryFact & Failure & { doubt: boolean; by: string | null };
  'delivery.reopened': DeliveryFact & {
    to: DeliveryState;
    by: string;
    reason: string;
    dueAt: string | null;
    /** Predecessor in the chain that it must still wait for. */
    waitsFor: string | null;
    lane: Lane;
  } & Retried;
  /** It may have left after a backup that was restored: the destination is asked first. `was`: null for what was in doubt already. */
  'delivery.restored': DeliveryFact & { was: StoodBefore | null; dueAt: string };
  /** The destination, asked after a restore, holds nothing: it stands again as it did. */
  'delivery.returned': DeliveryFact & StoodBefore & { waitsFor: string | null };
  'delivery.finished': DeliveryFact & {
    outcome: DeliveryOutcome;
    code: string;
    results: DeliveryResult[];
    /** The destination's identifiers of the documents, when it gave them (entryUUID by uniqueId). */
    entries: Record<string, string>;
    receipt: BodyReference | null;
    /** Who cancelled, when a person did. */
    by: string | null;
    /** Why they did. */
    reason?: string;
  };
  /**
   * A mail came into a mailbox and is kept whole before anything is done with it. `position`: where it lay; `sha256`: of its
   * bytes, by which it is known again; `reason`: why it is of its kind.
   */
  'mail.received': {
    mail: string;
    mailbox: string;
    position: { uidValidity: string; uid: number };
    sha256: string;
    kind: MailKind;
    reason: string | null;
    body: BodyReference;
  };
  /**
   * A mail that came in speaks of one of ours. Its personal value holds the address that it names. When it decides how the
   * delivery ends, that end stands in the same append.
   */
  'receipt.recorded': DeliveryFact & ReceiptFacts & { id: string; mail: string };
  /**
   * A mail with documents was opened. `handed-on`: its integrations stand in the same append; `set-aside`: a person must look,
   * for the reason that `code` says and `why` tells of this mail (absent in events of before).
   */
  'mail.sorted': MailFact & { outcome: 'handed-on' | 'set-aside'; code: string | null; why?: Words };
  /** A person asks that a mail which was set aside be sorted again. */
  'mail.resumed': MailFact & { by: string; reason: string };
  /** A document is to be handed to the consumer of its mailbox; stands in the append of `mail.sorted`. */
  'integration.due': IntegrationFact &
    ReceivedDocument & {
      mailbox: string;
      /** The sender that takes it. */
      consumer: string;
      /** MSH-10, the same on every repetition. */
      controlId: string;
      /** Among the documents of its mail, from 1. */
      place: number;
    };
  /** Not acknowledged: to be sent again. `code` says what happened. */
  'integration.deferred': IntegrationFact & { attempt: number; code: string; dueAt: string };
  /** `answer`: MSH-10 of the acknowledgement. */
  'integration.acknowledged': IntegrationFact & { attempt: number; answer: string };
  /** The consumer will not have it; `code`: 900 to 906. */
  'integration.refused': IntegrationFact & { attempt: number; answer: string; code: string };
  /** A person must act; the next one of its mailbox goes on. */
  'integration.parked': IntegrationFact & { attempt: number; code: string };
  'integration.resumed': IntegrationFact & { by: string };
  'integration.closed': IntegrationFact & { by: string; reason: string };
  /** Every document of the mail has ended, and this will be answered. Its personal value holds the address. */
  'answer.due': AnswerFact & WrittenAnswer & { mailbox: string; dueAt: string };
  /** No answer will be sent, for this reason. */
  'answer.omitted': MailFact & { reason: string };
  /** Written down before the first byte of an attempt leaves. */
  'answer.sending': AnswerFact & { attempt: number };
  'answer.deferred': AnswerFact & { code: string; dueAt: string };
  'answer.sent': AnswerFact & { code: string };
  'answer.in-doubt': AnswerFact & { code: string };
  'answer.failed': AnswerFact & { code: string };
  /** A destination refuses what is configured: nothing is sent there until somebody mended it. `code`: its answer. */
  'destination.parked': DestinationFact & { code: string };
  /** A person stopped a destination: nothing is sent there until a person resumes it. */
  'destination.stopped': DestinationFact & { by: string; reason: string };
  'destination.resumed': DestinationFact & { by: string; reason: string };
  /** A list of deliveries to be tried again, as its author saw it: frozen, and opened at its rate. */
  'retry.started': RetryFact & {
    by: string;
    reason: string;
    filter: RetryFilter;
    ratePerMinute: number;
    count: number;
    /** SHA-256 of the request key of its preview; null without one. */
    key: string | null;
  };
  /** Part of the list, in order; stands in the append of its start. */
  'retry.listed': RetryFact & { items: RetryItem[] };
  /** A delivery of the list that is not opened. */
  'retry.skipped': RetryFact & DeliveryFact & { why: RetrySkip };
  'retry.paused': RetryFact & { by: string };
  'retry.resumed': RetryFact & { by: string };
  'retry.stopped': RetryFact & { by: string };
  'retry.finished': RetryFact;
  /** The sender is to be told how deliveries of its submission ended; stands in the append of the last of these ends. */
  'notice.due': NoticeFact & {
    kind: NoticeKind;
    sender: string;
    /** MSH-10 of the notice, the same on every repetition. */
    controlId: string;
    origin: MessageOrigin;
    /** Deliveries it speaks of. */
    deliveries: string[];
    success: boolean;
    error: NoticeError | null;
    /** Of a `Z03`: the receipt that says it. */
    reading?: string;
  };
  /** Not acknowledged: to be sent again. `code` says what happened. */
  'notice.deferred': NoticeFact & { attempt: number; code: string; dueAt: string };
  /** `answer`: MSH-10 of the acknowledgement. */
  'notice.acknowledged': NoticeFact & { attempt: number; answer: string };
  /** A person must act; the next one of its sender goes on. */
  'notice.parked': NoticeFact & { attempt: number; code: string };
  'notice.resumed': NoticeFact & { by: string };
  /** A movement of a stay as the administration told it; the stay is computed from all its movements. */
  'stay.moved': Movement;
  /** What the administration says of an identity: its status and whether it still has an INS. */
  'identity.assessed': IdentityStatement;
  /** The event's person and `kept` are one (`merge`), or belong together (`link`): what stops the one stops the other. */
  'identity.merged': { message: string; kind: MergeKind; kept: string; at: string };
  /** Two persons that were linked do not belong together. */
  'identity.unlinked': { message: string; kept: string; at: string };
  'consent.recorded': Consent;
  /** A person has dealt with an item of the work list. */
  'work.closed': { item: string; by: string; reason: string };
  /**
   * A person asks that documents be taken out of the DMP; nothing leaves before a second one agrees. `deposits`: the
   * deliveries by which they are there. `item`: of the work list, that it came from.
   */
  'withdrawal.asked': WithdrawalAct & {
    documents: string[];
    deposits: string[];
    item: string | null;
    reason: string;
  };
  /** The second person agrees; the submission that deletes stands in the same append. */
  'withdrawal.confirmed': WithdrawalAct & { submission: string };
  'withdrawal.refused': WithdrawalAct & { reason: string };
  'withdrawal.cancelled': WithdrawalAct;
  /** The support of the DMP did what the gateway may not do; the deliveries end in the same append. */
  'withdrawal.settled': WithdrawalAct & { reason: string };
  /** The sheet for the support, which holds traits, was given to a person. */
  'withdrawal.sheet-read': WithdrawalAct;
  'stays.imported': ImportFact;
  'exams.imported': ImportFact;
  /** Destroyed at the end of its time. `after` is the time of the rule as configured, `bytes` the size before compression. */
  'bodies.expired': { rule: RetentionRule; after: string; bytes: number; submissions: Expired[] };
  /**
   * The event's person was erased: their key, and with it every value and body about them. `stays` and `exams` are those of
   * imported files that were known to be theirs, and go on counting as those of one person who is nobody.
   */
  'person.erased': {
    by: string;
    confirmedBy: string;
    reason: string;
    bodies: string[];
    bytes: number;
    stays: { finessEg: string; stayNo: string }[];
    exams: { finessEg: string; kind: string; examId: string }[];
  };
  /** A second person confirms before anything is destroyed. `digest`: of what was shown. */
  'person.erasure-asked': { by: string; token: string; reason: string; digest: string };
  /** A person read a mail that came in. */
  'mail.read': MailFact & { by: string; reason: string };
  /** The bytes of a document were given to a person. */
  /** A person read what a destination answered; it may name the patient. */
  'receipt.read': { submission: string; delivery: string; answer: string; by: string; reason: string };
  'document.read': { submission: string; uniqueId: string; by: string; reason: string };
  /** Everything held of the event's person was read out, for the reason given. */
  'person.reported': { by: string; reason: string };
  /** Other keys take the place of those of the ledger; both keys that sign seals sign the change. Keys are public, in PEM. */
  'key.changed': { from: SignedKey; to: SignedKey; master: boolean; by: string };
  'token.issued': { token: string; name: string; sha256: string; grants: Grant[]; sender: string | null };
  'token.revoked': { token: string; by: string };
  /** In force from an instant (ISO 8601 UTC) until it is taken out of force. `problems`: what was known to be wrong with it. */
  'pack.activated': { id: string; sha256: string; from: string; problems: number; by: string };
  'pack.deactivated': { id: string; sha256: string; at: string; by: string };
}

interface SignedKey {
  key: string;
  pem: string;
  signature: string;
}

interface DeliveryFact {
  delivery: string;
}

/** What a person did with a withdrawal: by name and by token, so that one person never counts for two. */
interface WithdrawalAct {
  withdrawal: string;
  by: string;
  token: string;
}

interface DestinationFact {
  /** Its identifier (see `destinationId`). */
  destination: string;
}

interface RetryFact {
  retry: string;
}

/** By which run of retries it was done, and what it is a repetition of: the attempts made, why they ended, the event that says so. */
interface Retried {
  retry?: string;
  original?: { attempts: number; code: string | null; seq: number };
}

interface MailFact {
  mail: string;
}

interface IntegrationFact extends MailFact {
  integration: string;
}

interface AnswerFact extends MailFact {
  answer: string;
}

interface NoticeFact {
  notice: string;
  submission: string;
}

/** Why an attempt did not end. `charged` says whether it spends the delivery's budget: an outage charges nobody. */
interface Failure {
  code: string;
  class: ErrorClass;
  charged: boolean;
  /** Raw answer kept as evidence. */
  receipt: BodyReference | null;
}

interface ImportFact {
  import: string;
  author: string;
  /** SHA-256 of the file as it was given. */
  fileSha256: string;
  added: number;
  changed: number;
  removed: number;
  /** The rows as read, in order, one JSON text a line. */
  rows: BodyReference;
}

/** A delivery of a submission: made by it, or an earlier one of the same document that it joins. */
export interface NewDelivery {
  id: string;
  joined: boolean;
  operation: Operation;
  destination: Destination;
  /** All versions of one document share a chain; deliveries of a chain to one destination leave in order. */
  chain: string;
  documents: string[];
  lane: Lane;
  state: DeliveryState;
  dueAt: string | null;
  waitsFor: string | null;
}

export type EventType = keyof EventData;

/** An entry of an establishment's chain, as read back. */
export type LedgerEvent<T extends EventType = EventType> = {
  [K in T]: {
    establishment: string;
    /** Position in the establishment's chain, from 1. */
    seq: number;
    /** Position over all establishments of this ledger. */
    position: number;
    /** Instant, ISO 8601 UTC; never before that of the preceding event of the chain. */
    at: string;
    type: K;
    data: EventData[K];
    /** Random identifier of the person concerned. */
    person: string | null;
    /** Reference and keyed commitment of the personal value kept outside the chain. */
    personal: { ref: string; commitment: string } | null;
    /** Hexadecimal SHA-256 that chains this event to the one before. */
    hash: string;
  };
}[T];
