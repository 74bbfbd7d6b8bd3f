import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAnswer } from '../../../src/delivery/dmp/answer.ts';
import { outcomeOf } from '../../../src/delivery/dmp/outcome.ts';
import { plainSoap } from '../../../src/delivery/dmp/plain-soap.ts';
import { xml } from '../../../src/xml/writer.ts';
import { answerSoap, connectTo, envelope, registryResponse } from './server.ts';

const present = spawnSync('openssl', ['version']).status === 0;
const why = present ? '' : ' (skipped: no openssl to make certificates with)';

interface Identity {
  key: string;
  cert: string;
}

/** A self-signed certificate: it is its own trust anchor. */
function identity(folder: string, name: string): Identity {
  const files = ['key', 'cert'].map((kind) => join(folder, `${name}.${kind}`));
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', files[0]!];
  const args = ['req', '-x509', ...key, '-out', files[1]!, '-days', '2', ...subject];
  execFileSync('openssl', args, { stdio: 'ignore' });
  const [keyPem, cert] = files.map((file) => readFileSync(file, 'utf8'));
  return { key: keyPem!, cert: cert! };
}

async function startTls(options: ServerOptions) {
  const server = createServer(options, (request, response) => {
    request.resume().on('end', () => answerSoap(response, envelope(registryResponse('Success'))));
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Node's own server drops a client that it refuses without a word; OpenSSL says why by an alert, as front ends do. */
async function startOpenssl(folder: string, version: string) {
  const files = ['-cert', 'dmp.cert', '-key', 'dmp.key', '-CAfile', 'hospital.cert'];
  const args = [
    's_server',
    '-accept',
    '127.0.0.1:0',
    version,
    ...files,
    '-Verify',
    '1',
    '-verify_return_error',
  ];
  const server = spawn('openssl', [...args, '-www'], { cwd: folder });
  const port = await new Promise<string>((ready, failed) => {
    let said = '';
    server.stdout.on('data', (chunk) => {
      said += chunk;
      const found = /^ACCEPT 127\.0\.0\.1:(\d+)$/m.exec(said);
      if (found) ready(found[1]!);
    });
    server.on('exit', () => failed(new Error(`openssl s_server ended: ${said}`)));
  });
  return {
    url: `https://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      const ended = new Promise((done) => server.once('close', done));
      server.kill();
      await ended;
    },
  };
}

describe.skipIf(!present)(`mutual TLS${why}`, () => {
  let folder: string;
  let dmp: Identity;
  let hospital: Identity;
  let stranger: Identity;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'viaduc-tls-'));
    [dmp, hospital, stranger] = ['dmp', 'hospital', 'stranger'].map((name) => identity(folder, name)) as [
      Identity,
      Identity,
      Identity,
    ];
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  const message = () =>
    plainSoap({ action: 'urn:x', messageId: 'urn:uuid:1', to: 'x', security: null, body: xml`<x/>` });

  async function attempt(server: ServerOptions, tls: Parameters<typeof connectTo>[1] = {}) {
    await using stub = await startTls({ ...dmp, requestCert: true, ca: hospital.cert, ...server });
    return await ask(stub.url, tls);
  }

  async function ask(url: string, tls: Parameters<typeof connectTo>[1]) {
    await using connection = connectTo(url, tls);
    return outcomeOf(readAnswer(await connection.exchange('registry', message()), 'urn:uuid:1'), 'changes');
  }

  test('with the right certificates on both sides the request passes', async () => {
    const outcome = await attempt({}, { tls: { ca: dmp.cert, ...hospital } });
    expect(outcome.result).toBe('delivered');
  });

  test.each([
    ['of a stranger', 'TLS 1.2', '-tls1_2', () => stranger],
    ['of a stranger', 'TLS 1.3', '-tls1_3', () => stranger],
    ['that is missing', 'TLS 1.2', '-tls1_2', () => ({})],
    ['that is missing', 'TLS 1.3', '-tls1_3', () => ({})],
  ])('a client certificate %s is configuration in %s', async (_, _version, flag, client) => {
    await using stub = await startOpenssl(folder, flag);
    const outcome = await ask(stub.url, { tls: { ca: dmp.cert, ...client() } });
    expect([outcome.result, outcome.code]).toEqual(['configuration', 'delivery.dmp-tls']);
  });

  test('a server that we do not trust is configuration', async () => {
    const outcome = await attempt({}, { tls: { ca: stranger.cert, ...hospital } });
    expect([outcome.result, outcome.code]).toEqual(['configuration', 'delivery.dmp-tls']);
  });

  test('a server that speaks less than TLS 1.2 is refused', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const outcome = await attempt(old, { tls: { ca: dmp.cert, ...hospital } });
    expect([outcome.result, outcome.code]).toEqual(['configuration', 'delivery.dmp-tls']);
  });
});
