import type { DsnAction } from '../../../words/mail.ts';
import { messageLimits } from './limits.ts';
import { messageIds, type ParsedMail } from './parsed-mail.ts';
import { addressIn, first, type ReportFields, reportBlocks } from './report-fields.ts';
import { smtpCodeOf } from './smtp-codes.ts';

/** What a DSN says of one recipient (RFC 3464, section 2.3). */
export interface DsnRecipient {
  /** Our ENVID, as the report repeats it. */
  envelopeId: string | null;
  /** Message-ID in the headers that come back. */
  originalMessageId: string | null;
  originalRecipient: string | null;
  finalRecipient: string | null;
  action: DsnAction;
  /** Enhanced status, RFC 3463. */
  status: string | null;
  /** Of table SMTPERRORCODE; null when it went well. */
  smtpCode: string | null;
}

const STATUS_TYPES = ['message/delivery-status', 'message/global-delivery-status'];
const ACTIONS: readonly DsnAction[] = ['delivered', 'relayed', 'expanded', 'delayed', 'failed'];

export function isDsn({ reportType, parts }: ParsedMail): boolean {
  return reportType !== null && parts.some(({ type }) => STATUS_TYPES.includes(type));
}

/** What a DSN says of each recipient; null when it is no DSN, or says of none what became of it. */
export function readDsn(mail: ParsedMail): DsnRecipient[] | null {
  const report = mail.reportType === null ? null : mail.parts.find(({ type }) => STATUS_TYPES.includes(type));
  if (!report) return null;
  const [message, ...recipients] = reportBlocks(report.bytes);
  const envelopeId = first(message, 'original-envelope-id');
  const originalMessageId = mail.enclosed[0]?.messageId ?? null;
  const read = recipients.slice(0, messageLimits.reportRecipients.value).flatMap((fields) => {
    const action = actionOf(fields);
    return action ? [{ envelopeId, originalMessageId, ...recipientOf(fields, action) }] : [];
  });
  return read.length > 0 ? read : null;
}

function actionOf(fields: ReportFields): DsnAction | null {
  const word = /^[a-z]+/i.exec(first(fields, 'action') ?? '')?.[0].toLowerCase();
  return ACTIONS.find((one) => one === word) ?? null;
}

function recipientOf(
  fields: ReportFields,
  action: DsnAction,
): Omit<DsnRecipient, 'envelopeId' | 'originalMessageId'> {
  const status = /(?<!\d)[245]\.\d{1,3}\.\d{1,3}/.exec(first(fields, 'status') ?? '')?.[0] ?? null;
  const went = action !== 'failed' && action !== 'delayed';
  return {
    originalRecipient: addressIn(first(fields, 'original-recipient')),
    finalRecipient: addressIn(first(fields, 'final-recipient')),
    action,
    status,
    smtpCode: went ? null : smtpCodeOf(status, first(fields, 'diagnostic-code')),
  };
}

/**
 * Message-IDs that a mail speaks of, the surest first: those of mails it encloses, those it answers, those that the enclosed
 * ones answer. By them a bounce in no known form is brought to the mail it may be about.
 */
export function mentionedIds({ enclosed, answers }: ParsedMail): string[] {
  const own = enclosed.flatMap(({ messageId }) => messageId ?? []);
  const found = new Set([...own, ...answers, ...enclosed.flatMap((one) => one.answers)]);
  return [...found].slice(0, messageLimits.messageIds.value);
}

/** As `mentionedIds`, and the identifiers that the text of a bounce quotes, since some return nothing else. */
export function quotedIds(mail: ParsedMail): string[] {
  const quoted = messageIds(mail.text).filter((id) => id.includes('@'));
  return [...new Set([...mentionedIds(mail), ...quoted])].slice(0, messageLimits.messageIds.value);
}
