import type { Values } from '../words/errors.ts';
import type { Severity } from '../words/findings.ts';
import type { IdentityCode } from './errors.ts';

/** What a rule says, before it is known where in the document that is. */
export interface Remark {
  code: IdentityCode;
  severity: Severity;
  /** Path of local names below ClinicalDocument. */
  path: string;
  values?: Values;
}

const PATIENT_ROLE = 'recordTarget/patientRole';

/** Paths of what the rules speak about (CI-SIS minimal structure). */
export const PATHS = {
  role: PATIENT_ROLE,
  name: `${PATIENT_ROLE}/patient/name`,
  gender: `${PATIENT_ROLE}/patient/administrativeGenderCode`,
  birthTime: `${PATIENT_ROLE}/patient/birthTime`,
  birthPlace: `${PATIENT_ROLE}/patient/birthplace/place/addr/county`,
};

/** The path of the element at an index, from 0, among those of its name. */
export function nth(path: string, index: number): string {
  return index === 0 ? path : `${path}[${index + 1}]`;
}
