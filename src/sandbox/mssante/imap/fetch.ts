import type { StoredMail } from '../mailbox.ts';
import { headerBlock } from '../mime.ts';
import { envelopeOf } from './envelope.ts';
import type { Argument } from './lines.ts';

/** What a client asks of each mail. */
export interface FetchItems {
  names: string[];
  /** Whether \Seen is set by it (BODY[] without PEEK, RFC822). */
  sees: boolean;
}

const MACROS: Readonly<Record<string, string[]>> = {
  ALL: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE'],
  FAST: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE'],
};
const SIMPLE = /^(FLAGS|UID|INTERNALDATE|RFC822\.SIZE|ENVELOPE|RFC822|RFC822\.HEADER|RFC822\.TEXT)$/;
const BODY = /^BODY(\.PEEK)?\[([^\]]*)\](?:<(\d+)\.(\d+)>)?$/i;
const SECTION = /^(|HEADER|TEXT|HEADER\.FIELDS(\.NOT)? .*)$/i;

/** The items of FETCH, or null where one is not known here. */
export function fetchItems(argument: Argument): FetchItems | null {
  const given = Array.isArray(argument) ? joined(argument) : [argument];
  const names = given.flatMap((name) => MACROS[name.toUpperCase()] ?? [name]);
  const known = names.every((name) => {
    const body = BODY.exec(name);
    return body ? SECTION.test(body[2]!) : SIMPLE.test(name.toUpperCase());
  });
  if (!known) return null;
  const sees = names.some((name) => /^(BODY\[|RFC822$|RFC822\.TEXT$)/i.test(name));
  return { names, sees };
}

function joined(list: Argument[]): string[] {
  return list.filter((one): one is string => typeof one === 'string');
}

/** The answer of FETCH for a mail. */
export async function fetchAnswer(
  sequence: number,
  mail: StoredMail,
  items: FetchItems,
  withUid: boolean,
): Promise<Buffer> {
  const has = items.names.some((name) => name.toUpperCase() === 'UID');
  const names = withUid && !has ? ['UID', ...items.names] : items.names;
  const parts: Buffer[] = [Buffer.from(`* ${sequence} FETCH (`)];
  for (const [index, name] of names.entries()) {
    if (index > 0) parts.push(Buffer.from(' '));
    parts.push(await itemOf(name, mail));
  }
  parts.push(Buffer.from(')\r\n'));
  return Buffer.concat(parts);
}

async function itemOf(name: string, mail: StoredMail): Promise<Buffer> {
  const body = BODY.exec(name);
  if (body) return bodyItem(body, mail);
  switch (name.toUpperCase()) {
    case 'UID':
      return Buffer.from(`UID ${mail.uid}`);
    case 'FLAGS':
      return Buffer.from(`FLAGS (${[...mail.flags].join(' ')})`);
    case 'INTERNALDATE':
      return Buffer.from(`INTERNALDATE "${internalDate(mail.at)}"`);
    case 'RFC822.SIZE':
      return Buffer.from(`RFC822.SIZE ${mail.raw.length}`);
    case 'ENVELOPE':
      return Buffer.from(`ENVELOPE ${await envelopeOf(mail.raw)}`);
    default: {
      const section =
        { RFC822: '', 'RFC822.HEADER': 'HEADER', 'RFC822.TEXT': 'TEXT' }[name.toUpperCase()] ?? '';
      return literal(name.toUpperCase(), sectionOf(section, mail.raw));
    }
  }
}

function bodyItem([, , section = '', from, length]: RegExpExecArray, { raw }: StoredMail): Buffer {
  const whole = sectionOf(section, raw);
  const label = `BODY[${section.toUpperCase()}]`;
  if (from === undefined) return literal(label, whole);
  return literal(`${label}<${from}>`, whole.subarray(Number(from), Number(from) + Number(length)));
}

function literal(label: string, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${label} {${bytes.length}}\r\n`), bytes]);
}

function sectionOf(section: string, raw: Buffer): Buffer {
  const upper = section.toUpperCase();
  const headers = headerBlock(raw);
  if (upper === '') return raw;
  if (upper === 'TEXT') return raw.subarray(headers.length + 2);
  if (upper === 'HEADER') return Buffer.concat([headers, Buffer.from('\r\n')]);
  const names = new Set(
    upper
      .slice(upper.indexOf(' ') + 1)
      .replace(/[()"]/g, '')
      .split(/\s+/),
  );
  const not = upper.startsWith('HEADER.FIELDS.NOT');
  const lines = headers.toString('latin1').match(/^\S.*\r?\n(?:[ \t].*\r?\n)*/gm) ?? [];
  const wanted = lines.filter((line) => names.has(line.slice(0, line.indexOf(':')).toUpperCase()) !== not);
  return Buffer.from(`${wanted.join('')}\r\n`, 'latin1');
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function internalDate(ms: number): string {
  const date = new Date(ms);
  const day = String(date.getUTCDate()).padStart(2, ' ');
  return `${day}-${MONTHS[date.getUTCMonth()]}-${date.getUTCFullYear()} ${date.toISOString().slice(11, 19)} +0000`;
}
