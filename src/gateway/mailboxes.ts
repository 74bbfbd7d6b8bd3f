import type { Mailbox } from '../delivery/mssante/mailbox.ts';
import type { MailAuth, MailServer } from '../delivery/mssante/wire/server.ts';
import { type SubmissionServer, submit } from '../delivery/mssante/wire/smtp.ts';
import { ClientTokens } from '../delivery/mssante/wire/token.ts';
import type { Clock } from '../words/clock.ts';
import { readText } from './config.ts';
import type { AuthConfig, MailboxConfig, ServerConfig } from './mssante-config.ts';

/** The mailboxes of an installation, opened with their access. */
export interface Mailboxes {
  of(establishment: string, id: string): Mailbox | null;
  close(): Promise<void>;
}

/** Reads what the mailboxes are entered with. @throws ViaducError `config.unreadable` */
export function openMailboxes(configured: readonly MailboxConfig[], clock: Clock): Mailboxes {
  const closing: (() => Promise<void>)[] = [];
  const boxes = new Map(
    configured.map((one) => {
      const { server, close } = openServer(one.smtp, clock);
      closing.push(close);
      const { sizeLimit } = one.smtp;
      return [keyOf(one), mailboxOf(one, { ...server, ...(sizeLimit !== null && { sizeLimit }) })];
    }),
  );
  return {
    of: (establishment, id) => boxes.get(keyOf({ establishment, id })) ?? null,
    close: async () => {
      await Promise.all(closing.map((close) => close()));
    },
  };
}

function keyOf({ establishment, id }: Pick<MailboxConfig, 'establishment' | 'id'>): string {
  return `${establishment} ${id}`;
}

function mailboxOf(config: MailboxConfig, server: SubmissionServer): Mailbox {
  const { id, address, displayName, phone, postalAddress, smtp } = config;
  return {
    ...{ id, address, displayName, sizeLimit: smtp.sizeLimit },
    contact: { phone, address: postalAddress },
    submit: (mail, signal) => submit(server, mail, signal),
  };
}

/** A server as the wire enters it, its files read. @throws ViaducError `config.unreadable` */
export function openServer(
  config: ServerConfig,
  clock: Clock,
): { server: MailServer; close: () => Promise<void> } {
  const { host, port, tls, authorities, certificate, key, passphraseFile, serverName } = config;
  const { auth, close } = openAuth(config.auth, clock);
  const server: MailServer = {
    ...{ host, port, tls, auth },
    ...(authorities !== null && { authorities: readText(authorities) }),
    ...(certificate !== null && { certificate: readText(certificate) }),
    ...(key !== null && { key: readText(key) }),
    ...(passphraseFile !== null && { passphrase: readText(passphraseFile).trim() }),
    ...(serverName !== null && { serverName }),
  };
  return { server, close };
}

function openAuth(config: AuthConfig, clock: Clock): { auth: MailAuth; close: () => Promise<void> } {
  if (config.kind === 'none') return { auth: config, close: async () => {} };
  const { user } = config;
  if (config.kind === 'password') {
    const password = readText(config.passwordFile).trim();
    return { auth: { kind: 'password', user, password }, close: async () => {} };
  }
  const { tokenUrl, clientId, clientSecretFile, scope, authorities } = config;
  const client = {
    ...{ tokenUrl, clientId, clientSecret: readText(clientSecretFile).trim() },
    ...(scope !== null && { scope }),
    ...(authorities !== null && { authorities: readText(authorities) }),
  };
  const tokens = new ClientTokens(client, clock);
  return { auth: { kind: 'oauth2', user, tokens }, close: () => tokens.close() };
}
