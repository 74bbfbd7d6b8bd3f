import { randomUUID } from 'node:crypto';
import { raise } from './errors.ts';
import { dmpLimits } from './limits.ts';

/** A body ready to be sent: its exact length and its bytes, given piece by piece without being copied. */
export interface Body {
  contentType: string;
  /** Bytes. */
  length: number;
  chunks: readonly Uint8Array[];
}

export interface MtomPart {
  /** Content-ID without angle brackets. */
  contentId: string;
  contentType: string;
  bytes: Uint8Array;
}

export interface MtomInput {
  /** The SOAP envelope, with an `xop:Include` for each part. */
  root: string;
  action: string;
  parts: readonly MtomPart[];
  /** Must occur in no part; random unless given. */
  boundary?: string;
}

/**
 * A multipart/related message with an XOP root (MTOM, XOP 1.0; IHE ITI TF-2, appendix V; DMP rule EX_2.1-1260). Bytes of the
 * parts are given as they are, Content-Transfer-Encoding `binary`.
 */
export function writeMtom({ root, action, parts, boundary = `viaduc-${randomUUID()}` }: MtomInput): Body {
  const rootId = `root-${boundary}@viaduc`;
  const chunks: Uint8Array[] = [
    Buffer.from(`${head(boundary, ROOT_TYPE, rootId)}${root}\r\n`),
    ...parts.flatMap(({ contentId, contentType, bytes }) => [
      Buffer.from(head(boundary, contentType, contentId)),
      bytes,
      CRLF,
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ];
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  return { contentType: messageType(boundary, rootId, action), length, chunks };
}

const CRLF = Buffer.from('\r\n');
const ROOT_TYPE = 'application/xop+xml; charset=UTF-8; type="application/soap+xml"';

function messageType(boundary: string, rootId: string, action: string): string {
  return [
    'multipart/related',
    `boundary="${boundary}"`,
    'type="application/xop+xml"',
    `start="<${rootId}>"`,
    'start-info="application/soap+xml"',
    `action="${action}"`,
  ].join('; ');
}

function head(boundary: string, contentType: string, contentId: string): string {
  return `--${boundary}\r\nContent-Type: ${contentType}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <${contentId}>\r\n\r\n`;
}

/** `href` of the `xop:Include` of a part (RFC 2392). */
export function includeHref(contentId: string): string {
  return `cid:${encodeURIComponent(contentId).replaceAll('%40', '@')}`;
}

export interface ReadPart {
  /** Content-ID without angle brackets, or null. */
  contentId: string | null;
  contentType: string | null;
  bytes: Uint8Array;
}

/**
 * The SOAP envelope of an answer: the root part when it is multipart, whatever the path and whether or not the Content-Type
 * admits it, else the answer itself.
 * @throws ViaducError `delivery.multipart-unreadable`
 */
export function unwrap(contentType: string | null, bytes: Uint8Array): Uint8Array {
  const type = contentType === null ? null : parseContentType(contentType);
  if (type?.type.startsWith('multipart/') && !looksLikeXml(bytes))
    return rootOf(type, readParts(boundaryOf(type), bytes));
  const boundary = undeclaredBoundary(bytes);
  return boundary === null ? bytes : readParts(boundary, bytes)[0]!.bytes;
}

/** Some front ends keep the Content-Type of the answer that they replace. */
function looksLikeXml(bytes: Uint8Array): boolean {
  return /^\s*</.test(
    Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 64)).toString('latin1'),
  );
}

function boundaryOf({ parameters }: ContentType): string {
  const boundary = parameters.get('boundary');
  if (!boundary) throw raise('delivery.multipart-unreadable', { reason: 'no boundary' });
  return boundary;
}

function rootOf({ parameters }: ContentType, parts: ReadPart[]): Uint8Array {
  const start = parameters.get('start');
  const wanted = start && parts.find(({ contentId }) => contentId === withoutBrackets(start));
  return (wanted || parts[0]!).bytes;
}

/** No XML begins with two hyphens: such an answer is multipart whatever its header says. */
function undeclaredBoundary(bytes: Uint8Array): string | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 256)).toString('latin1');
  return /^\s{0,4}--([^\r\n]{1,200}?)[ \t]*\r?\n/.exec(text)?.[1] ?? null;
}

/**
 * The parts of a multipart body (RFC 2046, section 5.1). Lines may end in LF alone. At least one part.
 * @throws ViaducError `delivery.multipart-unreadable` when the body has no such boundary, is truncated, or is encoded in a
 *   way that is not read
 */
export function readParts(boundary: string, bytes: Uint8Array): ReadPart[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: ReadPart[] = [];
  let delimiter = nextDelimiter(buffer, boundary, 0);
  while (delimiter && !delimiter.last) {
    const next = nextDelimiter(buffer, boundary, delimiter.end - 1);
    if (!next) throw raise('delivery.multipart-unreadable', { reason: 'truncated: no closing boundary' });
    if (parts.length === dmpLimits.parts.value)
      throw raise('delivery.multipart-unreadable', { reason: `more than ${dmpLimits.parts.value} parts` });
    parts.push(readPart(buffer.subarray(delimiter.end, Math.max(delimiter.end, next.start))));
    delimiter = next;
  }
  if (parts.length === 0) throw raise('delivery.multipart-unreadable', { reason: 'boundary not found' });
  return parts;
}

interface Delimiter {
  /** Offset of the line end before it, which belongs to it. */
  start: number;
  /** Offset behind its own line end. */
  end: number;
  last: boolean;
}

const LF = 0x0a;
const CR = 0x0d;

function nextDelimiter(buffer: Buffer, boundary: string, from: number): Delimiter | null {
  const dashes = `--${boundary}`;
  for (let at = buffer.indexOf(dashes, from); at >= 0; at = buffer.indexOf(dashes, at + 1)) {
    if (at > 0 && buffer[at - 1] !== LF) continue;
    const found = delimiterAt(buffer, at, at + Buffer.byteLength(dashes));
    if (found) return found;
  }
  return null;
}

/** A delimiter is alone on its line, but for `--` when it is the last, and blanks. */
function delimiterAt(buffer: Buffer, at: number, after: number): Delimiter | null {
  const lineEnd = buffer.indexOf(LF, after);
  const rest = buffer.toString('latin1', after, lineEnd < 0 ? buffer.length : lineEnd).trimEnd();
  const last = rest === '--';
  if (!last && (rest !== '' || lineEnd < 0)) return null;
  const start = at - (at > 1 && buffer[at - 2] === CR ? 2 : 1);
  return { start, end: lineEnd < 0 ? buffer.length : lineEnd + 1, last };
}

function readPart(part: Buffer): ReadPart {
  const { headers, body } = splitHead(part);
  const contentId = headers.get('content-id');
  return {
    contentId: contentId === undefined ? null : withoutBrackets(contentId),
    contentType: headers.get('content-type') ?? null,
    bytes: decoded(headers.get('content-transfer-encoding') ?? 'binary', body),
  };
}

function splitHead(part: Buffer): { headers: Map<string, string>; body: Buffer } {
  if (part[0] === LF || (part[0] === CR && part[1] === LF))
    return { headers: new Map(), body: part.subarray(part[0] === CR ? 2 : 1) };
  const end = /\r?\n\r?\n/.exec(part.toString('latin1', 0, HEAD_BYTES));
  if (!end) throw raise('delivery.multipart-unreadable', { reason: 'a part without an end to its headers' });
  const lines = part
    .toString('latin1', 0, end.index)
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/);
  return { headers: new Map(lines.map(header)), body: part.subarray(end.index + end[0].length) };
}

/** Headers of a part are a few lines; a longer head is not looked for. */
const HEAD_BYTES = 16_384;

function header(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, Math.max(0, colon)).trim().toLowerCase(), line.slice(colon + 1).trim()];
}

function decoded(encoding: string, body: Buffer): Uint8Array {
  switch (encoding.toLowerCase()) {
    case 'binary':
    case '8bit':
    case '7bit':
      return body;
    case 'base64':
      return Buffer.from(body.toString('latin1'), 'base64');
    default:
      throw raise('delivery.multipart-unreadable', { reason: 'unknown Content-Transfer-Encoding' });
  }
}

export interface ContentType {
  /** In lower case. */
  type: string;
  /** Names in lower case; values unquoted. */
  parameters: Map<string, string>;
}

/** Reads a Content-Type with quoted or bare parameters (RFC 2045, section 5.1). */
export function parseContentType(text: string): ContentType {
  const type = /^[^;\s]*/.exec(text.trim())![0].toLowerCase();
  const parameters = new Map<string, string>();
  for (const [, name, quoted, bare] of text.matchAll(
    /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g,
  ))
    parameters.set(name!.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare!.trim());
  return { type, parameters };
}

function withoutBrackets(id: string): string {
  return id.trim().replace(/^<(.*)>$/, '$1');
}
