import { messageError } from './errors.ts';
import { messageLimits } from './limits.ts';
import type { Leaf } from './mime-leaves.ts';
import { first } from './report-fields.ts';

/** The content of a part as it was before its transfer encoding (RFC 2045, section 6). */
export function decoded({ fields, body }: Pick<Leaf, 'fields' | 'body'>): Buffer {
  const encoding = /[\w-]+/.exec(first(fields, 'content-transfer-encoding') ?? '')?.[0].toLowerCase();
  if (encoding === 'base64') return fromBase64(body);
  return encoding === 'quoted-printable' ? fromQuotedPrintable(body) : body;
}

/** Some writers end every line with padding: each run of it ends a unit. */
function fromBase64(body: Buffer): Buffer {
  const most = messageLimits.base64Units.value;
  const units = body.toString('latin1').split(/=+\s*/, most + 1);
  if (units.length > most) throw messageError('mssante.mail-malformed', { why: UNITS });
  return units.length === 1
    ? Buffer.from(units[0]!, 'base64')
    : Buffer.concat(units.map((one) => Buffer.from(one, 'base64')));
}

function fromQuotedPrintable(body: Buffer): Buffer {
  const text = body.toString('latin1').replace(/=[ \t]*\r?\n/g, '');
  const plain = text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(plain, 'latin1');
}

/** The text of a part, as far as it is kept. */
export function textOf(leaf: Leaf): string {
  const contentType = first(leaf.fields, 'content-type') ?? '';
  const charset = /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  const most = messageLimits.readText.value;
  const bytes = decoded({ ...leaf, body: leaf.body.subarray(0, most * BYTES_A_CHARACTER) });
  return inCharset(charset, bytes).replace(/\r\n?/g, '\n').slice(0, most);
}

/** A character of four bytes, each written `=XX`. */
const BYTES_A_CHARACTER = 12;

/** An unknown charset is read as UTF-8: the bytes are kept, a person sees what can be seen. */
function inCharset(charset: string, bytes: Buffer): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return bytes.toString('utf8');
  }
}

const UNITS = { fr: 'son encodage base64 est en morceaux', en: 'its base64 is in pieces' };
