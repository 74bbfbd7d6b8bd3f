import type { Name } from '../../../xml/names.ts';
import { DOCUMENT, ELEMENT, type XmlDocument, type XmlElement, type XmlNode } from '../../../xml/tree.ts';
import { Namesakes } from './namesakes.ts';
import type { Node } from './values.ts';

let nextBase = 0;

/** A document with what makes its descendants found without walking: lists of its elements, made when first asked for. */
export class Judged {
  readonly document: XmlDocument;
  /** Added to the order of a node, a number that no node of another judged document has. */
  readonly base: number;
  readonly namesakes = new Namesakes();
  readonly #byName = new Map<Name, readonly XmlElement[]>();
  readonly #byLocal = new Map<string, readonly XmlElement[]>();

  constructor(document: XmlDocument) {
    this.document = document;
    this.base = nextBase;
    nextBase += document.size + 1;
  }

  /** All elements, in document order. */
  get elements(): readonly XmlElement[] {
    return this.document.elements;
  }

  /** Says what the elements of a name are, in document order, to somebody who has walked the document anyhow. */
  tell(name: Name, elements: readonly XmlElement[]): void {
    this.#byName.set(name, elements);
  }

  tellLocal(local: string, elements: readonly XmlElement[]): void {
    this.#byLocal.set(local, elements);
  }

  /** The elements of a name, in document order. */
  named(name: Name): readonly XmlElement[] {
    let same = this.#byName.get(name);
    if (same === undefined) {
      same = this.elements.filter((one) => one.name === name);
      this.#byName.set(name, same);
    }
    return same;
  }

  /** The elements of a local name in any namespace, in document order. */
  locallyNamed(local: string): readonly XmlElement[] {
    let same = this.#byLocal.get(local);
    if (same === undefined) {
      same = this.elements.filter(({ name }) => name.local === local);
      this.#byLocal.set(local, same);
    }
    return same;
  }

  /** The order of the last node inside a node. */
  endOf(node: Node): number {
    let last: Node = node;
    for (;;) {
      if (last.kind !== ELEMENT && last.kind !== DOCUMENT) return last.order;
      const inner: XmlNode | undefined = last.children[last.children.length - 1];
      if (!inner) return last.order + (last.kind === ELEMENT ? last.attributes.length : 0);
      last = inner;
    }
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
