import type { SubmissionRequest } from './request.ts';

export type MovementAction = 'INSERT' | 'UPDATE' | 'CANCEL';

/** The visit or, without its number, the file, by which movements are brought together. */
export function visitKey({ finessEg, stayNo, visitNo }: Visit): string {
  return visitNo === null ? `${finessEg} file ${stayNo ?? ''}` : `${finessEg} visit ${visitNo}`;
}

/** Where cancellations of whole files are kept, for every visit of them, those that are not told yet included. */
export function cancelledFileKey({ finessEg }: Visit, stayNo: string): string {
  return `${finessEg} cancelled file ${stayNo}`;
}

/** The visit that a movement is about: a physical coming of the patient, in one site. */
export interface Visit {
  finessEg: string;
  /** Administrative file, PID-18; null when the message gives none. */
  stayNo: string | null;
  /** Visit number, PV1-19. */
  visitNo: string | null;
}

/**
 * A movement as an ADT message tells it (PAM France). Instants are ISO 8601 UTC; null says that the message is silent.
 * Nothing here says who the patient is.
 */
export interface Movement {
  /** Key of the message and SHA-256 over what it says: the same message again is no new movement. */
  message: string;
  finessEj: string;
  visit: Visit;
  /** ZBE-1, identifier and authority. */
  movement: string;
  action: MovementAction;
  /** The event that the movement is, such as A01: for UPDATE and CANCEL, ZBE-6. */
  trigger: string;
  /** ZBE-5 = Y: told after the fact. */
  historical: boolean;
  /** ZBE-2. */
  effectiveAt: string;
  /** EVN-2, else MSH-7: of two messages about one movement the later one counts. */
  recordedAt: string;
  /** Whether the event's person is surely the patient of the stay: they are known by the local identifier of the message. */
  identified: boolean;
  /** PV1-2. */
  class: string | null;
  admittedAt: string | null;
  dischargedAt: string | null;
  /** PV1-36. */
  dischargeMode: string | null;
  /** Code of the responsible unit, ZBE-7.10. */
  unit: string | null;
  /** PV1-4 or PV1-21 = 19. */
  session: boolean;
  /** A cancellation that takes back the whole file of its visit, not the visit alone (PV1-51). */
  ofFile: boolean;
}

/** What the administration says of an identity at an instant. */
export interface IdentityStatement {
  message: string;
  /** PID-32: status and attributes, such as VALI, or VALI and DOUT. */
  status: string[];
  /** Whether it allows an INS to be used: VALI without an attribute that forbids it, and an INS present. */
  qualified: boolean;
  /** OID under which the INS stands; null without INS. The INS itself is among the traits beside the event. */
  insRoot: string | null;
  /** PID-33, else EVN-2, else MSH-7: the latest statement counts. */
  statedAt: string;
}

export type MergeKind = 'merge' | 'link';

/** What was collected about the feeding of the DMP, or that nothing was (ZFA). */
export interface Consent {
  message: string;
  /** ZFA-9; null when the message speaks of the state of the DMP only. */
  feeding: SubmissionRequest['consent'];
  /** ZFA-10, else EVN-2, else MSH-7; null for what was not collected and has no date: it lifts nothing that has one. */
  collectedAt: string | null;
  /** The visit it was collected for; null when it is of the patient. */
  visit: Visit | null;
  dmp: DmpState | null;
}

/** State of a patient's DMP, ZFA-1, as known at an instant, ZFA-2. */
export interface DmpState {
  status: 'ACTIF' | 'FERME' | 'INEXISTANT';
  at: string;
}
