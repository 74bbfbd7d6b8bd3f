import type { SubmissionRequest } from '../../../words/request.ts';

/** A value of `urn:oasis:names:tc:xacml:2.0:subject:role` (JDV_J65-SubjectRole-DMP; sheet dmp-xds, 4.3). */
export interface SubjectRole {
  code: string;
  codeSystem: string;
  displayName: string;
}

/** Code systems from which a first or second role comes. */
const PROFESSIONS = '1.2.250.1.71.1.2.7';
const KNOW_HOW = '1.2.250.1.71.4.2.5';
const PHARMACIST_SECTIONS = '1.2.250.1.71.4.2.6';
const CARE_ROLES = '1.2.250.1.213.1.6.1.107';
const PRODUCERS = '1.2.250.1.213.1.1.4.6';
/** Composed specialties of authors, such as `G15_10/SM26` (JDV_J01, JDV_J56). */
const SPECIALTIES = '1.2.250.1.213.1.1.4.5';

/** What a job is that no professional is known to have asked for. */
export const AUTOMATE: SubjectRole = { code: 'AUTOMATE', codeSystem: PRODUCERS, displayName: 'Automate' };

/** Professions that need a second role, and where it comes from. */
const SECOND: Readonly<Record<string, string>> = { 10: KNOW_HOW, 21: PHARMACIST_SECTIONS, 99: CARE_ROLES };

export type Specialty = NonNullable<NonNullable<SubmissionRequest['requester']>['person']>['specialty'];

/**
 * The roles of who asked for the sending, by the specialty that came with the request (`code^label^OID`). A profession that
 * needs a second role and comes without it would be refused by the DMP; it goes as a job, like an unknown specialty.
 */
export function rolesOf(specialty: Specialty): SubjectRole[] {
  const [code = '', label = '', codeSystem] = specialty?.split('^') ?? [];
  if (codeSystem === PROFESSIONS) return complete(code, label, null);
  if (codeSystem !== SPECIALTIES) return [AUTOMATE];
  const composed = /^G15_(\d{2})(?:\/([A-Z0-9]+))?$/.exec(code);
  return composed ? complete(composed[1]!, label, composed[2] ?? null) : [AUTOMATE];
}

function complete(profession: string, label: string, second: string | null): SubjectRole[] {
  const first = { code: profession, codeSystem: PROFESSIONS, displayName: label };
  const needed = SECOND[profession];
  if (needed === undefined) return [first];
  return second === null ? [AUTOMATE] : [first, { code: second, codeSystem: needed, displayName: label }];
}
