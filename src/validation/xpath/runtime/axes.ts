import type { Name } from '../../../xml/names.ts';
import {
  ATTRIBUTE,
  DOCUMENT,
  documentOf,
  ELEMENT,
  type XmlAttribute,
  type XmlDocument,
  type XmlElement,
  type XmlNode,
} from '../../../xml/tree.ts';
import { XPathError } from '../error.ts';
import { type Item, isNode, type Node } from './values.ts';

const NONE: readonly never[] = [];

export function childrenOf(node: Node): readonly XmlNode[] {
  return node.kind === ELEMENT || node.kind === DOCUMENT ? node.children : NONE;
}

export function attributesOf(node: Node): readonly XmlAttribute[] {
  return node.kind === ELEMENT ? node.attributes : NONE;
}

/** The attribute of a name, or null. */
export function attributeOf(node: Node, name: Name): XmlAttribute | null {
  if (node.kind !== ELEMENT) return null;
  const { attributes } = node;
  for (let at = 0; at < attributes.length; at += 1) if (attributes[at]!.name === name) return attributes[at]!;
  return null;
}

/** The value of an attribute, or null. */
export function attributeValue(node: Node, name: Name): string | null {
  return attributeOf(node, name)?.value ?? null;
}

export function rootOf(node: Node): XmlDocument {
  if (node.kind === DOCUMENT) return node;
  return documentOf(node.kind === ELEMENT ? node : node.parent);
}

export function descendantsOf(node: Node): Node[] {
  const found: Node[] = [];
  collect(node, found);
  return found;
}

function collect(node: Node, found: Node[]): void {
  for (const one of childrenOf(node)) {
    found.push(one);
    if (one.kind === ELEMENT) collect(one, found);
  }
}

export function descendantsOrSelf(node: Node): Node[] {
  const found: Node[] = [node];
  collect(node, found);
  return found;
}

/** The elements inside a node, in document order. */
export function elementsBelow(node: Node): Node[] {
  const found: Node[] = [];
  collectElements(node, found);
  return found;
}

/** The same with the node itself, when it is one. */
export function elementsFrom(node: Node): Node[] {
  const found: Node[] = node.kind === ELEMENT ? [node] : [];
  collectElements(node, found);
  return found;
}

function collectElements(node: Node, found: Node[]): void {
  const children = childrenOf(node);
  for (let at = 0; at < children.length; at += 1) {
    const one = children[at]!;
    if (one.kind !== ELEMENT) continue;
    found.push(one);
    collectElements(one, found);
  }
}

/** Nearest first. */
export function ancestorsOf(node: Node): Node[] {
  const found: Node[] = [];
  for (let at: Node | null = node.parent; at; at = at.parent) found.push(at);
  return found;
}

export function ancestorsOrSelf(node: Node): Node[] {
  return [node, ...ancestorsOf(node)];
}

function siblings(node: Node): readonly XmlNode[] {
  return node.kind === ATTRIBUTE || node.parent === null ? NONE : node.parent.children;
}

export function followingSiblings(node: Node): readonly Node[] {
  const all = siblings(node);
  return all.slice(all.indexOf(node as XmlNode) + 1);
}

/** Nearest first. */
export function precedingSiblings(node: Node): readonly Node[] {
  const all = siblings(node);
  return all.slice(0, Math.max(0, all.indexOf(node as XmlNode))).reverse();
}

export function followingOf(node: Node): Node[] {
  const from = node.kind === ATTRIBUTE ? descendantsOf(node.parent) : [];
  const start: Node = node.kind === ATTRIBUTE ? node.parent : node;
  return [
    ...from,
    ...ancestorsOrSelf(start).flatMap((one) => followingSiblings(one).flatMap(descendantsOrSelf)),
  ];
}

/** Nearest first. */
export function precedingOf(node: Node): Node[] {
  const start: Node = node.kind === ATTRIBUTE ? node.parent : node;
  return ancestorsOrSelf(start).flatMap((one) =>
    precedingSiblings(one).flatMap((sibling) => descendantsOrSelf(sibling).reverse()),
  );
}

const numbers = new WeakMap<XmlDocument, number>();
let documents = 0;

function documentNumber(node: Node): number {
  const document = rootOf(node);
  let number = numbers.get(document);
  if (number === undefined) {
    documents += 1;
    number = documents;
    numbers.set(document, number);
  }
  return number;
}

/** Document order: below, at or above zero. */
export function compareNodes(a: Node, b: Node): number {
  if (a === b) return 0;
  return documentNumber(a) - documentNumber(b) || a.order - b.order;
}

/** Nodes in document order, each once. */
export function sorted<T extends Item>(items: T[]): T[] {
  if (items.length < 2) {
    if (items.length === 1 && !isNode(items[0]!)) throw notNodes();
    return items;
  }
  for (const one of items) if (!isNode(one)) throw notNodes();
  const nodes = items as unknown as Node[];
  const one = nodes.every((node) => rootOf(node) === rootOf(nodes[0]!));
  nodes.sort(one ? (a, b) => a.order - b.order : compareNodes);
  return nodes.filter((node, index) => index === 0 || node !== nodes[index - 1]) as unknown as T[];
}

function notNodes(): XPathError {
  return new XPathError('XPTY0004', 'nodes are required here');
}

/** What the last step of a path gives: nodes are put in document order, values stay as they are. */
export function pathResult(items: Item[]): Item[] {
  if (items.length === 0 || !items.some(isNode)) return items;
  if (!items.every(isNode)) throw new XPathError('XPTY0018', 'a path gives both nodes and values');
  return sorted(items);
}

/** The namespaces in scope at an element, by prefix; the default one under the empty prefix. */
export function namespacesAt(element: XmlElement): Map<string, string> {
  const found = new Map<string, string>([['xml', 'http://www.w3.org/XML/1998/namespace']]);
  const chain: XmlElement[] = [];
  for (let at: Node | null = element; at && at.kind === ELEMENT; at = at.parent) chain.push(at);
  for (const one of chain.reverse()) for (const [prefix, uri] of one.declared ?? []) found.set(prefix, uri);
  return found;
}

/** The namespace that a prefix is bound to at an element, or undefined. */
export function namespaceOf(element: XmlElement, prefix: string): string | undefined {
  for (let at: Node | null = element; at && at.kind === ELEMENT; at = at.parent) {
    const uri = at.declared?.get(prefix);
    if (uri !== undefined) return uri;
  }
  return prefix === 'xml' ? 'http://www.w3.org/XML/1998/namespace' : undefined;
}
