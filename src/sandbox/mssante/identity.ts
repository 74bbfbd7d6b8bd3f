import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { TLSSocket, type TlsOptions } from 'node:tls';
import { authorityFiles } from '../certificates/folder.ts';

/** TLS of both servers; a client without certificate comes in and is refused in words. */
export function mailTls(folder: string): TlsOptions {
  const { root, server } = authorityFiles(folder);
  return {
    cert: readFileSync(server.certificate),
    key: readFileSync(server.key),
    ca: [readFileSync(root.certificate)],
    requestCert: true,
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
  };
}

/** FINESS of the structure that the client certificate of a connection names, or null without one of the authority. */
export function certifiedFiness(socket: Socket): string | null {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return null;
  const { OU } = socket.getPeerCertificate().subject ?? {};
  const unit = Array.isArray(OU) ? OU[0] : OU;
  return unit?.startsWith('1') ? unit.slice(1) : null;
}
