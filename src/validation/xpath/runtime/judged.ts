import type { Name } from '../../../xml/names.ts';
import { ELEMENT, type XmlDocument, type XmlElement, type XmlNode } from '../../../xml/tree.ts';
import type { Node } from './values.ts';

const NONE: readonly XmlElement[] = [];

/** A document with what makes its descendants found without walking: its elements by name, and where each one ends. */
export class Judged {
  readonly document: XmlDocument;
  /** All elements, in document order. */
  readonly elements: XmlElement[] = [];
  /** By the order of an element, the order of the last node inside it. */
  readonly #ends: Int32Array;
  readonly #byName = new Map<Name, XmlElement[]>();

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
      const own = node.order + node.attributes.length;
      last = this.#walk(node.children, own);
      this.#ends[node.order] = last;
    }
    return last;
  }

  #add(element: XmlElement): void {
    this.elements.push(element);
    const same = this.#byName.get(element.name);
    if (same) same.push(element);
    else this.#byName.set(element.name, [element]);
  }

  /** The elements of a name, in document order. */
  named(name: Name): readonly XmlElement[] {
    return this.#byName.get(name) ?? NONE;
  }

  /** The order of the last node inside an element or the document. */
  endOf(node: Node): number {
    return node.kind === ELEMENT || node.kind === 9 ? this.#ends[node.order]! : node.order;
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
