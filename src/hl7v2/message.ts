import { type Charset, charsetNamed, decode, type Reading, readingOf } from './charset.ts';
import { hl7v2Error } from './errors.ts';
import { type Delimiters, unescapeText } from './escapes.ts';
import { hl7v2Limits } from './limits.ts';

/** A place in a message, for ERR-2: segment, which of its name (from 1), field, repetition and component (from 1). */
export interface Hl7Place {
  segment: string;
  occurrence: number;
  field?: number;
  repetition?: number;
  component?: number;
}

interface Syntax {
  delimiters: Delimiters;
  charset: Charset;
}

/** An HL7 v2 message in its ER7 form. Fields are decoded when read; the bytes of large ones are never copied. */
export class Hl7Message {
  readonly bytes: Buffer;
  readonly segments: readonly Segment[];
  readonly delimiters: Delimiters;
  readonly charset: Charset;
  /** The bytes are not in the character set that MSH-18 declares; they were read as `charset`. */
  readonly charsetFallback: boolean;
  /** MSH-18 says something. */
  readonly charsetDeclared: boolean;
  /** Lines that begin no segment: they continue the one before. */
  readonly continuations: number;

  private constructor(bytes: Buffer, reading: Reading, declared: boolean, delimiters: Delimiters) {
    this.bytes = bytes;
    this.charset = reading.charset;
    this.charsetFallback = reading.fallback;
    this.charsetDeclared = declared;
    this.delimiters = delimiters;
    const { segments, continuations } = cut(bytes, { delimiters, charset: reading.charset });
    this.segments = segments;
    this.continuations = continuations;
  }

  /**
   * Reads a message: segments end with CR, LF or CRLF; blank lines are skipped.
   * @param otherwise character set of a message that declares none; null tries UTF-8, then ISO-8859-15
   * @throws ViaducError `hl7v2.no-header`, `hl7v2.delimiters`, `hl7v2.charset-unknown`, `hl7v2.too-many-segments`
   */
  static parse(bytes: Buffer, otherwise: Charset | null = null): Hl7Message {
    const from = beginningOf(bytes);
    const body = from === 0 ? bytes : bytes.subarray(from);
    const header = body.subarray(0, lineEnd(body, 0));
    const declared = declaredCharset(header);
    const reading = readingOf(body, declared, otherwise);
    return new Hl7Message(body, reading, declared !== null, delimitersOf(header, reading.charset));
  }

  get header(): Segment {
    return this.segments[0]!;
  }

  first(name: string): Segment | null {
    return this.segments.find((segment) => segment.name === name) ?? null;
  }

  all(name: string): Segment[] {
    return this.segments.filter((segment) => segment.name === name);
  }
}

/** One segment. Numbers of fields are those of the standard: MSH-1 is the field separator itself. */
export class Segment {
  readonly name: string;
  /** Which of its name in the message, from 1. */
  readonly occurrence: number;
  readonly #raw: Buffer;
  readonly #syntax: Syntax;
  readonly #shift: number;
  #ends: number[] | null = null;

  constructor(name: string, occurrence: number, raw: Buffer, syntax: Syntax) {
    this.name = name;
    this.occurrence = occurrence;
    this.#raw = raw;
    this.#syntax = syntax;
    this.#shift = name === 'MSH' ? 1 : 0;
  }

  /** The segment as it came, without its end. */
  get bytes(): Buffer {
    return this.#raw;
  }

  /** The bytes of a field as they came, line breaks inside included; empty when absent. */
  raw(field: number): Buffer {
    const { field: separator } = this.#syntax.delimiters;
    if (this.name === 'MSH' && field === 1) return Buffer.from(separator);
    const index = field - this.#shift;
    this.#ends ??= endsOf(this.#raw, separator.charCodeAt(0));
    const end = this.#ends[index];
    return end === undefined ? NOTHING : this.#raw.subarray(this.#ends[index - 1]! + 1, end);
  }

  field(field: number): Field {
    const { delimiters, charset } = this.#syntax;
    const text = decode(this.raw(field), charset).replace(/[\r\n]/g, '');
    return new Field(text.split(delimiters.repetition), this.#syntax);
  }

  /** First repetition of a field: a component (from 1), or one of its subcomponents; empty when absent. */
  text(field: number, component = 1, subcomponent?: number): string {
    return this.field(field).text(component, subcomponent);
  }

  /** A field in one piece, escapes undone, repetitions and components not cut. */
  whole(field: number): string {
    const { delimiters, charset } = this.#syntax;
    return unescapeText(decode(this.raw(field), charset).replace(/[\r\n]/g, ''), delimiters, charset).trim();
  }

  /**
   * The bytes of one component of a field that does not repeat (base64 data, which may be tens of MB): nothing is decoded.
   */
  component(field: number, component: number): Buffer {
    const raw = this.raw(field);
    const separator = this.#syntax.delimiters.component.charCodeAt(0);
    let from = 0;
    for (let left = component - 1; left > 0; left -= 1) {
      const at = raw.indexOf(separator, from);
      if (at < 0) return NOTHING;
      from = at + 1;
    }
    const end = raw.indexOf(separator, from);
    return raw.subarray(from, end < 0 ? raw.length : end);
  }

  /** Whether a field holds nothing at all. */
  isEmpty(field: number): boolean {
    const raw = this.raw(field);
    return raw.length === 0 || (raw.length < 200 && this.whole(field) === '');
  }

  /** Number of the last field that stands in the segment. */
  get lastField(): number {
    this.raw(2);
    return this.#ends!.length - 1 + this.#shift;
  }

  place(field?: number, component?: number, repetition?: number): Hl7Place {
    return {
      segment: this.name,
      occurrence: this.occurrence,
      ...(field === undefined ? {} : { field }),
      ...(component === undefined ? {} : { component }),
      ...(repetition === undefined ? {} : { repetition }),
    };
  }
}

const NOTHING = Buffer.alloc(0);

/** A field: its repetitions, each of components. Texts have their escapes undone and no space around them, of any kind. */
export class Field {
  readonly repetitions: readonly Repetition[];

  constructor(texts: readonly string[], syntax: Syntax) {
    this.repetitions = texts.map((text) => new Repetition(text, syntax));
  }

  text(component = 1, subcomponent?: number): string {
    return this.repetitions[0]!.text(component, subcomponent);
  }
}

export class Repetition {
  readonly #components: string[];
  readonly #syntax: Syntax;

  constructor(text: string, syntax: Syntax) {
    this.#components = text.split(syntax.delimiters.component);
    this.#syntax = syntax;
  }

  /** A component in one piece, or one of its subcomponents; numbers from 1, empty when absent. */
  text(component = 1, subcomponent?: number): string {
    const { delimiters, charset } = this.#syntax;
    const whole = this.#components[component - 1] ?? '';
    const part =
      subcomponent === undefined ? whole : (whole.split(delimiters.subcomponent)[subcomponent - 1] ?? '');
    return unescapeText(part, delimiters, charset).trim();
  }

  get isEmpty(): boolean {
    return this.#components.every((one) => one.trim() === '');
  }
}

/** `""` says that a value is to be deleted: it is no value. */
export function isDeleted(text: string): boolean {
  return text === '""';
}

/** Skips a byte order mark and white space before MSH. @throws ViaducError `hl7v2.no-header` */
function beginningOf(bytes: Buffer): number {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length && isBlank(bytes[at]!)) at += 1;
  if (bytes.subarray(at, at + 3).toString('latin1') !== 'MSH') throw hl7v2Error('hl7v2.no-header');
  return at;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a;
}

/** The first character set that MSH-18 names; repetitions after it speak of escapes that nobody uses. */
function declaredCharset(header: Buffer): Charset | null {
  const fields = header.toString('latin1').split(header.toString('latin1', 3, 4));
  const text = (fields[17] ?? '').split('~')[0]!.trim();
  if (text === '') return null;
  const charset = charsetNamed(text);
  if (charset === null) throw hl7v2Error('hl7v2.charset-unknown', { charset: text.slice(0, 40) });
  return charset;
}

/** @throws ViaducError `hl7v2.delimiters` */
function delimitersOf(header: Buffer, charset: Charset): Delimiters {
  const field = header.toString('latin1', 3, 4);
  if (!/^[!-/:-@[-`{-~]$/.test(field))
    throw unusable('MSH-1 doit être un signe ASCII', 'MSH-1 must be an ASCII sign');
  const rest = decode(header.subarray(4), charset);
  const declared = [...rest.slice(0, Math.max(0, rest.indexOf(field)))];
  if (declared.length < 4 || declared.length > 5)
    throw unusable('MSH-2 doit avoir quatre signes', 'MSH-2 must have four signs');
  const [component, repetition, sign, subcomponent] = declared as [string, string, string, string];
  if (component.charCodeAt(0) > 0x7e)
    throw unusable('le séparateur de composants doit être ASCII', 'the component separator must be ASCII');
  if (
    new Set([field, component, repetition, sign, subcomponent]).size < 5 ||
    /[A-Za-z0-9\s]/.test(declared.join(''))
  )
    throw unusable('deux sont les mêmes, ou l’un est une lettre', 'two are the same, or one is a letter');
  return { field, component, repetition, escape: sign, subcomponent };
}

function unusable(fr: string, en: string) {
  return hl7v2Error('hl7v2.delimiters', { why: { fr, en } });
}

function endsOf(raw: Buffer, separator: number): number[] {
  const ends: number[] = [];
  for (let at = raw.indexOf(separator); at >= 0; at = raw.indexOf(separator, at + 1)) ends.push(at);
  ends.push(raw.length);
  return ends;
}

function lineEnd(bytes: Buffer, from: number): number {
  const cr = bytes.indexOf(0x0d, from);
  const to = cr < 0 ? bytes.length : cr;
  const lf = bytes.subarray(from, to).indexOf(0x0a);
  return lf < 0 ? to : from + lf;
}

/** Cuts bytes into segments; a line that begins none belongs to the segment before it. */
function cut(bytes: Buffer, syntax: Syntax): { segments: Segment[]; continuations: number } {
  const separator = syntax.delimiters.field.charCodeAt(0);
  const starts: number[] = [];
  let continuations = 0;
  const lines = linesOf(bytes);
  for (const { from, to } of lines) {
    if (beginsSegment(bytes, from, to, separator)) starts.push(from);
    else if (!blank(bytes, from, to)) continuations += 1;
    if (starts.length > hl7v2Limits.segments.value)
      throw hl7v2Error('hl7v2.too-many-segments', { most: hl7v2Limits.segments.value });
  }
  const seen = new Map<string, number>();
  const segments = starts.map((start, index) => {
    const raw = trimEnd(bytes.subarray(start, starts[index + 1] ?? bytes.length));
    const name = raw.toString('latin1', 0, 3);
    seen.set(name, (seen.get(name) ?? 0) + 1);
    return new Segment(name, seen.get(name)!, raw, syntax);
  });
  return { segments, continuations };
}

/** Lines, whichever way they end; one pass over the bytes for each of the two signs. */
function* linesOf(bytes: Buffer): Generator<{ from: number; to: number }> {
  let cr = bytes.indexOf(0x0d);
  let lf = bytes.indexOf(0x0a);
  for (let from = 0; from < bytes.length; ) {
    const to = Math.min(cr < 0 ? bytes.length : cr, lf < 0 ? bytes.length : lf);
    if (to > from) yield { from, to };
    from = to + 1;
    if (cr >= 0 && cr < from) cr = bytes.indexOf(0x0d, from);
    if (lf >= 0 && lf < from) lf = bytes.indexOf(0x0a, from);
  }
}

/** Three characters, an upper-case letter first, and then the field separator or the end of the line. */
function beginsSegment(bytes: Buffer, from: number, to: number, separator: number): boolean {
  if (to - from < 3 || (to - from > 3 && bytes[from + 3] !== separator)) return false;
  return isUpper(bytes[from]!) && isUpperOrDigit(bytes[from + 1]!) && isUpperOrDigit(bytes[from + 2]!);
}

function isUpper(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}

function isUpperOrDigit(byte: number): boolean {
  return isUpper(byte) || (byte >= 0x30 && byte <= 0x39);
}

function blank(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (!isBlank(bytes[at]!)) return false;
  return true;
}

function trimEnd(bytes: Buffer): Buffer {
  let to = bytes.length;
  while (to > 0 && (bytes[to - 1] === 0x0d || bytes[to - 1] === 0x0a)) to -= 1;
  return bytes.subarray(0, to);
}
