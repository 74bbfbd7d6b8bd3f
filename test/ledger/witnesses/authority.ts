import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** A time stamping authority: `openssl ts` behind HTTP, with a root of its own. */
export interface Authority {
  url: string;
  /** PEM of its root. */
  root: string;
  rootFile: string;
  /** What is answered instead, when a test says so: a status, and the bytes. */
  instead: { status: number; bytes: Buffer } | null;
  asked: number;
  close(): Promise<void>;
}

const SETTINGS = `[tsa]
default_tsa = t
[t]
serial = ./serial
crypto_device = builtin
signer_cert = ./tsa.pem
certs = ./root.pem
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
`;

export async function startAuthority(folder: string): Promise<Authority> {
  mkdirSync(folder, { recursive: true });
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  writeFileSync(join(folder, 'tsa.cnf'), SETTINGS);
  writeFileSync(join(folder, 'serial'), '01\n');
  writeFileSync(
    join(folder, 'usage'),
    'extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n',
  );
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'root.key',
    '-out',
    'root.pem',
    '-subj',
    '/CN=Root of time',
    '-days',
    '10',
  );
  openssl('req', ...key, '-keyout', 'tsa.key', '-out', 'tsa.csr', '-subj', '/CN=Time');
  openssl(
    ...[
      'x509',
      '-req',
      '-in',
      'tsa.csr',
      '-CA',
      'root.pem',
      '-CAkey',
      'root.key',
      '-CAcreateserial',
      '-out',
      'tsa.pem',
      '-days',
      '5',
      '-extfile',
      'usage',
    ],
  );
  const authority = { instead: null, asked: 0 } as unknown as Authority;
  const server = createServer(async (request, response) => {
    authority.asked += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { instead } = authority;
    if (instead) return response.writeHead(instead.status).end(instead.bytes);
    writeFileSync(join(folder, 'question.tsq'), Buffer.concat(chunks));
    openssl(
      'ts',
      '-reply',
      '-queryfile',
      'question.tsq',
      '-config',
      'tsa.cnf',
      '-section',
      't',
      '-out',
      'answer.tsr',
    );
    response.writeHead(200, { 'content-type': 'application/timestamp-reply' });
    return response.end(readFileSync(join(folder, 'answer.tsr')));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  authority.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsa`;
  authority.rootFile = join(folder, 'root.pem');
  authority.root = readFileSync(authority.rootFile, 'utf8');
  authority.close = async () => {
    server.close();
    server.closeAllConnections();
  };
  return authority;
}
