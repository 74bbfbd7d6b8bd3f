import { Type } from 'typebox';

/** At least three characters that are not blank: `ok` and `.` tell nobody anything a year later. */
const FORM = '\\S\\s*\\S\\s*\\S';
const PATTERN = new RegExp(FORM, 'u');

/** Whether a text says why somebody acts. */
export function isReason(text: string): boolean {
  return PATTERN.test(text);
}

/** Why somebody acts, wherever it is asked for. Stands in the ledger in the clear: never who the patient is. */
export function reasonText(maxLength: number) {
  return Type.String({ maxLength, pattern: FORM });
}

/** What is said of a text that is no reason, when it is this form that refuses it. */
export function reasonExpected(pattern: unknown): { fr: string; en: string } | null {
  if (pattern !== FORM) return null;
  return {
    fr: 'doit dire pourquoi, en 3 caractères au moins qui ne soient pas des blancs',
    en: 'must say why, in at least 3 characters that are not blank',
  };
}
