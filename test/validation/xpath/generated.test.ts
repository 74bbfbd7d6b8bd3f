import fc from 'fast-check';
import { expect, test } from 'vitest';
import { XPathError, XPathSyntaxError } from '../../../src/validation/xpath/error.ts';
import { evaluated } from './evaluate.ts';
import { expression } from './expressions.ts';

test('an expression of the grammar gives a value, or an error of the language', () => {
  fc.assert(
    fc.property(expression, (text) => {
      try {
        expect(Array.isArray(evaluated(text, 'codes'))).toBe(true);
      } catch (error) {
        if (!(error instanceof XPathError) && !(error instanceof XPathSyntaxError)) throw error;
      }
    }),
    { numRuns: 3_000 },
  );
});

test('any text is an expression or a syntax error with its place', () => {
  const piece = fc.constantFrom(
    ...'()[]{}/@*.,:$\'"=<>!+-| \n',
    'a',
    '1',
    'for',
    'if',
    'in',
    '::',
    '(:',
    ':)',
    'div',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join('');
      try {
        evaluated(text, 'codes');
      } catch (error) {
        if (error instanceof XPathError) return;
        expect(error).toBeInstanceOf(XPathSyntaxError);
        expect((error as XPathSyntaxError).at).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 5_000 },
  );
});
