import { readFileSync } from 'node:fs';
import type { ServerOptions } from 'node:https';
import { authorityFiles } from '../certificates/folder.ts';

/** Certificate of the server, and whose clients it takes. */
export type MutualTls = Pick<
  ServerOptions,
  'cert' | 'key' | 'ca' | 'requestCert' | 'rejectUnauthorized' | 'minVersion' | 'maxVersion' | 'ciphers'
>;

/** Cipher suites that the DMP speaks (PDT-INF-579v4; sheet dmp-xds, 3.2). TLS 1.3 is not among what it lists. */
const SUITES = [
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-RSA-AES256-SHA384',
];

/** Mutual TLS with the certificates of a folder that `makeSandboxCertificates` filled. */
export function mutualTls(folder: string): MutualTls {
  const { root, server } = authorityFiles(folder);
  return {
    cert: readFileSync(server.certificate),
    key: readFileSync(server.key),
    ca: readFileSync(root.certificate),
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.2',
    ciphers: SUITES.join(':'),
  };
}
