import { messageLimits } from './limits.ts';
import { cut, oneLine } from './one-line.ts';
import type { ParsedMail } from './parsed-mail.ts';
import { addressIn, first, reportBlocks } from './report-fields.ts';

/** An error of a receiving system: a code of 900 to 906, and its words. */
export interface ApplicationError {
  code: string;
  label: string | null;
}

/** What an MDN says (RFC 8098; CI-SIS volet of received mails). */
export interface Mdn {
  /** Disposition type, lower case, such as `processed`. */
  disposition: string;
  /** `unclear`: neither read nor an error, as when a reader denies the receipt. */
  result: 'read' | 'error' | 'unclear';
  /** Empty unless `result` is `error`. */
  errors: ApplicationError[];
  originalMessageId: string | null;
  originalRecipient: string | null;
  finalRecipient: string | null;
}

export const OTHER_ERROR = '906';

const NOTIFICATION_TYPES = ['message/disposition-notification', 'message/global-disposition-notification'];
const READ = ['displayed', 'processed', 'dispatched', 'deleted'];

export function isMdn({ reportType, parts }: ParsedMail): boolean {
  return reportType !== null && parts.some(({ type }) => NOTIFICATION_TYPES.includes(type));
}

/** What an MDN says, in any of the forms that were published; null when it is none or says no disposition. */
export function readMdn(mail: ParsedMail): Mdn | null {
  const part = mail.parts.find(({ type }) => NOTIFICATION_TYPES.includes(type));
  if (mail.reportType === null || !part) return null;
  const fields = new Map(reportBlocks(part.bytes).flatMap((block) => [...block]));
  const said = /;\s*([a-z-]+)\s*(?:\/([\s\S]*))?$/i.exec(first(fields, 'disposition') ?? '');
  if (!said) return null;
  const disposition = said[1]!.toLowerCase();
  const written = fields.get('error') ?? [];
  const failed = disposition === 'failed' || written.length > 0 || /error|failure/i.test(said[2] ?? '');
  return {
    disposition,
    result: failed ? 'error' : READ.includes(disposition) ? 'read' : 'unclear',
    errors: failed ? errorsOf(written, said[2] ?? '', mail.subject) : [],
    originalMessageId: originalOf(first(fields, 'original-message-id'), mail),
    originalRecipient: addressIn(first(fields, 'original-recipient')),
    finalRecipient: addressIn(first(fields, 'final-recipient')),
  };
}

function originalOf(written: string | null, { enclosed, answers }: ParsedMail): string | null {
  const id = /<?([^<>\s]{1,500}@[^<>\s]{1,500})>?/.exec(written ?? '')?.[1];
  return id ? `<${id}>` : (enclosed[0]?.messageId ?? answers[0] ?? null);
}

/** From the fields Error, else from what follows the disposition, else from the subject. */
function errorsOf(written: readonly string[], modifier: string, subject: string): ApplicationError[] {
  const named = written.flatMap((one) => codeAndLabel(one) ?? []);
  if (named.length > 0) return named;
  const old = codeAndLabel(modifier.replace(/^\s*(?:error|failure)\s*:?/i, ''));
  if (old) return [old];
  const label = written[0] ? labelOf(written[0]) : null;
  return [{ code: codeInSubject(subject) ?? OTHER_ERROR, label }];
}

/** `902^Label^…`: the rest differs from draft to draft and says nothing more. */
export function codeAndLabel(text: string): ApplicationError | null {
  const found = /^\s*(\d{3})\s*\^([^^|]*)/.exec(text);
  return found && { code: found[1]!, label: labelOf(found[2]!) };
}

export function labelOf(text: string): string | null {
  return cut(oneLine(text), messageLimits.errorLabel.value) || null;
}

function codeInSubject(subject: string): string | null {
  return /\]\s*\[(\d{3})\]/.exec(subject)?.[1] ?? null;
}
