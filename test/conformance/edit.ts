import { parseXml } from '../../src/xml/parse.ts';
import { elementsOf } from '../../src/xml/select.ts';
import { ELEMENT, type XmlAttribute, type XmlDocument, type XmlElement } from '../../src/xml/tree.ts';
import { escapeXml } from '../../src/xml/writer.ts';

/** Offsets in bytes, and what is to stand between them. */
export type Splice = [start: number, end: number, text: string];
/** Takes one of several by chance. */
export type Draw = <T>(from: readonly T[]) => T;

/** A document and the element at which it is to be changed. */
export class Edit {
  readonly element: XmlElement;
  readonly draw: Draw;
  readonly #bytes: Buffer;

  constructor(document: XmlDocument, element: XmlElement, draw: Draw) {
    this.#bytes = document.utf8;
    this.element = element;
    this.draw = draw;
  }

  /** Offset after the name of an element or attribute. */
  nameEnd({ start }: XmlElement | XmlAttribute): number {
    let at = start + 1;
    while (!/[\s>/=]/.test(String.fromCharCode(this.#bytes[at]!))) at += 1;
    return at;
  }

  attributeEnd(attribute: XmlAttribute): number {
    const open = /["']/.exec(this.#bytes.toString('latin1', attribute.start))!.index + attribute.start;
    return this.#bytes.indexOf(this.#bytes[open]!, open + 1) + 1;
  }

  tagEnd({ start }: XmlElement): number {
    const tag = /^<(?:[^"'>]|"[^"]*"|'[^']*')*>/.exec(this.#bytes.toString('latin1', start, start + 20_000));
    return start + tag![0].length;
  }

  end(element: XmlElement): number {
    const tagEnd = this.tagEnd(element);
    if (this.#bytes[tagEnd - 2] === 0x2f) return tagEnd;
    const last = element.children.at(-1);
    const inside =
      last?.kind === ELEMENT ? this.end(last) : last && 'end' in last ? last.end : (last?.start ?? tagEnd);
    return this.#bytes.indexOf('>', this.#bytes.indexOf('</', inside)) + 1;
  }

  /** Offset of the end tag of an element that has one. */
  endTag(element: XmlElement): number {
    return this.#bytes.lastIndexOf('</', this.end(element));
  }

  replaceAttribute(by: (attribute: XmlAttribute) => string | null): Splice[] | null {
    if (this.element.attributes.length === 0) return null;
    const attribute = this.draw(this.element.attributes);
    const value = by(attribute);
    const name =
      attribute.prefix === '' ? attribute.name.local : `${attribute.prefix}:${attribute.name.local}`;
    const text = value === null ? '' : `${name}="${escapeXml(value)}"`;
    return [[attribute.start, this.attributeEnd(attribute), text]];
  }

  /** Sets an attribute that is there, or adds it. */
  setAttribute(name: string, value: string): Splice[] | null {
    const local = name.slice(name.indexOf(':') + 1);
    const known = this.element.attributes.find((one) => one.name.local === local);
    if (known) return [[known.start, this.attributeEnd(known), `${name}="${escapeXml(value)}"`]];
    const at = this.nameEnd(this.element);
    return [[at, at, ` ${name}="${escapeXml(value)}"`]];
  }

  text(element: XmlElement): string {
    return this.#bytes.toString('utf8', element.start, this.end(element));
  }

  isEmpty(element: XmlElement): boolean {
    return this.#bytes[this.tagEnd(element) - 2] === 0x2f;
  }

  siblings(): XmlElement[] {
    const { parent } = this.element;
    return parent.kind === ELEMENT ? elementsOf(parent) : [];
  }
}

export function spliced(bytes: Buffer, splices: readonly Splice[]): Buffer {
  const lastFirst = splices.toSorted(([a], [b]) => b - a);
  return lastFirst.reduce(
    (text, [start, end, by]) => Buffer.concat([text.subarray(0, start), Buffer.from(by), text.subarray(end)]),
    bytes,
  );
}

export function isWellFormed(bytes: Buffer): boolean {
  try {
    parseXml(bytes);
    return true;
  } catch {
    return false;
  }
}
