import type { Role } from './establishment.ts';

/** How soon a person must look: call now, the next morning, or only to know. */
export type Severity = 'call-now' | 'morning' | 'information';

/**
 * What an operator is told of once, while it lasts. The kind and the subject together are the incident: a thousand
 * observations of the same kind about the same subject are one.
 */
export type IncidentKind =
  | 'destination-down'
  | 'destination-parked'
  | 'destination-stopped'
  | 'deliveries-parked'
  | 'not-judged'
  | 'queue-age'
  | 'sender-silent'
  | 'disk-budget'
  | 'certificate-expiry'
  | 'revocation-unknown'
  | 'witness-missing'
  | 'clock-skew'
  | 'notice-parked'
  | 'integration-parked'
  | 'hold-escalated'
  | 'white-list'
  | 'directory'
  | 'receipts-late'
  | 'mail-bounced'
  | 'mailbox-down'
  | 'restored'
  | 'defect';

/** One observation that something is wrong. Carries no patient data: it travels by mail and webhook. */
export interface Observation {
  kind: IncidentKind;
  /** What it is about, by its configured name: a destination, a sender, the serial of a certificate. */
  subject: string;
  /** The establishment it belongs to; null for the whole installation. */
  establishment: string | null;
  severity: Severity;
  /** The role that owns it. */
  role: Role;
  /** The stable code behind it, where there is one. */
  code?: string;
  /** Numbers and names for the message, by the names its sentence uses. */
  facts?: Record<string, string | number>;
  /** How far it has come, such as the days before an end at which it is told: told again whenever it changes. */
  step?: string;
}

/** Where rooms report what is wrong, and that it is over. Repeating either changes nothing. */
export interface Incidents {
  open(observation: Observation): void;
  close(incident: Pick<Observation, 'kind' | 'subject' | 'establishment'>): void;
}
