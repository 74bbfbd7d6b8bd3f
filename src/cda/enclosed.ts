import type { EnclosedFile } from '../words/document.ts';
import { TEXT, type XmlDocument, type XmlElement } from '../xml/tree.ts';

/**
 * What the file in a `nonXMLBody` is by its own bytes, whatever the document calls it. Read piece by piece: the file of a
 * large document is never held decoded as a whole.
 * @param text the `text` element
 */
export function describeFile(document: XmlDocument, text: XmlElement): EnclosedFile {
  return describe(chunksOf(document, text));
}

/**
 * The bytes of a file that stands in a document, empty where the document only refers to one.
 * @param data an ED: `text` of a nonXMLBody, `value` of an observationMedia
 */
export function bytesOfFile(document: XmlDocument, data: XmlElement): Buffer {
  return Buffer.concat([...chunksOf(document, data)]);
}

function chunksOf(document: XmlDocument, text: XmlElement): Iterable<Uint8Array> {
  const pieces = text.children.flatMap((node) =>
    node.kind === TEXT && !node.blank ? [document.utf8.subarray(node.start, node.end)] : [],
  );
  const packed = text.attributes.some(
    ({ name, value }) => name.local === 'representation' && value === 'B64',
  );
  return packed ? unpacked(pieces) : pieces;
}

/** As `describeFile`, of bytes at hand. */
export function describe(chunks: Iterable<Uint8Array>): EnclosedFile {
  let held: Buffer = Buffer.alloc(0);
  let form: EnclosedFile['form'] | null = null;
  for (const chunk of chunks) {
    held = Buffer.concat([held, chunk]);
    if (held.length < HEADER_BYTES) continue;
    form ??= formOf(held);
    if (form !== 'pdf') return { form, claim: null };
    const claim = claimIn(held, held.length - CLAIM_BYTES);
    if (claim) return { form, claim };
    held = held.subarray(-2 * CLAIM_BYTES);
  }
  form ??= formOf(held);
  return { form, claim: form === 'pdf' ? claimIn(held, held.length) : null };
}

const CHUNK_CHARACTERS = 1 << 20;

/** The bytes of a Base64 text. Characters that are none of Base64 are passed over, as every reader does with line ends. */
function* unpacked(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  let rest = '';
  for (const piece of pieces)
    for (let start = 0; start < piece.length; start += CHUNK_CHARACTERS) {
      const part = Buffer.from(piece.subarray(start, start + CHUNK_CHARACTERS)).toString('latin1');
      const text = rest + part.replace(/[^A-Za-z0-9+/]+/g, '');
      const whole = text.length - (text.length % 4);
      rest = text.slice(whole);
      if (whole > 0) yield Buffer.from(text.slice(0, whole), 'base64');
    }
  if (rest !== '') yield Buffer.from(rest, 'base64');
}

/** First bytes by which a form is known (latin-1). */
const SIGNATURES: readonly (readonly [EnclosedFile['form'], string])[] = [
  ['jpeg', '\xff\xd8\xff'],
  ['tiff', 'II*\0'],
  ['tiff', 'MM\0*'],
  ['rtf', '{\\rtf'],
  ['zip', 'PK\x03\x04'],
];

/** Where the header of a PDF may begin: readers tolerate bytes before it. */
const HEADER_BYTES = 1024;

function formOf(bytes: Buffer): EnclosedFile['form'] {
  const head = bytes.toString('latin1', 0, HEADER_BYTES);
  if (head.trim() === '') return 'empty';
  if (head.includes('%PDF-')) return 'pdf';
  return SIGNATURES.find(([, signature]) => head.startsWith(signature))?.[0] ?? 'other';
}

/** How far apart part and level of a claim stand at most. */
const CLAIM_BYTES = 256;

/**
 * The PDF/A identification of the XMP metadata (ISO 19005-1, 6.7.11), which PDF/A wants uncompressed: `1B`, `3U`; null when
 * none begins before `end`. A claim is no proof: nothing else of the standard is looked at.
 */
function claimIn(bytes: Buffer, end: number): string | null {
  const at = bytes.indexOf('pdfaid:part');
  if (at < 0 || at >= end) return null;
  const around = bytes.toString('latin1', Math.max(0, at - CLAIM_BYTES), at + CLAIM_BYTES);
  const [, part] = /pdfaid:part\s*(?:=\s*["']|>)\s*(\d)/.exec(around) ?? [];
  const [, level = ''] = /pdfaid:conformance\s*(?:=\s*["']|>)\s*([A-Za-z])/.exec(around) ?? [];
  return part === undefined ? null : part + level.toUpperCase();
}
