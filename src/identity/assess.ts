import type { PatientFacts } from '../words/document.ts';
import type { Environment } from '../words/environment.ts';
import { type Finding, finding, judge, type Place } from '../words/findings.ts';
import type { RequestIdentity } from '../words/request.ts';
import { checkAge, checkCoherence } from './coherence.ts';
import { identityErrors } from './errors.ts';
import { type IdentifierReading, type InsIdentifier, readIdentifiers } from './identifiers.ts';
import { type Evidence, mayQualify, qualify } from './qualification.ts';
import { PATHS, type Remark } from './remark.ts';
import type { InsKind } from './roots.ts';
import { type MatriculeReading, readMatricule } from './structure.ts';
import { readTraits, type Trait, type TraitReading } from './traits.ts';

/** What is known of a patient's INS from one document and the request that brought it. */
export interface InsAssessment {
  /** Normalised, 15 characters when it is sound; null without an INS. */
  matricule: string | null;
  /** OID of the INS that the document carries. */
  oid: string | null;
  kind: InsKind | 'NONE';
  keyOk: boolean;
  /** The five strict traits are there in a form that an INS can use. */
  traitsComplete: boolean;
  missingTraits: Trait[];
  /** Status in the request, null when there is no request. */
  status: RequestIdentity['status'] | null;
  qualified: boolean;
  evidence: Evidence | null;
  /** Qualified, and no error among the findings: what a deposit in the DMP takes. */
  depositAllowed: boolean;
  /** Source `ins`, codes of identity/errors.ts. */
  findings: Finding[];
}

export interface AssessmentInput {
  /** The patient of `recordTarget`: an INS anywhere else in a document is somebody else's. */
  patient: PatientFacts | null;
  /** What the request says of the identity; null when a document is only validated. */
  identity: RequestIdentity | null;
  environment: Environment;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  nowMs: number;
  /** Place of a path below ClinicalDocument: `locator` of the room cda. */
  locate: (path: string) => Place;
  /**
   * Whether a destination of the request takes nothing without an INS: the DMP or the patient's mailbox do. When false, an
   * absent INS is a warning: professional mail is tolerated without one. Default true.
   */
  insRequired?: boolean;
}

/**
 * Judges the INS of one document: identifiers, matricule, key, traits, coherence, qualification, everything at once. Throws
 * nothing. Sources: CI-SIS minimal structure, RNIV, design (Environments).
 */
export function assessIdentity(input: AssessmentInput): InsAssessment {
  const { patient, environment, nowMs } = input;
  const identifiers = readIdentifiers(patient?.ids ?? [], environment);
  const traits = readTraits(patient ?? NOBODY);
  const readings = identifiers.all.map((one) => readOne(one, environment));
  const chosen = readings.find((one) => one.identifier === identifiers.chosen) ?? null;
  const { status, qualified, evidence } = qualify(input.identity, carriesIns(identifiers, traits));
  const findings = [
    ...identifiers.remarks,
    ...readings.flatMap(formRemarks),
    ...(chosen ? [...traits.remarks, ...coherenceRemarks(chosen, traits)] : []),
    ...checkAge(traits.birth, nowMs, chosen ? 'error' : 'warning'),
    ...qualificationRemarks(input, identifiers),
  ].map((remark) => toFinding(remark, input.locate));
  return {
    matricule: chosen?.reading?.matricule ?? null,
    oid: chosen?.identifier.root ?? null,
    kind: chosen?.identifier.kind ?? 'NONE',
    keyOk: chosen?.reading?.keyOk ?? false,
    traitsComplete: traits.missing.length === 0,
    missingTraits: traits.missing,
    status,
    qualified,
    evidence,
    depositAllowed: qualified && judge(findings) === 'valid',
    findings,
  };
}

const NOBODY: PatientFacts = {
  ids: [],
  name: { family: [], given: [], prefix: null, suffix: null },
  gender: null,
  birthTime: null,
  birthPlace: null,
  address: [],
};

interface OneReading {
  identifier: InsIdentifier;
  reading: MatriculeReading | null;
}

function readOne(identifier: InsIdentifier, environment: Environment): OneReading {
  const { matricule, root } = identifier;
  return { identifier, reading: matricule === null ? null : readMatricule(matricule, root, environment) };
}

function formRemarks({ identifier: { path }, reading }: OneReading): Remark[] {
  return (reading?.faults ?? []).map((fault) => ({ ...fault, path }));
}

function coherenceRemarks({ identifier, reading }: OneReading, traits: TraitReading): Remark[] {
  return reading?.parts ? checkCoherence(reading.parts, identifier.kind, traits, identifier.path) : [];
}

function carriesIns({ chosen, ambiguous }: IdentifierReading, traits: TraitReading): boolean {
  if (!chosen?.accepted || chosen.matricule === null) return false;
  return !ambiguous && traits.missing.length === 0;
}

function qualificationRemarks(input: AssessmentInput, { chosen }: IdentifierReading): Remark[] {
  const { identity, insRequired = true } = input;
  const remarks: Remark[] = [];
  if (!chosen) {
    const severity = identity && insRequired ? 'error' : 'warning';
    remarks.push({ code: 'ins.absent', severity, path: PATHS.role });
  }
  if (identity && !mayQualify(identity.status)) {
    const severity = chosen || insRequired ? 'error' : 'warning';
    const path = chosen?.path ?? PATHS.role;
    remarks.push({ code: 'ins.not-qualified', severity, path, values: { status: identity.status } });
  }
  return remarks;
}

function toFinding({ code, severity, path, values }: Remark, locate: AssessmentInput['locate']): Finding {
  return finding(identityErrors, code, {
    source: 'ins',
    severity,
    place: locate(path),
    values: values ?? {},
  });
}
