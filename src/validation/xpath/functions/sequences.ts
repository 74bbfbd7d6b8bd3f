import { ATTRIBUTE, COMMENT, DOCUMENT, ELEMENT, INSTRUCTION, type XmlElement } from '../../../xml/tree.ts';
import { XPathError } from '../error.ts';
import { compareNodes } from '../runtime/axes.ts';
import { sameValue } from '../runtime/compare.ts';
import { roundDouble } from '../runtime/numbers.ts';
import {
  type Atomic,
  type Item,
  isNode,
  type Node,
  stringOf,
  stringValue,
  Untyped,
  Uri,
} from '../runtime/values.ts';
import type { FunctionTable } from './row.ts';

/** A key by which equal strings and untyped values meet; null for values of other types. */
function textKey(value: Atomic): string | null {
  if (typeof value === 'string') return value;
  return value instanceof Untyped || value instanceof Uri ? value.value : null;
}

export function distinct(values: readonly Atomic[]): Atomic[] {
  const texts = new Set<string>();
  const kept: Atomic[] = [];
  const others: Atomic[] = [];
  for (const value of values) {
    const key = textKey(value);
    if (key === null ? others.some((one) => sameValue(one, value)) : texts.has(key)) continue;
    if (key === null) others.push(value);
    else texts.add(key);
    kept.push(value);
  }
  return kept;
}

function indexOf(values: readonly Atomic[], wanted: Atomic): bigint[] {
  return values.flatMap((value, index) => (sameValue(value, wanted) ? [BigInt(index + 1)] : []));
}

function insertBefore(items: readonly Item[], position: number, added: readonly Item[]): Item[] {
  const at = Math.min(Math.max(position, 1), items.length + 1) - 1;
  return [...items.slice(0, at), ...added, ...items.slice(at)];
}

function subsequence(items: readonly Item[], start: number, length = Infinity): Item[] {
  const first = roundDouble(start);
  const end = first + roundDouble(length);
  return items.filter((_, index) => index + 1 >= first && index + 1 < end);
}

function sized<T>(items: readonly T[], least: number, most: number, code: string): readonly T[] {
  if (items.length < least || items.length > most)
    throw new XPathError(
      code,
      `${items.length === 0 ? 'no item' : 'several items'} where the expression says otherwise`,
    );
  return items;
}

function deepEqual(a: readonly Item[], b: readonly Item[]): boolean {
  return a.length === b.length && a.every((item, index) => equalItems(item, b[index]!));
}

function equalItems(a: Item, b: Item): boolean {
  if (isNode(a) && isNode(b)) return equalNodes(a, b);
  return !isNode(a) && !isNode(b) && sameValue(a, b);
}

function equalNodes(a: Node, b: Node): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === ELEMENT && b.kind === ELEMENT) return equalElements(a, b);
  if (a.kind === DOCUMENT || b.kind === DOCUMENT) return equalContents(a, b);
  if (a.kind === ATTRIBUTE && b.kind === ATTRIBUTE && a.name !== b.name) return false;
  return stringValue(a) === stringValue(b);
}

function equalElements(a: XmlElement, b: XmlElement): boolean {
  if (a.name !== b.name || a.attributes.length !== b.attributes.length) return false;
  const same = a.attributes.every((one) => b.attributes.some((other) => equalNodes(one, other)));
  return same && equalContents(a, b);
}

function equalContents(a: Node, b: Node): boolean {
  const counted = (node: Node) =>
    'children' in node ? node.children.filter(({ kind }) => kind !== COMMENT && kind !== INSTRUCTION) : [];
  return deepEqual(counted(a), counted(b));
}

function joined(values: readonly Atomic[], separator = ''): string {
  return values.map(stringOf).join(separator);
}

export const sequences: FunctionTable = {
  'string-join': { params: ['atoms', 'string'], least: 1, gives: ['string', '1'], run: joined },
  'distinct-values': { params: ['atoms'], gives: ['item', '*'], run: distinct },
  data: { params: ['atoms'], ofContext: true, gives: ['item', '*'], run: (values) => values },
  'index-of': { params: ['atoms', 'atom'], gives: ['item', '*'], run: indexOf },
  'insert-before': { params: ['items', 'integer', 'items'], gives: ['item', '*'], run: insertBefore },
  remove: {
    params: ['items', 'integer'],
    gives: ['item', '*'],
    run: (items: Item[], position: number) => items.filter((_, index) => index + 1 !== position),
  },
  reverse: { params: ['items'], gives: ['item', '*'], run: (items: Item[]) => items.toReversed() },
  unordered: { params: ['items'], gives: ['item', '*'], run: (items) => items },
  head: { params: ['items'], gives: ['item', '?'], run: (items: Item[]) => items[0] ?? null },
  tail: { params: ['items'], gives: ['item', '*'], run: (items: Item[]) => items.slice(1) },
  subsequence: { params: ['items', 'double', 'double'], least: 2, gives: ['item', '*'], run: subsequence },
  'zero-or-one': { params: ['items'], gives: ['item', '*'], run: (items) => sized(items, 0, 1, 'FORG0003') },
  'one-or-more': {
    params: ['items'],
    gives: ['item', '*'],
    run: (items) => sized(items, 1, Infinity, 'FORG0004'),
  },
  'exactly-one': { params: ['items'], gives: ['item', '*'], run: (items) => sized(items, 1, 1, 'FORG0005') },
  'deep-equal': { params: ['items', 'items'], gives: ['boolean', '1'], run: deepEqual },
  innermost: { params: ['items'], gives: ['node', '*'], run: innermost },
  outermost: { params: ['items'], gives: ['node', '*'], run: outermost },
};

function isInside(inner: Node, outer: Node): boolean {
  for (let at: Node | null = inner.parent; at; at = at.parent) if (at === outer) return true;
  return false;
}

function innermost(nodes: Node[]): Node[] {
  return nodes.filter((node) => !nodes.some((other) => isInside(other, node))).sort(compareNodes);
}

function outermost(nodes: Node[]): Node[] {
  return nodes.filter((node) => !nodes.some((other) => isInside(node, other))).sort(compareNodes);
}
