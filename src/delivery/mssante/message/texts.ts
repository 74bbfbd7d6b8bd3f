import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageError } from './errors.ts';
import { messageLimits } from './limits.ts';

const NAMES = [
  'deposit-professional',
  'deposit-patient',
  'replace-professional',
  'replace-patient',
  'delete-professional',
  'delete-patient',
  'patient-may-answer',
  'patient-may-not-answer',
] as const;

/** A text that is written when a request brings none: by operation and reader, and the two sentences about an answer. */
export type TextName = (typeof NAMES)[number];
export type Texts = Readonly<Record<TextName, string>>;

/** What `{name}` stands for in a text. */
export type TextValues = Readonly<Record<(typeof VARIABLES)[number], string>>;
const VARIABLES = ['expediteur', 'documents', 'reponse'] as const;

const STANDARD = join(import.meta.dirname, '..', '..', '..', '..', 'profiles', 'mssante', 'texts');

let standard: Texts | null = null;

/** The texts of the product (`profiles/mssante/texts`). */
export function standardTexts(): Texts {
  standard ??= readTexts(STANDARD);
  return standard;
}

/**
 * The texts of a folder, each in its file `<name>.txt`, UTF-8.
 * @throws ViaducError `mssante.text-missing`, `mssante.text-variable`
 */
export function readTexts(folder: string): Texts {
  return Object.fromEntries(NAMES.map((name) => [name, readText(folder, `${name}.txt`)])) as Record<
    TextName,
    string
  >;
}

function readText(folder: string, file: string): string {
  const text = contentOf(join(folder, file)).replace(/^\uFEFF/, '');
  const most = messageLimits.bodyText.value;
  if (text.trim() === '' || text.length > most) throw messageError('mssante.text-missing', { file, most });
  const unknown = [...text.matchAll(/\{([^{}\s]*)\}/g)].find(([, name]) => !isVariable(name!));
  if (unknown) throw unknownVariable(file, unknown[0]);
  return text;
}

/** Empty when the file cannot be read. */
function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function isVariable(name: string): boolean {
  return (VARIABLES as readonly string[]).includes(name);
}

function unknownVariable(file: string, variable: string): Error {
  const known = VARIABLES.map((one) => `{${one}}`).join(', ');
  return messageError('mssante.text-variable', { file, variable, known });
}

/** A text with its values in their places. */
export function filled(text: string, values: TextValues): string {
  return text.replace(/\{(expediteur|documents|reponse)\}/g, (_, name: keyof TextValues) => values[name]);
}
