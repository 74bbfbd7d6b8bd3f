import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRisky, LinearMatcher } from '../../../src/validation/regex/linear.ts';
import { translateRegex } from '../../../src/validation/xpath/regex.ts';
import { runtime } from '../../../src/validation/xpath/runtime/runtime.ts';

const part = fc.letrec<{ part: string }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '\\s', '^', '$', '\\.', 'é'),
    fc.tuple(tie('part'), tie('part')).map(([a, b]) => `(${a}|${b})`),
    fc.tuple(tie('part'), tie('part')).map(([a, b]) => `${a}${b}`),
    fc
      .tuple(tie('part'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{2,}', '*?'))
      .map(([a, q]) => `(${a})${q}`),
  ),
})).part;

describe('matching in linear time', () => {
  test('finds what the engine of JavaScript finds', () => {
    fc.assert(
      fc.property(
        part,
        fc.string({ unit: fc.constantFrom('a', 'b', '1', ' ', '.', 'é', '😀', '\n'), maxLength: 8 }),
        (source, text) => {
          const pattern = translateRegex(source, '');
          expect(LinearMatcher.of(pattern)!.test(text)).toBe(pattern.test(text));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['^(a+)+$', `${'a'.repeat(50_000)}!`],
    ['^[\\w.]+(\\.[\\w.]+)*@x$', `${'a.'.repeat(20_000)}!`],
    ['^(a|aa)*$', `${'a'.repeat(20_000)}b`],
    ['(x+x+)+y', 'x'.repeat(5_000)],
  ])('%s ends on a text made against it', (source, text) => {
    const pattern = translateRegex(source, '');
    expect(isRisky(pattern)).toBe(true);
    const began = performance.now();
    expect(runtime.matches(text, runtime.regex(source))).toBe(false);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  test.each([
    '^[0-9]{14}',
    '^[0-2](\\.(0|[1-9]\\d*))*$',
    '^([A-Z]+\\d)+$',
    '^(ab|cd)*$',
    '(^|:)TS',
    '^[0-2](\\.(0|[1-9]\\d))$',
    '\\(a+\\)\\*',
  ])('%s is left to the engine of JavaScript', (source) => {
    expect(isRisky(translateRegex(source, ''))).toBe(false);
  });
});
