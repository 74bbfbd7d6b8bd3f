import PostalMime, { addressParser, decodeWords, type Email } from 'postal-mime';
import { isViaducError } from '../../../words/errors.ts';
import { decoded, textOf } from './decoded.ts';
import { messageError } from './errors.ts';
import { messageLimits } from './limits.ts';
import { type Leaf, leavesOf } from './mime-leaves.ts';
import { cut, oneLine } from './one-line.ts';
import { first } from './report-fields.ts';

/** A part of a mail that is no text of its body. */
export interface MailPart {
  /** Lower case. */
  type: string;
  name: string | null;
  bytes: Uint8Array;
}

/** What a mail says of itself. Everything here was written by others, and may name a patient. */
export interface ParsedMail {
  /** Addresses of From, as written. */
  from: string[];
  /** The first Return-Path: empty when the sender is null, null without such a header. */
  returnPath: string | null;
  messageId: string | null;
  /** Message-IDs of In-Reply-To and References, the nearest first. */
  answers: string[];
  /** Addresses of Disposition-Notification-To. */
  notifyTo: string[];
  /** Keyword of Auto-Submitted (RFC 3834), lower case. */
  autoSubmitted: string | null;
  /** Header Original-Recipient, as the last server may have added it. */
  originalRecipient: string | null;
  /** Decoded, on one line. */
  subject: string;
  /** Plain text of the body; null when there is only another form of it. */
  text: string | null;
  /** Type of a `multipart/report`, such as `delivery-status`; empty when it names none, null for any other mail. */
  reportType: string | null;
  parts: MailPart[];
  /** Mails enclosed in this one, one level deep. */
  enclosed: ParsedMail[];
}

/**
 * Takes a mail apart under caps.
 * @throws ViaducError `mssante.mail-too-long`, `mssante.mail-malformed`, and nothing else
 */
export async function parseMail(raw: Uint8Array): Promise<ParsedMail> {
  const mail = await parseOne(raw);
  return { ...mail, enclosed: await enclosedIn(mail.parts) };
}

async function parseOne(raw: Uint8Array): Promise<ParsedMail> {
  const most = messageLimits.mail.value;
  if (raw.length > most) throw messageError('mssante.mail-too-long', { bytes: raw.length, most });
  const { head, leaves } = leavesOf(Buffer.from(raw.buffer, raw.byteOffset, raw.length));
  try {
    const [inline, attached] = [leaves.filter(isBody), leaves.filter((one) => !isBody(one))];
    const parts: MailPart[] = [];
    for (const leaf of attached) parts.push(await partOf(leaf));
    return { ...described(await headerOf(head)), text: bodyText(inline), parts };
  } catch (error) {
    if (isViaducError(error)) throw error;
    throw messageError('mssante.mail-malformed', { why: UNREADABLE }, error);
  }
}

/** A header as the library reads it: nothing of a content is given to it, each line of which would cost it a kilobyte. */
function headerOf(head: Buffer): Promise<Email> {
  const maxHeadersSize = messageLimits.mailHeaders.value;
  return PostalMime.parse(Buffer.concat([head, Buffer.from('\r\n\r\n')]), { maxHeadersSize });
}

/** A text to be read as the body of the mail, in whatever form. */
function isBody({ type, fields }: Leaf): boolean {
  const attached = /^\s*attachment/i.test(first(fields, 'content-disposition') ?? '');
  return !attached && (type === 'text/plain' || type === 'text/html');
}

function bodyText(inline: readonly Leaf[]): string | null {
  const texts = inline.filter(({ type }) => type === 'text/plain').map(textOf);
  return texts.length === 0 ? null : texts.join('\n').slice(0, messageLimits.readText.value).trimEnd();
}

async function partOf(leaf: Leaf): Promise<MailPart> {
  const [described] = (await headerOf(named(leaf.head))).attachments;
  const name = described?.filename ?? null;
  return { type: leaf.type, name: name === null ? null : oneLine(name), bytes: decoded(leaf) };
}

/** The header of a part such that the library takes the part for a file, and gives its name. */
function named(head: Buffer): Buffer {
  return Buffer.from(
    head.toString('latin1').replace(/^content-(?:transfer-encoding|id):/gim, 'X:'),
    'latin1',
  );
}

const ENCLOSED = new Set([
  'message/rfc822',
  'message/global',
  'text/rfc822-headers',
  'message/global-headers',
]);

/** Mails in a mail; one that cannot be read is left out, the part is still there. */
async function enclosedIn(parts: readonly MailPart[]): Promise<ParsedMail[]> {
  const found = parts.filter(({ type }) => ENCLOSED.has(type)).slice(0, messageLimits.enclosedMails.value);
  const mails: ParsedMail[] = [];
  for (const { bytes } of found)
    mails.push(
      ...(await parseOne(bytes).then(
        (one) => [one],
        () => [],
      )),
    );
  return mails;
}

function described(email: Email): Omit<ParsedMail, 'text' | 'parts'> {
  const header = (name: string) => email.headers.find(({ key }) => key === name)?.value ?? null;
  return {
    from: addressesOf(email, 'from'),
    returnPath: senderOf(header('return-path')),
    messageId: messageIds(header('message-id'))[0] ?? null,
    answers: [
      ...new Set([...messageIds(header('in-reply-to')), ...messageIds(header('references')).reverse()]),
    ],
    notifyTo: addressesOf(email, 'disposition-notification-to'),
    autoSubmitted: /^[a-z-]+/i.exec(header('auto-submitted') ?? '')?.[0].toLowerCase() ?? null,
    originalRecipient: header('original-recipient'),
    subject: cut(oneLine(decodeWords(header('subject') ?? '')), messageLimits.readSubject.value),
    reportType: reportTypeOf(header('content-type') ?? ''),
    enclosed: [],
  };
}

function addressesOf({ headers }: Email, name: string): string[] {
  const values = headers.filter(({ key }) => key === name);
  const found = values.flatMap(({ value }) => addressParser(value, { flatten: true }));
  return found.flatMap(({ address }) => (address ? [address] : []));
}

function senderOf(value: string | null): string | null {
  if (value === null) return null;
  return (/<([^<>]*)>/.exec(value)?.[1] ?? value).trim();
}

/** Message-IDs in a text, in their order, with their brackets. */
export function messageIds(value: string | null): string[] {
  const most = messageLimits.messageIds.value;
  return [...(value ?? '').matchAll(/<[^<>\s]{1,500}>/g)].slice(0, most).map(([id]) => id);
}

function reportTypeOf(contentType: string): string | null {
  if (!/^\s*multipart\/report\s*(?:;|$)/i.test(contentType)) return null;
  return /;\s*report-type\s*=\s*"?([\w-]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? '';
}

const UNREADABLE = { fr: 'il ne se lit pas', en: 'it cannot be read' };
