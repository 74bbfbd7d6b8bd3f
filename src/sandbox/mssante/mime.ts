import { randomUUID } from 'node:crypto';

/** A part of a mail as text or bytes; bytes go in base64. */
export interface Part {
  headers: readonly string[];
  body: string | Buffer;
}

/** Bytes of a mail with the parts given, lines ended by CRLF. `kind` is the subtype, with its parameters. */
export function multipart(headers: readonly string[], kind: string, parts: readonly Part[]): Buffer {
  const boundary = `=_${randomUUID()}`;
  const head = [
    ...headers,
    'MIME-Version: 1.0',
    `Content-Type: multipart/${kind}; boundary="${boundary}"`,
    '',
    '',
  ];
  const pieces: Buffer[] = [Buffer.from(head.join('\r\n'))];
  for (const part of parts)
    pieces.push(Buffer.from(`--${boundary}\r\n`), ...written(part), Buffer.from('\r\n'));
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  return Buffer.concat(pieces);
}

function written({ headers, body }: Part): Buffer[] {
  const head = (more: string[]) => Buffer.from([...headers, ...more, '', ''].join('\r\n'));
  if (typeof body === 'string') return [head([]), Buffer.from(body)];
  const raw = headers.some((one) => /^content-type: *message\//i.test(one));
  return raw ? [head([]), body] : [head(['Content-Transfer-Encoding: base64']), Buffer.from(lines(body))];
}

function lines(bytes: Buffer): string {
  return bytes.toString('base64').replace(/.{76}(?=.)/g, '$&\r\n');
}

/** Header value in which nothing but US-ASCII stands: other text becomes encoded words (RFC 2047). */
export function encoded(text: string): string {
  const one = text.replace(/[\r\n\0]+/g, ' ');
  if (/^[\x20-\x7e]*$/.test(one)) return one;
  const words: string[] = [];
  for (const character of one) {
    const last = words.at(-1);
    if (last !== undefined && Buffer.byteLength(last + character) <= ENCODED_BYTES)
      words[words.length - 1] = last + character;
    else words.push(character);
  }
  return words.map((word) => `=?utf-8?B?${Buffer.from(word).toString('base64')}?=`).join('\r\n ');
}

/** An encoded word has at most 75 characters, its frame 12. */
const ENCODED_BYTES = 45;

/** An instant as mails write it (RFC 5322), in UTC. */
export function mailDate(ms: number): string {
  return new Date(ms).toUTCString().replace('GMT', '+0000');
}

/** The header block of a mail, with the line that ends it; everything when it has none. */
export function headerBlock(raw: Buffer): Buffer {
  const end = raw.indexOf('\r\n\r\n');
  return end < 0 ? raw : raw.subarray(0, end + 2);
}
