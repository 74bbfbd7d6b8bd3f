import type { RequestIdentity } from '../words/request.ts';

/** What a decision on an identity rests on, to be recorded with it. */
export interface Evidence {
  status: RequestIdentity['status'];
  /** Date of the INSi query, ISO 8601, when the sender gave it. */
  date: string | null;
  /** How the status was obtained, such as INSI or sender-policy. */
  method: string | null;
}

export interface Qualification {
  /** Null when no request speaks: the status is not judged. */
  status: RequestIdentity['status'] | null;
  qualified: boolean;
  evidence: Evidence | null;
}

/**
 * Whether an identity counts as qualified (INS sheet, 4.2 and 5.2): the request says VALI or QUAL, and the document shows
 * one INS under a root that the environment accepts, with its five traits. A document alone never tells; RECUP and PROV
 * never count.
 * @param carriesIns whether the document shows such an INS
 */
export function qualify(identity: RequestIdentity | null, carriesIns: boolean): Qualification {
  if (!identity) return { status: null, qualified: false, evidence: null };
  const { status, evidenceDate: date, method } = identity;
  return { status, qualified: carriesIns && mayQualify(status), evidence: { status, date, method } };
}

/** Whether a status allows an INS to be sent at all. */
export function mayQualify(status: RequestIdentity['status']): boolean {
  return status === 'VALI' || status === 'QUAL';
}
