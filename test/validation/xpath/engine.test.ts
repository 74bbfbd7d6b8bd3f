import { describe, expect, test } from 'vitest';
import { XPathError, XPathSyntaxError } from '../../../src/validation/xpath/error.ts';
import { cases, type XPathCase } from './cases.ts';
import { evaluated, holds } from './evaluate.ts';

/** What our engine refuses when it compiles: nothing in the packs asks for it. */
const REFUSED = [
  /xs:QName\(/,
  /xs:float\(/,
  /xs:gYear\(/,
  /^nilled\(/,
  /^base-uri\(/,
  /^id\(/,
  /=>/,
  /\[1\]\[1\]\[1\]/,
];

/** Where we are known to differ, and why; a test fails when it is no longer so. */
const KNOWN = new Map([
  ['xs:double("+INF")', 'XML Schema 1.1 only'],
  ['"0000-01-01" castable as xs:date', 'XML Schema 1.1 only'],
  ['substring("12345", xs:double("-INF"), xs:double("INF"))', 'the sum of both is no number'],
  ['reverse(//s:concept)/@code', 'a path over a sequence out of document order is not sorted'],
]);

const topics = Map.groupBy(
  cases.filter(({ expression }) => !REFUSED.some((one) => one.test(expression)) && !KNOWN.has(expression)),
  ({ about }) => about,
);

describe.each([...topics])('XPath like Saxon: %s', (_about, group) => {
  test.each(group)('$expression', (one) => {
    expect(outcome(one)).toEqual(one.error ? 'an error' : comparable(one.items!));
  });

  const told = group.filter((one) => truthOf(one.items) !== null);
  if (told.length > 0)
    test.each(told)('as a condition: $expression', ({ expression, document, at, items }) => {
      expect(holds(expression, document, at)).toBe(truthOf(items));
    });
});

describe('XPath unlike Saxon', () => {
  const known = cases.filter(({ expression }) => KNOWN.has(expression));
  test.fails.each(known)('$expression', (one) => {
    expect(outcome(one)).toEqual(comparable(one.items!));
  });
});

function outcome({ expression, document, at }: XPathCase): unknown {
  try {
    return comparable(evaluated(expression, document, at));
  } catch (error) {
    if (error instanceof XPathError || error instanceof XPathSyntaxError) return 'an error';
    throw error;
  }
}

/** Saxon shows a quotient of integers that is whole as an integer: the specification says decimal. */
function comparable(items: readonly [type: string, value: string][]): [string, string][] {
  return items.map(([type, value]) => [type === 'integer' ? 'decimal' : type, value]);
}

const NODES = new Set(['element', 'attribute', 'text', 'comment', 'instruction', 'document']);
const NUMBERS = new Set(['integer', 'decimal', 'double', 'float']);
const TEXTS = new Set(['string', 'untypedAtomic', 'anyURI']);

/** The effective boolean value of what an expression gives; null where it has none. */
function truthOf(items: XPathCase['items']): boolean | null {
  if (!items) return null;
  const [first, second] = items;
  if (!first) return false;
  const [type, value] = first;
  if (NODES.has(type)) return true;
  if (second) return null;
  if (type === 'boolean') return value === 'true';
  if (NUMBERS.has(type)) return Number(value) !== 0 && value !== 'NaN';
  return TEXTS.has(type) ? value !== '' : null;
}
