import type { Words } from '../../../words/errors.ts';
import type { MailKind } from '../../../words/mail.ts';
import { domainOf } from '../message/address.ts';
import type { ReadMail, ReadOptions } from '../message/read.ts';

/** Why a receipt says nothing of a mail of ours, for a person. */
export const ASIDE_REASONS = {
  'report-unreadable': {
    fr: 'Accusé illisible : il ne dit pas ce que le courriel est devenu.',
    en: 'Unreadable receipt: it does not say what became of the mail.',
  },
  'report-of-unknown-mail': {
    fr: 'Accusé d’un courriel qui n’est pas parti d’ici.',
    en: 'Receipt of a mail that did not leave from here.',
  },
  'report-of-other-recipient': {
    fr: 'Accusé d’un de nos courriels, mais pour un autre destinataire.',
    en: 'Receipt of one of our mails, but for another recipient.',
  },
  'report-with-sender': {
    fr: 'Accusé d’acheminement qui ne vient pas d’un serveur de messagerie : son expéditeur n’est pas vide.',
    en: 'Delivery report that does not come from a mail system: its sender is not null.',
  },
  'report-not-trusted': {
    fr: 'Accusé de lecture d’un domaine hors de la liste blanche MSSanté.',
    en: 'Disposition notification from a domain that is not on the white list of MSSanté.',
  },
  'too-many-reports': {
    fr: 'Trop d’accusés sont déjà revenus de ce courriel.',
    en: 'Too many receipts of this mail have come already.',
  },
  'mail-unreadable': {
    fr: 'Courriel trop long ou mal formé : il n’a pas été ouvert.',
    en: 'Mail too long or malformed: it was not opened.',
  },
} as const satisfies Record<string, Words>;

export type AsideReason = keyof typeof ASIDE_REASONS;

/** A mail that is left to a person, or kept apart as it may be forged. */
export interface Aside {
  kind: Extract<MailKind, 'human' | 'quarantine'>;
  reason: AsideReason;
}

export function aside(reason: AsideReason): Aside {
  return { kind: FORGED.includes(reason) ? 'quarantine' : 'human', reason };
}

const FORGED: readonly AsideReason[] = [
  'report-of-other-recipient',
  'report-with-sender',
  'report-not-trusted',
];

/**
 * What may be forged is never believed: a DSN has no sender and says by itself that it is automatic (RFC 3464, 3834); an MDN
 * comes from the trust space.
 */
export function forged({ kind, mail, doubts }: ReadMail, { patientDomain }: ReadOptions): AsideReason | null {
  if (kind === 'dsn')
    return doubts.includes('report-with-sender') || mail.autoSubmitted === 'no' ? 'report-with-sender' : null;
  if (kind !== 'mdn' && kind !== 'ko') return null;
  const ofPatient = mail.from.length === 1 && domainOf(mail.from[0]!) === patientDomain;
  return doubts.includes('sender-not-trusted') && !ofPatient ? 'report-not-trusted' : null;
}
