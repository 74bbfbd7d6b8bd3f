import { type AssessmentInput, assessIdentity, type InsAssessment } from '../../src/identity/assess.ts';
import type { InstanceIdentifier, PatientFacts } from '../../src/words/document.ts';

export const ARC = '1.2.250.1.213.1.4';

export function id(suffix: string, extension: string | null = '279035121518989'): InstanceIdentifier {
  return { root: `${ARC}.${suffix}`, extension };
}

/** The patient of most official examples, complete and coherent. */
export const PERSON: PatientFacts = {
  ids: [id('10'), { root: '1.2.3.4.567.8.9.10', extension: '1234567890121' }],
  name: {
    family: [
      { value: 'PAT-TROIS', qualifier: 'BR' },
      { value: 'PAT-TROIS', qualifier: 'CL' },
    ],
    given: [
      { value: 'DOMINIQUE MARIE-LOUISE', qualifier: null },
      { value: 'DOMINIQUE', qualifier: 'BR' },
      { value: 'DOMINIQUE', qualifier: 'CL' },
    ],
    prefix: null,
    suffix: null,
  },
  gender: 'F',
  birthTime: '19790328',
  birthPlace: '51215',
  address: [],
};

/** 2025-06-15T12:00:00Z. */
export const NOW_MS = Date.UTC(2025, 5, 15, 12);

export const VALIDATED = { status: 'VALI', evidenceDate: '2025-06-01', method: 'INSI' } as const;

/** Assesses the person with some traits changed, in the sandbox unless said otherwise; `location` is the path asked for. */
export function assess(
  changes: Partial<PatientFacts> = {},
  input: Partial<AssessmentInput> = {},
): InsAssessment {
  return assessIdentity({
    patient: { ...PERSON, ...changes },
    identity: VALIDATED,
    environment: 'sandbox',
    nowMs: NOW_MS,
    locate: (location) => ({ line: 1, column: 1, location }),
    ...input,
  });
}

export function codes(assessment: InsAssessment): string[] {
  return assessment.findings.map((one) => one.code);
}

/** Findings as `code severity`. */
export function graded(assessment: InsAssessment): string[] {
  return assessment.findings.map((one) => `${one.code} ${one.severity}`);
}
