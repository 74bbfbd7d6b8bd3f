import type { Words } from '../../words/errors.ts';
import type { XmlElement } from '../../xml/tree.ts';
import type { Pattern } from '../regex/matching.ts';
import { digitsOf } from './numbers.ts';
import { AtomicType, codesFault, type Facet, type Fault, itemsOf, type SimpleType } from './simple-types.ts';

/** Patterns of one step of derivation: a value has one of them. */
export function patternFacet(patterns: readonly Pattern[], sources: readonly string[]): Facet {
  const expected = sources.join(' | ');
  const fault: Fault = { code: 'xsd.value-wrong-form', expected: { fr: expected, en: expected } };
  const [only] = patterns;
  if (only && patterns.length === 1) return (text) => (only.test(text) ? null : fault);
  return (text) => (patterns.some((pattern) => pattern.test(text)) ? null : fault);
}

/** Values of an enumeration, compared as values of the type and not as texts. */
export function enumerationFacet(values: readonly string[], keys: ReadonlySet<string>): Facet {
  const texts = new Set(values);
  return (text, at, type) => (keys.has(type.keyOfSpaced(text, at)) ? null : codesFault(texts));
}

const BOUNDS = {
  minInclusive: { holds: (order: number) => order >= 0, words: { fr: 'minimum', en: 'minimum' } },
  maxInclusive: { holds: (order: number) => order <= 0, words: { fr: 'maximum', en: 'maximum' } },
  minExclusive: {
    holds: (order: number) => order > 0,
    words: { fr: 'strictement plus de', en: 'more than' },
  },
  maxExclusive: {
    holds: (order: number) => order < 0,
    words: { fr: 'strictement moins de', en: 'less than' },
  },
};

const LENGTHS = {
  length: { holds: (order: number) => order === 0, words: { fr: 'longueur', en: 'length' } },
  minLength: {
    holds: (order: number) => order >= 0,
    words: { fr: 'longueur minimale', en: 'minimum length' },
  },
  maxLength: {
    holds: (order: number) => order <= 0,
    words: { fr: 'longueur maximale', en: 'maximum length' },
  },
};

const DIGITS = {
  totalDigits: { part: 'total', words: { fr: 'chiffres au plus :', en: 'digits at most:' } },
  fractionDigits: { part: 'fraction', words: { fr: 'décimales au plus :', en: 'decimals at most:' } },
} as const;

export type BoundName = keyof typeof BOUNDS;
export type LengthName = keyof typeof LENGTHS;
export type DigitsName = keyof typeof DIGITS;

export function isBound(name: string): name is BoundName {
  return Object.hasOwn(BOUNDS, name);
}

export function isLength(name: string): name is LengthName {
  return Object.hasOwn(LENGTHS, name);
}

export function isDigits(name: string): name is DigitsName {
  return Object.hasOwn(DIGITS, name);
}

function outOf(words: Words, limit: string | number): Fault {
  return {
    code: 'xsd.value-out-of-bounds',
    expected: { fr: `${words.fr} ${limit}`, en: `${words.en} ${limit}` },
  };
}

/** A limit of an ordered type; null when the type has no order. */
export function boundFacet(name: BoundName, limit: string, type: SimpleType): Facet | null {
  const compare = type instanceof AtomicType ? type.primitive.compare : null;
  if (!compare) return null;
  const { holds, words } = BOUNDS[name];
  const fault = outOf(words, limit);
  return (text) => (holds(compare(text, limit)) ? null : fault);
}

/** A limit to the length of a value, for a list to its number of items; null when the type has no length. */
export function lengthFacet(name: LengthName, limit: number, type: SimpleType): Facet | null {
  const measure = lengthOf(type);
  if (!measure) return null;
  const { holds, words } = LENGTHS[name];
  const fault = outOf(words, limit);
  return (text) => (holds(measure(text) - limit) ? null : fault);
}

function lengthOf(type: SimpleType): ((text: string, at?: XmlElement) => number) | null {
  if (type.variety === 'list') return (text) => itemsOf(text).length;
  if (!(type instanceof AtomicType)) return null;
  const { name, length } = type.primitive;
  return name === 'QName' || name === 'NOTATION' ? () => Number.NaN : length;
}

/** A limit to the digits of a decimal; null for any other type. */
export function digitsFacet(name: DigitsName, limit: number, type: SimpleType): Facet | null {
  if (!(type instanceof AtomicType) || type.primitive.name !== 'decimal') return null;
  const { part, words } = DIGITS[name];
  const fault = outOf(words, limit);
  return (text) => (digitsOf(text)[part] <= limit ? null : fault);
}
