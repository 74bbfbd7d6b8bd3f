import { createSecureContext } from 'node:tls';
import type { MailAuth, MailServer } from '../delivery/mssante/wire/server.ts';
import { ClientTokens } from '../delivery/mssante/wire/token.ts';
import type { Clock } from '../words/clock.ts';
import { isViaducError } from '../words/errors.ts';
import { readText } from './config.ts';
import { stampOf } from './door-tls.ts';
import { gatewayError } from './errors.ts';
import type { AuthConfig, ServerConfig } from './mssante-config.ts';

/** A server of a mail operator with the certificates and secrets by which it is entered. */
export interface OpenServer {
  server: MailServer;
  close(): Promise<void>;
}

/** How a server is entered, by its files as they are. */
export interface MailAccess {
  server(): MailServer;
  close(): Promise<void>;
}

/** What is told of files that change while the gateway runs. */
export interface AccessWatch {
  clock: Clock;
  /** What the next connection is entered with has changed. */
  onRenewed(): void;
  /** Files that changed cannot be used; those before stay in use. */
  onProblem(code: string, values: object): void;
}

/** How often the files are looked at. */
const LOOK_EVERY_MS = 60_000;

/**
 * Opens a server and from then on takes over files that change, for connections to come.
 * @throws ViaducError `config.unreadable`, `config.tls-unusable`
 */
export function openAccess(config: ServerConfig, { clock, onRenewed, onProblem }: AccessWatch): MailAccess {
  const files = filesOf(config);
  let stamp = stampOf(files);
  let open = openServer(config, clock);
  const renew = () => {
    const former = open;
    try {
      open = openServer(config, clock);
    } catch (error) {
      if (!isViaducError(error)) throw error;
      onProblem(error.code, error.values);
      return;
    }
    former.close().catch(() => {});
    onRenewed();
  };
  const look = () => {
    const now = stampOf(files);
    if (now !== stamp) renew();
    stamp = now;
    cancel = clock.after(LOOK_EVERY_MS, look);
  };
  let cancel = clock.after(LOOK_EVERY_MS, look);
  return {
    server: () => open.server,
    close: () => {
      cancel();
      return open.close();
    },
  };
}

/** Files that somebody renews. */
function filesOf({ authorities, certificate, key, passphraseFile, auth }: ServerConfig): (string | null)[] {
  const secret = { none: null, password: 'passwordFile', oauth2: 'clientSecretFile' }[auth.kind];
  const own = secret === null ? [] : [(auth as unknown as Record<string, string>)[secret]!];
  return [authorities, certificate, key, passphraseFile, ...own];
}

/** A server as the wire enters it, its files read and tried. @throws ViaducError `config.unreadable`, `config.tls-unusable` */
export function openServer(config: ServerConfig, clock: Clock): OpenServer {
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
  tryPair(config, server);
  return { server, close };
}

/** A certificate that does not go with its key is told before a mail meets it. */
function tryPair({ certificate, key }: ServerConfig, { certificate: cert, ...server }: MailServer): void {
  if (certificate === null || key === null) return;
  try {
    createSecureContext({ cert, key: server.key, passphrase: server.passphrase });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw gatewayError('config.tls-unusable', { certificate, key, why: code ?? message }, error);
  }
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
