import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import forge from 'node-forge';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Config, readConfig } from '../../src/gateway/config.ts';
import { lookAtDoors } from '../../src/gateway/doctor/certificates.ts';
import { examine } from '../../src/gateway/doctor/examine.ts';
import { type Line, looking } from '../../src/gateway/doctor/line.ts';
import { lookAtNetwork, skew } from '../../src/gateway/doctor/network.ts';
import { SANDBOX_ESTABLISHMENT } from '../../src/gateway/sandbox-defaults.ts';
import { DAMAGES, textOf } from '../delivery/dmp/damaged.ts';
import { answerSoap, envelope, fault, startStub } from '../delivery/dmp/server.ts';
import { certificates } from './certificates.ts';
import { type RunningGateway, startTestGateway } from './running.ts';

const PATIENT = { value: '236066322083656', authority: '1.2.250.1.213.1.4.10' };

let run: RunningGateway;
let config: Config;

beforeAll(async () => {
  run = await startTestGateway();
  config = readConfig({ VIADUC_DATA: run.data, VIADUC_SANDBOX_CERTIFICATES: certificates }, run.folder);
});
afterAll(() => run.close());

const codes = (lines: readonly Line[], level: Line['level']) =>
  lines.filter((one) => one.level === level).map(({ code }) => code);
const told = (lines: readonly Line[]) => lines.map(({ message }) => message.en).join('\n');

const SITES = SANDBOX_ESTABLISHMENT.sites.map(({ finessEg }) => finessEg);

describe('doctor', () => {
  test('of a sandbox that runs finds certificates, way, server certificate and clock in order', async () => {
    const lines = await examine({ config, dmp: run.gateway.endpoints.dmp, patient: null });
    expect(codes(lines, 'error')).toEqual([]);
    expect(told(lines)).toMatch(/structure 0B0000011: authentication until \d{4}-/);
    expect(told(lines)).toMatch(
      /structure 0B0000011: TLS established \(TLSv1\.\d, \S+\), our certificate accepted/,
    );
    expect(told(lines)).toMatch(/certificate of the server and its authorities valid until \d{4}-/);
    expect(told(lines)).toContain('revocation of the server: not asked');
    expect(told(lines)).toContain('the clock agrees');
    expect(told(lines)).toContain('a gateway holds the ledger');
    expect(codes(lines, 'warning')).toEqual([
      ...['doctor.status-not-asked', 'doctor.no-pack', 'doctor.value-sets-missing'],
    ]);
  });

  test('asks for the record of a test patient with the VIHF of each legal entity and site', async () => {
    const record =
      '<PRPA_IN201308UV02 xmlns="urn:hl7-org:v3"><acknowledgement typeCode="AA"/><controlActProcess><patient><statusCode code="active"/></patient><queryAck><queryResponseCode code="OK"/></queryAck></controlActProcess></PRPA_IN201308UV02>';
    await using stub = await startStub((_, response) => answerSoap(response, envelope(record)));
    const lines = await examine({ config, dmp: stub.url, patient: PATIENT });
    expect(lines.filter(({ topic }) => topic === 'dmp')).toMatchObject([
      { level: 'ok', message: { en: 'TD0.2 for 0B0000011: answered, DMP open' } },
      ...SITES.map((finess) => ({ level: 'ok', message: { en: `TD0.2 for ${finess}: answered, DMP open` } })),
    ]);
    const asked = stub.seen
      .filter(({ path }) => path.endsWith('/patients'))
      .map(({ body }) => body.toString('utf8'));
    for (const finess of ['0B0000011', ...SITES])
      expect(
        asked.some((body) =>
          new RegExp(`<wsse:Security[\\s\\S]*1${finess}[\\s\\S]*236066322083656`).test(body),
        ),
      ).toBe(true);
    expect(codes(lines, 'warning')).toContain('doctor.not-encrypted');
  });

  test('says why the DMP does not answer about a test patient', async () => {
    await using stub = await startStub((_, response) =>
      answerSoap(response, envelope(fault('Sender', 'DMPInvalidCertificate', 'refus')), { status: 500 }),
    );
    const lines = await examine({ config, dmp: stub.url, patient: PATIENT });
    expect(new Set(codes(lines, 'error'))).toEqual(new Set(['doctor.status-failed']));
    expect(told(lines)).toContain('DMPInvalidCertificate');
  });

  test('makes a handshake with the certificate of every structure, and says which is refused', async () => {
    const files = (finess: string, use: 'client' | 'seal') => ({
      certificate: `${certificates}/${finess}/${use}.pem`,
      key: `${certificates}/${finess}/${use}.key`,
      passphraseFile: null,
    });
    const own = {
      finess: '0B0000011',
      client: files('0B0000011', 'client'),
      seal: files('0B0000011', 'seal'),
    };
    // Self-signed: the simulator does not know its authority.
    const stranger = { ...own, finess: '0B0000012', client: selfSigned(run.folder) };
    const several: Config = {
      ...config,
      environment: 'test',
      dmp: {
        ...config.dmp,
        anchors: `${certificates}/authority/root.pem`,
        credentials: [own, stranger],
        revocation: { ...config.dmp.revocation, mode: 'soft' },
      },
    };
    const lines = await examine({ config: several, dmp: run.gateway.endpoints.dmp, patient: PATIENT });
    const about = (finess: string, topic: string) =>
      lines
        .filter((line) => line.topic === topic && line.message.en.includes(finess))
        .map(({ level }) => level);
    expect(about('0B0000011', 'network')).toEqual(['ok']);
    expect(about('0B0000012', 'network')).toEqual(['error']);
    expect(about('0B0000011', 'dmp')).toEqual(['ok']);
    expect(about('0B0000012', 'dmp')).toEqual(['error']);
    expect(codes(lines, 'warning')).toContain('delivery.dmp-revocation-unknown');
  });

  test('says as which product the DMP knows us, without the number itself', async () => {
    const about = async (homologation: string | null) => {
      const product = { ...config.product, name: 'Passerelle', version: '3.1', homologation };
      const lines = await examine({ config: { ...config, product }, dmp: null, patient: null });
      return lines.filter(({ topic }) => topic === 'configuration').at(-1)!;
    };
    const file = `${run.folder}/number`;
    writeFileSync(file, 'SECRET-42\n');
    const line = await about(file);
    expect(line).toMatchObject({
      level: 'ok',
      message: { en: expect.stringContaining('product Passerelle 3.1') },
    });
    expect(JSON.stringify(line)).not.toContain('SECRET-42');
    writeFileSync(file, '\n');
    expect(await about(file)).toMatchObject({ level: 'error', code: 'doctor.no-homologation' });
    expect(await about(`${run.folder}/none`)).toMatchObject({ level: 'error', code: 'config.unreadable' });
    expect(await about(null)).toMatchObject({ level: 'ok' });
  });

  test('tells the ends of the certificates of the doors', async () => {
    const { certificate, key } = { certificate: `${certificates}/authority/server.pem`, key: '' };
    const tls = { certificate, key, passphraseFile: null, clientAuthorities: null };
    const doors = (nowMs: number) => lookAtDoors({ ...config, http: { ...config.http, tls } }, nowMs);
    const end = new X509Certificate(readFileSync(certificate)).validToDate.getTime();
    const levels = [90, 20, -1].map((days) =>
      doors(end - days * 86_400_000).map(({ level, code }) => [level, code]),
    );
    expect(levels).toEqual([
      [['ok', null]],
      [['warning', 'doctor.door-ends']],
      [['error', 'doctor.door-ended']],
    ]);
  });

  test('says which address is missing, and looks at the rest all the same', async () => {
    const lines = await examine({ config, dmp: null, patient: null });
    expect(codes(lines, 'error')).toEqual(['doctor.dmp-address-missing']);
    expect(lines.some(({ topic }) => topic === 'storage')).toBe(true);
  });

  test('tells every problem of a certificate with its remedy, and the missing ones', async () => {
    const { establishments } = config;
    const other = { ...establishments[0]!, id: 'other', finessEj: '0B0000099', sites: [] };
    const folder = `${certificates}/0B0000011`;
    const pem = (name: string) => ({
      certificate: `${folder}/${name}.pem`,
      key: `${folder}/client.key`,
      passphraseFile: null,
    });
    const wrong: Config = {
      ...config,
      environment: 'test',
      establishments: [...establishments, other],
      dmp: {
        ...config.dmp,
        credentials: [{ finess: '0B0000011', client: pem('client'), seal: pem('client') }],
      },
    };
    const lines = await examine({ config: wrong, dmp: null, patient: null });
    expect(codes(lines, 'error')).toEqual(
      expect.arrayContaining(['delivery.credential-usage', 'doctor.no-credentials']),
    );
    expect(lines.every(({ level, remedy }) => (level === 'ok') === (remedy === null))).toBe(true);
  });

  test('tells a certificate that cannot be read, naming the file', async () => {
    const file = {
      certificate: `${run.folder}/none.pem`,
      key: `${run.folder}/none.key`,
      passphraseFile: null,
    };
    const wrong: Config = {
      ...config,
      environment: 'test',
      dmp: { ...config.dmp, credentials: [{ finess: '0B0000011', client: file, seal: file }] },
    };
    const lines = await examine({ config: wrong, dmp: null, patient: null });
    expect(codes(lines, 'error')).toContain('delivery.credential-unreadable');
    expect(told(lines)).toContain('none.pem');
  });

  test('tells every damaged file at once, and looks at the rest all the same', async () => {
    const damaged = (name: string, from: string) => {
      writeFileSync(`${run.folder}/${name}`, DAMAGES[0]![1](textOf(from)));
      return `${run.folder}/${name}`;
    };
    const own = `${certificates}/0B0000011`;
    const entry = (use: 'client' | 'seal', certificate: string) => ({
      ...{ certificate, key: `${own}/${use}.key`, passphraseFile: null },
    });
    const wrong: Config = {
      ...config,
      environment: 'test',
      dmp: {
        ...config.dmp,
        anchors: damaged('anchors.pem', `${certificates}/authority/root.pem`),
        credentials: [
          {
            finess: '0B0000011',
            client: entry('client', `${own}/client.pem`),
            seal: entry('seal', damaged('damaged.pem', `${own}/seal.pem`)),
          },
        ],
      },
    };
    const lines = await examine({ config: wrong, dmp: null, patient: null });
    expect(told(lines)).toContain('anchors.pem');
    expect(told(lines)).toContain('damaged.pem');
    expect(lines.some(({ topic }) => topic === 'storage')).toBe(true);
  });

  test('a look that fails in no foreseen way is a line, not the end', async () => {
    const lines = await looking('ports', () => {
      throw new TypeError('unforeseen');
    });
    expect(lines).toMatchObject([{ level: 'error', code: 'doctor.look-failed' }]);
    expect(told(lines)).toContain('unforeseen');
  });
});

/** A client certificate that no authority signed. */
function selfSigned(folder: string) {
  const [certificate, key] = [`${folder}/stranger.pem`, `${folder}/stranger.key`];
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = keys.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const made = forge.pki.createCertificate();
  made.publicKey = forge.pki.publicKeyFromPem(
    keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  );
  made.validity.notBefore = new Date(Date.now() - 86_400_000);
  made.validity.notAfter = new Date(Date.now() + 86_400_000);
  made.setSubject([{ shortName: 'CN', value: 'stranger' }]);
  made.setIssuer(made.subject.attributes);
  made.sign(forge.pki.privateKeyFromPem(pem) as forge.pki.rsa.PrivateKey, forge.md.sha256.create());
  writeFileSync(certificate, forge.pki.certificateToPem(made));
  writeFileSync(key, pem);
  return { certificate, key, passphraseFile: null };
}

describe('the way to the DMP', () => {
  const url = (text: string) => ({ url: new URL(text), anchors: null, pairs: new Map(), revocation: null });

  test('ends at a name that does not resolve', async () => {
    expect(codes(await lookAtNetwork(url('https://nowhere.invalid/dmp')), 'error')).toEqual([
      'doctor.name-unresolved',
    ]);
  });

  test('ends at a port where nothing listens', async () => {
    const server = createServer();
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as AddressInfo;
    await new Promise((closed) => server.close(closed));
    expect(codes(await lookAtNetwork(url(`https://127.0.0.1:${port}/`)), 'error')).toEqual([
      'doctor.unreachable',
    ]);
  });

  test('ends at a server whose authority is not ours, in the words of TLS', async () => {
    const lines = await lookAtNetwork(url(run.gateway.endpoints.dmp!));
    expect(codes(lines, 'error'), told(lines)).toEqual(['delivery.dmp-tls']);
  });

  test.each([
    [0, 'ok', null],
    [20, 'warning', 'doctor.clock-skew'],
    [-20, 'warning', 'doctor.clock-skew'],
    [300, 'error', 'doctor.clock-skew'],
  ])('a clock that differs by %i s', (seconds, level, code) => {
    const now = Date.UTC(2026, 6, 1, 10, 0, 0, 400);
    const date = new Date(now + seconds * 1000).toUTCString();
    expect(skew(date, now, now + 50)).toMatchObject({ level, code });
  });

  test('an answer without a date leaves the clock unknown', () => {
    expect(skew(undefined, 0, 0)).toMatchObject({ level: 'warning', code: 'doctor.clock-unknown' });
  });
});
