import type { Name } from '../../xml/names.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { NAME_CHARACTER, NAME_START } from '../regex/name-characters.ts';
import { compareDecimals, decimalKey, floatOf, isFloat } from './numbers.ts';
import { qnameAt } from './qnames.ts';
import {
  compareDurations,
  compareMoments,
  durationKey,
  isDuration,
  isMoment,
  MOMENT_KINDS,
  type MomentKind,
  momentKey,
} from './times.ts';
import { isAnyUri } from './uri.ts';

/** A primitive type: which texts are its values, white space dealt with, and what a facet can ask of a value. */
export interface Primitive {
  readonly name: string;
  /** @param at the element in whose scope a prefix has its meaning */
  takes(text: string, at: XmlElement): boolean;
  /** A text that is the same for equal values. */
  key(text: string, at: XmlElement): string;
  /** Below, at or above 0 as two values are ordered, NaN when they are not; null when the type has no order. */
  readonly compare: ((a: string, b: string) => number) | null;
  /** In the unit that the type counts: characters or bytes; null when it has no length. */
  readonly length: ((text: string) => number) | null;
}

const itself = (text: string): string => text;

function primitive(name: string, takes: Primitive['takes'], more: Partial<Primitive> = {}): Primitive {
  return { name, takes, key: itself, compare: null, length: null, ...more };
}

function ofTime(kind: MomentKind): Primitive {
  return primitive(kind, (text) => isMoment(kind, text), {
    key: (text) => momentKey(kind, text),
    compare: (a, b) => compareMoments(kind, a, b),
  });
}

function ofFloat(name: string, round: (value: number) => number): Primitive {
  return primitive(name, isFloat, {
    key: (text) => String(round(floatOf(text))),
    compare: (a, b) => order(round(floatOf(a)), round(floatOf(b))),
  });
}

/** Infinity is equal to itself, a number that is none has no order. */
function order(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

/** A qualified name, not yet looked up. */
const QNAME = new RegExp(`^[${NAME_START}][${NAME_CHARACTER}]*(?::[${NAME_START}][${NAME_CHARACTER}]*)?$`);

function qname(name: string): Primitive {
  return primitive(name, (text, at) => readQName(text, at) !== null, {
    key: (text, at) => {
      const { ns, local } = readQName(text, at)!;
      return `{${ns}}${local}`;
    },
    length: (text) => text.length,
  });
}

/** The name that a text stands for, null when it is no qualified name or its prefix is not declared. */
export function readQName(text: string, at: XmlElement): Name | null {
  return QNAME.test(text) ? qnameAt(at, text) : null;
}

const HEX = /^[0-9A-Fa-f]*$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const BASE64_END = /^(?:|[^=]{4}|[^=]{2}[AEIMQUYcgkosw048]=|[^=][AQgw]==)$/;

/** Blanks apart, groups of four characters, no bit set beyond the last byte (section 3.2.16). */
function isBase64(text: string): boolean {
  const dense = text.replaceAll(' ', '');
  return dense.length % 4 === 0 && BASE64.test(dense) && BASE64_END.test(dense.slice(-4));
}

function base64Bytes(text: string): number {
  const dense = text.replaceAll(' ', '');
  return (dense.length / 4) * 3 - (dense.endsWith('==') ? 2 : dense.endsWith('=') ? 1 : 0);
}

/** The primitive types of XML Schema 1.0 part 2, section 3.2, by local name. */
export const PRIMITIVES: ReadonlyMap<string, Primitive> = new Map(
  [
    primitive('string', () => true, { length: (text) => text.length }),
    primitive('boolean', (text) => /^(?:true|false|0|1)$/.test(text), {
      key: (text) => (text === '1' ? 'true' : text === '0' ? 'false' : text),
    }),
    primitive('decimal', (text) => /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(text), {
      key: decimalKey,
      compare: compareDecimals,
    }),
    ofFloat('float', Math.fround),
    ofFloat('double', (value) => value),
    primitive('duration', isDuration, { key: durationKey, compare: compareDurations }),
    ...MOMENT_KINDS.map(ofTime),
    primitive('hexBinary', (text) => HEX.test(text) && text.length % 2 === 0, {
      key: (text) => text.toUpperCase(),
      length: (text) => text.length / 2,
    }),
    primitive('base64Binary', isBase64, {
      key: (text) => text.replaceAll(' ', ''),
      length: base64Bytes,
    }),
    primitive('anyURI', isAnyUri, { length: (text) => text.length }),
    qname('QName'),
    qname('NOTATION'),
  ].map((one) => [one.name, one]),
);
