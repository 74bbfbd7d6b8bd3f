import type { Comparison } from '../ast.ts';
import { Decimal } from '../decimal.ts';
import { XPathError } from '../error.ts';
import { arithmetic } from '../runtime/arithmetic.ts';
import { tryCast } from '../runtime/casts.ts';
import { isNumeric, numberOf, valueCompare } from '../runtime/compare.ts';
import { Duration } from '../runtime/dates.ts';
import { roundDouble, toDouble } from '../runtime/numbers.ts';
import { type Atomic, typeOf, Untyped, Uri } from '../runtime/values.ts';
import type { FunctionTable } from './row.ts';

type Numeric = number | bigint | Decimal;

/** A function on a number that keeps its type. */
function keeping(
  onDouble: (value: number) => number,
  onDecimal: (value: Decimal) => Decimal,
  onInteger = (value: bigint) => value,
) {
  return (value: Numeric | null): Numeric | null => {
    if (value === null) return null;
    if (typeof value === 'number') return onDouble(value);
    return typeof value === 'bigint' ? onInteger(value) : onDecimal(value);
  };
}

function absolute(value: Decimal): Decimal {
  return value.unscaled < 0n ? value.negated() : value;
}

function halfToEven(value: Numeric | null, places = 0): Numeric | null {
  if (value === null) return null;
  if (typeof value !== 'number') return roundedExact(value, places, true);
  return Number.isFinite(value) ? Decimal.fromNumber(value).rounded(places, true).toNumber() : value;
}

function round(value: Numeric | null, places = 0): Numeric | null {
  if (value === null) return null;
  if (typeof value !== 'number') return roundedExact(value, places, false);
  if (places === 0 || !Number.isFinite(value)) return roundDouble(value);
  return Decimal.fromNumber(value).rounded(places, false).toNumber();
}

function roundedExact(value: bigint | Decimal, places: number, toEven: boolean): Numeric {
  if (value instanceof Decimal) return value.rounded(places, toEven);
  return places >= 0 ? value : Decimal.of(value).rounded(places, toEven).truncated();
}

/** fn:number. */
export function toNumber(value: Atomic | null): number {
  return value === null ? NaN : ((tryCast('double', value) as number | null) ?? NaN);
}

function summable(value: Atomic): Atomic {
  const plain = value instanceof Untyped ? toDouble(value.value) : value;
  if (isNumeric(plain) || plain instanceof Duration) return plain;
  throw new XPathError('FORG0006', `values of type xs:${typeOf(plain)} cannot be added`);
}

function sum(values: readonly Atomic[], zero: Atomic | null = 0n): Atomic | null {
  if (values.length === 0) return zero;
  return values.map(summable).reduce((a, b) => arithmetic('+', a, b)!);
}

function average(values: readonly Atomic[]): Atomic | null {
  return values.length === 0 ? null : arithmetic('div', sum(values), BigInt(values.length));
}

function extreme(op: Comparison, values: readonly Atomic[]): Atomic | null {
  const plain = values.map((value) =>
    value instanceof Untyped ? toDouble(value.value) : value instanceof Uri ? value.value : value,
  );
  if (plain.some((value) => typeof value === 'number' && Number.isNaN(value))) return NaN;
  const double = plain.some((value) => typeof value === 'number');
  const best = plain.reduce<Atomic | null>((a, b) => (a === null || valueCompare(op, b, a) ? b : a), null);
  return double && best !== null && isNumeric(best) ? numberOf(best) : best;
}

export const numbers: FunctionTable = {
  number: { params: ['atom?'], ofContext: true, gives: ['double', '1'], run: toNumber },
  abs: {
    params: ['number?'],
    gives: ['item', '?'],
    run: keeping(Math.abs, absolute, (value) => (value < 0n ? -value : value)),
  },
  floor: { params: ['number?'], gives: ['item', '?'], run: keeping(Math.floor, (value) => value.floor()) },
  ceiling: { params: ['number?'], gives: ['item', '?'], run: keeping(Math.ceil, (value) => value.ceiling()) },
  round: { params: ['number?', 'integer'], least: 1, gives: ['item', '?'], run: round },
  'round-half-to-even': { params: ['number?', 'integer'], least: 1, gives: ['item', '?'], run: halfToEven },
  sum: { params: ['atoms', 'atom?'], least: 1, gives: ['item', '?'], run: sum },
  avg: { params: ['atoms'], gives: ['item', '?'], run: average },
  min: { params: ['atoms'], gives: ['item', '?'], run: (values) => extreme('lt', values) },
  max: { params: ['atoms'], gives: ['item', '?'], run: (values) => extreme('gt', values) },
};
