import type { Environment } from '../words/environment.ts';
import type { Job } from './job.ts';

/** Whether a delivery may leave now, and what becomes of it when not. */
export type Permission =
  | { allowed: true }
  | { allowed: false; do: 'refuse' | 'park'; code: string }
  /** `until`: when the hold ends, ISO 8601. */
  | { allowed: false; do: 'hold'; code: string; until: string };

const ALLOWED: Permission = { allowed: true };

/**
 * What permits a delivery, read again before the first byte of every attempt: opposition, hold, identity. The status of
 * the identity is that of the request until identity events say otherwise.
 */
export function permissionFor(job: Job, _environment: Environment, nowMs: number): Permission {
  const { identity, consent, hold } = job.submission.facts;
  const toDmp = job.delivery.destination.kind === 'dmp';
  if (toDmp && job.delivery.operation !== 'delete' && consent === 'opposed')
    return { allowed: false, do: 'refuse', code: 'delivery.patient-opposed' };
  if (toDmp && identity.environmentRoot === null)
    return { allowed: false, do: 'park', code: 'delivery.identity-not-qualified' };
  if (hold && Date.parse(hold.until) > nowMs && job.delivery.attempts === 0)
    return { allowed: false, do: 'hold', code: 'delivery.held', until: hold.until };
  return ALLOWED;
}
