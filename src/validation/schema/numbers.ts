/** A decimal without what does not change its value: sign of zero, zeros at the ends. */
interface Decimal {
  sign: -1 | 0 | 1;
  whole: string;
  fraction: string;
}

const DECIMAL = /^([+-]?)0*(\d*?)(?:\.(\d*?)0*)?$/;

function decimal(text: string): Decimal {
  const [, sign, whole = '', fraction = ''] = DECIMAL.exec(text)!;
  const zero = whole === '' && fraction === '';
  return { sign: zero ? 0 : sign === '-' ? -1 : 1, whole, fraction };
}

/** A text that is the same for equal decimals. */
export function decimalKey(text: string): string {
  const { sign, whole, fraction } = decimal(text);
  return `${sign < 0 ? '-' : ''}${whole || '0'}.${fraction}`;
}

/** Below, at or above 0 as the first decimal is less than, equal to or more than the second; of any length. */
export function compareDecimals(a: string, b: string): number {
  const left = decimal(a);
  const right = decimal(b);
  if (left.sign !== right.sign) return left.sign - right.sign;
  return left.sign * magnitude(left, right);
}

function magnitude(a: Decimal, b: Decimal): number {
  if (a.whole.length !== b.whole.length) return a.whole.length - b.whole.length;
  return order(a.whole, b.whole) || order(a.fraction, b.fraction);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Digits of a decimal, those before and after the point, without leading and trailing zeros. */
export function digitsOf(text: string): { total: number; fraction: number } {
  const { whole, fraction } = decimal(text);
  return { total: whole.length + fraction.length, fraction: fraction.length };
}

const FLOAT = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|-?INF|NaN)$/;

export function isFloat(text: string): boolean {
  return FLOAT.test(text);
}

export function floatOf(text: string): number {
  return Number(text.replace('INF', 'Infinity'));
}
