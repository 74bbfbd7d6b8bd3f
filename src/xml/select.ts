import { HL7_NS, type Name, nameOf } from './names.ts';
import {
  ATTRIBUTE,
  COMMENT,
  DOCUMENT,
  ELEMENT,
  INSTRUCTION,
  TEXT,
  type XmlAttribute,
  type XmlDocument,
  type XmlElement,
  type XmlNode,
} from './tree.ts';

/** The first child element of a name, in the HL7 v3 namespace unless another is given. */
export function child(
  parent: XmlElement | XmlDocument | null,
  local: string,
  ns = HL7_NS,
): XmlElement | null {
  if (!parent) return null;
  const name = nameOf(ns, local);
  for (const node of parent.children) if (node.kind === ELEMENT && node.name === name) return node;
  return null;
}

/** All child elements of a name, in document order. */
export function children(parent: XmlElement | XmlDocument | null, local: string, ns = HL7_NS): XmlElement[] {
  if (!parent) return [];
  const name = nameOf(ns, local);
  return parent.children.filter((node): node is XmlElement => node.kind === ELEMENT && node.name === name);
}

/** Follows first children by name: `descend(root, 'recordTarget', 'patientRole')`. */
export function descend(from: XmlElement | null, ...locals: string[]): XmlElement | null {
  return locals.reduce<XmlElement | null>((element, local) => child(element, local), from);
}

/** All child elements, whatever their name. */
export function elementsOf(parent: XmlElement | XmlDocument): XmlElement[] {
  return parent.children.filter((node) => node.kind === ELEMENT);
}

/** Every element below a node, in document order, the node itself excluded. */
export function* descendants(from: XmlElement | XmlDocument): Generator<XmlElement> {
  const stack: XmlNode[] = from.children.toReversed();
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.kind !== ELEMENT) continue;
    yield node;
    for (let index = node.children.length - 1; index >= 0; index -= 1) stack.push(node.children[index]!);
  }
}

/** The value of an attribute without a namespace (or with the one given), or null. */
export function attribute(element: XmlElement | null, local: string, ns = ''): string | null {
  return attributeNode(element, nameOf(ns, local))?.value ?? null;
}

export function attributeNode(element: XmlElement | null, name: Name): XmlAttribute | null {
  if (!element) return null;
  for (const one of element.attributes) if (one.name === name) return one;
  return null;
}

/** The string value of an element: all the text below it, in order. */
export function textOf(element: XmlElement | null): string {
  if (!element) return '';
  let text = '';
  for (const node of element.children) {
    if (node.kind === TEXT) text += node.value;
    else if (node.kind === ELEMENT) text += textOf(node);
  }
  return text;
}

/** The text below an element with white space folded, or null when there is none. */
export function foldedText(element: XmlElement | null): string | null {
  return textOf(element).replace(/\s+/g, ' ').trim() || null;
}

/** Whether an element is of a name in a namespace (HL7 v3 unless given). */
export function isElement(node: XmlElement, local: string, ns = HL7_NS): boolean {
  return node.name === nameOf(ns, local);
}

/**
 * The XPath of a node by local names, with `[n]` only where n > 1: `/ClinicalDocument/component[2]/section/@ID`.
 * Siblings are counted by expanded name.
 */
export function pathOf(node: XmlNode | XmlAttribute | XmlDocument): string {
  if (node.kind === DOCUMENT) return '/';
  const parent = node.parent.kind === DOCUMENT ? '' : pathOf(node.parent);
  if (node.kind === ATTRIBUTE) return `${parent}/@${node.name.local}`;
  const step = node.kind === ELEMENT ? node.name.local : KIND_TESTS[node.kind];
  const position = positionOf(node);
  return `${parent}/${step}${position > 1 ? `[${position}]` : ''}`;
}

const KIND_TESTS = {
  [TEXT]: 'text()',
  [COMMENT]: 'comment()',
  [INSTRUCTION]: 'processing-instruction()',
} as const;

function positionOf(node: XmlNode): number {
  let position = 0;
  for (const sibling of node.parent.children) {
    if (sibling.kind === node.kind && (node.kind !== ELEMENT || (sibling as XmlElement).name === node.name))
      position += 1;
    if (sibling === node) break;
  }
  return position;
}

/** Line, column and XPath of a node. */
export function placeOf(
  document: XmlDocument,
  node: XmlNode | XmlAttribute,
): { line: number; column: number; location: string } {
  return { ...document.placeOf(node.start), location: pathOf(node) };
}
