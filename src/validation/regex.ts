import { NAME_CHARACTER, NAME_START } from './name-characters.ts';

/** A regular expression of a schema or a rule that is not one. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/**
 * `schema`: regular expressions of XML Schema 1.0 (part 2, appendix F), where `^` and `$` are ordinary characters.
 * `xpath`: with what XPath 2.0 adds to them (functions and operators, section 7.6.1): anchors, reluctant quantifiers,
 * back-references.
 */
export type Dialect = 'schema' | 'xpath';

/**
 * A pattern facet as a regular expression that takes a whole value.
 * @throws PatternError when it is not one
 */
export function patternOf(source: string): RegExp {
  return new RegExp(`^(?:${translated(source, 'schema')})$`, 'v');
}

/**
 * The same regular expression as JavaScript writes it, for the flag `v`.
 * @throws PatternError with what is wrong
 */
export function translated(source: string, dialect: Dialect): string {
  const translation = new Translation(source, dialect).run();
  try {
    new RegExp(translation, 'v');
  } catch (error) {
    throw new PatternError(`the pattern ${source} is not valid: ${(error as Error).message}`);
  }
  return translation;
}

/** Escapes of one character: `\n`, `\.` and the like. */
const SINGLE = /^[nrt\\|.?*+(){}\-[\]^$]$/;

/** Escapes that stand for a class, as what stands inside `[…]`; a capital letter is the complement. */
const CLASSES: Readonly<Record<string, string>> = {
  s: ' \\t\\n\\r',
  i: `\\:${NAME_START}`,
  c: `\\:${NAME_CHARACTER}`,
  d: '\\p{Nd}',
  w: '\\p{L}\\p{M}\\p{N}\\p{S}',
};

const CATEGORY = /^(?:L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?)$/;

/** Blocks of Unicode that schemas name, as ranges in hexadecimal. */
const BLOCKS: Readonly<Record<string, string>> = {
  BasicLatin: '0000-007f',
  'Latin-1Supplement': '0080-00ff',
  'LatinExtended-A': '0100-017f',
  'LatinExtended-B': '0180-024f',
  IPAExtensions: '0250-02af',
  SpacingModifierLetters: '02b0-02ff',
  CombiningDiacriticalMarks: '0300-036f',
  Greek: '0370-03ff',
  Cyrillic: '0400-04ff',
  Armenian: '0530-058f',
  Hebrew: '0590-05ff',
  Arabic: '0600-06ff',
  LatinExtendedAdditional: '1e00-1eff',
  GreekExtended: '1f00-1fff',
  GeneralPunctuation: '2000-206f',
  SuperscriptsandSubscripts: '2070-209f',
  CurrencySymbols: '20a0-20cf',
  LetterlikeSymbols: '2100-214f',
  NumberForms: '2150-218f',
  Arrows: '2190-21ff',
  MathematicalOperators: '2200-22ff',
  BoxDrawing: '2500-257f',
  GeometricShapes: '25a0-25ff',
  CJKUnifiedIdeographs: '4e00-9fff',
  PrivateUse: 'e000-f8ff',
};

class Translation {
  readonly #source: string;
  readonly #dialect: Dialect;
  #at = 0;

  constructor(source: string, dialect: Dialect) {
    this.#source = source;
    this.#dialect = dialect;
  }

  run(): string {
    const branches = this.#branches();
    if (this.#at < this.#source.length) this.#fail(`'${this.#next()}' stands alone`);
    return branches;
  }

  #branches(): string {
    let out = this.#pieces();
    while (this.#take('|')) out += `|${this.#pieces()}`;
    return out;
  }

  #pieces(): string {
    let out = '';
    for (let next = this.#next(); next !== '' && next !== '|' && next !== ')'; next = this.#next())
      out += this.#atom() + this.#quantifier();
    return out;
  }

  #quantifier(): string {
    const rest = this.#source.slice(this.#at);
    const [found] = /^(?:[?*+]|\{\d+(?:,\d*)?\})/.exec(rest) ?? [''];
    this.#at += found.length;
    return found !== '' && this.#dialect === 'xpath' && this.#take('?') ? `${found}?` : found;
  }

  #atom(): string {
    const char = this.#character();
    if (char === '(') return this.#group();
    if (char === '[') return this.#class();
    if (char === '\\') return this.#escape(false);
    if (char === '.') return '.';
    if ('?*+{}]'.includes(char)) this.#fail(`'${char}' must be escaped`);
    if (this.#dialect === 'xpath' && (char === '^' || char === '$')) return char;
    return literal(char);
  }

  #group(): string {
    if (this.#next() === '?') this.#fail("'?' after '('");
    const inside = this.#branches();
    if (!this.#take(')')) this.#fail("')' is missing");
    return `(${inside})`;
  }

  /** A class, its `[` already read: characters, ranges, escapes, perhaps less another class. */
  #class(): string {
    const negated = this.#take('^');
    let inside = '';
    let subtracted = '';
    do {
      if (this.#source.startsWith('-[', this.#at) && inside !== '') {
        this.#at += 2;
        subtracted = this.#class();
        break;
      }
      inside += this.#classItem();
    } while (this.#next() !== ']');
    if (!this.#take(']')) this.#fail("']' is missing");
    const group = `[${negated ? '^' : ''}${inside}]`;
    return subtracted === '' ? group : `[${group}--${subtracted}]`;
  }

  #classItem(): string {
    const from = this.#classCharacter();
    if (this.#next() !== '-' || this.#source[this.#at + 1] === '[' || this.#source[this.#at + 1] === ']')
      return from;
    if (from.length > 1 && !/^\\u\{/.test(from)) return from;
    this.#at += 1;
    return `${from}-${this.#classCharacter()}`;
  }

  #classCharacter(): string {
    const char = this.#character();
    if (char === '') this.#fail("']' is missing");
    if (char === '[' || char === ']') this.#fail(`'${char}' must be escaped in a class`);
    return char === '\\' ? this.#escape(true) : literal(char);
  }

  #escape(inClass: boolean): string {
    const char = this.#character();
    if (SINGLE.test(char)) return 'nrt'.includes(char) ? `\\${char}` : literal(char);
    if (char === 'p' || char === 'P') return this.#property(char === 'P');
    const known = CLASSES[char.toLowerCase()];
    if (known !== undefined) return char === char.toLowerCase() ? `[${known}]` : `[^${known}]`;
    if (this.#dialect === 'xpath' && !inClass && /^[1-9]$/.test(char)) return `\\${char}`;
    return this.#fail(`the escape \\${char} is not known`);
  }

  #property(negated: boolean): string {
    const [whole, name] = /^\{([A-Za-z0-9-]+)\}/.exec(this.#source.slice(this.#at)) ?? [];
    if (whole === undefined || name === undefined)
      return this.#fail('a category or block is missing after \\p');
    this.#at += whole.length;
    if (CATEGORY.test(name)) return `\\${negated ? 'P' : 'p'}{${name}}`;
    const block = name.startsWith('Is') ? BLOCKS[name.slice(2)] : undefined;
    if (block === undefined) return this.#fail(`the category or block ${name} is not supported`);
    const [first, last] = block.split('-');
    return `[${negated ? '^' : ''}\\u${first}-\\u${last}]`;
  }

  /** The next character without reading it, '' at the end. */
  #next(): string {
    return this.#source[this.#at] ?? '';
  }

  /** Reads one character, beyond the basic plane too. */
  #character(): string {
    const code = this.#source.codePointAt(this.#at);
    if (code === undefined) return '';
    const char = String.fromCodePoint(code);
    this.#at += char.length;
    return char;
  }

  #take(char: string): boolean {
    if (this.#next() !== char) return false;
    this.#at += 1;
    return true;
  }

  #fail(what: string): never {
    throw new PatternError(`the pattern ${this.#source} is not valid: ${what}`);
  }
}

/** A character that stands for itself inside and outside a class. */
function literal(char: string): string {
  return /[\w\u00a0-\u{10ffff}]/u.test(char) ? char : `\\u{${char.codePointAt(0)!.toString(16)}}`;
}
