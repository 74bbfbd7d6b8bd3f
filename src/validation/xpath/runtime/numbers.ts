import { validationLimits } from '../../limits.ts';
import { Decimal } from '../decimal.ts';
import { XPathError } from '../error.ts';

const DOUBLE = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;
const INTEGER = /^[+-]?\d+$/;

/** White space at the ends, as XML Schema knows it. */
export function trimmed(text: string): string {
  const last = text.length - 1;
  if (last < 0 || (text.charCodeAt(0) > 0x20 && text.charCodeAt(last) > 0x20)) return text;
  return text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
}

/** The double that a text writes, or null. */
export function doubleFrom(text: string): number | null {
  const plain = trimmed(text);
  if (DOUBLE.test(plain)) return Number(plain);
  if (plain === 'INF' || plain === '+INF') return Infinity;
  if (plain === '-INF') return -Infinity;
  return plain === 'NaN' ? NaN : null;
}

export function decimalFrom(text: string): Decimal | null {
  const plain = trimmed(text);
  return plain.length <= validationLimits.integerDigits.value && DECIMAL.test(plain)
    ? Decimal.parse(plain)
    : null;
}

export function integerFrom(text: string): bigint | null {
  const plain = trimmed(text);
  return plain.length <= validationLimits.integerDigits.value && INTEGER.test(plain)
    ? BigInt(plain.replace(/^\+/, ''))
    : null;
}

/** Whether a text writes an integer. */
export function isInteger(text: string): boolean {
  return INTEGER.test(trimmed(text));
}

/** The double of an untyped value in a comparison or an operation. */
export function toDouble(text: string): number {
  const value = doubleFrom(text);
  if (value === null) throw new XPathError('FORG0001', 'a value is compared as a number but is none');
  return value;
}

/** A double as XPath writes it: in digits between 10^-6 and 10^6, with an exponent otherwise. */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'INF' : '-INF';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const size = Math.abs(value);
  if (size >= 1e-6 && size < 1e6) return inDigits(value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}

function inDigits(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(20).replace(/0+$/, '') : text;
}

/** fn:round of a double: halves go up. */
export function roundDouble(value: number): number {
  if (!Number.isFinite(value) || Number.isInteger(value)) return value;
  const rounded = Math.floor(value + 0.5);
  return rounded === 0 && value < 0 ? -0 : rounded;
}
