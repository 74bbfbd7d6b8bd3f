import type { Words } from '../../../words/errors.ts';
import type { MailKind } from '../../../words/mail.ts';
import { domainOf } from './address.ts';
import { isDsn } from './dsn.ts';
import { isKo } from './ko.ts';
import { isMdn } from './mdn.ts';
import { type MailPart, type ParsedMail, parseMail } from './parsed-mail.ts';
import { SUBJECT_MARK } from './subject.ts';

export interface ReadOptions {
  /** Whether a domain, in lower-case A-labels, is of the trust space. */
  isTrusted(domain: string): boolean;
  /** `patientDomain`: patient.mssante.fr. */
  patientDomain: string;
}

/** Why a mail is of its kind; sentences for a person. */
export const REASONS = {
  'delivery-report': { fr: 'Accusé d’acheminement (DSN).', en: 'Delivery report (DSN).' },
  'disposition-report': { fr: 'Accusé de lecture (MDN).', en: 'Disposition notification (MDN).' },
  'error-subject': { fr: 'Courriel d’échec d’intégration.', en: 'Mail that tells of a failed integration.' },
  'null-sender': {
    fr: 'Réponse automatique : l’expéditeur de l’enveloppe est vide.',
    en: 'Automatic answer: the envelope sender is null.',
  },
  'mail-system': { fr: 'Réponse d’un serveur de messagerie.', en: 'Answer of a mail system.' },
  'no-sender': { fr: 'Le courriel ne dit pas qui l’envoie.', en: 'The mail does not say who sends it.' },
  'several-senders': {
    fr: 'Le courriel nomme plusieurs expéditeurs.',
    en: 'The mail names several senders.',
  },
  'sender-not-trusted': {
    fr: 'Le domaine de l’expéditeur n’est pas dans la liste blanche MSSanté.',
    en: 'The domain of the sender is not on the white list of MSSanté.',
  },
  'return-path-not-trusted': {
    fr: 'Le domaine de l’enveloppe (Return-Path) n’est pas dans la liste blanche MSSanté.',
    en: 'The domain of the envelope (Return-Path) is not on the white list of MSSanté.',
  },
  'from-a-patient': {
    fr: 'Un patient écrit : rien n’est intégré de soi-même.',
    en: 'A patient writes: nothing is integrated by itself.',
  },
  archive: { fr: 'Une archive de documents.', en: 'An archive of documents.' },
  'several-archives': {
    fr: 'Le courriel porte plusieurs archives.',
    en: 'The mail carries several archives.',
  },
  'archive-missing': {
    fr: 'L’objet annonce des documents, mais aucune archive n’est jointe.',
    en: 'The subject announces documents, but no archive is attached.',
  },
  'nothing-to-integrate': { fr: 'Courriel ordinaire, sans archive.', en: 'Ordinary mail, without archive.' },
} as const satisfies Record<string, Words>;

export type Reason = keyof typeof REASONS;

/**
 * What is doubtful about the origin of a mail, whatever its kind:
 * - `sender-not-trusted`: the domain of From is not of the trust space; of a report, that of a mail system may not be either
 * - `return-path-differs`: From and Return-Path are of two domains; `no-return-path`: there is no such header
 * - `report-with-sender`: a DSN must have a null sender (RFC 3464, section 2), this one has another
 */
export type Doubt = 'sender-not-trusted' | 'return-path-differs' | 'no-return-path' | 'report-with-sender';

export interface ReadMail {
  kind: MailKind;
  reason: Reason;
  doubts: Doubt[];
  mail: ParsedMail;
  /** Of a document; `forwarded` when it lies in a mail that is enclosed. */
  archive: { bytes: Uint8Array; forwarded: boolean } | null;
}

/**
 * What a mail that came in is, judged in the order of the CI-SIS volet: reports before everything, then who sends it, then
 * what it carries. The content of an archive is not looked at.
 * @throws ViaducError `mssante.mail-too-long`, `mssante.mail-malformed`
 */
export async function readMail(raw: Uint8Array, options: ReadOptions): Promise<ReadMail> {
  const mail = await parseMail(raw);
  const archives = archivesOf(mail);
  const [kind, reason] = kindOf(mail, archives.length, options);
  const archive = kind === 'document' ? archives[0]! : null;
  return { kind, reason, doubts: doubtsOf(mail, kind, options), mail, archive };
}

function kindOf(mail: ParsedMail, archives: number, options: ReadOptions): [MailKind, Reason] {
  return ofReport(mail) ?? ofSender(mail, options) ?? ofContent(mail, archives);
}

function ofReport(mail: ParsedMail): [MailKind, Reason] | null {
  if (isDsn(mail)) return ['dsn', 'delivery-report'];
  if (isMdn(mail)) return ['mdn', 'disposition-report'];
  if (isKo(mail)) return ['ko', 'error-subject'];
  if (mail.returnPath === '') return ['bounce', 'null-sender'];
  const senders = [...mail.from, mail.returnPath ?? ''];
  return senders.some(isMailSystem) ? ['bounce', 'mail-system'] : null;
}

function isMailSystem(address: string): boolean {
  return /^(?:mailer-daemon|postmaster)(?:@|$)/i.test(address);
}

function ofSender({ from, returnPath }: ParsedMail, options: ReadOptions): [MailKind, Reason] | null {
  const { isTrusted, patientDomain } = options;
  if (from.length === 0) return ['quarantine', 'no-sender'];
  if (from.length > 1) return ['quarantine', 'several-senders'];
  const domains = [from[0]!, ...(returnPath === null ? [] : [returnPath])].map(domainOf);
  const [shown, envelope = shown] = domains.map((domain) => domain !== null && isTrusted(domain));
  if (!shown) return ['quarantine', 'sender-not-trusted'];
  if (!envelope) return ['quarantine', 'return-path-not-trusted'];
  return domains.includes(patientDomain) ? ['patient', 'from-a-patient'] : null;
}

function ofContent(mail: ParsedMail, archives: number): [MailKind, Reason] {
  if (archives === 1) return ['document', 'archive'];
  if (archives > 1) return ['human', 'several-archives'];
  return ['human', announcesDocuments(mail) ? 'archive-missing' : 'nothing-to-integrate'];
}

function announcesDocuments({ subject }: ParsedMail): boolean {
  return subject.toUpperCase().includes(SUBJECT_MARK);
}

/** Archives of a mail and of those it encloses. */
function archivesOf(mail: ParsedMail): NonNullable<ReadMail['archive']>[] {
  const own = archivesIn(mail).map(({ bytes }) => ({ bytes, forwarded: false }));
  const enclosed = mail.enclosed.flatMap(archivesIn).map(({ bytes }) => ({ bytes, forwarded: true }));
  return [...own, ...enclosed];
}

/** By the name that was agreed; else, where the subject announces one, whatever is a ZIP. */
function archivesIn(mail: ParsedMail): MailPart[] {
  const named = mail.parts.filter(({ name }) => /^ihe_xdm\.zip$/i.test(name ?? ''));
  if (named.length > 0 || !announcesDocuments(mail)) return named;
  return mail.parts.filter(
    ({ name, type }) => /\.zip$/i.test(name ?? '') || /^application\/(?:x-)?zip\b/.test(type),
  );
}

function doubtsOf({ from, returnPath }: ParsedMail, kind: MailKind, { isTrusted }: ReadOptions): Doubt[] {
  const [sender = null] = from.map(domainOf);
  const doubts: [Doubt, boolean][] = [
    ['sender-not-trusted', sender === null || !isTrusted(sender)],
    ['return-path-differs', !!returnPath && domainOf(returnPath) !== sender],
    ['no-return-path', returnPath === null],
    ['report-with-sender', kind === 'dsn' && !!returnPath],
  ];
  return doubts.flatMap(([doubt, holds]) => (holds ? [doubt] : []));
}
