import type { XmlAttribute } from '../../xml/tree.ts';
import { trimSpace } from './space.ts';

/**
 * A copy of a document in which the white space at the ends of the given attributes' values stands behind the value's
 * closing quote: nothing else moves, lines included. A value that would need escaping is left as it is.
 */
export function withTrimmedValues(utf8: Buffer, attributes: readonly XmlAttribute[]): Buffer {
  if (attributes.length === 0) return utf8;
  const copy = Buffer.from(utf8);
  for (const one of attributes) trim(copy, one);
  return copy;
}

function trim(bytes: Buffer, { start, value }: XmlAttribute): void {
  const trimmed = trimSpace(value);
  if (/[<&"']/.test(trimmed)) return;
  const open = openingQuote(bytes, start);
  const close = bytes.indexOf(bytes[open]!, open + 1);
  const blanks = bytes.toString('latin1', open + 1, close).replace(/[^\n\r]/g, ' ');
  const quote = String.fromCharCode(bytes[open]!);
  const room = blanks.length - Buffer.byteLength(trimmed);
  const lineEnds = blanks.replaceAll(' ', '');
  bytes.write(quote + trimmed + quote + lineEnds.padEnd(room, ' '), open);
}

const QUOTE = 0x22;
const APOSTROPHE = 0x27;

function openingQuote(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] !== QUOTE && bytes[at] !== APOSTROPHE) at += 1;
  return at;
}
