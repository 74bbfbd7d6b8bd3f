import { routingLimits } from '../../../routing/limits.ts';
import { ascii } from '../../../xds/xdm/ascii.ts';
import { mailAddress } from './address.ts';
import { isMessageId, messageIdOf, shown } from './compose.ts';
import { messageLimits } from './limits.ts';
import type { ApplicationError } from './mdn.ts';
import { type HeaderValue, type Part, writeMail } from './mime.ts';
import { cut, oneLine } from './one-line.ts';
import type { ParsedMail } from './parsed-mail.ts';

/** An error about a document of a mail, by its place there; null when it is about the mail. */
export interface DocumentError extends ApplicationError {
  position: number | null;
}

export interface AnswerInput {
  /** UUID, left half of the Message-ID. */
  id: string;
  atMs: number;
  /** The mailbox that took in the mail. */
  mailbox: { address: string; displayName: string };
  to: string;
  /** The mail that is answered, and its bytes. */
  original: Pick<ParsedMail, 'messageId' | 'subject' | 'originalRecipient'>;
  raw: Buffer;
  errors: readonly DocumentError[];
  /** X-MSS-NIL. */
  nil: string | null;
}

export interface MdnInput extends AnswerInput {
  /** Name and version of the product (Reporting-UA). */
  product: string;
}

const KO_MARK = '[KO Intégration système !]';

/**
 * The MDN of a processed mail (RFC 8098; CI-SIS volet of received mails): `processed`, or `processed/error` with a field
 * Error for each document that failed. Its envelope sender is null; the whole mail comes back in its third part.
 */
export function writeMdn(input: MdnInput): Promise<Buffer> {
  const content = notification(input);
  return writeMail({
    id: input.id,
    type: 'multipart/report; report-type=disposition-notification',
    headers: headersOf(input, subjectOf(input)),
    parts: [
      text(input),
      { type: 'message/disposition-notification', content, encoding: '7bit' },
      original(input),
    ],
  });
}

/** The plain mail to an error box, where no MDN may be sent (CI-SIS volet of received mails). */
export function writeKo(input: AnswerInput): Promise<Buffer> {
  return writeMail({
    id: input.id,
    type: 'multipart/mixed',
    headers: headersOf(input, subjectOf(input)),
    parts: [text(input), { ...original(input), fileName: 'message_original.eml' }],
  });
}

function headersOf(input: AnswerInput, subject: string): [string, HeaderValue | null][] {
  const { mailbox, original, nil } = input;
  const own = mailAddress(mailbox.address).address;
  const id = original.messageId !== null && isMessageId(original.messageId) ? original.messageId : null;
  return [
    ['From', { name: shown(mailbox.displayName), address: own }],
    ['To', { name: '', address: mailAddress(input.to).address }],
    ['Subject', subject],
    ['Message-ID', messageIdOf(input.id, own)],
    ['In-Reply-To', id],
    ['References', id],
    ['Date', new Date(input.atMs)],
    ['Auto-Submitted', 'auto-replied'],
    ['X-MSS-NIL', nil],
  ];
}

/** The subject of the mail, after the mark and the code when something failed. */
function subjectOf({ original, errors }: AnswerInput): string {
  const subject = cut(oneLine(original.subject), messageLimits.readSubject.value);
  return errors.length === 0 ? subject : oneLine(`${KO_MARK}[${codeOf(errors[0]!)}] ${subject}`);
}

function codeOf({ code }: ApplicationError): string {
  return /^\d{3}$/.test(code) ? code : '906';
}

function notification({ original, mailbox, product, errors }: MdnInput): string {
  const failed = errors.length > 0;
  const final = mailAddress(mailbox.address).address;
  const recipient = cut(ascii(original.originalRecipient ?? ''), routingLimits.address.value);
  const lines: [name: string, value: string | null][] = [
    ['Reporting-UA', ascii(product)],
    ['Original-Recipient', recipient],
    ['Final-Recipient', `rfc822;${final}`],
    ['Original-Message-ID', original.messageId === null ? null : ascii(original.messageId)],
    ['Disposition', `automatic-action/MDN-sent-automatically; processed${failed ? '/error' : ''}`],
    ...errors.map((one): [string, string] => ['Error', errorField(one)]),
  ];
  return lines.flatMap(([name, value]) => (value ? [`${name}: ${value}\r\n`] : [])).join('');
}

/** `code^label`: nothing in the label that would be read as another component. */
function errorField(error: DocumentError): string {
  return `${codeOf(error)}^${ascii(labelIn(error)).replace(/[\^|]/g, ' ')}`;
}

function labelIn({ label }: ApplicationError): string {
  return cut(oneLine(label ?? ''), messageLimits.errorLabel.value);
}

function text({ errors }: AnswerInput): Part {
  const content = [...(errors.length === 0 ? DONE : [...FAILED, '', ...errors.map(line)]), ''].join('\r\n');
  return { type: 'text/plain; charset=utf-8', content, encoding: 'quoted-printable' };
}

const DONE = ['Le logiciel destinataire a pris en charge les documents de ce message.'];
const FAILED = [
  'Le logiciel destinataire n’a pas pu intégrer tous les documents de ce message.',
  'Le message d’origine est joint.',
];

function line(error: DocumentError): string {
  const where = error.position === null ? '' : `document ${error.position} : `;
  return `- ${where}${codeOf(error)} ${labelIn(error)}`.trimEnd();
}

function original({ raw }: AnswerInput): Part {
  return { type: 'message/rfc822', content: raw, encoding: raw.some((byte) => byte > 127) ? '8bit' : '7bit' };
}
