import { Decimal } from '../decimal.ts';
import { XPathError } from '../error.ts';
import { Duration, type DurationType, durationFrom, Moment, type MomentType, momentFrom } from './dates.ts';
import { decimalFrom, doubleFrom, integerFrom, trimmed } from './numbers.ts';
import { type Atomic, stringOf, typeOf, Untyped, Uri } from './values.ts';

type Cast = (value: Atomic) => Atomic | null;

const LONG = 2n ** 63n;

/** Integer types, with the least and greatest value of each. */
const INTEGERS: Readonly<Record<string, readonly [bigint | null, bigint | null]>> = {
  integer: [null, null],
  nonNegativeInteger: [0n, null],
  positiveInteger: [1n, null],
  nonPositiveInteger: [null, 0n],
  negativeInteger: [null, -1n],
  long: [-LONG, LONG - 1n],
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  short: [-32_768n, 32_767n],
  byte: [-128n, 127n],
  unsignedLong: [0n, 2n * LONG - 1n],
  unsignedInt: [0n, 2n ** 32n - 1n],
  unsignedShort: [0n, 65_535n],
  unsignedByte: [0n, 255n],
};

const CASTS: Readonly<Record<string, Cast>> = {
  string: stringOf,
  untypedAtomic: (value) => new Untyped(stringOf(value)),
  anyURI: (value) => (isText(value) ? new Uri(trimmed(stringOf(value))) : null),
  normalizedString: (value) => stringOf(value).replace(/[\t\r\n]/g, ' '),
  token: (value) => trimmed(stringOf(value).replace(/[ \t\r\n]+/g, ' ')),
  boolean: toBoolean,
  double: toDoubleValue,
  decimal: toDecimal,
  dateTime: (value) => toMoment(value, 'dateTime'),
  date: (value) => toMoment(value, 'date'),
  time: (value) => toMoment(value, 'time'),
  duration: (value) => toDuration(value, 'duration'),
  dayTimeDuration: (value) => toDuration(value, 'dayTimeDuration'),
  yearMonthDuration: (value) => toDuration(value, 'yearMonthDuration'),
};

/** Whether there is a cast to a type, by its name without prefix. */
export function isKnownType(name: string): boolean {
  return Object.hasOwn(CASTS, name) || Object.hasOwn(INTEGERS, name);
}

/** @throws XPathError FORG0001 when the value has no counterpart in the type */
export function castTo(type: string, value: Atomic): Atomic {
  const result = tryCast(type, value);
  if (result === null) throw new XPathError('FORG0001', `a value cannot be converted to xs:${type}`);
  return result;
}

/** The value as another type, or null when it has no counterpart there. */
export function tryCast(type: string, value: Atomic): Atomic | null {
  const range = INTEGERS[type];
  if (!range) return CASTS[type]?.(value) ?? null;
  const whole = toInteger(value);
  if (whole === null || (range[0] !== null && whole < range[0]) || (range[1] !== null && whole > range[1]))
    return null;
  return whole;
}

function isText(value: Atomic): boolean {
  return typeof value === 'string' || value instanceof Untyped || value instanceof Uri;
}

function toBoolean(value: Atomic): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0 && !Number.isNaN(value);
  if (typeof value === 'bigint') return value !== 0n;
  if (value instanceof Decimal) return value.unscaled !== 0n;
  const text = isText(value) ? trimmed(stringOf(value)) : '';
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : null;
}

function toDoubleValue(value: Atomic): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  if (value instanceof Decimal) return value.toNumber();
  return isText(value) ? doubleFrom(stringOf(value)) : null;
}

function toDecimal(value: Atomic): Decimal | bigint | null {
  if (value instanceof Decimal || typeof value === 'bigint')
    return typeof value === 'bigint' ? Decimal.of(value) : value;
  if (typeof value === 'boolean') return Decimal.of(value ? 1n : 0n);
  if (typeof value === 'number') return Number.isFinite(value) ? Decimal.fromNumber(value) : null;
  return isText(value) ? decimalFrom(stringOf(value)) : null;
}

function toInteger(value: Atomic): bigint | null {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'number') return Number.isFinite(value) ? BigInt(Math.trunc(value)) : null;
  if (value instanceof Decimal) return value.truncated();
  return isText(value) ? integerFrom(stringOf(value)) : null;
}

function toMoment(value: Atomic, type: MomentType): Moment | null {
  if (value instanceof Moment) {
    if (value.type === type || value.type === 'dateTime') return value.as(type);
    return value.type === 'date' && type === 'dateTime' ? value.as(type) : null;
  }
  return isText(value) ? momentFrom(stringOf(value), type) : null;
}

function toDuration(value: Atomic, type: DurationType): Duration | null {
  if (value instanceof Duration) {
    const months = type === 'dayTimeDuration' ? 0 : value.months;
    return new Duration(type, months, type === 'yearMonthDuration' ? 0 : value.seconds);
  }
  return isText(value) ? durationFrom(stringOf(value), type) : null;
}

/** Whether a value is of an atomic type, by the type's name without prefix. */
export function isOfType(value: Atomic, type: string): boolean {
  const own = typeOf(value);
  if (own === type || type === 'anyAtomicType') return true;
  if (type === 'decimal') return own === 'integer';
  return type === 'duration' && value instanceof Duration;
}
