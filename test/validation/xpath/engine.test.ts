import { describe, expect, test } from 'vitest';
import { XPathError, XPathSyntaxError } from '../../../src/validation/xpath/error.ts';
import { cases, type XPathCase } from './cases.ts';
import { evaluated, holds } from './evaluate.ts';

/** What our engine refuses when it compiles: nothing in the packs asks for it. */
const REFUSED = [/xs:float\(/, /xs:gYear\(/, /^base-uri\(/];

const topics = Map.groupBy(
  cases.filter(({ expression }) => !REFUSED.some((one) => one.test(expression))),
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
