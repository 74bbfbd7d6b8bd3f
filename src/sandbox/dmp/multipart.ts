import { raise } from './errors.ts';
import { dmpSandboxLimits } from './limits.ts';

/** A MIME part: header names in lower case, the body as its transfer encoding decodes it. */
export interface Part {
  headers: ReadonlyMap<string, string>;
  body: Buffer;
}

const CRLF = Buffer.from('\r\n');
const BLANK_LINE = Buffer.from('\r\n\r\n');
const MAX_BOUNDARY_CHARACTERS = 70;

/**
 * Reads a multipart body (RFC 2046, section 5.1) from bytes as they come: only what stands between two delimiters is
 * kept. Lines end in CRLF; the closing delimiter is demanded, so that a truncated body is never taken for a whole one.
 */
export class MultipartReader {
  readonly #delimiter: Buffer;
  readonly #parts: Part[] = [];
  #state: 'body' | 'delimiter' | 'headers' | 'epilogue' = 'body';
  /** The first delimiter needs no CRLF before it; this one makes it like the others. */
  #pending: Buffer = CRLF;
  /** Headers of the part being read; null in the preamble. */
  #headers: Map<string, string> | null = null;
  #body: Buffer[] = [];

  /** @throws ViaducError `sandbox.multipart-malformed` when the boundary cannot be one */
  constructor(boundary: string) {
    if (!isBoundary(boundary)) throw malformed('boundary');
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  }

  /** Takes the next bytes. The reader keeps slices of them: they must not change afterwards. */
  push(chunk: Buffer): void {
    this.#pending = this.#pending.length > 0 ? Buffer.concat([this.#pending, chunk]) : chunk;
    while (this.#step());
  }

  /** The parts, once every byte was given. @throws ViaducError when the closing delimiter never came */
  end(): Part[] {
    if (this.#state !== 'epilogue') throw malformed('closing delimiter missing');
    return this.#parts;
  }

  /** Whether more may be done with the bytes at hand. */
  #step(): boolean {
    if (this.#state === 'body') return this.#readBody();
    if (this.#state === 'delimiter') return this.#readDelimiter();
    if (this.#state === 'headers') return this.#readHeaders();
    this.#pending = Buffer.alloc(0);
    return false;
  }

  #readBody(): boolean {
    const at = this.#pending.indexOf(this.#delimiter);
    const end = at >= 0 ? at : Math.max(0, this.#pending.length - this.#delimiter.length + 1);
    if (this.#headers && end > 0) this.#body.push(this.#pending.subarray(0, end));
    this.#pending = this.#pending.subarray(at >= 0 ? at + this.#delimiter.length : end);
    if (at < 0) return false;
    this.#finishPart();
    this.#state = 'delimiter';
    return true;
  }

  #finishPart(): void {
    if (!this.#headers) return;
    if (this.#parts.length === dmpSandboxLimits.parts.value) throw malformed('too many parts');
    const body = this.#body.length === 1 ? this.#body[0]! : Buffer.concat(this.#body);
    this.#parts.push({ headers: this.#headers, body: decodeTransfer(this.#headers, body) });
    this.#headers = null;
    this.#body = [];
  }

  /** What follows a delimiter on its line: `--` for the last one, otherwise blanks and CRLF. */
  #readDelimiter(): boolean {
    if (this.#pending.length < 2) return false;
    if (this.#pending.toString('latin1', 0, 2) === '--') {
      this.#state = 'epilogue';
      return true;
    }
    const end = this.#pending.indexOf(CRLF);
    if (end < 0 && this.#pending.length <= dmpSandboxLimits.partHeaderBytes.value) return false;
    if (end < 0 || /[^ \t]/.test(this.#pending.toString('latin1', 0, end))) throw malformed('delimiter line');
    this.#pending = this.#pending.subarray(end);
    this.#state = 'headers';
    return true;
  }

  #readHeaders(): boolean {
    const end = this.#pending.indexOf(BLANK_LINE);
    // Of a blank line that has not come whole, three bytes may be at hand already.
    const size = end < 0 ? this.#pending.length - BLANK_LINE.length + 1 : end;
    if (size > dmpSandboxLimits.partHeaderBytes.value) throw malformed('part headers too large');
    if (end < 0) return false;
    this.#headers = parseHeaders(this.#pending.toString('utf8', CRLF.length, Math.max(end, CRLF.length)));
    this.#pending = this.#pending.subarray(end + BLANK_LINE.length);
    this.#state = 'body';
    return true;
  }
}

function isBoundary(text: string): boolean {
  return text.length <= MAX_BOUNDARY_CHARACTERS && /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(text);
}

function parseHeaders(block: string): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of block.replace(/\r\n[ \t]/g, ' ').split('\r\n')) {
    if (line === '') continue;
    const found = /^([!#$%&'*+.^`|~\w-]+):(.*)$/.exec(line);
    if (!found || headers.has(found[1]!.toLowerCase())) throw malformed('part header');
    headers.set(found[1]!.toLowerCase(), found[2]!.trim());
  }
  return headers;
}

function decodeTransfer(headers: ReadonlyMap<string, string>, body: Buffer): Buffer {
  const encoding = (headers.get('content-transfer-encoding') ?? '7bit').toLowerCase();
  if (encoding === 'binary' || encoding === '8bit' || encoding === '7bit') return body;
  if (encoding === 'base64') return decodeBase64(body);
  throw malformed('Content-Transfer-Encoding');
}

function decodeBase64(body: Buffer): Buffer {
  const text = body.toString('latin1').replace(/[\r\n \t]+/g, '');
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw malformed('base64');
  return Buffer.from(text, 'base64');
}

function malformed(what: string): Error {
  return raise('sandbox.multipart-malformed', { what });
}
