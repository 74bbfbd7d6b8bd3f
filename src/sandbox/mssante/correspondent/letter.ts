import { randomUUID } from 'node:crypto';
import { readCda } from '../cda.ts';
import { raise } from '../errors.ts';
import { encoded, mailDate, multipart, type Part } from '../mime.ts';
import { writeDsn, writeMdn } from '../receipts.ts';
import type { SentDocument } from './metadata.ts';
import { ARCHIVE_VARIANTS, type ArchiveVariant, archiveOf } from './variants.ts';

/** What a hostile or careless correspondent does with its mail, by name. */
export const MAIL_VARIANTS = {
  ...ARCHIVE_VARIANTS,
  'spoofed-sender': 'From and Return-Path are of different domains',
  'unlisted-sender': 'the domain of the sender is not in the white list',
  'dsn-spoofed': 'a DSN from a stranger, with an envelope id that was never given',
  'mdn-loop': 'an MDN that asks for an MDN',
  'two-archives': 'two archives in one mail',
  'no-archive': 'subject of a document, no archive',
  'no-receipt-asked': 'no Disposition-Notification-To',
  forwarded: 'the mail with the archive as message/rfc822 in another',
  'malformed-mime': 'parts without their last boundary, headers cut',
  'header-injection': 'line ends and headers within encoded words of the subject',
} as const;

export type MailVariant = keyof typeof MAIL_VARIANTS;

export interface LetterOrder {
  from: string;
  to: string;
  /** Bytes of the CDAs to send; the second patient of `two-patients` is made from the first. */
  documents: readonly Buffer[];
  operation: 'new' | 'C' | 'D';
  variant: MailVariant | null;
  /** Whether an MDN is asked for. */
  receipt: boolean;
  nowMs: number;
  serial: number;
}

export interface Letter {
  raw: Buffer;
  messageId: string;
}

/** A mail with documents as the software of a correspondent writes it, Return-Path included, independent of the gateway. */
export async function writeLetter(order: LetterOrder): Promise<Letter> {
  const messageId = `<${randomUUID()}@${order.from.slice(order.from.lastIndexOf('@') + 1)}>`;
  if (order.variant === 'dsn-spoofed') return { raw: spoofedDsn(order), messageId };
  const documents = readAll(order);
  if (order.variant === 'mdn-loop') return { raw: loopingMdn(order, messageId), messageId };
  const archive = await archiveOf(documents, order, archiveVariant(order.variant));
  const raw = multipart(headersOf(order, documents, messageId), 'mixed', partsOf(order, archive, documents));
  return { raw: deformed(raw, order, messageId), messageId };
}

function archiveVariant(variant: MailVariant | null): ArchiveVariant | null {
  return variant !== null && variant in ARCHIVE_VARIANTS ? (variant as ArchiveVariant) : null;
}

/** @throws ViaducError `sandbox.mail-no-document` */
function readAll({ documents, variant }: LetterOrder): SentDocument[] {
  const bytes = variant === 'two-patients' ? [...documents, otherPatient(documents[0]!)] : documents;
  return bytes.map((one, index) => {
    const cda = readCda(one);
    if (!cda) throw raise('sandbox.mail-no-document');
    return { name: `DOC${String(index + 1).padStart(5, '0')}.XML`, bytes: one, cda };
  });
}

/** The same document for another matricule and under another identifier. */
function otherPatient(bytes: Buffer): Buffer {
  const matricule = readCda(bytes)?.ins?.matricule ?? '';
  const text = bytes.toString('utf8').replaceAll(matricule, '279035121518989');
  return Buffer.from(text.replace(/(<id root="[^"]+)"/, '$1.2"'));
}

function headersOf(order: LetterOrder, documents: readonly SentDocument[], messageId: string): string[] {
  const [{ cda }] = documents as [SentDocument];
  const label = documents.length > 1 ? `${documents.length} documents` : cda.label.slice(0, 40);
  const spoofed = order.variant === 'spoofed-sender' ? 'direction@autre.exemple.mssante.fr' : order.from;
  const subject =
    order.variant === 'header-injection' ? INJECTED : encoded(`XDM/1.0/DDM+${label} ${cda.patient}`);
  return [
    `Return-Path: <${order.from}>`,
    `Date: ${mailDate(order.nowMs)}`,
    `From: <${spoofed}>`,
    `To: <${order.to}>`,
    `Subject: ${subject}`,
    `Message-ID: ${messageId}`,
    ...(order.receipt && order.variant !== 'no-receipt-asked'
      ? [`Disposition-Notification-To: <${order.from}>`]
      : []),
    `X-MSS-CODECDA: ${documents.map((one) => one.cda.code).join(',')}`,
    `X-MSS-INS: ${documents.some((one) => one.cda.qualified) ? 'O' : 'N'}`,
    'X-MSS-NIL: SANDBOX',
  ];
}

const INJECTED = `=?utf-8?B?${Buffer.from('XDM/1.0/DDM+essai\r\nBcc: <x@exemple.mssante.fr>\r\n\r\nMSH|').toString('base64')}?=`;

const WORDS = {
  new: 'Veuillez trouver ci-joint un document.',
  C: 'Ce document remplace un document envoyé auparavant.',
  D: 'Ce document est à supprimer.',
} as const;

const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

function partsOf(
  { operation, variant }: LetterOrder,
  archive: Buffer,
  documents: readonly SentDocument[],
): Part[] {
  const zip = attachment('application/zip', 'IHE_XDM.zip', archive);
  const archives = variant === 'no-archive' ? [] : variant === 'two-archives' ? [zip, zip] : [zip];
  return [
    {
      headers: ['Content-Type: text/plain; charset=UTF-8', 'Content-Transfer-Encoding: 8bit'],
      body: `${WORDS[operation]}\r\n`,
    },
    ...archives,
    ...documents.map((_, index) => attachment('application/pdf', `document${index + 1}.pdf`, PDF)),
  ];
}

function attachment(type: string, name: string, body: Buffer): Part {
  return {
    headers: [`Content-Type: ${type}; name="${name}"`, `Content-Disposition: attachment; filename="${name}"`],
    body,
  };
}

function deformed(raw: Buffer, order: LetterOrder, messageId: string): Buffer {
  if (order.variant === 'malformed-mime') return raw.subarray(0, raw.length - Math.ceil(raw.length / 3));
  if (order.variant !== 'forwarded') return raw;
  const headers = [
    `Return-Path: <${order.from}>`,
    `Date: ${mailDate(order.nowMs)}`,
    `From: <${order.from}>`,
    `To: <${order.to}>`,
    'Subject: TR: XDM/1.0/DDM+document',
    `Message-ID: ${messageId.replace('<', '<tr-')}`,
    'X-MSS-NIL: SANDBOX',
  ];
  return multipart(headers, 'mixed', [
    { headers: ['Content-Type: text/plain; charset=UTF-8'], body: 'Pour integration.\r\n' },
    { headers: ['Content-Type: message/rfc822', 'Content-Disposition: attachment'], body: raw },
  ]);
}

function spoofedDsn({ from, to, nowMs }: LetterOrder): Buffer {
  const raw = Buffer.from(`Message-ID: <${randomUUID()}@exemple.mssante.fr>\r\nSubject: x\r\n\r\n`);
  const facts = {
    recipient: from,
    originalRecipient: null,
    envid: randomUUID(),
    to,
    raw,
    whole: false,
    nowMs,
  };
  const dsn = writeDsn({ ...facts, action: 'delivered', status: '2.0.0', diagnostic: null }).toString(
    'latin1',
  );
  return Buffer.from(
    dsn.replace(/^From: .*$/m, `From: <${from}>`).replace('Return-Path: <>', `Return-Path: <${from}>`),
    'latin1',
  );
}

function loopingMdn({ from, to, nowMs }: LetterOrder, messageId: string): Buffer {
  const facts = { from, to, subject: 'XDM/1.0/DDM+essai', originalMessageId: messageId, errors: [], nowMs };
  const disposition = 'automatic-action/MDN-sent-automatically; processed';
  const mdn = writeMdn({ ...facts, disposition, raw: Buffer.from('Subject: x\r\n\r\nx\r\n') });
  return Buffer.concat([Buffer.from(`Disposition-Notification-To: <${from}>\r\n`), mdn]);
}
