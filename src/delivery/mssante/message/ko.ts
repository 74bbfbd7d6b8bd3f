import { mentionedIds } from './dsn.ts';
import { type ApplicationError, codeAndLabel, labelOf, OTHER_ERROR } from './mdn.ts';
import type { ParsedMail } from './parsed-mail.ts';

/** Subject of a mail that says, without being an MDN, that a document was not integrated. */
const SUBJECT =
  /^\[(?:KO\s+Int[ée]gration\s+syst[èe]me\s*!|Erreur\s+d.int[ée]gration\s*!)\s*\](?:\s*\[(\d{3})\])?/i;

/** A KO mail: the error, and the mails it may be about. */
export interface KoMail extends ApplicationError {
  about: string[];
}

export function isKo({ subject }: ParsedMail): boolean {
  return SUBJECT.test(subject.normalize('NFC'));
}

/** What a KO mail says; the code of its subject, else that of its text, else 906. Null when it is none. */
export function readKo(mail: ParsedMail): KoMail | null {
  const subject = SUBJECT.exec(mail.subject.normalize('NFC'));
  if (!subject) return null;
  const told = errorIn(mail.text ?? '');
  const code = subject[1] ?? told?.code ?? OTHER_ERROR;
  return { code, label: told?.code === code ? told.label : null, about: mentionedIds(mail) };
}

/** The first line that names a code with its label: `902^Label`, or `902` and words apart by a sign. */
function errorIn(text: string): ApplicationError | null {
  for (const line of text.split('\n')) {
    const coded = /(?<!\d)\d{3}\s*\^.*$/.exec(line);
    if (coded) return codeAndLabel(coded[0]);
    const [, code, words] = /(?<!\d)(90[0-6])(?!\d)\s*[:–—-]?\s*(.*)$/.exec(line) ?? [];
    if (code) return { code, label: labelOf(words ?? '') };
  }
  return null;
}
