import { LongLine } from './long-line.ts';
import type { Name } from './names.ts';

export const ELEMENT = 1;
export const ATTRIBUTE = 2;
export const TEXT = 3;
export const INSTRUCTION = 7;
export const COMMENT = 8;
export const DOCUMENT = 9;

/**
 * The tree of one document, as the XPath data model sees it: comments, instructions and white space are kept, adjacent
 * text is one node, attributes have an owner. Nodes are numbered in document order (`order`). Positions are offsets in
 * the document's bytes as UTF-8, turned into line and column only when somebody asks; text is decoded when first read.
 */
export type XmlNode = XmlElement | XmlText | XmlComment | XmlInstruction;

export class XmlElement {
  readonly kind = ELEMENT;
  readonly name: Name;
  /** Prefix as written, empty when none; never compare it. */
  readonly prefix: string;
  readonly parent: XmlElement | XmlDocument;
  readonly start: number;
  readonly order: number;
  attributes: XmlAttribute[] = NO_ATTRIBUTES;
  children: XmlNode[] = [];
  /** Prefixes declared on this element itself, or null. */
  declared: ReadonlyMap<string, string> | null = null;

  constructor(name: Name, prefix: string, parent: XmlElement | XmlDocument, start: number, order: number) {
    this.name = name;
    this.prefix = prefix;
    this.parent = parent;
    this.start = start;
    this.order = order;
  }
}

const NO_ATTRIBUTES: XmlAttribute[] = [];

export class XmlAttribute {
  readonly kind = ATTRIBUTE;
  readonly name: Name;
  readonly prefix: string;
  readonly value: string;
  readonly parent: XmlElement;
  readonly start: number;
  readonly order: number;

  constructor(name: Name, prefix: string, value: string, parent: XmlElement, start: number, order: number) {
    this.name = name;
    this.prefix = prefix;
    this.value = value;
    this.parent = parent;
    this.start = start;
    this.order = order;
  }
}

export class XmlText {
  readonly kind = TEXT;
  readonly parent: XmlElement;
  readonly start: number;
  readonly end: number;
  readonly order: number;
  /** Nothing but blanks, tabs and line ends. */
  readonly blank: boolean;
  #value: string | null;

  /** `value` is null for plain text, whose bytes between `start` and `end` are decoded when first read. */
  constructor(
    value: string | null,
    blank: boolean,
    parent: XmlElement,
    start: number,
    end: number,
    order: number,
  ) {
    this.#value = value;
    this.blank = blank;
    this.parent = parent;
    this.start = start;
    this.end = end;
    this.order = order;
  }

  get value(): string {
    this.#value ??= documentOf(this.parent).text(this.start, this.end);
    return this.#value;
  }
}

/** The document that holds a node. */
export function documentOf(from: XmlElement | XmlDocument): XmlDocument {
  let node = from;
  while (node.kind === ELEMENT) node = node.parent;
  return node;
}

export class XmlComment {
  readonly kind = COMMENT;
  readonly parent: XmlElement | XmlDocument;
  readonly start: number;
  readonly end: number;
  readonly order: number;

  constructor(parent: XmlElement | XmlDocument, start: number, end: number, order: number) {
    this.parent = parent;
    this.start = start;
    this.end = end;
    this.order = order;
  }

  get value(): string {
    return documentOf(this.parent).text(this.start + '<!--'.length, this.end - '-->'.length);
  }
}

export class XmlInstruction {
  readonly kind = INSTRUCTION;
  readonly target: string;
  readonly value: string;
  readonly parent: XmlElement | XmlDocument;
  readonly start: number;
  readonly order: number;

  constructor(target: string, value: string, parent: XmlElement | XmlDocument, start: number, order: number) {
    this.target = target;
    this.value = value;
    this.parent = parent;
    this.start = start;
    this.order = order;
  }
}

export class XmlDocument {
  readonly kind = DOCUMENT;
  readonly parent = null;
  readonly order = 0;
  readonly start = 0;
  /** The document as UTF-8 without a byte order mark: the received bytes themselves when that is what they are. */
  readonly utf8: Buffer;
  /** Encoding of the received bytes, in capitals. */
  readonly encoding: string;
  readonly children: XmlNode[] = [];
  /** Every element, in document order: a walk along it touches nothing else. */
  readonly elements: XmlElement[] = [];
  /** Number of nodes, attributes included. */
  size = 1;
  #lines: number[] | null = null;
  /** The line that was asked about last. */
  #line: { start: number; units: LongLine } | null = null;

  constructor(utf8: Buffer, encoding: string) {
    this.utf8 = utf8;
    this.encoding = encoding;
  }

  get root(): XmlElement {
    return this.children.find((node): node is XmlElement => node.kind === ELEMENT)!;
  }

  /** The characters between two offsets, line ends normalised to LF (XML 1.0, section 2.11). */
  text(start: number, end: number): string {
    const text = this.utf8.toString('utf8', start, end);
    return text.includes('\r') ? text.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : text;
  }

  /** Line and column, from 1, of an offset; a column counts UTF-16 code units. */
  placeOf(offset: number): { line: number; column: number } {
    this.#lines ??= lineStarts(this.utf8);
    let low = 0;
    let high = this.#lines.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#lines[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: this.#unitsBefore(this.#lines[low]!, offset) + 1 };
  }

  #unitsBefore(start: number, offset: number): number {
    if (this.#line?.start !== start) this.#line = { start, units: new LongLine(this.utf8, start) };
    return this.#line.units.unitsBefore(offset);
  }
}

const LF = 0x0a;
const CR = 0x0d;

/** Offsets at which the lines of a text begin; a line ends at LF, CR or CR LF. */
function lineStarts(utf8: Buffer): number[] {
  const starts = [0];
  if (utf8.includes(CR)) return lineStartsWithCr(utf8, starts);
  for (let at = utf8.indexOf(LF); at >= 0; at = utf8.indexOf(LF, at + 1)) starts.push(at + 1);
  return starts;
}

function lineStartsWithCr(utf8: Buffer, starts: number[]): number[] {
  for (let at = 0; at < utf8.length; at += 1) {
    const byte = utf8[at];
    if (byte === LF || (byte === CR && utf8[at + 1] !== LF)) starts.push(at + 1);
  }
  return starts;
}
