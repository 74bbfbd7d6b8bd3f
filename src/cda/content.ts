import { type Name, nameOf } from '../xml/names.ts';
import { attributeNode } from '../xml/select.ts';
import {
  ELEMENT,
  TEXT,
  type XmlAttribute,
  type XmlDocument,
  type XmlElement,
  type XmlText,
} from '../xml/tree.ts';
import { GatheringDigest } from './digest.ts';

/**
 * SHA-256, in lower-case hexadecimal, over what a body says: elements by expanded name, attributes sorted, text with its
 * white space folded. Identifiers are left out, and so is every time; anchors (`ID` and what refers to it) count by their
 * order, not by their name. The rhythm and the length of a treatment are no times: they stay. Two versions of a series
 * with the same digest say the same (EX_GEN-1060). Without a body, the digest of nothing. Linear in the size of the body.
 */
export function contentSha256(document: XmlDocument, body: XmlElement | null): string {
  const content = new Content(document);
  if (body) content.element(body);
  return content.digest.hex();
}

const OPEN = 0x01;
const ATTRIBUTE = 0x02;
const LOCAL = 0x03;
const VALUE = 0x04;
const CONTENT = 0x05;
const CLOSE = 0x06;

const REPRESENTATION = nameOf('', 'representation');

/** Parts of a time that say how often or how long, not when. */
const RHYTHM: ReadonlySet<string> = new Set(['event', 'offset', 'period', 'width']);

class Content {
  readonly digest = new GatheringDigest();
  readonly #document: XmlDocument;
  readonly #anchors = new Map<string, number>();
  /** Names as they are digested: a body has thousands, of a few dozen kinds. */
  readonly #names = new Map<Name, Uint8Array>();

  constructor(document: XmlDocument) {
    this.#document = document;
  }

  /** The depth of calls is that of the tree, which the parser caps. */
  element(element: XmlElement): void {
    const { local } = element.name;
    if (local === 'id') return;
    if (local === 'time' || local.endsWith('Time')) this.#rhythm(element);
    else this.#whole(element);
  }

  #whole(element: XmlElement): void {
    this.#name(OPEN, element);
    for (const one of sorted(element.attributes)) {
      this.#name(ATTRIBUTE, one);
      this.digest.mark(VALUE);
      this.digest.text(isAnchor(one) ? this.#anchorsOf(one.value) : one.value);
    }
    this.digest.mark(CONTENT);
    for (const node of element.children) {
      if (node.kind === ELEMENT) this.element(node);
      else if (node.kind === TEXT) this.#text(node);
    }
    this.digest.mark(CLOSE);
  }

  #name(kind: number, { name }: XmlElement | XmlAttribute): void {
    this.digest.mark(kind);
    let written = this.#names.get(name);
    if (!written) {
      written = Buffer.from(`${name.ns}${String.fromCharCode(LOCAL)}${name.local}`);
      this.#names.set(name, written);
    }
    this.digest.bytes(written);
  }

  #rhythm(time: XmlElement): void {
    for (const node of time.children) {
      if (node.kind !== ELEMENT) continue;
      if (RHYTHM.has(node.name.local)) this.#whole(node);
      else this.#rhythm(node);
    }
  }

  #text(node: XmlText): void {
    if (node.blank) return;
    const packed = attributeNode(node.parent, REPRESENTATION)?.value === 'B64';
    const { start, end } = node;
    this.digest.folded({ bytes: this.#document.utf8, start, end }, packed, () => node.value);
  }

  #anchorsOf(names: string): string {
    return names
      .split(/\s+/)
      .map((name) => this.#anchor(name.replace(/^#/, '')))
      .join(' ');
  }

  #anchor(name: string): number {
    const number = this.#anchors.get(name) ?? this.#anchors.size;
    this.#anchors.set(name, number);
    return number;
  }
}

function sorted(attributes: XmlAttribute[]): XmlAttribute[] {
  if (attributes.length < 2) return attributes;
  return attributes.toSorted((a, b) => compare(a.name.ns, b.name.ns) || compare(a.name.local, b.name.local));
}

/** By code units: a locale must not change a digest. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const ANCHORS: ReadonlySet<string> = new Set(['ID', 'IDREF', 'IDREFS', 'referencedObject']);

function isAnchor(one: XmlAttribute): boolean {
  return one.name.ns === '' && (ANCHORS.has(one.name.local) || one.value.startsWith('#'));
}
