import type { MailAuth, MailServer } from '../delivery/mssante/wire/server.ts';
import { ClientTokens } from '../delivery/mssante/wire/token.ts';
import type { Clock } from '../words/clock.ts';
import { isViaducError } from '../words/errors.ts';
import { readText } from './config.ts';
import { tryPair, watchFiles } from './file-watch.ts';
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

/**
 * Opens a server and from then on takes over files that change, for connections to come.
 * @throws ViaducError `config.unreadable`, `config.tls-unusable`
 */
export function openAccess(config: ServerConfig, { clock, onRenewed, onProblem }: AccessWatch): MailAccess {
  // Begun before the files are read: what is written in between is seen.
  const endWatch = watchFiles(filesOf(config), clock, () => renew());
  let open = opened(config, clock, endWatch);
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
  return {
    server: () => open.server,
    close: () => {
      endWatch();
      return open.close();
    },
  };
}

function opened(config: ServerConfig, clock: Clock, onFailure: () => void): OpenServer {
  try {
    return openServer(config, clock);
  } catch (error) {
    onFailure();
    throw error;
  }
}

/** Files that somebody renews. */
function filesOf({ authorities, certificate, key, passphraseFile, auth }: ServerConfig): (string | null)[] {
  return [authorities, certificate, key, passphraseFile, secretOf(auth)];
}

function secretOf(auth: AuthConfig): string | null {
  if (auth.kind === 'none') return null;
  return auth.kind === 'password' ? auth.passwordFile : auth.clientSecretFile;
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
  const { certificate: cert, key: secret, passphrase } = server;
  if (certificate !== null && key !== null) tryPair({ certificate, key }, { cert, key: secret, passphrase });
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
