import type { Name } from '../../../xml/names.ts';
import { DOCUMENT, ELEMENT, type XmlDocument, type XmlElement, type XmlNode } from '../../../xml/tree.ts';
import type { Node } from './values.ts';

const NONE: readonly XmlElement[] = [];

/** A document with what makes its descendants found without walking: its elements by name, and where each one ends. */
export class Judged {
  readonly document: XmlDocument;
  /** All elements, in document order. */
  readonly elements: XmlElement[] = [];
  /** By the order of an element, the order of the last node inside it. */
  readonly #ends: Int32Array;
  /** Elements by the number of their name; names beyond the interned ones share a number and stand in a map. */
  readonly #byNumber: XmlElement[][] = [];
  readonly #strange = new Map<Name, XmlElement[]>();
  #byLocal: Map<string, XmlElement[]> | null = null;

  constructor(document: XmlDocument) {
    this.document = document;
    this.#ends = new Int32Array(document.size);
    this.#ends[0] = this.#walk(document.children, 0);
  }

  #walk(nodes: readonly XmlNode[], parent: number): number {
    let last = parent;
    for (let at = 0; at < nodes.length; at += 1) {
      const node = nodes[at]!;
      last = node.order;
      if (node.kind !== ELEMENT) continue;
      this.#add(node);
      const end = this.#walk(node.children, last + node.attributes.length);
      this.#ends[last] = end;
      last = end;
    }
    return last;
  }

  #add(element: XmlElement): void {
    this.elements.push(element);
    const { name } = element;
    const same = this.#byNumber[name.id];
    if (same === undefined) this.#byNumber[name.id] = [element];
    else if (same[0]!.name === name) same.push(element);
    else this.#addStrange(element);
  }

  #addStrange(element: XmlElement): void {
    const same = this.#strange.get(element.name);
    if (same) same.push(element);
    else this.#strange.set(element.name, [element]);
  }

  /** The elements of a name, in document order. */
  named(name: Name): readonly XmlElement[] {
    const same = this.#byNumber[name.id];
    if (same === undefined) return NONE;
    return same[0]!.name === name ? same : (this.#strange.get(name) ?? NONE);
  }

  /** The elements of a local name in any namespace, in document order. */
  locallyNamed(local: string): readonly XmlElement[] {
    this.#byLocal ??= Map.groupBy(this.elements, ({ name }) => name.local);
    return this.#byLocal.get(local) ?? NONE;
  }

  /** The order of the last node inside an element or the document. */
  endOf(node: Node): number {
    return node.kind === ELEMENT || node.kind === DOCUMENT ? this.#ends[node.order]! : node.order;
  }
}

/** The index of the first element of a list in document order that comes after an order. */
export function firstAfter(elements: readonly XmlElement[], order: number): number {
  let low = 0;
  let high = elements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (elements[middle]!.order > order) high = middle;
    else low = middle + 1;
  }
  return low;
}
