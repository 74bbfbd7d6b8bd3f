import type { FeedingPolicy } from '../words/establishment.ts';
import { type Hold, keeps } from '../words/hold.ts';
import type { Job } from './job.ts';
import type { KnownPatient } from './patient.ts';

/** Whether a delivery may leave now, and what becomes of it when not. */
export type Permission =
  /** `traces`: codes of what a setting permits that nobody stated. */
  | { allowed: true; traces: string[] }
  | { allowed: false; do: 'refuse' | 'park'; code: string }
  /** `until`: when the hold ends, ISO 8601. */
  | { allowed: false; do: 'hold'; code: string; until: string };

/** Reasons for which a delivery is parked until a message about the patient comes. */
export const PATIENT_CODES: readonly string[] = [
  'delivery.identity-not-qualified',
  'delivery.identity-changed',
  'delivery.consent-not-collected',
  'delivery.withdrawal-by-support',
];

/**
 * What permits a delivery, read again before the first byte of every attempt: opposition, identity, consent, hold. What
 * identity and consent messages last said prevails over the request; a DMP that was said to be closed lately is not called.
 * A deletion only needs an identity to be addressed by: it is what mends a wrong deposit. One that a withdrawal asks for
 * needs an INS that is still qualified, else the support of the DMP has to do it. Mails are not stopped by an opposition, but
 * none leaves with an INS that is no longer qualified: its bytes cannot be edited (design, Mail).
 */
export function permissionFor(
  job: Pick<Job, 'submission' | 'delivery'>,
  patient: KnownPatient,
  { consentNotCollected: setting, closedDmpHours }: FeedingPolicy,
  nowMs: number,
): Permission {
  const { identity } = job.submission.facts;
  const toDmp = job.delivery.destination.kind === 'dmp';
  const feeds = toDmp && job.delivery.operation !== 'delete';
  if (feeds && patient.consent === 'opposed') return refuse('delivery.patient-opposed');
  if (feeds && isClosed(patient, closedDmpHours, nowMs)) return refuse('delivery.dmp-closed');
  if (toDmp && identity.environmentRoot === null) return park('delivery.identity-not-qualified');
  const withdrawn = job.submission.facts.withdrawal !== undefined;
  if (withdrawn && patient.identity === 'not-qualified') return park('delivery.withdrawal-by-support');
  if (feeds && patient.identity === 'not-qualified') return park('delivery.identity-not-qualified');
  if (feeds && patient.identity === 'other-ins') return park('delivery.identity-changed');
  const unknown = feeds && patient.consent === 'not-collected';
  if (unknown && setting === 'refuse') return refuse('delivery.consent-not-collected');
  if (unknown && setting === 'hold') return park('delivery.consent-not-collected');
  const mailed = toDmp ? null : mailPermission(identity.environmentRoot !== null, patient);
  if (mailed) return mailed;
  const { hold } = job.delivery;
  if (hold && keeps(hold, nowMs)) return held(hold, nowMs);
  return { allowed: true, traces: unknown ? ['delivery.consent-not-collected'] : [] };
}

function mailPermission(bearsIns: boolean, { identity }: KnownPatient): Permission | null {
  if (bearsIns && identity === 'not-qualified') return refuse('delivery.mail-identity-not-qualified');
  return identity === 'other-ins' ? park('delivery.identity-changed') : null;
}

/** Whether it was said lately that the patient has no open DMP: asking for it again would only be refused. */
function isClosed({ dmp }: KnownPatient, hours: number, nowMs: number): boolean {
  if (!dmp || dmp.status === 'ACTIF') return false;
  return nowMs - Date.parse(dmp.at) < hours * 3_600_000;
}

function held({ until }: Hold, nowMs: number): Permission {
  if (Date.parse(until) <= nowMs) return park('delivery.hold-escalated');
  return { allowed: false, do: 'hold', code: 'delivery.held', until };
}

function refuse(code: string): Permission {
  return { allowed: false, do: 'refuse', code };
}

function park(code: string): Permission {
  return { allowed: false, do: 'park', code };
}
