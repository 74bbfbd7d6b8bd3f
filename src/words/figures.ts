import type { ExamReference, Operation, StayReference } from './request.ts';

/**
 * One document of one delivery that ended `delivered`: what an indicator counts. A replacement or a deletion that was
 * delivered is such a fact too. Holds no trait and no matricule.
 */
export interface DeliveredDocument {
  submission: string;
  delivery: string;
  destination: 'dmp' | 'mssante';
  uniqueId: string;
  operation: Operation;
  /** uniqueId that this replaced or deleted. */
  target: string | null;
  /** All versions of one document share a chain. */
  chain: string;
  /** Instant of the receipt, ISO 8601 UTC. */
  deliveredAt: string;
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
