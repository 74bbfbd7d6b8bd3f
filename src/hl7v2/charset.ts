import { isUtf8 } from 'node:buffer';

/** Character sets of messages. ASCII is read as UTF-8. */
export type Charset = 'utf-8' | 'iso-8859-15' | 'iso-8859-1';

/** What MSH-18 says for each. */
export const CHARSET_NAMES: Readonly<Record<Charset, string>> = {
  'utf-8': 'UNICODE UTF-8',
  'iso-8859-15': '8859/15',
  'iso-8859-1': '8859/1',
};

const DECLARED: Readonly<Record<string, Charset>> = {
  'UNICODE UTF-8': 'utf-8',
  UNICODE: 'utf-8',
  'UTF-8': 'utf-8',
  UTF8: 'utf-8',
  ASCII: 'utf-8',
  '8859/15': 'iso-8859-15',
  'ISO-8859-15': 'iso-8859-15',
  '8859/1': 'iso-8859-1',
  'ISO-8859-1': 'iso-8859-1',
};

/** The character set that one repetition of MSH-18 names; null when it is none of ours. */
export function charsetNamed(text: string): Charset | null {
  return DECLARED[text.trim().toUpperCase()] ?? null;
}

/** How a message was read: `fallback` when its bytes are not in the character set that it declares. */
export interface Reading {
  charset: Charset;
  fallback: boolean;
}

/**
 * The character set to read bytes in. Bytes that are no UTF-8 are never read as such: they are Latin.
 * @param declared null when the message declares none
 * @param otherwise what a message that declares none is read as; null tries UTF-8 and falls back on ISO-8859-15
 */
export function readingOf(bytes: Uint8Array, declared: Charset | null, otherwise: Charset | null): Reading {
  const wanted = declared ?? otherwise ?? 'utf-8';
  if (wanted !== 'utf-8' || isUtf8(bytes)) return { charset: wanted, fallback: false };
  return { charset: 'iso-8859-15', fallback: declared !== null || otherwise !== null };
}

/** The eight places where ISO-8859-15 differs from ISO-8859-1. */
const LATIN9: Readonly<Record<string, string>> = {
  '\u00a4': '€',
  '\u00a6': 'Š',
  '\u00a8': 'š',
  '\u00b4': 'Ž',
  '\u00b8': 'ž',
  '\u00bc': 'Œ',
  '\u00bd': 'œ',
  '\u00be': 'Ÿ',
};
const TO_LATIN9 = new Map(Object.entries(LATIN9).map(([latin1, latin9]) => [latin9, latin1]));

/** Typographic signs that Latin sets lack, and what stands for them. */
const PLAIN: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '\u202f': '\u00a0',
};

export function decode(bytes: Buffer, charset: Charset): string {
  if (charset === 'utf-8') return bytes.toString('utf8');
  const text = bytes.toString('latin1');
  return charset === 'iso-8859-1' ? text : text.replace(/[¤¦¨´¸¼½¾]/g, (sign) => LATIN9[sign]!);
}

/** Encodes text; what a Latin set lacks becomes its plain form, or `?`. */
export function encode(text: string, charset: Charset): Buffer {
  if (charset === 'utf-8') return Buffer.from(text, 'utf8');
  const plain = [...text].map((sign) => latinOf(PLAIN[sign] ?? sign, charset)).join('');
  return Buffer.from(plain, 'latin1');
}

function latinOf(sign: string, charset: Charset): string {
  if (charset === 'iso-8859-15') {
    if (sign in LATIN9) return '?';
    const swapped = TO_LATIN9.get(sign);
    if (swapped) return swapped;
  }
  return sign.codePointAt(0)! > 0xff ? '?' : sign;
}
