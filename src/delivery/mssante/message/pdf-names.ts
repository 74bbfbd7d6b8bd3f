import { parseTime } from '../../../cda/times.ts';
import type { DocumentFacts } from '../../../words/document.ts';
import { labelOf } from './label.ts';
import { messageLimits } from './limits.ts';
import { cut, oneLine } from './one-line.ts';
import { familyAndGiven } from './patient-names.ts';

/**
 * Names of the PDFs of documents, in their order: `<YYYYMMDD>_<label>_<NOM>_<prénom>.pdf` (ECO.2.1.6). Two that would have
 * one name are told apart by a number.
 */
export function pdfNames(documents: readonly DocumentFacts[]): string[] {
  const seen = new Map<string, number>();
  return documents.map((facts) => {
    const stem = stemOf(facts);
    const count = (seen.get(stem.toLowerCase()) ?? 0) + 1;
    seen.set(stem.toLowerCase(), count);
    return `${stem}${count > 1 ? `_${count}` : ''}.pdf`;
  });
}

function stemOf(facts: DocumentFacts): string {
  const { family, given } = familyAndGiven(facts.patient);
  const { label, nameInFile } = messageLimits;
  const parts = [
    actDay(facts),
    cut(field(labelOf(facts)), label.value),
    cut(field(family), nameInFile.value),
    cut(field(given), nameInFile.value),
  ];
  return parts.filter(Boolean).join('_');
}

/** Day on which the act began, else that of the document. */
function actDay({ serviceEvents, effectiveTime }: DocumentFacts): string {
  const text = serviceEvents.find((one) => one.effectiveTime.low)?.effectiveTime.low ?? effectiveTime;
  return text && parseTime(text) ? text.slice(0, 8).replace(/\D.*/, '') : '';
}

/** A field of a file name: nothing that separates fields or folders, or that a system refuses, and no dot at its ends. */
function field(text: string): string {
  const plain = oneLine(text).replace(/[_/\\:*?"<>|]+/g, ' ');
  return oneLine(plain).replace(/^[. ]+|[. ]+$/g, '');
}
