import { describe, expect, test } from 'vitest';
import { patternOf } from '../../../src/validation/regex/matching.ts';
import { PatternError, translated } from '../../../src/validation/regex/translate.ts';

/** Verdicts of Xerces 2.12 (`RegularExpression` with option `X`), asked with these patterns and values. */
describe('a pattern facet takes what Xerces takes', () => {
  test.each([
    ['\\w+', 'é_', false],
    ['\\w', '-', false],
    ['\\w', '$', true],
    ['\\w', '\u0301', true],
    ['\\W', '_', true],
    ['\\d', '٣', true],
    ['\\s', '\u00a0', false],
    ['[^\\s]+', 'ab', true],
    ['\\p{L}', 'é', true],
    ['\\P{Lu}', 'a', true],
    ['[\\p{Nd}]', '5', true],
    ['\\p{IsBasicLatin}', 'a', true],
    ['[a-z-[aeiou]]+', 'bcd', true],
    ['[a-z-[aeiou]]+', 'bcde', false],
    ['[^a-z-[b]]', 'A', true],
    ['[\\w-[\\d]]', '5', false],
    ['a^b', 'a^b', true],
    ['a$', 'a$', true],
    ['\\$', '$', true],
    ['[\\i-[:]][\\c-[:]]*', 'é.1', true],
    ['[\\i-[:]][\\c-[:]]*', 'a:b', false],
    ['[\\i-[:]][\\c-[:]]*', 'a€', false],
    ['\\c', '·', true],
    ['.', '\r', false],
    ['.', '\u2028', false],
    ['.', '😀', true],
    ['[😀]', '😀', true],
    ['[a-]', '-', true],
    ['[-a]', '-', true],
    ['[a\\-z]', '-', true],
    ['\\n', '\n', true],
    ['a{2}', 'aa', true],
    ['(a|)', '', true],
    ['ab|c', 'ac', false],
    ['[\\-+]?[0-9]+', '-1', true],
  ])('%j %j: %j', (pattern, value, taken) => {
    expect(patternOf(pattern).test(value)).toBe(taken);
  });

  test.each([
    '[^]',
    'a{,2}',
    'a*?',
    '\\1',
    '(?:a)',
    '{',
    '}',
    ']',
    'a|*',
    '\\p{Foo}',
    '\\p{IsNowhere}',
    '[b-a]',
    '[a',
    '(a',
    'a)',
    '\\q',
    'a{2,1}',
  ])('%j is refused', (pattern) => {
    expect(() => patternOf(pattern)).toThrow(PatternError);
  });
});

describe('XPath adds', () => {
  test.each([
    ['anchors', '^a$', 'a', true],
    ['reluctant quantifiers', 'a+?', 'a', true],
    ['back-references', '(a|b)\\1', 'bb', true],
  ])('%s', (_, pattern, value, taken) => {
    expect(new RegExp(`^(?:${translated(pattern, 'xpath')})$`, 'v').test(value)).toBe(taken);
  });
});
