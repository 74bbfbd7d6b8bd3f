import { lookInside } from '../../delivery/mssante/wire/imap-session.ts';
import { type Entrance, type EntryFault, lookInto } from '../../delivery/mssante/wire/smtp.ts';
import type { Clock } from '../../words/clock.ts';
import { openServer } from '../mail-access.ts';
import type { ImapConfig, MailboxConfig, ServerConfig } from '../mssante-config.ts';
import { doctorLimits } from './limits.ts';
import { found, type Line, looking, named, ok } from './line.ts';
import { lookAtName, lookAtPort } from './network.ts';
import { endOf } from './server.ts';

/** A mailbox as mails leave from it and as it is read, step by step. Each server is entered and left; no mail is sent. */
export async function lookAtMailbox(mailbox: MailboxConfig, clock: Clock): Promise<Line[]> {
  const { smtp, imap } = mailbox;
  const lines = [
    ...(await looking('mssante', () => stepwise(smtp, () => lookAtSubmission(mailbox, clock)))),
    ...(imap
      ? await looking('mssante', () => stepwise(imap, () => lookAtReading(mailbox, imap, clock)))
      : [found('mssante', 'warning', 'doctor.mailbox-not-read', { mailbox: mailbox.id })]),
  ];
  return lines.map((line) => about(mailbox, line));
}

/** Each line names its mailbox: a hospital may have several at the same operator. */
function about({ id, establishment }: MailboxConfig, line: Line): Line {
  const { fr, en } = line.message;
  const name = `${establishment}.${id}`;
  return { ...line, message: { fr: `${name} : ${fr}`, en: `${name}: ${en}` } };
}

/** Name and port first: the first step that fails ends the way. */
async function stepwise({ host, port }: ServerConfig, enter: () => Promise<Line[]>): Promise<Line[]> {
  const name = await lookAtName('mssante', host);
  if (name.level === 'error') return [name];
  const reached = await lookAtPort('mssante', host, port);
  if (reached.level === 'error') return [name, reached];
  return [name, reached, ...(await enter())];
}

async function lookAtSubmission(mailbox: MailboxConfig, clock: Clock): Promise<Line[]> {
  const { server, close } = openServer(mailbox.smtp, clock);
  try {
    const result = await lookInto(server, AbortSignal.timeout(doctorLimits.mailboxMs.value));
    return result.kind === 'entered' ? entered(mailbox, result) : [refused(result)];
  } finally {
    await close();
  }
}

function entered({ id, smtp }: MailboxConfig, { tls, sizeLimit, receipts, chain }: Entrance): Line[] {
  const sizes = [smtp.sizeLimit, sizeLimit].filter((one) => one !== null);
  const most = sizes.length > 0 ? Math.min(...sizes) : null;
  const [fr, en] =
    most === null
      ? ['taille non annoncée', 'no size announced']
      : [`${most} octets au plus`, `${most} bytes at most`];
  return [
    ok(
      'mssante',
      `envoi : accès accordé (${tls ?? 'sans TLS'}), ${fr}`,
      `submission: let in (${tls ?? 'no TLS'}), ${en}`,
    ),
    ...(chain.length > 0 ? [endOf('mssante', chain)] : []),
    receipts
      ? ok('mssante', 'envoi : accusés de transport (DSN) annoncés', 'submission: receipts (DSN) announced')
      : found('mssante', 'warning', 'doctor.mailbox-no-receipts', { mailbox: id }),
  ];
}

/** The reply of a server stays out of it: it may name more than the mailbox. */
function refused(fault: EntryFault): Line {
  if (fault.kind !== 'refused') return named('mssante', 'error', fault.code, { reason: fault.reason });
  const answer = [fault.smtpCode, fault.status].filter((one) => one !== null).join(' ');
  return named('mssante', 'error', fault.code, { answer });
}

const HELPFUL = ['IDLE', 'MOVE', 'UIDPLUS'];

async function lookAtReading({ id }: MailboxConfig, imap: ImapConfig, clock: Clock): Promise<Line[]> {
  const { server, close } = openServer(imap, clock);
  try {
    const signal = AbortSignal.timeout(doctorLimits.mailboxMs.value);
    const found = await lookInside(server, imap.folder, signal);
    if (found.state !== 'up')
      return [named('mssante', 'error', found.code, { reason: found.reason, folder: imap.folder })];
    return [...capabilities(id, found.capabilities), folders(imap, found.folders)];
  } finally {
    await close();
  }
}

function capabilities(mailbox: string, announced: readonly string[]): Line[] {
  const missing = HELPFUL.filter((one) => !announced.includes(one)).join(', ');
  const letIn = ok('mssante', 'relevé : accès accordé', 'reading: let in');
  if (missing === '')
    return [
      ok(
        'mssante',
        'relevé : accès accordé ; IDLE, MOVE et UIDPLUS',
        'reading: let in; IDLE, MOVE and UIDPLUS',
      ),
    ];
  return [letIn, found('mssante', 'warning', 'doctor.mailbox-capabilities', { mailbox, missing })];
}

/** Those that are missing are made when the mailbox is first read. */
function folders(
  { folder, folders: { done, refused: rejected, human } }: ImapConfig,
  there: readonly string[],
): Line {
  const missing = [done, rejected, human].filter((one) => !there.includes(one)).join(', ');
  return missing === ''
    ? ok(
        'mssante',
        `relevé : dossiers ${folder}, ${done}, ${rejected}, ${human}`,
        `reading: folders ${folder}, ${done}, ${rejected}, ${human}`,
      )
    : ok(
        'mssante',
        `relevé : dossier ${folder} ; seront créés : ${missing}`,
        `reading: folder ${folder}; to be made: ${missing}`,
      );
}
