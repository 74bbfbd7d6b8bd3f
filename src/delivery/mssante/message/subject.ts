import type { DocumentFacts } from '../../../words/document.ts';
import { ascii } from '../../../xds/xdm/ascii.ts';
import { labelOf } from './label.ts';
import { messageLimits } from './limits.ts';
import { cut, oneLine } from './one-line.ts';
import { birthDay, familyAndGiven } from './patient-names.ts';

/** By these words a mail is known to carry an archive (IHE ITI-32). */
export const SUBJECT_MARK = 'XDM/1.0/DDM';

/**
 * `XDM/1.0/DDM+<label> <NOM> <prénom> <DD/MM/YYYY>` (ECO.2.1.3): in US-ASCII unless `accents`, since a mail whose subject is
 * an encoded word escapes the rules that look for its beginning (a quotation mark makes one too). The documents are of one patient.
 */
export function subjectOf(documents: readonly DocumentFacts[], accents = false): string {
  const [first] = documents;
  const patient = first?.patient ?? null;
  const { family, given } = familyAndGiven(patient);
  const label = documents.length > 1 ? `${documents.length} documents` : shortLabel(first!, accents);
  const parts = [label, family, given, birthDay(patient)].filter(Boolean);
  const subject = oneLine(`${SUBJECT_MARK}+${parts.join(' ')}`).replaceAll('=?', '= ?');
  return accents ? subject : subject.replaceAll('"', "'");
}

function shortLabel(facts: DocumentFacts, accents: boolean): string {
  const label = labelOf(facts);
  return cut(accents ? label : ascii(label), messageLimits.label.value);
}
