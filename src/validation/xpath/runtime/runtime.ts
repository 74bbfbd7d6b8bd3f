import type { Name } from '../../../xml/names.ts';
import { ELEMENT, type XmlAttribute } from '../../../xml/tree.ts';
import { validationLimits } from '../../limits.ts';
import type { Comparison, NodeTest, SequenceType } from '../ast.ts';
import { Decimal } from '../decimal.ts';
import { XPathError } from '../error.ts';
import { matchesRegex, normalizeSpace, regex, replace, tokenize } from '../functions/strings.ts';
import { functions } from '../functions/table.ts';
import { arithmetic, negated } from './arithmetic.ts';
import * as axes from './axes.ts';
import { castTo, isOfType, tryCast } from './casts.ts';
import { compareStrings, isNumeric, numberOf, pairCompare, valueCompare } from './compare.ts';
import { firstAfter } from './judged.ts';
import { isInteger, toDouble } from './numbers.ts';
import {
  type Atomic,
  asString,
  atMostOne,
  atom,
  atoms,
  exactlyOne,
  type Item,
  isNode,
  type Node,
  stringOf,
  stringValue,
  truth,
  truthOf,
  typeOf,
  Untyped,
} from './values.ts';

function nodeItem(item: Item | null): Node {
  if (item !== null && isNode(item)) return item;
  throw new XPathError('XPTY0020', 'a step starts from a value that is no node');
}

function nodeOrNull(item: Item | null): Node | null {
  if (item === null || isNode(item)) return item;
  throw new XPathError('XPTY0004', `a node is required, not xs:${typeOf(item)}`);
}

function hasChild(node: Node, name: Name): boolean {
  const children = axes.childrenOf(node);
  for (let at = 0; at < children.length; at += 1) {
    const one = children[at]!;
    if (one.kind === ELEMENT && one.name === name) return true;
  }
  return false;
}

/** Whether a counting predicate lets a position through. */
function counts(items: readonly Item[], position: number): boolean {
  const [first] = items;
  if (items.length === 1 && !isNode(first!) && isNumeric(first!)) return numberOf(first) === position;
  return truth(items);
}

function range(from: Atomic | null, to: Atomic | null): bigint[] {
  if (from === null || to === null) return [];
  const [first, last] = [wholeNumber(from), wholeNumber(to)];
  if (last - first >= BigInt(validationLimits.rangeItems.value))
    throw new XPathError('FOAR0002', 'a range is too long');
  return Array.from({ length: Math.max(0, Number(last - first) + 1) }, (_, index) => first + BigInt(index));
}

function wholeNumber(value: Atomic): bigint {
  const plain = value instanceof Untyped ? castTo('integer', value) : value;
  if (typeof plain === 'bigint') return plain;
  throw new XPathError('XPTY0004', `a whole number is required, not xs:${typeOf(plain)}`);
}

function asNumber(value: Atomic | null): number | bigint | Decimal | null {
  if (value === null) return null;
  const plain = value instanceof Untyped ? toDouble(value.value) : value;
  if (isNumeric(plain)) return plain;
  throw new XPathError('XPTY0004', `a number is required, not xs:${typeOf(plain)}`);
}

function asDouble(value: Atomic | null): number {
  return numberOf(exactlyOne(asNumber(value)));
}

function asInteger(value: Atomic | null): number {
  return Number(wholeNumber(exactlyOne(value)));
}

function valueCompareOrNull(op: Comparison, a: Atomic | null, b: Atomic | null): boolean | null {
  return a === null || b === null ? null : valueCompare(op, a, b);
}

function compareTwoNodes(op: 'is' | '<<' | '>>', a: Item | null, b: Item | null): boolean | null {
  const [left, right] = [nodeOrNull(a), nodeOrNull(b)];
  if (left === null || right === null) return null;
  if (op === 'is') return left === right;
  const order = axes.compareNodes(left, right);
  return op === '<<' ? order < 0 : order > 0;
}

function isOfTest(node: Node, test: NodeTest): boolean {
  switch (test.test) {
    case 'node':
      return true;
    case 'text':
      return node.kind === 3;
    case 'comment':
      return node.kind === 8;
    case 'document':
      return node.kind === 9;
    case 'instruction':
      return node.kind === 7 && (test.target === null || node.target === test.target);
    case 'name':
      return false;
    default:
      return isNamed(node, test);
  }
}

function isNamed(
  node: Node,
  { test, ns, local }: { test: string; ns: string | null; local: string | null },
): boolean {
  if (node.kind !== (test === 'element' ? 1 : 2)) return false;
  const { name } = node as { name: Name };
  return (ns === null || name.ns === ns) && (local === null || name.local === local);
}

function isOfItemType(item: Item, type: SequenceType['item']): boolean {
  if (type.of === 'item') return true;
  if (type.of === 'node') return isNode(item) && isOfTest(item, type.test);
  return type.of === 'atomic' && !isNode(item) && isOfType(item, type.name);
}

function instanceOf(items: readonly Item[], type: SequenceType): boolean {
  if (type.item.of === 'empty') return items.length === 0;
  if (items.length === 0) return type.occurs === '?' || type.occurs === '*';
  if (items.length > 1 && type.occurs !== '*' && type.occurs !== '+') return false;
  return items.every((item) => isOfItemType(item, type.item));
}

function treatAs(items: readonly Item[], type: SequenceType): readonly Item[] {
  if (!instanceOf(items, type))
    throw new XPathError('XPDY0050', 'a value is not of the type that it is treated as');
  return items;
}

function castable(values: readonly Atomic[], type: string, optional: boolean): boolean {
  if (values.length !== 1) return values.length === 0 && optional;
  const [value] = values;
  if (type === 'integer' && typeof value === 'string') return isInteger(value);
  return tryCast(type, value!) !== null;
}

function castOrNull(type: string, value: Atomic | null, optional: boolean): Atomic | null {
  if (value !== null) return castTo(type, value);
  if (optional) return null;
  throw new XPathError('XPTY0004', 'an empty sequence cannot be converted');
}

function nodesOf(items: readonly Item[]): Node[] {
  return items.map(nodeItem);
}

/** What generated code calls; the documents of the pack are added to it. */
export const runtime = {
  ...axes,
  Untyped,
  arithmetic,
  asDouble,
  asInteger,
  asNumber,
  asString,
  atMostOne,
  atom,
  atoms,
  bigOrNull: (value: number | null) => (value === null ? null : BigInt(value)),
  castOrNull,
  castTo,
  castable,
  compareStrings,
  compareTwoNodes,
  counts,
  decimal: Decimal.parse,
  exactlyOne,
  firstAfter,
  hasChild,
  instanceOf,
  isNumber: (value: number | null) => value !== null && value !== 0,
  isText: (value: string | null) => value !== null && value !== '',
  lazy: <T>(make: () => T) => {
    let made = false;
    let value: T;
    return () => {
      if (!made) {
        value = make();
        made = true;
      }
      return value;
    };
  },
  spaced: (values: readonly Atomic[]) => values.map(stringOf).join(' '),
  listOf: (item: Item | null) => (item === null ? [] : [item]),
  matches: matchesRegex,
  negated,
  nodeItem,
  nodeOrNull,
  pairCompare,
  range,
  regex,
  replace,
  stringOf,
  stringOr: (item: Item | null, otherwise: string) => (item === null ? otherwise : stringOf(item)),
  stringValue,
  stringValueOrNull: (node: Node | null) => (node === null ? null : stringValue(node)),
  atomOrNull: (item: Item | null) => (item === null ? null : atom(item)),
  toDouble,
  tokenize,
  treatAs,
  truth,
  truthOf,
  truthOrNull: (item: Item | null) => item !== null && truthOf(item),
  union: (a: Item[], b: Item[]) => axes.sorted(nodesOf([...a, ...b])),
  intersect: (a: Item[], b: Item[]) => {
    const kept = new Set(nodesOf(b));
    return axes.sorted(nodesOf(a).filter((node) => kept.has(node)));
  },
  except: (a: Item[], b: Item[]) => {
    const gone = new Set(nodesOf(b));
    return axes.sorted(nodesOf(a).filter((node) => !gone.has(node)));
  },
  untypedOrNull: (value: string | null) => (value === null ? null : new Untyped(value)),
  valueCompareOrNull,
  valueOf: (attribute: XmlAttribute | null) => (attribute === null ? null : attribute.value),
  words: (text: string | null) => normalizeSpace(text).split(' ').filter(Boolean),
  fn: Object.fromEntries(Object.entries(functions).map(([name, { run }]) => [name, run])),
};
