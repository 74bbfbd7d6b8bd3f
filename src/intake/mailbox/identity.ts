import { assessIdentity, type InsAssessment } from '../../identity/assess.ts';
import type { PatientFacts } from '../../words/document.ts';
import type { Environment } from '../../words/environment.ts';

export type IdentityCode = 'received.ins-missing' | 'received.ins-incomplete' | 'received.ins-unusable';

/** Traits without which a matricule that came in is incomplete (code 905); a birthplace may be missing. */
const STRICT = ['birth-name', 'first-given-name', 'birth-date', 'sex'] as const;

/** Findings about a trait that may be missing: the matricule stands without it. */
const OF_A_TRAIT = /^ins\.(?:trait-|county-|birth-place-)/;

const NOWHERE = { line: null, column: null, location: null };

/** What is known of the patient of a document that came in; nobody states a status beside it. */
export function assessReceived(
  patient: PatientFacts | null,
  environment: Environment,
  nowMs: number,
): InsAssessment {
  const locate = () => NOWHERE;
  return assessIdentity({ patient, identity: null, environment, nowMs, locate });
}

/** Why a document may not be integrated by itself; null when nothing in its identity forbids it. */
export function refusedIdentity({
  kind,
  matricule,
  missingTraits,
  findings,
}: InsAssessment): IdentityCode | null {
  if (kind === 'NONE') return 'received.ins-missing';
  if (matricule === null) return 'received.ins-unusable';
  if (STRICT.some((trait) => missingTraits.includes(trait))) return 'received.ins-incomplete';
  const wrong = findings.some(({ severity, code }) => severity === 'error' && !OF_A_TRAIT.test(code));
  return wrong ? 'received.ins-unusable' : null;
}
