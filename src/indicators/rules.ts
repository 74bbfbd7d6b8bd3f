import type { MailedDocument } from '../words/figures.ts';

/** Kinds of facts that a rule may need. The second group has no source yet; a rule that needs one is not computable. */
export const FACT_SOURCES = ['stays', 'exams', 'documents', 'mails'] as const;
export type FactSource = (typeof FACT_SOURCES)[number];
export type AwaitedFacts = 'stay-history' | 'operations' | 'prescriptions' | 'mails' | 'evidence';

type Facts = FactSource | AwaitedFacts;

interface Rule {
  needs: readonly Facts[];
}

const rules = <const R extends Readonly<Record<string, Rule>>>(table: R): R => table;

/** What one unit of the denominator is. A study is all imaging exams that share a study UID in one site. */
export const UNITS = ['stay', 'exam', 'study', 'establishment'] as const;
export type Unit = (typeof UNITS)[number];

/** What the numerator counts (sheet, section 3). */
export const NUMERATORS = rules({
  /** Units of the denominator with at least one document that counts. */
  'units-fed': { needs: ['documents'] },
  /** Documents that count, of units of the denominator; may exceed it, which is then a configuration error. */
  'documents-fed': { needs: ['documents'] },
  /** Stays with a document of a former stay of the same patient (DS1.4). */
  'historic-document-fed': { needs: ['documents', 'stay-history'] },
  /** Units with a document mailed to a correspondent or an organization, that came as far as the indicator says. */
  'mail-to-professional': { needs: ['mails'] },
  /** Units with a document mailed to the patient's own box, that came as far as the indicator says. */
  'mail-to-patient': { needs: ['mails'] },
  'evidence-recorded': { needs: ['evidence'] },
});
export type NumeratorRule = keyof typeof NUMERATORS;

/** To whom the mails of a rule went; null for a rule that counts none. */
export function audienceOf(numerator: NumeratorRule): readonly NonNullable<MailedDocument['class']>[] | null {
  if (numerator === 'mail-to-professional') return ['professional', 'organization'];
  return numerator === 'mail-to-patient' ? ['patient'] : null;
}

/** Over what it is counted. Denominators never come from deposits. */
export const DENOMINATORS = rules({
  'closed-stays': { needs: ['stays'] },
  'closed-stays-with-surgery': { needs: ['stays'] },
  'closed-stays-with-prescription': { needs: ['stays', 'prescriptions'] },
  'closed-stays-of-known-patients': { needs: ['stays', 'stay-history'] },
  'operative-acts': { needs: ['operations'] },
  /** Exams with a validated report; of the kind that the indicator names. */
  'reported-exams': { needs: ['exams'] },
  none: { needs: ['evidence'] },
});
export type DenominatorRule = keyof typeof DENOMINATORS;

/** Which instant places a unit in a period. */
export const DATES = rules({
  discharged: { needs: ['stays'] },
  admitted: { needs: ['stays'] },
  validated: { needs: ['exams'] },
  performed: { needs: ['exams'] },
  operated: { needs: ['operations'] },
  recorded: { needs: ['evidence'] },
});
export type DateRule = keyof typeof DATES;

/** Facts that the rules of an indicator need and that have no source yet, or were not given. */
export function awaitedFacts(
  indicator: { numerator: NumeratorRule; denominator: DenominatorRule; date: DateRule },
  has: (source: FactSource) => boolean,
): AwaitedFacts[] {
  const rows: Rule[] = [
    NUMERATORS[indicator.numerator],
    DENOMINATORS[indicator.denominator],
    DATES[indicator.date],
  ];
  const present: readonly Facts[] = FACT_SOURCES.filter(has);
  const needed = new Set(rows.flatMap((row) => row.needs));
  return [...needed].filter((fact): fact is AwaitedFacts => !present.includes(fact));
}

const STAY_DATES: readonly DateRule[] = ['discharged', 'admitted'];
const EXAM_DATES: readonly DateRule[] = ['validated', 'performed'];

/** Whether unit, denominator and date of an indicator speak of the same thing. */
export function rulesAgree(unit: Unit, denominator: DenominatorRule, date: DateRule): boolean {
  if (denominator === 'none') return unit === 'establishment' && date === 'recorded';
  if (denominator === 'operative-acts') return unit !== 'establishment' && date === 'operated';
  if (denominator === 'reported-exams')
    return (unit === 'exam' || unit === 'study') && EXAM_DATES.includes(date);
  return unit === 'stay' && STAY_DATES.includes(date);
}
