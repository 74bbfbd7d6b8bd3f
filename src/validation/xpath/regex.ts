import { validationLimits } from '../limits.ts';
import { XPathError } from './error.ts';

/**
 * Translates a regular expression of XPath (XML Schema's, with anchors, reluctant quantifiers and back-references) into
 * one of JavaScript.
 * @param flags of fn:matches: s, m, i, x, q
 * @throws XPathError FORX0001 or FORX0002
 */
export function translateRegex(pattern: string, flags: string): RegExp {
  if (!/^[smixq]*$/.test(flags)) throw new XPathError('FORX0001', `unknown flags ${flags}`);
  if (pattern.length > validationLimits.regexCharacters.value) throw wrong('it is too long');
  const plain = flags.includes('q') ? quoted(pattern) : new Translator(pattern, flags).run();
  const own = `u${flags.includes('i') ? 'i' : ''}`;
  try {
    return new RegExp(plain, own);
  } catch {
    throw wrong('it is not a regular expression');
  }
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function wrong(what: string): XPathError {
  return new XPathError('FORX0002', `invalid regular expression: ${what}`);
}

const NAME_START =
  ':A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C-\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}';
const NAME_CHARACTER = `${NAME_START}\\-.0-9\\u00B7\\u0300-\\u036F\\u203F-\\u2040`;

/** What stands inside brackets for a class of one letter; a capital letter is its complement. */
const CLASSES: Readonly<Record<string, string>> = {
  s: ' \\t\\n\\r',
  d: '\\p{Nd}',
  i: NAME_START,
  c: NAME_CHARACTER,
  w: '',
};

/** The blocks of Unicode by the names of XML Schema, without spaces, as ranges. */
const BLOCKS: Readonly<Record<string, string>> = {
  BasicLatin: '\\u0000-\\u007F',
  'Latin-1Supplement': '\\u0080-\\u00FF',
  'LatinExtended-A': '\\u0100-\\u017F',
  'LatinExtended-B': '\\u0180-\\u024F',
  IPAExtensions: '\\u0250-\\u02AF',
  SpacingModifierLetters: '\\u02B0-\\u02FF',
  CombiningDiacriticalMarks: '\\u0300-\\u036F',
  Greek: '\\u0370-\\u03FF',
  GreekandCoptic: '\\u0370-\\u03FF',
  Cyrillic: '\\u0400-\\u04FF',
  Armenian: '\\u0530-\\u058F',
  Hebrew: '\\u0590-\\u05FF',
  Arabic: '\\u0600-\\u06FF',
  Devanagari: '\\u0900-\\u097F',
  Thai: '\\u0E00-\\u0E7F',
  Georgian: '\\u10A0-\\u10FF',
  LatinExtendedAdditional: '\\u1E00-\\u1EFF',
  GreekExtended: '\\u1F00-\\u1FFF',
  GeneralPunctuation: '\\u2000-\\u206F',
  SuperscriptsandSubscripts: '\\u2070-\\u209F',
  CurrencySymbols: '\\u20A0-\\u20CF',
  LetterlikeSymbols: '\\u2100-\\u214F',
  NumberForms: '\\u2150-\\u218F',
  Arrows: '\\u2190-\\u21FF',
  MathematicalOperators: '\\u2200-\\u22FF',
  MiscellaneousTechnical: '\\u2300-\\u23FF',
  BoxDrawing: '\\u2500-\\u257F',
  BlockElements: '\\u2580-\\u259F',
  GeometricShapes: '\\u25A0-\\u25FF',
  MiscellaneousSymbols: '\\u2600-\\u26FF',
  Dingbats: '\\u2700-\\u27BF',
  CJKSymbolsandPunctuation: '\\u3000-\\u303F',
  Hiragana: '\\u3040-\\u309F',
  Katakana: '\\u30A0-\\u30FF',
  CJKUnifiedIdeographs: '\\u4E00-\\u9FFF',
  HangulSyllables: '\\uAC00-\\uD7AF',
  PrivateUse: '\\uE000-\\uF8FF',
  AlphabeticPresentationForms: '\\uFB00-\\uFB4F',
  HalfwidthandFullwidthForms: '\\uFF00-\\uFFEF',
  Specials: '\\uFFF0-\\uFFFF',
};

const SINGLE = 'nrt\\|.?*+(){}$-[]^';

class Translator {
  readonly #text: string;
  readonly #flags: string;
  #at = 0;
  #groups = 0;

  constructor(text: string, flags: string) {
    this.#text = flags.includes('x') ? withoutSpaces(text) : text;
    this.#flags = flags;
  }

  run(): string {
    const out = this.#alternatives();
    if (this.#at < this.#text.length) throw wrong('a parenthesis is closed that was not opened');
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
    const anchor = '^$'.includes(this.#text[this.#at]!);
    const atom = this.#atom();
    const quantifier = this.#quantifier();
    return quantifier && anchor ? `(?:${atom})${quantifier}` : atom + quantifier;
  }

  #quantifier(): string {
    const found = /^(?:[?*+]|\{(\d+)(?:,(\d*))?\})\??/.exec(this.#text.slice(this.#at, this.#at + 40));
    if (!found) {
      if (this.#text[this.#at] === '{') throw wrong('a repetition is not written as {n}, {n,} or {n,m}');
      return '';
    }
    const [whole, least, most] = found;
    const { value } = validationLimits.regexRepetitions;
    if (Number(least ?? 0) > value || Number(most || 0) > value)
      throw wrong(`it repeats more than ${value} times`);
    if (least !== undefined && most && Number(most) < Number(least))
      throw wrong('a repetition ends before it begins');
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
        return this.#flags.includes('s') ? '[\\s\\S]' : '[^\\n\\r]';
      case '^':
        return this.#flags.includes('m') ? '(?:^|(?<=\\n)(?!$))' : '^';
      case '$':
        return this.#flags.includes('m') ? '(?:$|(?=\\n))' : '$';
      case '?':
      case '*':
      case '+':
      case '{':
      case '}':
      case ']':
        throw wrong(`${character} is not expected here`);
      default:
        return character === '/' ? '\\/' : character;
    }
  }

  #group(): string {
    const capturing = !this.#text.startsWith('?:', this.#at);
    if (!capturing) this.#at += 2;
    else if (this.#text[this.#at] === '?') throw wrong('a group begins with ?');
    if (capturing) this.#groups += 1;
    const inside = this.#alternatives();
    if (!this.#take(')')) throw wrong('a parenthesis is not closed');
    return `(${capturing ? '' : '?:'}${inside})`;
  }

  #escape(): string {
    const digits = /^[1-9]\d*/.exec(this.#text.slice(this.#at, this.#at + 3))?.[0];
    if (digits) return this.#backReference(digits);
    const inside = this.#escaped();
    return inside.single ? inside.text : `[${inside.negative ? '^' : ''}${inside.text}]`;
  }

  /** The longest run of digits that names a group already opened. */
  #backReference(digits: string): string {
    let length = digits.length;
    while (length > 1 && Number(digits.slice(0, length)) > this.#groups) length -= 1;
    const number = Number(digits.slice(0, length));
    if (number > this.#groups) throw wrong(`there is no group ${number}`);
    this.#at += length;
    return `(?:\\${number})`;
  }

  /** An escape after its backslash, as what stands for it inside brackets. */
  #escaped(): { text: string; single: boolean; negative: boolean } {
    const letter = this.#character();
    if (letter === 'p' || letter === 'P')
      return { text: this.#category(), single: false, negative: letter === 'P' };
    const lower = letter.toLowerCase();
    if (Object.hasOwn(CLASSES, lower)) return classOf(lower, lower !== letter);
    if (!SINGLE.includes(letter)) throw wrong(`\\${letter} has no meaning`);
    return { text: `\\${letter}`, single: true, negative: false };
  }

  #category(): string {
    const found = /^\{(\^?[A-Za-z0-9-]+)\}/.exec(this.#text.slice(this.#at, this.#at + 60));
    if (!found) throw wrong('\\p is not followed by a category');
    this.#at += found[0].length;
    const name = found[1]!;
    if (name.startsWith('Is')) return BLOCKS[name.slice(2)] ?? unknown(name);
    return /^(?:L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?)$/.test(name)
      ? `\\p{${name}}`
      : unknown(name);
  }

  /** A character class in brackets, with subtraction: a look-ahead before the class excludes what is taken away. */
  #class(): string {
    const negative = this.#take('^');
    const parts: string[] = [];
    const complements: string[] = [];
    let subtracted = '';
    while (!this.#take(']')) {
      if (this.#at >= this.#text.length) throw wrong('a class is not closed');
      if (this.#text.startsWith('-[', this.#at) && parts.length + complements.length > 0) {
        this.#at += 2;
        subtracted = `(?!${this.#class()})`;
        if (!this.#take(']')) throw wrong('a class goes on after a subtraction');
        break;
      }
      this.#member(parts, complements);
    }
    if (parts.length + complements.length === 0) throw wrong('a class is empty');
    return this.#assembled(negative, parts.join(''), complements, subtracted);
  }

  #assembled(negative: boolean, inside: string, complements: string[], subtracted: string): string {
    if (complements.length === 0) {
      const plain = `[${negative ? '^' : ''}${inside}]`;
      return subtracted ? `(?:${subtracted}${plain})` : plain;
    }
    const any = [...(inside ? [`[${inside}]`] : []), ...complements.map((one) => `[^${one}]`)].join('|');
    return negative ? `(?:${subtracted}(?!${any})[\\s\\S])` : `(?:${subtracted}(?:${any}))`;
  }

  #member(parts: string[], complements: string[]): void {
    const first = this.#classCharacter();
    if (!first.single) {
      if (first.negative) complements.push(first.text);
      else parts.push(first.text);
      return;
    }
    const range =
      this.#text[this.#at] === '-' && this.#text[this.#at + 1] !== ']' && this.#text[this.#at + 1] !== '[';
    if (!range) {
      parts.push(first.text);
      return;
    }
    this.#at += 1;
    const last = this.#classCharacter();
    if (!last.single) throw wrong('a range ends in a class');
    parts.push(`${first.text}-${last.text}`);
  }

  #classCharacter(): { text: string; single: boolean; negative: boolean } {
    const character = this.#character();
    if (character === '\\') return this.#escaped();
    if (character === '[') throw wrong('[ stands in a class');
    return { text: inClass(character), single: true, negative: false };
  }

  #character(): string {
    const code = this.#text.codePointAt(this.#at);
    if (code === undefined) throw wrong('it ends too early');
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

function inClass(character: string): string {
  return '{}()|.*+?$^-/'.includes(character) ? `\\${character}` : character;
}

function unknown(name: string): never {
  throw wrong(`the category ${name} is not known`);
}

/** \w is all but punctuation, separators and others. */
function classOf(letter: string, negative: boolean): { text: string; single: boolean; negative: boolean } {
  if (letter === 'w') return { text: '\\p{P}\\p{Z}\\p{C}', single: false, negative: !negative };
  return { text: CLASSES[letter]!, single: false, negative };
}

/** With flag x, white space outside classes means nothing. */
function withoutSpaces(text: string): string {
  let depth = 0;
  let out = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === '\\') {
      out += character + (text[at + 1] ?? '');
      at += 1;
      continue;
    }
    if (character === '[') depth += 1;
    if (character === ']') depth -= 1;
    if (depth > 0 || !/[ \t\r\n]/.test(character)) out += character;
  }
  return out;
}
