import { isAscii, isUtf8 } from 'node:buffer';
import { XmlError } from './errors.ts';
import { XmlDocument } from './tree.ts';

export interface Decoded {
  /** The document as valid UTF-8, without a byte order mark. */
  utf8: Buffer;
  /** UTF-8, UTF-16LE, UTF-16BE, ISO-8859-1, ISO-8859-15 or US-ASCII. */
  encoding: string;
}

/** Names by which documents call the encodings we read, in capitals. */
const ENCODINGS: Readonly<Record<string, string>> = {
  'UTF-8': 'UTF-8',
  UTF8: 'UTF-8',
  'UTF-16': 'UTF-16',
  'UTF-16LE': 'UTF-16LE',
  'UTF-16BE': 'UTF-16BE',
  'ISO-8859-1': 'ISO-8859-1',
  'ISO_8859-1': 'ISO-8859-1',
  'ISO-8859-15': 'ISO-8859-15',
  'ISO_8859-15': 'ISO-8859-15',
  LATIN1: 'ISO-8859-1',
  'LATIN-9': 'ISO-8859-15',
  'US-ASCII': 'US-ASCII',
  ASCII: 'US-ASCII',
};

/**
 * Decodes the bytes of an XML document by its byte order mark and its declaration (XML 1.0, section 4.3.3 and appendix F).
 * @throws XmlError when the encoding is not known, contradicts the first bytes, or the bytes do not exist in it
 */
export function decode(bytes: Uint8Array): Decoded {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length === 0) throw new XmlError('xml.empty', { line: 1, column: 1 });
  const detected = detect(buffer);
  const declared = declaredEncoding(buffer, detected?.encoding ?? 'ISO-8859-1', detected?.bom ?? 0);
  const encoding = settle(detected, declared);
  return { encoding, utf8: toUtf8(buffer.subarray(detected?.bom ?? 0), encoding, detected?.bom ?? 0) };
}

interface Detected {
  encoding: 'UTF-8' | 'UTF-16LE' | 'UTF-16BE';
  /** Length of the byte order mark. */
  bom: number;
}

function detect(bytes: Buffer): Detected | null {
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'UTF-8', bom: 3 };
  if (a === 0xff && b === 0xfe) return { encoding: 'UTF-16LE', bom: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: 'UTF-16BE', bom: 2 };
  if (a === 0x3c && b === 0 && c !== 0 && d === 0) return { encoding: 'UTF-16LE', bom: 0 };
  if (a === 0 && b === 0x3c && c === 0 && d !== 0) return { encoding: 'UTF-16BE', bom: 0 };
  return null;
}

const LONGEST_DECLARATION_BYTES = 512;

function declaredEncoding(bytes: Buffer, readAs: string, skip: number): string | null {
  const head = lenient(bytes.subarray(skip, skip + LONGEST_DECLARATION_BYTES), readAs);
  const found = /^<\?xml\s[^?]*?encoding\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(head);
  return found ? (found[1] ?? found[2] ?? '').toUpperCase() : null;
}

function lenient(bytes: Buffer, encoding: string): string {
  if (encoding === 'UTF-16LE') return bytes.toString('utf16le');
  if (encoding === 'UTF-16BE') return swapped(bytes).toString('utf16le');
  return bytes.toString('latin1');
}

function settle(detected: Detected | null, declared: string | null): string {
  const known = declared === null ? null : ENCODINGS[declared];
  if (known === undefined)
    throw new XmlError('xml.encoding-unsupported', { line: 1, column: 1 }, { encoding: declared! });
  if (!detected)
    return known === null ? 'UTF-8' : known.startsWith('UTF-16') ? conflict('8 bits', known) : known;
  const family = detected.encoding.startsWith('UTF-16') ? 'UTF-16' : 'UTF-8';
  if (known === null || known === detected.encoding || known === family) return detected.encoding;
  return conflict(detected.encoding, known);
}

function conflict(detected: string, declared: string): never {
  throw new XmlError('xml.encoding-conflict', { line: 1, column: 1 }, { detected, declared });
}

function toUtf8(bytes: Buffer, encoding: string, skipped: number): Buffer {
  if (encoding === 'UTF-8') return checkedUtf8(bytes, skipped);
  if (encoding === 'UTF-16LE' || encoding === 'UTF-16BE')
    return Buffer.from(decodeUtf16(bytes, encoding, skipped));
  if (encoding === 'US-ASCII') return checkedAscii(bytes, skipped);
  if (isAscii(bytes)) return bytes;
  return Buffer.from(
    encoding === 'ISO-8859-15' ? new TextDecoder('iso-8859-15').decode(bytes) : bytes.toString('latin1'),
  );
}

function checkedAscii(bytes: Buffer, skipped: number): Buffer {
  if (isAscii(bytes)) return bytes;
  const at = bytes.findIndex((byte) => byte > 0x7f);
  throw wrongByte(bytes.toString('latin1', 0, at), bytes[at]!, at + skipped, 'US-ASCII');
}

function checkedUtf8(bytes: Buffer, skipped: number): Buffer {
  if (isUtf8(bytes)) return bytes;
  const at = firstBadUtf8(bytes);
  throw wrongByte(bytes.toString('utf8', 0, at), bytes[at]!, at + skipped, 'UTF-8');
}

/** Offset of the first byte that begins no valid UTF-8 sequence: where a lenient decoding first replaces one. */
function firstBadUtf8(bytes: Buffer): number {
  const text = bytes.toString('utf8');
  let at = 0;
  for (const character of text) {
    const length = Buffer.byteLength(character);
    if (character === '\ufffd' && bytes.toString('latin1', at, at + 3) !== '\u00ef\u00bf\u00bd') return at;
    at += length;
  }
  return Math.max(0, bytes.length - 1);
}

function decodeUtf16(bytes: Buffer, encoding: string, skipped: number): string {
  const even = bytes.length % 2 === 0;
  const text = (encoding === 'UTF-16BE' ? swapped(bytes) : bytes).toString('utf16le');
  if (even && text.isWellFormed()) return text;
  const at = even ? loneSurrogate(text) : text.length;
  throw wrongByte(text.slice(0, at), bytes[Math.min(at * 2, bytes.length - 1)]!, at * 2 + skipped, encoding);
}

function loneSurrogate(text: string): number {
  return text.search(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
}

function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16();
}

function wrongByte(before: string, byte: number, offset: number, encoding: string): XmlError {
  const hex = `0x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  const place = new XmlDocument(Buffer.from(before), encoding).placeOf(Buffer.byteLength(before));
  return new XmlError('xml.bytes-not-in-encoding', place, { byte: hex, offset, encoding });
}
