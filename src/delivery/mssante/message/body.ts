import type { DocumentFacts } from '../../../words/document.ts';
import type { MssanteRecipient, Operation } from '../../../words/request.ts';
import { labelOf } from './label.ts';
import { frenchDay } from './patient-names.ts';
import { filled, type TextName, type Texts } from './texts.ts';

export interface BodyInput {
  operation: Operation;
  class: MssanteRecipient['class'];
  documents: readonly DocumentFacts[];
  /** Name shown with the mailbox. */
  sender: string;
  patientMayAnswer: boolean;
  /** The text that the request brings, to be used as it is. */
  given: string | null;
  texts: Texts;
}

/** The body of a mail, plain text with CRLF: that of the request, else ours for the operation and the reader. */
export function bodyOf(input: BodyInput): string {
  const { given } = input;
  return plainText(given?.trim() ? given : ownText(input));
}

function ownText({
  operation,
  class: reader,
  documents,
  sender,
  patientMayAnswer,
  texts,
}: BodyInput): string {
  const name: TextName = `${operation}-${reader === 'patient' ? 'patient' : 'professional'}`;
  return filled(texts[name], {
    expediteur: sender,
    documents: documents.map(line).join('\n'),
    reponse: texts[patientMayAnswer ? 'patient-may-answer' : 'patient-may-not-answer'].trim(),
  });
}

function line(facts: DocumentFacts): string {
  const day = frenchDay(facts.effectiveTime);
  return `- ${labelOf(facts)}${day === null ? '' : ` du ${day}`}`;
}

/** Text with CRLF at the end of each line, without control characters other than tabs. */
export function plainText(text: string): string {
  const lines = text
    .toWellFormed()
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/);
  const clean = lines.map((one) => one.replace(/[^\P{Cc}\t]+/gu, ' ').trimEnd());
  return `${clean.join('\r\n').trimEnd()}\r\n`;
}
