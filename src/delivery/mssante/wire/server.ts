import type { ConnectionOptions } from 'node:tls';

/** How a mailbox proves who it is once TLS stands. */
export type MailAuth =
  /** By the client certificate alone; IMAP says a name all the same, that of the certificate unless another is given. */
  | { kind: 'none'; user?: string }
  | { kind: 'password'; user: string; password: string }
  | { kind: 'oauth2'; user: string; tokens: AccessTokens };

/** Where access tokens come from. */
export interface AccessTokens {
  /** @throws ViaducError `mssante.token-refused`, `mssante.token-unreachable` */
  get(): Promise<string>;
  /** The server did not take this one: the next is asked for anew. */
  refused(token: string): void;
}

/** One server of a mail operator, and how it is entered. Certificates and keys are PEM. */
export interface MailServer {
  host: string;
  port: number;
  /** `none` for a simulator on loopback only. */
  tls: 'starttls' | 'implicit' | 'none';
  /** Those of the platform when not given. */
  authorities?: string;
  certificate?: string;
  key?: string;
  passphrase?: string;
  /** Name in the certificate of the server, when it is not `host`. */
  serverName?: string;
  auth: MailAuth;
}

/** Trust, client certificate and the least version of TLS, for whichever protocol speaks over it. */
export function tlsOptions(server: MailServer): ConnectionOptions {
  const { authorities, certificate, key, passphrase, serverName } = server;
  return {
    minVersion: 'TLSv1.2',
    ...(authorities === undefined ? {} : { ca: authorities }),
    ...(certificate === undefined ? {} : { cert: certificate, key, passphrase }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}
