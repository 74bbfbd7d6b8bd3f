import { partsOf } from '../../../identity/matricule.ts';
import { readTraits, type Trait } from '../../../identity/traits.ts';
import type { DocumentFacts } from '../../../words/document.ts';
import { insOf } from '../../../xds/patient.ts';
import { oneLine } from './one-line.ts';

const MARKED_TRAITS: readonly Trait[] = ['birth-name', 'first-given-name', 'birth-date', 'sex'];

/** Headers by which operators count mails: as the documents attached say (ECO.2.4.1, 2.4.2), and the product's number (2.4.3). */
export function marksOf(
  documents: readonly DocumentFacts[],
  nil: string | null,
): [name: string, value: string][] {
  const codes = documents.flatMap(({ code }) => (code?.code ? [code.code] : []));
  const marks: [string, string | null][] = [
    ['X-MSS-CODECDA', codes.length > 0 ? codes.join(',') : null],
    ['X-MSS-INS', documents.length > 0 ? (documents.some(carriesIns) ? 'O' : 'N') : null],
    ['X-MSS-NIL', nil],
  ];
  return marks.flatMap(([name, value]) => (value === null ? [] : [[name, oneLine(value)]]));
}

/** Whether a document shows what X-MSS-INS calls a qualified INS: matricule, OID and four traits (ECO.2.4.2). */
function carriesIns({ patient }: DocumentFacts): boolean {
  const ins = insOf(patient);
  if (!patient || !ins || !partsOf(ins.value)) return false;
  const { missing } = readTraits(patient);
  return !MARKED_TRAITS.some((trait) => missing.includes(trait));
}
