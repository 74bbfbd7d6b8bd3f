import { validationLimits } from '../limits.ts';
import { isRisky, LinearMatcher } from './linear.ts';
import { PatternError, translated } from './translate.ts';

/** On so few characters no regular expression of a reasonable size takes long. */
const SHORT = 20;

/** Over so many characters even a time that grows with their square is too long. */
const LONG = 50_000;

/** Of a regular expression that may take very long: what matches in linear time, or null when nothing does. */
export interface Risk {
  matcher: LinearMatcher | null;
}

const risks = new WeakMap<RegExp, Risk | null>();

/** Whether a regular expression may take very long; looked into when first asked. */
export function riskOf(pattern: RegExp): Risk | null {
  let risk = risks.get(pattern);
  if (risk === undefined) {
    risk = isRisky(pattern) ? { matcher: LinearMatcher.of(pattern) } : null;
    risks.set(pattern, risk);
  }
  return risk;
}

/** Whether some part of a text matches, in a time that the text cannot make long; null when this cannot be told. */
export function matchOf(text: string, pattern: RegExp): boolean | null {
  if (text.length > LONG) return (LinearMatcher.of(pattern) ?? pattern).test(text);
  const risk = text.length > SHORT ? riskOf(pattern) : null;
  if (!risk) return pattern.test(text);
  if (risk.matcher) return risk.matcher.test(text);
  return text.length > validationLimits.riskedCharacters.value ? null : pattern.test(text);
}

/** What tells whether a text is like a pattern. */
export interface Pattern {
  test(text: string): boolean;
}

/**
 * A pattern facet of XML Schema, which takes a whole value, in a time that the value cannot make long.
 * @throws PatternError when it is not one, or nothing matches it in reasonable time
 */
export function patternOf(source: string): Pattern {
  try {
    const pattern = new RegExp(`^(?:${translated(source, 'schema')})$`, 'v');
    if (riskOf(pattern)?.matcher === null) throw new PatternError('it may take very long on some values');
    return { test: (text) => matchOf(text, pattern)! };
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new PatternError(`the pattern ${source} is not valid: ${error.message}`);
  }
}
