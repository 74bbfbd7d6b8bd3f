import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeSandboxCertificates } from '../../../src/sandbox/certificates/certificates.ts';
import {
  authorityFiles,
  type CertificateFiles,
  structureFiles,
} from '../../../src/sandbox/certificates/folder.ts';
import { type DmpSimulator, startDmpSimulator } from '../../../src/sandbox/dmp/simulator.ts';

const FINESS = '0B0000011';
const HOLDER = { finessEj: FINESS, name: 'Hôpital à accents', application: 'Essai' };
const DAY_MS = 86_400_000;
let folder: string;
let other: string;

beforeAll(async () => {
  [folder, other] = (await Promise.all(
    ['one', 'other'].map((name) => mkdtemp(join(tmpdir(), `viaduc-certificates-${name}-`))),
  )) as [string, string];
  for (const one of [folder, other]) await makeSandboxCertificates(one, [HOLDER], Date.now());
});
afterAll(() => {
  for (const one of [folder, other]) rmSync(one, { recursive: true, force: true });
});

function openssl(...args: string[]): string {
  const { stdout, stderr, status } = spawnSync('openssl', args, { encoding: 'utf8' });
  return `${status} ${stdout}${stderr}`;
}

const contents = (files: CertificateFiles) => readFileSync(files.certificate, 'utf8');

describe('certificates of the sandbox', () => {
  test.each([
    ['client', 'sslclient'],
    ['seal', 'smimesign'],
  ] as const)('openssl takes the %s for its purpose and for no other', (name, purpose) => {
    const { root } = authorityFiles(folder);
    const { certificate } = structureFiles(folder, FINESS)[name];
    const verify = (wanted: string): string =>
      openssl(
        'verify',
        '-purpose',
        wanted,
        '-CAfile',
        root.certificate,
        '-untrusted',
        certificate,
        certificate,
      );
    expect(verify(purpose)).toMatch(/^0 .*: OK/);
    for (const wrong of ['sslserver', purpose === 'sslclient' ? 'smimesign' : 'sslclient'])
      expect(verify(wrong)).toMatch(/unsuitable certificate purpose/);
  });

  test('the subject names the structure as IGC-Santé does', () => {
    const { certificate } = structureFiles(folder, FINESS).seal;
    expect(
      openssl('x509', '-in', certificate, '-noout', '-subject', '-nameopt', 'RFC2253,utf8,-esc_msb'),
    ).toContain(`CN=Essai,OU=1${FINESS},O=Hôpital à accents,ST=Paris (75),C=FR`);
  });

  test('keys are for their owner only', () => {
    const { client, seal } = structureFiles(folder, FINESS);
    for (const { key } of [client, seal, authorityFiles(folder).root])
      expect(statSync(key).mode & 0o777).toBe(0o600);
  });

  test('are kept at a later start, and made anew when nearly out of date or of another authority', async () => {
    const { client } = structureFiles(folder, FINESS);
    const first = contents(client);
    await makeSandboxCertificates(folder, [HOLDER], Date.now());
    expect(contents(client)).toBe(first);
    await makeSandboxCertificates(folder, [HOLDER], Date.now() + 2.9 * 365 * DAY_MS);
    const second = contents(client);
    expect(second).not.toBe(first);
    rmSync(authorityFiles(folder).organisations.key);
    await makeSandboxCertificates(folder, [HOLDER], Date.now());
    expect(contents(client)).not.toBe(second);
  });
});

describe('the services of the DMP over mutual TLS', () => {
  let dmp: DmpSimulator;
  beforeAll(async () => {
    dmp = await startDmpSimulator({ certificates: folder });
  });
  afterAll(() => dmp.close());

  const get = (files: CertificateFiles | null, options: object = {}): Promise<string> =>
    new Promise<string>((resolve) => {
      const tls = files && { cert: contents(files), key: readFileSync(files.key) };
      const ca = readFileSync(authorityFiles(folder).root.certificate);
      request(`${dmp.url}/registry`, { ca, ...tls, ...options }, (answer) =>
        resolve(`${answer.statusCode} ${(answer.socket as TLSSocket).getProtocol()}`),
      )
        .on('error', (error: NodeJS.ErrnoException) => resolve(`${error.code} ${error.message}`))
        .end();
    });

  test('a structure that shows its certificate is answered, over TLS 1.2', async () => {
    expect(await get(structureFiles(folder, FINESS).client)).toBe('405 TLSv1.2');
  });

  test.each([
    ['no certificate', (): null => null, {}, /handshake failure|ECONNRESET/i],
    [
      'the seal',
      (): CertificateFiles => structureFiles(folder, FINESS).seal,
      {},
      /unsupported.certificate|ECONNRESET/i,
    ],
    [
      'a certificate of another authority',
      (): CertificateFiles => structureFiles(other, FINESS).client,
      {},
      /unknown.ca|ECONNRESET/i,
    ],
    [
      'TLS 1.1',
      () => structureFiles(folder, FINESS).client,
      { maxVersion: 'TLSv1.1', minVersion: 'TLSv1.1' },
      /version|protocol|ECONNRESET/i,
    ],
    [
      'TLS 1.3 only',
      () => structureFiles(folder, FINESS).client,
      { minVersion: 'TLSv1.3' },
      /version|ECONNRESET/i,
    ],
  ] as const)('%s is refused in the handshake', async (_, files, options, expected) => {
    expect(await get(files(), options)).toMatch(expected);
  });
});
