import { validationLimits } from '../../limits.ts';
import type { Arithmetic } from '../ast.ts';
import { Decimal } from '../decimal.ts';
import { XPathError } from '../error.ts';
import { exact, isNumeric, numberOf } from './compare.ts';
import { Duration, Moment } from './dates.ts';
import { toDouble } from './numbers.ts';
import { type Atomic, typeOf, Untyped } from './values.ts';

/** An arithmetic operation on two values, or an empty one; an untyped value counts as a double. */
export function arithmetic(op: Arithmetic, left: Atomic | null, right: Atomic | null): Atomic | null {
  if (left === null || right === null) return null;
  const a = left instanceof Untyped ? toDouble(left.value) : left;
  const b = right instanceof Untyped ? toDouble(right.value) : right;
  if (isNumeric(a) && isNumeric(b)) return onNumbers(op, a, b);
  return onDates(op, a, b) ?? wrongTypes(op, a, b);
}

function wrongTypes(op: string, a: Atomic, b: Atomic): never {
  throw new XPathError('XPTY0004', `xs:${typeOf(a)} ${op} xs:${typeOf(b)} is not defined`);
}

function onNumbers(op: Arithmetic, a: number | bigint | Decimal, b: number | bigint | Decimal): Atomic {
  if (typeof a === 'number' || typeof b === 'number') return onDoubles(op, numberOf(a), numberOf(b));
  if (typeof a === 'bigint' && typeof b === 'bigint') {
    if (op !== 'div') return onIntegers(op, a, b);
    // As the reference implementation does: a division without remainder gives an integer.
    if (b !== 0n && a % b === 0n) return a / b;
  }
  return onDecimals(op, exact(a), exact(b));
}

function onDoubles(op: Arithmetic, a: number, b: number): Atomic {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case 'div':
      return a / b;
    case 'mod':
      return a % b;
    case 'idiv':
      return wholesIn(a, b);
  }
}

function wholesIn(a: number, b: number): bigint {
  if (b === 0) throw new XPathError('FOAR0001', 'a division by zero');
  if (!Number.isFinite(a) || Number.isNaN(b)) throw new XPathError('FOAR0002', 'a division without a result');
  return BigInt(Math.trunc(a / b));
}

function onIntegers(op: Exclude<Arithmetic, 'div'>, a: bigint, b: bigint): bigint {
  if ((op === 'idiv' || op === 'mod') && b === 0n) throw new XPathError('FOAR0001', 'a division by zero');
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return bounded(a * b);
    case 'idiv':
      return a / b;
    case 'mod':
      return a % b;
  }
}

function bounded(value: bigint): bigint {
  const most = 1n << BigInt(validationLimits.integerBits.value);
  if (value > most || value < -most) throw new XPathError('FOAR0002', 'a number is too large');
  return value;
}

function onDecimals(op: Arithmetic, a: Decimal, b: Decimal): Atomic {
  switch (op) {
    case '+':
      return a.plus(b);
    case '-':
      return a.minus(b);
    case '*':
      bounded(a.unscaled * b.unscaled);
      return a.times(b);
    case 'div':
      return divided(a.over(b));
    case 'idiv':
      return divided(a.wholesIn(b));
    case 'mod':
      return divided(a.remainder(b));
  }
}

function divided<T>(result: T | null): T {
  if (result === null) throw new XPathError('FOAR0001', 'a division by zero');
  return result;
}

function onDates(op: Arithmetic, a: Atomic, b: Atomic): Atomic | null {
  if (a instanceof Moment && b instanceof Moment && op === '-' && a.type === b.type)
    return new Duration('dayTimeDuration', 0, a.seconds - b.seconds);
  if (a instanceof Moment && b instanceof Duration && (op === '+' || op === '-'))
    return moved(a, b, op === '+' ? 1 : -1);
  if (a instanceof Duration && b instanceof Moment && op === '+') return moved(b, a, 1);
  if (a instanceof Duration && b instanceof Duration) return onDurations(op, a, b);
  if (a instanceof Duration && isNumeric(b) && (op === '*' || op === 'div'))
    return scaled(a, op === '*' ? numberOf(b) : 1 / numberOf(b));
  return isNumeric(a) && b instanceof Duration && op === '*' ? scaled(b, numberOf(a)) : null;
}

function moved(moment: Moment, by: Duration, sign: number): Moment {
  return by.months === 0 ? moment.plusSeconds(sign * by.seconds) : moment.plusMonths(sign * by.months);
}

function onDurations(op: Arithmetic, a: Duration, b: Duration): Atomic | null {
  if (a.type !== b.type || a.type === 'duration') return null;
  if (op === '+' || op === '-') {
    const sign = op === '+' ? 1 : -1;
    return new Duration(a.type, a.months + sign * b.months, a.seconds + sign * b.seconds);
  }
  if (op !== 'div') return null;
  const [top, bottom] = a.type === 'yearMonthDuration' ? [a.months, b.months] : [a.seconds, b.seconds];
  return divided(Decimal.fromNumber(top).over(Decimal.fromNumber(bottom)));
}

function scaled(duration: Duration, by: number): Duration {
  if (!Number.isFinite(by))
    throw new XPathError('FODT0002', 'a duration is multiplied by what is no finite number');
  return new Duration(duration.type, Math.round(duration.months * by), duration.seconds * by);
}

export function negated(value: Atomic | null, minus: boolean): Atomic | null {
  if (value === null) return null;
  const plain = value instanceof Untyped ? toDouble(value.value) : value;
  if (!isNumeric(plain)) throw new XPathError('XPTY0004', `a number is required, not xs:${typeOf(plain)}`);
  if (!minus) return plain;
  return plain instanceof Decimal ? plain.negated() : -plain;
}
