import {
  ATTRIBUTE,
  DOCUMENT,
  ELEMENT,
  INSTRUCTION,
  TEXT,
  type XmlAttribute,
  type XmlDocument,
  type XmlElement,
  type XmlNode,
} from '../../../xml/tree.ts';
import { Decimal } from '../decimal.ts';
import { XPathError } from '../error.ts';
import type { Duration, Moment } from './dates.ts';
import { doubleText } from './numbers.ts';

export type Node = XmlNode | XmlAttribute | XmlDocument;

/** An xs:untypedAtomic: what a node of a document without a schema holds. */
export class Untyped {
  readonly value: string;

  constructor(value: string) {
    this.value = value;
  }
}

export class Uri {
  readonly value: string;

  constructor(value: string) {
    this.value = value;
  }
}

export class QNameValue {
  readonly ns: string;
  readonly prefix: string;
  readonly local: string;

  constructor(ns: string, prefix: string, local: string) {
    this.ns = ns;
    this.prefix = prefix;
    this.local = local;
  }
}

/**
 * An atomic value. A JavaScript string is an xs:string, a number an xs:double, a bigint an xs:integer; the other types
 * have a class each.
 */
export type Atomic =
  | string
  | boolean
  | number
  | bigint
  | Decimal
  | Untyped
  | Uri
  | QNameValue
  | Moment
  | Duration;

export type Item = Node | Atomic;

export function isNode(item: Item): item is Node {
  return typeof item === 'object' && 'kind' in item;
}

/** The string value of a node. */
export function stringValue(node: Node): string {
  if (node.kind === ATTRIBUTE || node.kind === TEXT) return node.value;
  return node.kind === ELEMENT || node.kind === DOCUMENT ? textInside(node) : node.value;
}

function textInside(node: XmlElement | XmlDocument): string {
  const { children } = node;
  if (children.length === 1 && children[0]!.kind === TEXT) return children[0]!.value;
  let text = '';
  for (const one of children) {
    if (one.kind === TEXT) text += one.value;
    else if (one.kind === ELEMENT) text += textInside(one);
  }
  return text;
}

/** The typed value of an item: comments and instructions hold strings, other nodes untyped values. */
export function atom(item: Item): Atomic {
  if (!isNode(item)) return item;
  const value = stringValue(item);
  return item.kind <= TEXT || item.kind === DOCUMENT ? new Untyped(value) : value;
}

export function atoms(items: readonly Item[]): Atomic[] {
  return items.map(atom);
}

/** The value of an item as fn:string gives it. */
export function stringOf(item: Item): string {
  if (typeof item === 'string') return item;
  if (typeof item !== 'object') return typeof item === 'number' ? doubleText(item) : String(item);
  if (isNode(item)) return stringValue(item);
  if (item instanceof QNameValue) return item.prefix ? `${item.prefix}:${item.local}` : item.local;
  if (item instanceof Untyped || item instanceof Uri) return item.value;
  return item.toString();
}

/** The name of an atomic type, without prefix. */
export function typeOf(value: Atomic): string {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return 'double';
  if (typeof value === 'bigint') return 'integer';
  if (value instanceof Decimal) return 'decimal';
  if (value instanceof Untyped) return 'untypedAtomic';
  if (value instanceof Uri) return 'anyURI';
  return value instanceof QNameValue ? 'QName' : value.type;
}

/** The effective boolean value of a sequence. */
export function truth(items: readonly Item[]): boolean {
  const first = items[0];
  if (first === undefined) return false;
  if (isNode(first)) return true;
  if (items.length > 1) throw new XPathError('FORG0006', 'a sequence of several values has no truth');
  return truthOf(first);
}

export function truthOf(value: Item): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return value !== '';
  if (typeof value === 'number') return value !== 0 && !Number.isNaN(value);
  if (typeof value === 'bigint') return value !== 0n;
  if (value instanceof Decimal) return value.unscaled !== 0n;
  if (value instanceof Untyped || value instanceof Uri) return value.value !== '';
  if (isNode(value)) return true;
  throw new XPathError('FORG0006', `a value of type xs:${typeOf(value)} has no truth`);
}

/** @throws XPathError XPTY0004 when there is more than one item */
export function atMostOne(items: readonly Item[]): Item | null {
  if (items.length > 1)
    throw new XPathError('XPTY0004', 'a sequence of more than one item is not allowed here');
  return items[0] ?? null;
}

export function exactlyOne<T extends Item>(item: T | null): T {
  if (item === null) throw new XPathError('XPTY0004', 'an empty sequence is not allowed here');
  return item;
}

/** An argument of type xs:string?, by the function conversion rules. */
export function asString(item: Item | null): string | null {
  if (item === null) return null;
  if (typeof item === 'string') return item;
  if (typeof item === 'object') {
    if (item instanceof Untyped || item instanceof Uri) return item.value;
    if (isNode(item)) return stringValue(item);
  }
  throw new XPathError('XPTY0004', `a string is required, not xs:${typeOf(item as Atomic)}`);
}

/** The name of a node as XPath sees it, or null. */
export function nameOfNode(node: Node): { ns: string; prefix: string; local: string } | null {
  if (node.kind === ELEMENT || node.kind === ATTRIBUTE)
    return { ns: node.name.ns, prefix: node.prefix, local: node.name.local };
  return node.kind === INSTRUCTION ? { ns: '', prefix: '', local: node.target } : null;
}
