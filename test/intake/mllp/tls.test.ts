import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SecureVersion, connect as tlsConnect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshLetter, type RunningGateway, startTestGateway } from '../../gateway/running.ts';
import { Authority } from './authority.ts';
import { MllpClient } from './client.ts';
import { makeMessage } from './making.ts';

const present = spawnSync('openssl', ['version']).status === 0;
if (!present) {
  console.log('skipped: openssl is not installed (mutual TLS of HL7 v2)');
  if (process.env.CI) throw new Error('openssl is not installed');
}

let files: string;
let running: RunningGateway;

/** Two authorities, of which the gateway knows one; the other has issued a certificate of the same name. */
beforeAll(async () => {
  if (!present) return;
  files = mkdtempSync(join(tmpdir(), 'viaduc-mllp-tls-'));
  const hospital = new Authority(join(files, 'hospital'), 'Hospital authority');
  hospital.issue('server', 'localhost');
  hospital.issue('lab', 'lab-system');
  hospital.issue('imaging', 'imaging-system');
  hospital.issue('renewed', 'imaging-system');
  hospital.issue('stranger', 'nobody');
  hospital.issue('expired', 'lab-system', { from: '200101000000Z', to: '210101000000Z' });
  hospital.issue('early', 'lab-system', { from: '480101000000Z', to: '490101000000Z' });
  new Authority(join(files, 'other'), 'Other authority').issue('lab', 'lab-system');
  const folder = join(files, 'hospital');
  running = await startTestGateway({
    folder,
    yaml: `
mllp:
  tls: { port: 0, certificate: server.pem, key: server.key, clientAuthorities: ca.pem }
establishments:
  - { id: demo, name: Démo, finessEj: 0B0000011, sector: SA01, sites: [{ finessEg: 0B0000012, name: Site nord }] }
senders:
  - { id: lab, establishment: demo, structures: '*', mllp: { certificate: lab-system, application: LAB } }
  - { id: ris, establishment: demo, structures: '*', mllp: { certificate: '${hospital.fingerprint('imaging')}' } }
`,
  });
});
afterAll(async () => {
  await running?.close();
  if (files) rmSync(files, { recursive: true, force: true });
});

/** Connects with a certificate (`authority/name`), or with none. */
async function connect(shown: string | null, maxVersion: SecureVersion = 'TLSv1.3'): Promise<MllpClient> {
  const [host, port] = running.gateway.endpoints.mllps!.split(':') as [string, string];
  const read = (file: string) => readFileSync(join(files, file));
  const own = shown === null ? {} : { cert: read(`${shown}.pem`), key: read(`${shown}.key`) };
  const trusted = { ca: read('hospital/ca.pem'), servername: 'localhost', maxVersion };
  const socket = tlsConnect({ host, port: Number(port), ...trusted, ...own });
  const client = new MllpClient(socket);
  await new Promise((resolve) => socket.once('secureConnect', resolve).once('close', resolve));
  return client;
}

/** The sender under which a message is taken; the code of its refusal; null when the connection ends without a word. */
async function senderSeen(client: MllpClient, application: string): Promise<string | null> {
  const { document, uniqueId } = freshLetter();
  const ack = await client.send(makeMessage({ application, document })).catch(() => null);
  client.close();
  if (ack === null) return null;
  if (ack.code !== 'AA') return `${ack.code} ${ack.errors[0]!.code}`;
  return (await running.call(`/api/submissions?uniqueId=${uniqueId}`)).body.items[0].sender;
}

const UNKNOWN = 'AR message.sender-unknown';

describe.skipIf(!present)('mutual TLS', () => {
  test.each([
    ['the name in a certificate, with MSH-3, makes the sender', 'hospital/lab', 'LAB', 'lab'],
    ['the right certificate under another MSH-3 is nobody', 'hospital/lab', 'RIS', UNKNOWN],
    ['a fingerprint makes the sender, whatever MSH-3 says', 'hospital/imaging', 'ANY', 'ris'],
    [
      'a fingerprint is of one certificate: another of the same name is nobody',
      'hospital/renewed',
      'ANY',
      UNKNOWN,
    ],
    ['another certificate of the known authority is nobody', 'hospital/stranger', 'LAB', UNKNOWN],
    ['a certificate of another authority is not let in, whatever its name', 'other/lab', 'LAB', null],
    ['an expired certificate is not let in', 'hospital/expired', 'LAB', null],
    ['one that is not valid yet is not let in', 'hospital/early', 'LAB', null],
    ['no certificate is not let in', null, 'LAB', null],
  ])('%s', async (_, shown, application, seen) => {
    for (const version of ['TLSv1.3', 'TLSv1.2'] as const)
      expect(await senderSeen(await connect(shown, version), application), version).toBe(seen);
  });

  test('an older TLS is refused by the gateway, not by the client', async () => {
    const [host, port] = running.gateway.endpoints.mllps!.split(':') as [string, string];
    // The client would not offer it without being told that it may.
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const socket = tlsConnect({ host, port: Number(port), rejectUnauthorized: false, ...old });
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
  });

  test('without TLS the name alone does not make the sender', async () => {
    const client = await MllpClient.open(running.gateway.endpoints.mllp!);
    expect(await senderSeen(client, 'LAB')).toBe(UNKNOWN);
  });

  test('who was not let in left nothing, and those who are go on being taken', async () => {
    const count = async () => (await running.call('/api/submissions?limit=200')).body.items.length;
    const before = await count();
    expect(await senderSeen(await connect('hospital/expired'), 'LAB')).toBeNull();
    expect(await count()).toBe(before);
    expect(await senderSeen(await connect('hospital/lab'), 'LAB')).toBe('lab');
  });
});
