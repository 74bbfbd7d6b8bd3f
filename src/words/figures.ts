import type { DeliveryOutcome, Destination } from './delivery.ts';
import type { ReceiptFacts } from './mail.ts';
import type { ExamReference, Operation, StayReference } from './request.ts';

/** One document of one delivery, as an indicator sees it. Holds no trait and no matricule. */
export interface CountedDocument {
  submission: string;
  delivery: string;
  uniqueId: string;
  operation: Operation;
  /** uniqueId that this replaced or deleted. */
  target: string | null;
  /** All versions of one document share a chain. */
  chain: string;
  typeCode: string;
  typeCodeSystem: string | null;
  templateIds: string[];
  level: 1 | 2 | 3;
  /** HL7 time stamps as written. */
  effectiveTime: string | null;
  serviceTime: string | null;
  stay: StayReference | null;
  exam: ExamReference | null;
  /** Exam identifiers of the document's header, `root^extension`. */
  exams: string[];
  /** Random identifier of the person, or null once erased. */
  person: string | null;
  /** OID of the INS that stood on the document. */
  identityRoot: string | null;
}

/**
 * One document of one delivery that ended `delivered`: what an indicator counts. A replacement or a deletion that was
 * delivered is such a fact too.
 */
export interface DeliveredDocument extends CountedDocument {
  destination: 'dmp' | 'mssante';
  /** Instant of the receipt, ISO 8601 UTC. */
  deliveredAt: string;
}

/** What a receipt said of a mail, and when it was recorded. Instants are ISO 8601 UTC. */
export interface MailReceipt extends Pick<ReceiptFacts, 'kind' | 'action' | 'failed'> {
  id: string;
  at: string;
}

/**
 * One document of one mail to one recipient that the operator took over, or of which a receipt came: what is known of its
 * way, none of it judged. A mail that replaces or deletes is such a fact too. No address stands here.
 */
export interface MailedDocument extends CountedDocument {
  class: NonNullable<Destination['class']> | null;
  /** Keyed hash of the address. */
  recipient: string;
  /** When the operator took the mail over; null when only a receipt shows that it did. */
  acceptedAt: string | null;
  outcome: DeliveryOutcome | null;
  finishedAt: string | null;
  /** In the order of their arrival. */
  receipts: readonly MailReceipt[];
}
