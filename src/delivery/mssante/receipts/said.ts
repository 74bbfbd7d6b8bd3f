import type { ReceiptFacts, ReceiptKind } from '../../../words/mail.ts';
import { type DsnRecipient, quotedIds, readDsn } from '../message/dsn.ts';
import { readKo } from '../message/ko.ts';
import { readMdn } from '../message/mdn.ts';
import type { ParsedMail } from '../message/parsed-mail.ts';
import { SMTP_CODES } from '../message/smtp-codes.ts';

/** What a mail says of one of ours. */
export interface Said {
  facts: ReceiptFacts;
  /** Addresses that it says the mail was for; empty when it may be anybody's (an MDN after a transfer, a bounce). */
  recipients: string[];
  /** Whom it names: the recipient, or the mailbox that read. */
  address: string | null;
  /** It says that the mail was read or integrated, or was not: worth telling. */
  tells: boolean;
}

/** By what a mail names one of ours, the surest first, and what it says of it. */
export interface Report {
  /** Envelope identifiers: ENVID, or the part of a Message-ID before the at sign. */
  envelopes: string[];
  /** A DSN may speak of several recipients. */
  said: Said[];
}

/** What a receipt says; null when it cannot be made out. */
export function reportOf(kind: ReceiptKind, mail: ParsedMail): Report | null {
  switch (kind) {
    case 'dsn':
      return ofDsn(mail);
    case 'mdn':
      return ofMdn(mail);
    case 'ko':
      return ofKo(mail);
    case 'bounce':
      return { envelopes: quotedIds(mail).map(leftPart), said: [plain('bounce')] };
  }
}

/** An ENVID is ours or not; only a report without one is brought to a mail by what comes back of its headers. */
function ofDsn(mail: ParsedMail): Report | null {
  const recipients = readDsn(mail);
  if (!recipients) return null;
  const { envelopeId, originalMessageId } = recipients[0]!;
  const returned = originalMessageId === null ? mail.answers : [originalMessageId];
  return {
    envelopes: envelopeId === null ? returned.map(leftPart) : [envelopeId],
    said: recipients.map(saidByDsn),
  };
}

function saidByDsn({ action, status, smtpCode, originalRecipient, finalRecipient }: DsnRecipient): Said {
  const recipients = [originalRecipient, finalRecipient].filter((one) => one !== null);
  const label = smtpCode === null ? null : (SMTP_CODES[smtpCode] ?? null);
  return {
    facts: {
      ...{ kind: 'dsn', action, disposition: null, failed: action === 'failed' },
      ...{ status, code: smtpCode, label },
    },
    ...{ recipients, address: recipients.at(-1) ?? null, tells: false },
  };
}

/** The words of a receiver stay in its mail: they may name a patient. */
function ofMdn(mail: ParsedMail): Report | null {
  const mdn = readMdn(mail);
  if (!mdn) return null;
  const { disposition, result, errors, finalRecipient, originalMessageId } = mdn;
  const facts: ReceiptFacts = {
    ...{ kind: 'mdn', action: null, disposition, failed: result === 'error' },
    ...{ status: null, code: errors[0]?.code ?? null, label: null },
  };
  const said = { facts, recipients: [], address: finalRecipient, tells: result !== 'unclear' };
  return { envelopes: originalMessageId === null ? [] : [leftPart(originalMessageId)], said: [said] };
}

function ofKo(mail: ParsedMail): Report | null {
  const ko = readKo(mail);
  if (!ko) return null;
  const facts = { ...plain('ko').facts, code: ko.code };
  const said = { facts, recipients: [], address: mail.from[0] ?? null, tells: true };
  return { envelopes: ko.about.map(leftPart), said: [said] };
}

function plain(kind: ReceiptKind): Said {
  const facts: ReceiptFacts = {
    ...{ kind, action: null, disposition: null, failed: true },
    ...{ status: null, code: null, label: null },
  };
  return { facts, recipients: [], address: null, tells: false };
}

function leftPart(messageId: string): string {
  return messageId.replace(/^<|@.*$/g, '');
}
