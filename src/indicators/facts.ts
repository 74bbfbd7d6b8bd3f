import type { DeliveredDocument, MailedDocument } from '../words/figures.ts';
import type { Exam, Stay } from '../words/stay.ts';

/** Something that a person recorded about a stay and that an exclusion may refer to (sheet, section 11). */
export interface StayMark {
  finessEg: string;
  stayNo: string;
  mark: 'opposed' | 'secret' | 'foreign-without-ins';
}

/**
 * That a person whom the ledger knows is a patient of the hospital's own numbering. After a merge of two local
 * identifiers one person has several.
 */
export interface PersonLink {
  /** Random identifier of the person, as in `DeliveredDocument`. */
  person: string;
  /** Keyed hash of the local identifier, as in `Stay`. */
  patient: string;
}

/**
 * All that figures are made of, of one establishment, in any order. Stays that were cancelled are not here; documents of
 * other destinations or environments may be, and do not count. What has a new source (stay history, operations, evidence)
 * becomes a new member.
 */
export interface IndicatorFacts {
  stays: readonly Stay[];
  exams: readonly Exam[];
  documents: readonly DeliveredDocument[];
  /** Without these figures of mails are not computable; an empty list is none sent. */
  mails?: readonly MailedDocument[];
  marks?: readonly StayMark[];
  /** Without these no stay can be inferred. */
  people?: readonly PersonLink[];
}

export const NO_FACTS: IndicatorFacts = { stays: [], exams: [], documents: [] };

/** Natural key of a stay: an import of the same key replaces it (sheet, 4.2). */
export function stayKey(stay: Pick<Stay, 'finessEg' | 'stayNo'>): string {
  return `${stay.finessEg}/${stay.stayNo}`;
}

/** Natural key of an exam; laboratory and imaging number their exams apart. */
export function examKey(exam: Pick<Exam, 'finessEg' | 'kind' | 'examId'>): string {
  return `${exam.finessEg}/${exam.kind}/${exam.examId}`;
}

/**
 * Facts with one of each key. Which one is kept does not depend on their order: the one whose text sorts last. `repeated`
 * is how many others there were.
 */
export function oneOfEach<T>(
  facts: readonly T[],
  keyOf: (fact: T) => string,
): { kept: T[]; repeated: number } {
  const byKey = new Map<string, T>();
  let repeated = 0;
  for (const fact of facts) {
    const key = keyOf(fact);
    const other = byKey.get(key);
    if (other !== undefined) repeated += 1;
    byKey.set(key, other === undefined ? fact : later(other, fact));
  }
  return { kept: repeated === 0 ? [...facts] : [...byKey.values()], repeated };
}

function later<T>(a: T, b: T): T {
  return JSON.stringify(a) < JSON.stringify(b) ? b : a;
}
