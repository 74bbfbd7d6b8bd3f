import type { MailedDocument } from '../words/figures.ts';
import { indicatorError } from './errors.ts';

/**
 * How far a mail came, each at least as far as the one before:
 * - `accepted`: the operator took it over
 * - `relayed`: a DSN says that it was handed on (delivered, relayed or expanded): the positive receipt of sheet, 6.1
 * - `delivered`: a DSN says that it lies in the mailbox, or an MDN came from there
 */
export const REACHES = ['accepted', 'relayed', 'delivered'] as const;
export type Reach = (typeof REACHES)[number];

/** When a mail came how far, was seen to have failed, or was given up. Milliseconds, Infinity for never. */
export interface MailInstants extends Record<Reach, number> {
  failed: number;
  /** An answer of a mail system came that is in no known form, and may mean anything. */
  bounced: number;
  /** It ended, and nobody ever said what became of it. */
  unconfirmed: number;
}

/**
 * What its events say of a mail, in whatever order its receipts came. Nothing is relayed or delivered before the delivery has
 * ended so: an MDN alone leaves an unconfirmed mail unconfirmed. What a plain mail says (`ko`) proves nothing.
 * @throws ViaducError indicators.fact-invalid
 */
export function mailInstants(mail: MailedDocument): MailInstants {
  const first = firstReceipt(mail);
  const inBox = first(({ kind, action }) => kind === 'mdn' || (kind === 'dsn' && action === 'delivered'));
  const onTheWay = first(
    ({ kind, action }) => kind === 'dsn' && (action === 'relayed' || action === 'expanded'),
  );
  const ended = msOf(mail, 'finishedAt');
  const confirmed = mail.outcome === 'delivered' ? ended : Number.POSITIVE_INFINITY;
  const failed = first(({ kind, action }) => kind === 'dsn' && action === 'failed');
  return {
    accepted: Math.min(msOf(mail, 'acceptedAt'), inBox, onTheWay),
    relayed: Math.max(Math.min(inBox, onTheWay), confirmed),
    delivered: Math.max(inBox, confirmed),
    failed: mail.outcome === 'refused' ? Math.min(failed, ended) : failed,
    bounced: first(({ kind }) => kind === 'bounce'),
    unconfirmed: mail.outcome === 'unconfirmed' ? ended : Number.POSITIVE_INFINITY,
  };
}

function firstReceipt(mail: MailedDocument) {
  return (says: (receipt: MailedDocument['receipts'][number]) => boolean): number =>
    mail.receipts.reduce(
      (first, receipt) => (says(receipt) ? Math.min(first, readMs(mail, 'receipts', receipt.at)) : first),
      Number.POSITIVE_INFINITY,
    );
}

function msOf(mail: MailedDocument, member: 'acceptedAt' | 'finishedAt'): number {
  const text = mail[member];
  return text === null ? Number.POSITIVE_INFINITY : readMs(mail, member, text);
}

function readMs({ delivery }: MailedDocument, member: string, text: string): number {
  const ms = Date.parse(text);
  if (!Number.isNaN(ms)) return ms;
  throw indicatorError('indicators.fact-invalid', { kind: 'delivery', key: delivery, member });
}
