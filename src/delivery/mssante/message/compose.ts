import type { DocumentFacts } from '../../../words/document.ts';
import type { MssanteRecipient, Operation } from '../../../words/request.ts';
import { insOf, sourceIdOf } from '../../../xds/patient.ts';
import { mailAddress } from './address.ts';
import { bodyOf } from './body.ts';
import { messageError } from './errors.ts';
import { messageLimits } from './limits.ts';
import { marksOf } from './marks.ts';
import { type Named, type Part, writeMail } from './mime.ts';
import { cut, oneLine } from './one-line.ts';
import { familyAndGiven } from './patient-names.ts';
import { pdfNames } from './pdf-names.ts';
import { encodedSize, judgeSize, type SizeLimits } from './size.ts';
import { subjectOf } from './subject.ts';
import { standardTexts, type Texts } from './texts.ts';

/** A document of a mail, with the PDF by which it is read without health software. */
export interface MailedDocument {
  facts: DocumentFacts;
  pdf: Buffer;
}

export interface OutgoingMail {
  /** The UUID that is envelope identifier and left half of the Message-ID. */
  id: string;
  atMs: number;
  mailbox: { address: string; displayName: string };
  recipient: { address: string; class: MssanteRecipient['class'] };
  replyTo: string | null;
  operation: Operation;
  /** Of one patient. */
  documents: readonly MailedDocument[];
  archive: Buffer;
  /** Text of the request for this reader. */
  body: string | null;
  patientMayAnswer: boolean;
  readingReceipt: boolean;
  /** Message-ID of the mail that carried what is replaced or deleted. */
  inReplyTo: string | null;
  /** Number of the product with the trust space (X-MSS-NIL). */
  nil: string | null;
  limits: SizeLimits;
  archiveName?: string;
  texts?: Texts;
  /** Labels with accents in the subject, as encoded words. */
  accents?: boolean;
}

export const ARCHIVE_NAME = 'IHE_XDM.zip';

/**
 * The bytes of a mail that carries documents to one recipient (MSSanté clients, ECO.2.1 to 2.4). The same input gives the
 * same bytes.
 * @throws ViaducError `mssante.…`
 */
export async function compose(mail: OutgoingMail): Promise<Buffer> {
  judgeDocuments(mail.documents.map(({ facts }) => facts));
  const files = [mail.archive, ...mail.documents.map(({ pdf }) => pdf)];
  const least = files.reduce((sum, { length }) => sum + encodedSize(length), 0);
  judgeSize(least, mail.limits);
  const raw = await writeMail({
    id: mail.id,
    type: 'multipart/mixed',
    headers: headersOf(mail),
    parts: partsOf(mail),
  });
  judgeSize(raw.length, mail.limits);
  return raw;
}

/** `<id@domain of the mailbox>` */
export function messageIdOf(id: string, mailbox: string): string {
  return `<${id}@${mailAddress(mailbox).domain}>`;
}

function headersOf(mail: OutgoingMail): [string, string | Date | Named | null][] {
  const { mailbox, recipient, inReplyTo } = mail;
  const documents = mail.documents.map(({ facts }) => facts);
  const own = mailAddress(mailbox.address).address;
  const original = inReplyTo !== null && isMessageId(inReplyTo) ? inReplyTo : null;
  return [
    ['From', { name: shown(mailbox.displayName), address: own }],
    ['To', unnamed(recipient.address)],
    ['Reply-To', mail.replyTo === null ? null : unnamed(mail.replyTo)],
    ['Subject', subjectOf(documents, mail.accents)],
    ['Message-ID', messageIdOf(mail.id, own)],
    ['In-Reply-To', original],
    ['References', original],
    ['Date', new Date(mail.atMs)],
    ['Disposition-Notification-To', mail.readingReceipt ? own : null],
    ...marksOf(documents, mail.nil),
    ['X-MSS-MES', recipient.class === 'patient' && !mail.patientMayAnswer ? 'FIN' : null],
  ];
}

/** Name of a sender as a header shows it. */
export function shown(displayName: string): string {
  return cut(oneLine(displayName), messageLimits.displayName.value);
}

function unnamed(address: string): Named {
  return { name: '', address: mailAddress(address).address };
}

export function isMessageId(text: string): boolean {
  return /^<[!-;=?-~]{1,500}>$/.test(text);
}

function partsOf(mail: OutgoingMail): Part[] {
  const { operation, archive, body, patientMayAnswer, texts = standardTexts() } = mail;
  const documents = mail.documents.map(({ facts }) => facts);
  const names = pdfNames(documents);
  const content = bodyOf({
    ...{ operation, documents, patientMayAnswer, texts, given: body },
    class: mail.recipient.class,
    sender: shown(mail.mailbox.displayName),
  });
  return [
    { type: 'text/plain; charset=utf-8', content, encoding: 'quoted-printable' },
    file('application/zip', archive, mail.archiveName ?? ARCHIVE_NAME),
    ...mail.documents.map(({ pdf }, index) => file('application/pdf', pdf, names[index]!)),
  ];
}

function file(type: string, content: Buffer, fileName: string): Part {
  return { type, content, fileName, encoding: 'base64' };
}

function judgeDocuments(documents: readonly DocumentFacts[]): void {
  if (documents.length === 0) throw messageError('mssante.no-document');
  if (new Set(documents.map(patientKey)).size > 1) throw messageError('mssante.patients-differ');
}

/** By what two documents are known to be of one patient: the INS, else the local number, else name and birth. */
function patientKey({ patient }: DocumentFacts): string {
  const id = insOf(patient) ?? sourceIdOf(patient);
  const { family, given } = familyAndGiven(patient);
  return id ? `${id.authority}^${id.value}` : `${family}^${given}^${patient?.birthTime ?? ''}`;
}
