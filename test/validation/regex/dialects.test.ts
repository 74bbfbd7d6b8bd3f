import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { validationLimits } from '../../../src/validation/limits.ts';
import { isRisky, LinearMatcher } from '../../../src/validation/regex/linear.ts';
import { patternOf } from '../../../src/validation/regex/matching.ts';
import { PatternError, translated } from '../../../src/validation/regex/translate.ts';
import { translateRegex } from '../../../src/validation/xpath/regex.ts';

const part = fc.letrec<{ part: string }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(
      'a',
      '-',
      '[ab]',
      '[^a]',
      '[a-z-[b]]',
      '[\\d\\-]',
      '[^\\w-[_]]',
      '\\D',
      '\\s',
      '\\.',
      'é',
      '/',
    ),
    fc.tuple(tie('part'), tie('part')).map(([a, b]) => `(${a}|${b})`),
    fc.tuple(tie('part'), tie('part')).map(([a, b]) => `${a}${b}`),
    fc.tuple(tie('part'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}')).map(([a, q]) => `(${a})${q}`),
  ),
})).part;

const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', ' ', '.', 'é', '-', '_', '/'), maxLength: 8 });

test('what both dialects write alike, they take alike, in linear time too', () => {
  fc.assert(
    fc.property(part, text, (source, value) => {
      const ofXpath = translateRegex(`^(${source})$`, '');
      expect(patternOf(source).test(value)).toBe(ofXpath.test(value));
      expect(LinearMatcher.of(ofXpath)!.test(value)).toBe(ofXpath.test(value));
    }),
    { numRuns: 1_000 },
  );
});

test('any text is a regular expression or a PatternError', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'a1-[]()^$\\.*+?{},|pLuIs&~é/'), maxLength: 12 }),
      fc.constantFrom('schema' as const, 'xpath' as const),
      (source, dialect) => {
        try {
          translated(source, dialect);
        } catch (error) {
          expect(error).toBeInstanceOf(PatternError);
        }
      },
    ),
    { numRuns: 3_000 },
  );
});

describe('a pattern of a schema made to take long', () => {
  test.each([
    ['(a+)+', `${'a'.repeat(50_000)}!`],
    ['([\\i-[:]]+[\\c-[:]]*)*', `${'a'.repeat(5_000)}!`],
    ['(a|aa)*', `${'a'.repeat(20_000)}b`],
    ['(x+x+)+y', 'x'.repeat(5_000)],
  ])('%s ends on a text made against it', (source, value) => {
    expect(isRisky(translateRegex(source, ''))).toBe(true);
    const before = process.threadCpuUsage();
    expect(patternOf(source).test(value)).toBe(false);
    const { user } = process.threadCpuUsage(before);
    expect(user).toBeLessThan(2_000_000);
  });

  test('is refused where nothing takes it in reasonable time', () => {
    expect(() => patternOf('((a|b{1,60000})*c){50}')).toThrow(/may take very long/);
  });
});

describe('the caps of regular expressions', () => {
  const { regexCharacters, regexRepetitions } = validationLimits;

  test.each(['schema', 'xpath'] as const)('of the dialect %s hold at the cap and beyond it', (dialect) => {
    const long = 'a'.repeat(regexCharacters.value);
    expect(translated(long, dialect)).toBe(long);
    expect(() => translated(`${long}a`, dialect)).toThrow('it is too long');
    const often = (count: number) => translated(`a{1,${count}}`, dialect);
    expect(often(regexRepetitions.value)).toBe(`a{1,${regexRepetitions.value}}`);
    expect(() => often(regexRepetitions.value + 1)).toThrow('it repeats more than');
    expect(() => translated(`a{${regexRepetitions.value + 1},}`, dialect)).toThrow('it repeats more than');
  });
});

test('with the flag i, a category of case in a class is refused rather than misread', () => {
  expect(() => translateRegex('[^\\p{Lu}]', 'i')).toThrow(/not supported with the flag i/);
  expect(translateRegex('[\\p{Lu}]', '').test('a')).toBe(false);
});
