import { messageError } from './errors.ts';
import { messageLimits } from './limits.ts';
import { first, type ReportFields, reportBlocks } from './report-fields.ts';

/** A part of a mail that holds no further parts; a view on the bytes of the mail, nothing is copied. */
export interface Leaf {
  /** Header of the part, without the empty line behind it. */
  head: Buffer;
  fields: ReportFields;
  /** Lower case, without parameters. */
  type: string;
  /** Content as encoded. */
  body: Buffer;
}

/**
 * The leaves of a mail (RFC 2046), in their order. An enclosed mail is a leaf. Parts whose end is missing go up to the end.
 * @throws ViaducError `mssante.mail-malformed` beyond the caps on depth, parts and headers
 */
export function leavesOf(raw: Buffer): { head: Buffer; leaves: Leaf[] } {
  const left = { headers: messageLimits.mailHeaders.value, parts: messageLimits.parts.value };
  const { head } = divided(raw);
  return { head, leaves: walk(raw, messageLimits.mimeDepth.value, left) };
}

function walk(raw: Buffer, depth: number, left: { headers: number; parts: number }): Leaf[] {
  const { head, body } = divided(raw);
  left.headers -= head.length;
  if (left.headers < 0) throw tooMany(HEADERS);
  const fields: ReportFields = reportBlocks(head)[0] ?? new Map();
  const contentType = first(fields, 'content-type') ?? '';
  const type = /^\s*([\w.+-]+\/[\w.+-]+)/.exec(contentType)?.[1]?.toLowerCase() ?? 'text/plain';
  const boundary = type.startsWith('multipart/') ? boundaryIn(contentType) : null;
  if (boundary !== null && depth === 0) throw tooMany(DEPTH);
  if (boundary !== null) return partsOf(body, boundary, left).flatMap((part) => walk(part, depth - 1, left));
  left.parts -= 1;
  if (left.parts < 0) throw tooMany(PARTS);
  return [{ head, fields, type, body }];
}

/** Header and content of a mail or a part, apart at the first empty line. */
function divided(raw: Buffer): { head: Buffer; body: Buffer } {
  let start = 0;
  while (start < raw.length) {
    const end = raw.indexOf('\n', start);
    const line = raw.subarray(start, end < 0 ? raw.length : end);
    if (line.length === 0 || (line.length === 1 && line[0] === CR))
      return {
        head: raw.subarray(0, withoutLineEnd(raw, start)),
        body: raw.subarray(end < 0 ? raw.length : end + 1),
      };
    if (end < 0 || end > messageLimits.mailHeaders.value + 2) break;
    start = end + 1;
  }
  return { head: raw, body: raw.subarray(raw.length) };
}

function boundaryIn(contentType: string): string | null {
  const found = /;\s*boundary\s*=\s*(?:"([^"]*)"|([^;\s"]+))/i.exec(contentType);
  return (found?.[1] ?? found?.[2])?.trimEnd() || null;
}

/** The parts of a multipart body, without the line end that belongs to the delimiter behind each. */
function partsOf(body: Buffer, boundary: string, left: { parts: number }): Buffer[] {
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: Buffer[] = [];
  let start = -1;
  for (let at = body.indexOf(delimiter); at >= 0; at = body.indexOf(delimiter, at + 1)) {
    const line = delimiterAt(body, at, delimiter.length);
    if (!line) continue;
    if (start >= 0) parts.push(body.subarray(start, Math.max(start, withoutLineEnd(body, at))));
    if (parts.length > left.parts) throw tooMany(PARTS);
    if (line.last) return parts;
    start = line.end;
  }
  return start < 0 ? parts : [...parts, body.subarray(start)];
}

const CR = 13;
const LF = 10;

/** A delimiter that is a whole line, with nothing but `--` and blanks behind it. */
function delimiterAt(body: Buffer, at: number, length: number): { last: boolean; end: number } | null {
  if (at > 0 && body[at - 1] !== LF) return null;
  const lineEnd = body.indexOf('\n', at);
  const end = lineEnd < 0 ? body.length : lineEnd + 1;
  const tail = body.toString('latin1', at + length, Math.min(end, at + length + MOST_BLANKS)).trimEnd();
  if (tail !== '' && tail !== '--') return null;
  return { last: tail === '--', end };
}

const MOST_BLANKS = 200;

/** Where a line ended that begins before `at`. */
function withoutLineEnd(bytes: Buffer, at: number): number {
  if (bytes[at - 1] !== LF) return at;
  return bytes[at - 2] === CR ? at - 2 : at - 1;
}

function tooMany(why: { fr: string; en: string }): Error {
  return messageError('mssante.mail-malformed', { why });
}

const HEADERS = { fr: 'ses en-têtes sont trop longs', en: 'its headers are too long' };
const DEPTH = { fr: 'ses parties sont trop imbriquées', en: 'its parts are nested too deeply' };
const PARTS = { fr: 'il a trop de parties', en: 'it has too many parts' };
