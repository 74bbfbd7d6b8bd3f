import PostalMime, { addressParser, decodeWords, type Email } from 'postal-mime';
import type { Words } from '../../../words/errors.ts';
import { isViaducError } from '../../../words/errors.ts';
import { messageError } from './errors.ts';
import { messageLimits } from './limits.ts';
import { cut, oneLine } from './one-line.ts';

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
  judge(raw);
  try {
    return described(await take(raw));
  } catch (error) {
    if (isViaducError(error)) throw error;
    throw malformed(STRUCTURE, error);
  }
}

function take(raw: Uint8Array): Promise<Email> {
  return PostalMime.parse(raw, {
    forceRfc822Attachments: true,
    maxNestingDepth: messageLimits.mimeDepth.value,
    maxHeadersSize: messageLimits.mailHeaders.value,
  });
}

/** What costs more to take apart than it is worth. */
function judge(raw: Uint8Array): void {
  const { mail, mailLines, dashedLines } = messageLimits;
  if (raw.length > mail.value)
    throw messageError('mssante.mail-too-long', { bytes: raw.length, most: mail.value });
  if (more(raw, '\n', mailLines.value)) throw malformed(LINES);
  if (more(raw, '\n--', dashedLines.value)) throw malformed(PARTS);
}

/** Whether a piece stands in the bytes more often than `most` times. */
function more(raw: Uint8Array, piece: string, most: number): boolean {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.length);
  let at = -1;
  for (let count = 0; count <= most; count++) {
    at = bytes.indexOf(piece, at + 1);
    if (at < 0) return false;
  }
  return true;
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

function described(email: Email): ParsedMail {
  const header = (name: string) => email.headers.find(({ key }) => key === name)?.value ?? null;
  const parts = email.attachments.map(partOf);
  if (parts.length > messageLimits.parts.value) throw malformed(PARTS);
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
    text: email.text === undefined ? null : email.text.slice(0, messageLimits.readText.value).trimEnd(),
    reportType: reportTypeOf(header('content-type') ?? ''),
    parts,
    enclosed: [],
  };
}

function partOf({ filename, mimeType, content }: Email['attachments'][number]): MailPart {
  const bytes = typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content);
  return { type: mimeType.toLowerCase(), name: filename === null ? null : oneLine(filename), bytes };
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

function malformed(why: Words, cause?: unknown): Error {
  return messageError('mssante.mail-malformed', { why }, cause);
}

const LINES = { fr: 'il a trop de lignes', en: 'it has too many lines' };
const PARTS = { fr: 'il a trop de parties', en: 'it has too many parts' };
const STRUCTURE = {
  fr: 'ses en-têtes sont trop longs, ses parties trop imbriquées ou illisibles',
  en: 'its headers are too long, its parts nested too deeply or unreadable',
};
