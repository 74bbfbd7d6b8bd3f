import type { Comparison } from '../ast.ts';
import { Decimal } from '../decimal.ts';
import { XPathError } from '../error.ts';
import { castTo } from './casts.ts';
import { compareMoments, Duration, Moment } from './dates.ts';
import { toDouble } from './numbers.ts';
import { type Atomic, QNameValue, typeOf, Untyped, Uri } from './values.ts';

/** The order of two strings by code points: below, at or above zero. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  if (at === length) return a.length - b.length;
  return ranked(a.charCodeAt(at)) - ranked(b.charCodeAt(at));
}

/** A code unit, with surrogates above the rest of the basic plane: the order of code points. */
function ranked(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}

/** Whether an order of -1, 0, 1 (or NaN, for what has none) satisfies a comparison. */
export function holds(op: Comparison, order: number): boolean {
  switch (op) {
    case 'eq':
      return order === 0;
    case 'ne':
      return order !== 0;
    case 'lt':
      return order < 0;
    case 'le':
      return order <= 0;
    case 'gt':
      return order > 0;
    case 'ge':
      return order >= 0;
  }
}

type Numeric = number | bigint | Decimal;

export function isNumeric(value: Atomic): value is Numeric {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Decimal;
}

function orderOfNumbers(a: Numeric, b: Numeric): number {
  if (typeof a === 'number' || typeof b === 'number') {
    const [x, y] = [numberOf(a), numberOf(b)];
    return x < y ? -1 : x > y ? 1 : x === y ? 0 : NaN;
  }
  return exact(a).compare(exact(b));
}

export function numberOf(value: Numeric): number {
  if (typeof value === 'number') return value;
  return typeof value === 'bigint' ? Number(value) : value.toNumber();
}

export function exact(value: bigint | Decimal): Decimal {
  return typeof value === 'bigint' ? Decimal.of(value) : value;
}

function textOf(value: Atomic): string | null {
  if (typeof value === 'string') return value;
  return value instanceof Uri || value instanceof Untyped ? value.value : null;
}

/** Compares two values as `eq`, `lt` and the others do: an untyped value counts as a string. */
export function valueCompare(op: Comparison, a: Atomic, b: Atomic): boolean {
  if (isNumeric(a) && isNumeric(b)) return holds(op, orderOfNumbers(a, b));
  const [left, right] = [textOf(a), textOf(b)];
  if (left !== null && right !== null) return holds(op, compareStrings(left, right));
  if (typeof a === 'boolean' && typeof b === 'boolean') return holds(op, Number(a) - Number(b));
  if (a instanceof Moment && b instanceof Moment) return holds(op, compareMoments(a, b));
  if (a instanceof Duration && b instanceof Duration) return compareDurations(op, a, b);
  if (a instanceof QNameValue && b instanceof QNameValue && (op === 'eq' || op === 'ne'))
    return (a.ns === b.ns && a.local === b.local) === (op === 'eq');
  throw new XPathError('XPTY0004', `xs:${typeOf(a)} and xs:${typeOf(b)} cannot be compared`);
}

function compareDurations(op: Comparison, a: Duration, b: Duration): boolean {
  if (op === 'eq' || op === 'ne') return (a.months === b.months && a.seconds === b.seconds) === (op === 'eq');
  if (a.type !== b.type || a.type === 'duration')
    throw new XPathError('XPTY0004', `xs:${a.type} and xs:${b.type} have no order`);
  return holds(op, Math.sign(a.months - b.months || a.seconds - b.seconds));
}

/** Compares two values of a general comparison: an untyped value takes the type of the other one. */
export function pairCompare(op: Comparison, a: Atomic, b: Atomic): boolean {
  if (a instanceof Untyped)
    return b instanceof Untyped ? valueCompare(op, a, b) : valueCompare(op, like(a, b), b);
  return valueCompare(op, a, b instanceof Untyped ? like(b, a) : b);
}

function like(value: Untyped, other: Atomic): Atomic {
  if (isNumeric(other)) return toDouble(value.value);
  return typeof other === 'string' ? value.value : castTo(typeOf(other), value);
}

/** Whether fn:distinct-values, fn:index-of and the like take two values for the same. */
export function sameValue(a: Atomic, b: Atomic): boolean {
  if (typeof a === 'number' && typeof b === 'number' && Number.isNaN(a) && Number.isNaN(b)) return true;
  try {
    return valueCompare('eq', a, b);
  } catch (error) {
    if (error instanceof XPathError) return false;
    throw error;
  }
}
