import type { Static } from 'typebox';
import type { RetryPolicy } from '../delivery/attempt.ts';
import type { DestinationPolicy } from '../delivery/destination-state.ts';
import type { MailWaits } from '../delivery/mssante/awaited.ts';
import { parseSchedule } from '../delivery/schedule.ts';
import { PATIENT_DOMAIN } from '../routing/recipients.ts';
import type { Environment } from '../words/environment.ts';
import type { MailboxRule } from '../words/establishment.ts';
import { type ActionSlot, DEFAULT_ACTION_SLOT } from '../xds/xdm/lot.ts';
import type { ConfigFile } from './config-schema.ts';
import type { MssanteSchema } from './mssante-schema.ts';

/** MSSanté as configured; paths are absolute. */
export interface MssanteConfig {
  mailboxes: MailboxConfig[];
  /** Null: no list, and so nobody who may be written to; in a sandbox its own world is listed. */
  whiteList: {
    source: string;
    authorities: string | null;
    refreshMs: number;
    maxShrinkPercent: number;
  } | null;
  directory: { url: string; keyFile: string; authorities: string | null; cacheMs: number } | null;
  waits: MailWaits;
  action: ActionSlot;
  accents: boolean;
  /** Folder of texts. */
  texts: string | null;
  patientDomain: string;
  /** Bytes. */
  patientSizeLimit: number;
  /** For each mailbox. */
  destination: DestinationPolicy;
  policy: RetryPolicy;
}

export interface MailboxConfig extends MailboxRule {
  address: string;
  displayName: string;
  phone: string | null;
  postalAddress: string | null;
  smtp: ServerConfig & { sizeLimit: number | null };
  imap: ImapConfig | null;
  /** Sender that takes the documents which come in; null: a person reads them. */
  consumer: string | null;
  receives: ReceivesConfig | null;
}

/** How documents that come into a mailbox are handed on and answered. */
export interface ReceivesConfig {
  /** MSH-5 and MSH-6; null: those of the messages of the consumer. */
  application: string | null;
  facility: string | null;
  /** MSH-3 and MSH-4; null: those of the gateway. */
  from: { application: string; facility: string } | null;
  unit: { id: string; name: string; structure: string } | null;
  errorBox: string | null;
  nullSender: boolean;
}

/** A server of an operator: files in PEM. */
export interface ServerConfig {
  host: string;
  port: number;
  tls: 'starttls' | 'implicit' | 'none';
  authorities: string | null;
  certificate: string | null;
  key: string | null;
  passphraseFile: string | null;
  serverName: string | null;
  auth: AuthConfig;
}

export type AuthConfig =
  /** `user`: what IMAP is told; the name of the certificate when absent. */
  | { kind: 'none'; user?: string }
  | { kind: 'password'; user: string; passwordFile: string }
  | {
      kind: 'oauth2';
      user: string;
      tokenUrl: string;
      clientId: string;
      clientSecretFile: string;
      scope: string | null;
      authorities: string | null;
    };

export interface ImapConfig extends ServerConfig {
  folder: string;
  pollMs: number;
  folders: { done: string; refused: string; human: string };
}

type Given = Static<typeof MssanteSchema>;
type GivenMailbox = Given['mailboxes'][number];
type GivenServer = Omit<GivenMailbox['smtp'], 'sizeLimit'>;
type From = (path: string) => string;

const HOUR = 3_600_000;

/** Settings of MSSanté with their defaults (docs/operations.md); null while it is not configured. */
export function mssanteOf(
  { mssante }: ConfigFile,
  environment: Environment,
  from: From,
): MssanteConfig | null {
  if (!mssante) return null;
  const { whiteList, directory } = mssante;
  return {
    mailboxes: mssante.mailboxes.map((one) => mailboxOf(one, from)),
    whiteList: whiteList
      ? {
          source: URL.canParse(whiteList.source) ? whiteList.source : from(whiteList.source),
          authorities: fileOf(whiteList.authorities, from),
          refreshMs: (whiteList.refreshHours ?? 24) * HOUR,
          maxShrinkPercent: whiteList.maxShrinkPercent ?? 10,
        }
      : null,
    directory: directory
      ? {
          url: directory.url,
          keyFile: from(directory.keyFile),
          authorities: fileOf(directory.authorities, from),
          cacheMs: (directory.cacheHours ?? 24) * HOUR,
        }
      : null,
    ...leavingOf(mssante, environment === 'sandbox', from),
  };
}

/** What holds for every mail, whichever mailbox it leaves from. */
export function leavingOf(
  mssante: Omit<Given, 'mailboxes'>,
  quick: boolean,
  from: From,
): Omit<MssanteConfig, 'mailboxes' | 'whiteList' | 'directory'> {
  const { retry, outage } = mssante.schedules ?? {};
  const probes = parseSchedule(outage ?? (quick ? '1s*3, 2s, …' : '1m, 5m, 15m, 1h, …'));
  return {
    waits: {
      warnMs: (mssante.warnHours ?? 4) * HOUR,
      expiryMs: (mssante.expiryHours ?? 120) * HOUR,
      doubtMs: (mssante.doubtMinutes ?? 15) * 60_000,
    },
    action: { ...DEFAULT_ACTION_SLOT, ...mssante.action },
    accents: mssante.accents ?? false,
    texts: fileOf(mssante.texts, from),
    patientDomain: mssante.patientDomain ?? PATIENT_DOMAIN,
    patientSizeLimit: mssante.patientSizeLimit ?? 25_000_000,
    destination: {
      concurrency: mssante.concurrency ?? 4,
      perMinute: mssante.perMinute ?? null,
      circuit: { failures: mssante.failuresToOpen ?? 5, probes },
    },
    policy: {
      retry: parseSchedule(retry ?? (quick ? '1s, 2s*3, 5s*6' : '1m, 5m, 15m, 1h*48')),
      outage: probes,
      doubt: parseSchedule('1s, …'),
    },
  };
}

function mailboxOf(
  { phone, postalAddress, smtp, imap, receives, ...rule }: GivenMailbox,
  from: From,
): MailboxConfig {
  const { sizeLimit = null, ...server } = smtp;
  return {
    ...rule,
    phone: phone ?? null,
    postalAddress: postalAddress ?? null,
    smtp: { ...serverOf(server, from), sizeLimit },
    imap: imap ? imapOf(imap, from) : null,
    consumer: receives?.sender ?? null,
    receives: receives ? receivesOf(receives) : null,
  };
}

function receivesOf(given: NonNullable<GivenMailbox['receives']>): ReceivesConfig {
  const { application = null, facility = null, from = null, unit = null, errorBox = null } = given;
  return { application, facility, from, unit, errorBox, nullSender: given.nullSender ?? true };
}

function imapOf(given: NonNullable<GivenMailbox['imap']>, from: From): ImapConfig {
  const { folder = 'INBOX', pollSeconds = 60, folders, ...server } = given;
  return {
    ...serverOf(server, from),
    folder,
    pollMs: pollSeconds * 1000,
    folders: { done: 'TRAITE', refused: 'REJET', human: 'HUMAIN', ...folders },
  };
}

function serverOf(given: GivenServer, from: From): ServerConfig {
  const {
    host,
    port,
    tls = 'starttls',
    authorities,
    certificate,
    key,
    passphraseFile,
    serverName,
    auth,
  } = given;
  return {
    ...{ host, port, tls, serverName: serverName ?? null },
    authorities: fileOf(authorities, from),
    certificate: fileOf(certificate, from),
    key: fileOf(key, from),
    passphraseFile: fileOf(passphraseFile, from),
    auth: authOf(auth ?? { kind: 'none' }, from),
  };
}

function authOf(given: NonNullable<GivenServer['auth']>, from: From): AuthConfig {
  if (given.kind === 'none') return given;
  if (given.kind === 'password') return { ...given, passwordFile: from(given.passwordFile) };
  const { scope = null, authorities, clientSecretFile, ...rest } = given;
  return { ...rest, scope, authorities: fileOf(authorities, from), clientSecretFile: from(clientSecretFile) };
}

function fileOf(path: string | undefined, from: From): string | null {
  return path === undefined ? null : from(path);
}
