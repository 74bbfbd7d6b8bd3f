import { isPatient, matriculeOf, plainAddress } from './addresses.ts';
import { openArchive } from './archive.ts';
import { judgeArchive } from './archive-checks.ts';
import type { CdaHead } from './cda.ts';
import { addressesOf, type ReadMail } from './mail.ts';
import { type Reason, reason } from './refusals.ts';

export interface Envelope {
  from: string;
  to: readonly string[];
}

/** Everything for which an operator and its correspondents would not take a mail; nothing when it is in order. */
export async function judgeMail(mail: ReadMail, envelope: Envelope): Promise<Reason[]> {
  const reasons = judgeHeaders(mail, envelope);
  const archives = mail.attachments.filter(isArchive);
  if (archives.length === 0 && !/XDM\/1\.0\/DDM/.test(mail.email.subject ?? '')) return reasons;
  if (isReport(mail)) return reasons;
  reasons.push(...judgeSubject(mail));
  const [archive] = archives;
  const named = archive?.name === 'IHE_XDM.zip' && archive.type === 'application/zip';
  if (archives.length !== 1 || !named) reasons.push(reason('sandbox.mail-archive-name'));
  if (!archive) return reasons;
  const files = await openArchive(archive.bytes);
  if ('code' in files) return [...reasons, files];
  const { documents, reasons: against } = judgeArchive(files);
  return [...reasons, ...against, ...judgeAgainst(documents, mail, envelope)];
}

function isArchive({ name, type }: ReadMail['attachments'][number]): boolean {
  return /\.zip$/i.test(name ?? '') || /zip/.test(type);
}

/** Receipts quote the subject of the mail that they answer, and may quote the whole of it. */
export function isReport(mail: ReadMail): boolean {
  return /^multipart\/report/i.test(mail.headers('content-type')[0] ?? '');
}

const ONE: readonly [header: string, pattern: RegExp, expected: string][] = [
  ['Message-ID', /^<[^<>@\s]+@[^<>@\s]+>$/, '<id@domain>'],
  ['Date', /^\w{3}, \d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}$/, 'RFC 5322'],
  ['From', /@/, 'mailbox'],
  ['To', /@/, 'mailbox'],
  ['Subject', /\S/, 'text'],
  ['MIME-Version', /^1\.0$/, '1.0'],
];

function judgeHeaders(mail: ReadMail, { from, to }: Envelope): Reason[] {
  const rules = from === '' ? ONE : [...ONE, NIL];
  const reasons = rules
    .filter(([name, pattern]) => !isOnce(mail.headers(name), pattern))
    .map(([header, , expected]) => reason('sandbox.mail-header', { header, expected }));
  const [written] = addressesOf(mail.email.from);
  if (from !== '' && plainAddress(written ?? '@') !== plainAddress(from))
    reasons.push(reason('sandbox.mail-from'));
  if (to.length > 1 && to.some(isPatient)) reasons.push(reason('sandbox.mail-several-users'));
  return reasons;
}

const NIL: (typeof ONE)[number] = ['X-MSS-NIL', /^[\w./-]{1,64}$/, 'NIL'];

function isOnce(values: string[], pattern: RegExp): boolean {
  return values.length === 1 && pattern.test(values[0]!);
}

function judgeSubject({ email }: ReadMail): Reason[] {
  return /^XDM\/1\.0\/DDM\+\S/.test(email.subject ?? '') ? [] : [reason('sandbox.mail-subject')];
}

function judgeAgainst(documents: CdaHead[], mail: ReadMail, { to }: Envelope): Reason[] {
  const reasons: Reason[] = [];
  const codes = documents.map(({ code }) => code).join(',');
  if (mail.headers('x-mss-codecda').join('|').replace(/\s/g, '') !== codes)
    reasons.push(reason('sandbox.mail-codecda'));
  const shown = documents.some(({ qualified }) => qualified) ? 'O' : 'N';
  if (mail.headers('x-mss-ins').join('|') !== shown) reasons.push(reason('sandbox.mail-ins'));
  const pdf = mail.attachments.filter(({ type }) => type === 'application/pdf');
  const real = pdf.every(({ bytes }) => bytes.toString('latin1', 0, 5) === '%PDF-');
  if (pdf.length !== documents.length || !real) reasons.push(reason('sandbox.mail-pdf'));
  const others = to
    .filter(isPatient)
    .some((address) => documents.some(({ ins }) => ins?.matricule !== matriculeOf(address)));
  if (others) reasons.push(reason('sandbox.mail-other-patient'));
  return reasons;
}
