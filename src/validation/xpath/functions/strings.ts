import { validationLimits } from '../../limits.ts';
import { matchOf, type Risk, riskOf } from '../../regex/matching.ts';
import { XPathError } from '../error.ts';
import { translateRegex } from '../regex.ts';
import { compareStrings } from '../runtime/compare.ts';
import { roundDouble } from '../runtime/numbers.ts';
import type { FunctionTable } from './row.ts';

const SPACES = /[ \t\r\n]+/g;

const FOLDED = /^[^ \t\r\n]*(?: [^ \t\r\n]+)*$/;

export function normalizeSpace(text: string | null): string {
  if (!text) return '';
  if (FOLDED.test(text) && !text.startsWith(' ')) return text;
  return text.replace(SPACES, ' ').replace(/^ | $/g, '');
}

export function stringLength(text: string | null): number {
  if (text === null) return 0;
  let length = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit >= 0xd800 && unit < 0xdc00) length -= 1;
  }
  return length;
}

export function substring(text: string | null, start: number, length?: number): string {
  if (text === null) return '';
  const first = roundDouble(start);
  const last = length === undefined ? Infinity : first + roundDouble(length);
  if (Number.isNaN(first) || Number.isNaN(last)) return '';
  const characters = stringLength(text) === text.length ? text : Array.from(text);
  const [from, to] = [Math.max(1, first) - 1, Math.max(1, last) - 1];
  const cut = characters.slice(from, to === Infinity ? undefined : Math.max(from, to));
  return typeof cut === 'string' ? cut : cut.join('');
}

function before(text: string | null, mark: string | null): string {
  const at = (text ?? '').indexOf(mark ?? '');
  return at < 0 ? '' : (text ?? '').slice(0, at);
}

function after(text: string | null, mark: string | null): string {
  const at = (text ?? '').indexOf(mark ?? '');
  return at < 0 ? '' : (text ?? '').slice(at + (mark ?? '').length);
}

function translate(text: string | null, from: string, to: string): string {
  const [wanted, given] = [Array.from(from), Array.from(to)];
  return Array.from(text ?? '', (character) => {
    const at = wanted.indexOf(character);
    return at < 0 ? character : (given[at] ?? '');
  }).join('');
}

const regexes = new Map<string, RegExp>();
const MOST_REGEXES = 2_000;

/** Whether some part of a text matches, in a time that the text cannot make long. */
export function matchesRegex(text: string, pattern: RegExp): boolean {
  return matchOf(text, pattern) ?? tooLong();
}

function checkRisk(text: string | null, risk: Risk | null): void {
  if (risk && text !== null && text.length > validationLimits.riskedCharacters.value) tooLong();
}

function tooLong(): never {
  throw new XPathError('FOER0000', 'a text is too long for a regular expression that may take very long');
}

/** The translated regular expression; those of one process are kept. */
export function regex(pattern: string, flags = ''): RegExp {
  const key = `${flags}/${pattern}`;
  let made = regexes.get(key);
  if (!made) {
    made = translateRegex(pattern, flags);
    if (regexes.size >= MOST_REGEXES) regexes.clear();
    regexes.set(key, made);
  }
  return made;
}

/** The same regular expression for all matches of a text; null when it matches an empty string. */
const repeated = new WeakMap<RegExp, RegExp | null>();

function everywhere(pattern: RegExp, who: string): RegExp {
  let all = repeated.get(pattern);
  if (all === undefined) {
    all = pattern.test('') ? null : new RegExp(pattern.source, `${pattern.flags}g`);
    repeated.set(pattern, all);
  }
  if (!all) throw new XPathError('FORX0003', `the regular expression of ${who} matches an empty string`);
  return all;
}

export function replace(text: string | null, pattern: RegExp, replacement: string, quoted: boolean): string {
  const all = everywhere(pattern, 'replace');
  checkRisk(text, riskOf(pattern));
  const template = templateOf(pattern, replacement, quoted);
  const done = (text ?? '').replace(all, template);
  if (done.length > validationLimits.stringCharacters.value)
    throw new XPathError('FOER0000', 'a string is too long');
  return done;
}

const templates = new WeakMap<RegExp, Map<string, string>>();

/** A replacement as JavaScript writes it. Replacements are few for each regular expression, and kept with it. */
function templateOf(pattern: RegExp, replacement: string, quoted: boolean): string {
  if (quoted) return replacement.replaceAll('$', '$$$$');
  const known = templates.get(pattern) ?? new Map<string, string>();
  templates.set(pattern, known);
  let template = known.get(replacement);
  if (template === undefined) {
    template = translatedTemplate(
      replacement,
      new RegExp(`${pattern.source}|`, pattern.flags).exec('')!.length - 1,
    );
    if (known.size < MOST_TEMPLATES) known.set(replacement, template);
  }
  return template;
}

/** Replacements kept with one regular expression: those that come from documents may differ without end. */
const MOST_TEMPLATES = 100;

function translatedTemplate(replacement: string, groups: number): string {
  const parts = replacement.match(/\\[\\$]|\$\d+|[^\\$]+/g) ?? [];
  if (parts.join('').length !== replacement.length)
    throw new XPathError('FORX0004', 'the replacement is not valid');
  const text = (part: string) => part.replaceAll('$', '$$$$');
  return parts
    .map((part) =>
      part.startsWith('$')
        ? group(part.slice(1), groups)
        : text(part.startsWith('\\') ? part.slice(1) : part),
    )
    .join('');
}

/** The longest number that names a group, or one digit; what is left of the digits stands for itself. */
function group(digits: string, groups: number): string {
  let length = digits.length;
  while (length > 1 && Number(digits.slice(0, length)) > groups) length -= 1;
  const number = Number(digits.slice(0, length));
  const named = number === 0 ? '$&' : number <= groups ? `$${String(number).padStart(2, '0')}` : '';
  return named + digits.slice(length);
}

export function tokenize(text: string | null, pattern: RegExp): string[] {
  const all = everywhere(pattern, 'tokenize');
  checkRisk(text, riskOf(pattern));
  if (!text) return [];
  const tokens: string[] = [];
  let from = 0;
  for (const found of text.matchAll(all)) {
    tokens.push(text.slice(from, found.index));
    from = found.index + found[0].length;
  }
  return [...tokens, text.slice(from)];
}

function encoded(text: string | null, kept: RegExp, plain: RegExp): string {
  if (text !== null && plain.test(text)) return text;
  return Array.from(text ?? '', (character) => (kept.test(character) ? character : percent(character))).join(
    '',
  );
}

function percent(character: string): string {
  const hex = (byte: number) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return [...Buffer.from(character, 'utf8')].map(hex).join('');
}

function fromCodePoints(codes: readonly unknown[]): string {
  return codes
    .map((code) => {
      const number = Number(code);
      if (number > 0x10ffff || number < 1) throw new XPathError('FOCH0001', 'a code point does not exist');
      return String.fromCodePoint(number);
    })
    .join('');
}

export const strings: FunctionTable = {
  'string-length': { params: ['string?'], ofContext: true, gives: ['integer', '1'], run: stringLength },
  'normalize-space': { params: ['string?'], ofContext: true, gives: ['string', '1'], run: normalizeSpace },
  'upper-case': { params: ['string?'], gives: ['string', '1'], run: (text) => (text ?? '').toUpperCase() },
  'lower-case': { params: ['string?'], gives: ['string', '1'], run: (text) => (text ?? '').toLowerCase() },
  translate: { params: ['string?', 'string', 'string'], gives: ['string', '1'], run: translate },
  substring: { params: ['string?', 'double', 'double'], least: 2, gives: ['string', '1'], run: substring },
  'substring-before': { params: ['string?', 'string?'], gives: ['string', '1'], run: before },
  'substring-after': { params: ['string?', 'string?'], gives: ['string', '1'], run: after },
  contains: {
    params: ['string?', 'string?'],
    gives: ['boolean', '1'],
    run: (text, part) => (text ?? '').includes(part ?? ''),
  },
  'starts-with': {
    params: ['string?', 'string?'],
    gives: ['boolean', '1'],
    run: (text, part) => (text ?? '').startsWith(part ?? ''),
  },
  'ends-with': {
    params: ['string?', 'string?'],
    gives: ['boolean', '1'],
    run: (text, part) => (text ?? '').endsWith(part ?? ''),
  },
  compare: {
    params: ['string?', 'string?'],
    gives: ['item', '?'],
    run: (a, b) => (a === null || b === null ? null : BigInt(Math.sign(compareStrings(a, b)))),
  },
  'codepoint-equal': {
    params: ['string?', 'string?'],
    gives: ['boolean', '?'],
    run: (a, b) => (a === null || b === null ? null : a === b),
  },
  'string-to-codepoints': {
    params: ['string?'],
    gives: ['item', '*'],
    run: (text) => Array.from(text ?? '', (one: string) => BigInt(one.codePointAt(0)!)),
  },
  'codepoints-to-string': { params: ['atoms'], gives: ['string', '1'], run: fromCodePoints },
  'encode-for-uri': {
    params: ['string?'],
    gives: ['string', '1'],
    run: (text) => encoded(text, /[A-Za-z0-9_.~-]/, /^[A-Za-z0-9_.~-]*$/),
  },
  'iri-to-uri': {
    params: ['string?'],
    gives: ['string', '1'],
    run: (text) => encoded(text, /[!#-;=?-[\]_a-z~]/, /^[!#-;=?-[\]_a-z~]*$/),
  },
  'escape-html-uri': {
    params: ['string?'],
    gives: ['string', '1'],
    run: (text) => encoded(text, /[ -~]/, /^[ -~]*$/),
  },
  'normalize-unicode': {
    params: ['string?', 'string'],
    least: 1,
    gives: ['string', '1'],
    run: (text, form = 'NFC') => normalized(text ?? '', form.trim().toUpperCase()),
  },
};

function normalized(text: string, form: string): string {
  if (form === '') return text;
  if (!/^NFK?[CD]$/.test(form)) throw new XPathError('FOCH0003', 'the normalization form is not known');
  return text.normalize(form);
}
