import { validationLimits } from '../limits.ts';
import { blockRange, CATEGORY } from './blocks.ts';
import { NAME_CHARACTER, NAME_START } from './name-characters.ts';

/** A regular expression of a schema or a rule that is not one: what is wrong with it. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** What two dialects of regular expressions do not share. */
interface Dialect {
  /** `^` and `$` are anchors. */
  anchors: boolean;
  /** `*?`, groups that are not numbered, and back-references. */
  perl: boolean;
  /** What `.` takes. */
  any: string;
  /** Of `\i` and `\c`: what stands inside brackets. */
  nameStart: string;
  nameCharacter: string;
}

const FIFTH_START =
  ':A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C-\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}';

/**
 * `schema`: regular expressions of XML Schema 1.0 (part 2, appendix F), with the names of XML 1.0, fourth edition, and
 * what Xerces takes for an end of line. `xpath`: with what XPath adds to them (functions and operators, section 7.6.1), and
 * the names of the fifth edition.
 */
const DIALECTS = {
  schema: {
    anchors: false,
    perl: false,
    any: '[^\\n\\r\\u2028\\u2029]',
    nameStart: `:${NAME_START}`,
    nameCharacter: `:${NAME_CHARACTER}`,
  },
  xpath: {
    anchors: true,
    perl: true,
    any: '[^\\n\\r]',
    nameStart: FIFTH_START,
    nameCharacter: `${FIFTH_START}\\-.0-9\\u00B7\\u0300-\\u036F\\u203F-\\u2040`,
  },
} as const satisfies Readonly<Record<string, Dialect>>;

/** Of XPath alone. */
export interface Modes {
  /** `.` takes every character. */
  dotAll?: boolean;
  /** `^` and `$` stand at the ends of lines too. */
  multiline?: boolean;
  /** The flag `i` is set: letters stand for both their cases, categories do not. */
  ignoreCase?: boolean;
}

/**
 * The same regular expression as JavaScript writes it, for the flag `v`.
 * @throws PatternError
 */
export function translated(source: string, dialect: keyof typeof DIALECTS, modes: Modes = {}): string {
  if (source.length > validationLimits.regexCharacters.value) throw new PatternError('it is too long');
  const translation = new Translator(source, DIALECTS[dialect], modes).run();
  try {
    new RegExp(translation, 'v');
  } catch {
    throw new PatternError('it is not a regular expression');
  }
  return translation;
}

const SINGLE = 'nrt\\|.?*+(){}$-[]^';

class Translator {
  readonly #text: string;
  readonly #dialect: Dialect;
  readonly #modes: Modes;
  #at = 0;
  #groups = 0;

  constructor(text: string, dialect: Dialect, modes: Modes) {
    this.#text = text;
    this.#dialect = dialect;
    this.#modes = modes;
  }

  run(): string {
    const out = this.#alternatives();
    if (this.#at < this.#text.length) throw new PatternError('a parenthesis is closed that was not opened');
    return out;
  }

  #alternatives(): string {
    let out = this.#branch();
    while (this.#take('|')) out += `|${this.#branch()}`;
    return out;
  }

  #branch(): string {
    let out = '';
    while (this.#at < this.#text.length && !'|)'.includes(this.#text[this.#at]!)) out += this.#piece();
    return out;
  }

  #piece(): string {
    const anchor = this.#dialect.anchors && '^$'.includes(this.#text[this.#at]!);
    const atom = this.#atom();
    const quantifier = this.#quantifier();
    return quantifier && anchor ? `(?:${atom})${quantifier}` : atom + quantifier;
  }

  #quantifier(): string {
    const shape = this.#dialect.perl
      ? /^(?:[?*+]|\{(\d+)(?:,(\d*))?\})\??/
      : /^(?:[?*+]|\{(\d+)(?:,(\d*))?\})/;
    const found = shape.exec(this.#text.slice(this.#at, this.#at + 40));
    if (!found) {
      if (this.#text[this.#at] === '{')
        throw new PatternError('a repetition is not written as {n}, {n,} or {n,m}');
      return '';
    }
    const [whole, least, most] = found;
    checkRepetition(Number(least ?? 0), most ? Number(most) : null);
    this.#at += whole.length;
    return whole;
  }

  #atom(): string {
    const character = this.#character();
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return this.#class();
      case '\\':
        return this.#escape();
      case '.':
        return this.#modes.dotAll ? '[\\s\\S]' : this.#dialect.any;
      case '^':
      case '$':
        return this.#dialect.anchors ? this.#anchor(character) : literal(character);
      case '?':
      case '*':
      case '+':
      case '{':
      case '}':
      case ']':
        throw new PatternError(`${character} is not expected here`);
      default:
        return literal(character);
    }
  }

  #anchor(character: '^' | '$'): string {
    if (!this.#modes.multiline) return character;
    return character === '^' ? '(?:^|(?<=\\n)(?!$))' : '(?:$|(?=\\n))';
  }

  #group(): string {
    const capturing = !(this.#dialect.perl && this.#text.startsWith('?:', this.#at));
    if (!capturing) this.#at += 2;
    else if (this.#text[this.#at] === '?') throw new PatternError('a group begins with ?');
    if (capturing) this.#groups += 1;
    const inside = this.#alternatives();
    if (!this.#take(')')) throw new PatternError('a parenthesis is not closed');
    return `(${capturing ? '' : '?:'}${inside})`;
  }

  #escape(): string {
    const digits = this.#dialect.perl && /^[1-9]\d*/.exec(this.#text.slice(this.#at, this.#at + 3))?.[0];
    if (digits) return this.#backReference(digits);
    const { text, cased } = this.#escaped();
    if (cased) return `(?-i:${text})`;
    return text === '\\-' ? '-' : text;
  }

  /** The longest run of digits that names a group already opened. */
  #backReference(digits: string): string {
    let length = digits.length;
    while (length > 1 && Number(digits.slice(0, length)) > this.#groups) length -= 1;
    const number = Number(digits.slice(0, length));
    if (number > this.#groups) throw new PatternError(`there is no group ${number}`);
    this.#at += length;
    return `(?:\\${number})`;
  }

  /** An escape after its backslash, as it is written inside brackets. */
  #escaped(): Member {
    const letter = this.#character();
    if (letter === 'p' || letter === 'P') return this.#category(letter);
    const known = this.#classOf(letter.toLowerCase());
    const complement = letter === letter.toLowerCase() ? '' : '^';
    if (known) return { text: `[${complement}${known}]`, single: false };
    if (!SINGLE.includes(letter)) throw new PatternError(`\\${letter} has no meaning`);
    return { text: `\\${letter}`, single: true };
  }

  /** What stands inside brackets for the class of a letter. `\w` is all but punctuation, separators and others. */
  #classOf(letter: string): string | null {
    if (letter === 's') return ' \\t\\n\\r';
    if (letter === 'd') return '\\p{Nd}';
    if (letter === 'w') return '\\p{L}\\p{M}\\p{N}\\p{S}';
    if (letter === 'i') return this.#dialect.nameStart;
    return letter === 'c' ? this.#dialect.nameCharacter : null;
  }

  #category(letter: 'p' | 'P'): Member {
    const found = /^\{([A-Za-z0-9-]+)\}/.exec(this.#text.slice(this.#at, this.#at + 60));
    if (!found) throw new PatternError('\\p is not followed by a category');
    this.#at += found[0].length;
    const name = found[1]!;
    const cased = this.#modes.ignoreCase === true && /^L[ult]$/.test(name);
    if (CATEGORY.test(name)) return { text: `\\${letter}{${name}}`, single: false, cased };
    const range = name.startsWith('Is') ? blockRange(name.slice(2)) : null;
    if (range === null) throw new PatternError(`the category ${name} is not known`);
    return { text: `[${letter === 'P' ? '^' : ''}${range}]`, single: false };
  }

  /** A class, its `[` already read: characters, ranges, escapes, perhaps less another class. */
  #class(): string {
    const complement = this.#take('^') ? '^' : '';
    let inside = '';
    while (!this.#take(']')) {
      if (this.#at >= this.#text.length) throw new PatternError('a class is not closed');
      if (this.#text.startsWith('-[', this.#at) && inside !== '') {
        this.#at += 2;
        const less = this.#class();
        if (!this.#take(']')) throw new PatternError('a class goes on after a subtraction');
        return `[[${complement}${inside}]--${less}]`;
      }
      inside += this.#member();
    }
    if (inside === '') throw new PatternError('a class is empty');
    return `[${complement}${inside}]`;
  }

  #member(): string {
    const first = this.#classCharacter();
    const next = this.#text[this.#at + 1];
    if (!first.single || this.#text[this.#at] !== '-' || next === ']' || next === '[') return first.text;
    this.#at += 1;
    const last = this.#classCharacter();
    if (!last.single) throw new PatternError('a range ends in a class');
    return `${first.text}-${last.text}`;
  }

  #classCharacter(): Member {
    const character = this.#character();
    if (character === '\\') return this.#escapedInClass();
    if (character === '[') throw new PatternError('[ stands in a class');
    return { text: inClass(character), single: true };
  }

  #escapedInClass(): Member {
    const member = this.#escaped();
    if (member.cased)
      throw new PatternError('a category of upper or lower case in a class is not supported with the flag i');
    return member;
  }

  #character(): string {
    const code = this.#text.codePointAt(this.#at);
    if (code === undefined) throw new PatternError('it ends too early');
    const character = String.fromCodePoint(code);
    this.#at += character.length;
    return character;
  }

  #take(character: string): boolean {
    const there = this.#text[this.#at] === character;
    if (there) this.#at += 1;
    return there;
  }
}

/** A part of a class. */
interface Member {
  text: string;
  /** It is one character, which a range may begin or end with. */
  single: boolean;
  /** It is about the case of letters, which the flag `i` must not change. */
  cased?: boolean;
}

function checkRepetition(least: number, most: number | null): void {
  const { value } = validationLimits.regexRepetitions;
  if (least > value || (most ?? 0) > value) throw new PatternError(`it repeats more than ${value} times`);
  if (most !== null && most < least) throw new PatternError('a repetition ends before it begins');
}

/** A character that stands for itself outside a class. */
function literal(character: string): string {
  return '\\^$.*+?()[]{}|/'.includes(character) ? `\\${character}` : character;
}

/** A character that stands for itself inside a class, where the flag `v` keeps pairs of many marks for itself. */
function inClass(character: string): string {
  return '\\^$.*+?()[]{}|/&-!#%,:;<=>@`~'.includes(character) ? `\\${character}` : character;
}
