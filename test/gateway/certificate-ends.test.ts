import { X509Certificate } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plainSoap } from '../../src/delivery/dmp/plain-soap.ts';
import { doorCertificates, raiseEnd, watchEnds } from '../../src/gateway/certificate-ends.ts';
import { type Config, readConfig } from '../../src/gateway/config.ts';
import { openDmpAccesses } from '../../src/gateway/dmp-access.ts';
import { makeSandboxCertificates } from '../../src/sandbox/certificates/certificates.ts';
import { authorityFiles, structureFiles } from '../../src/sandbox/certificates/folder.ts';
import { startDmpSimulator } from '../../src/sandbox/dmp/simulator.ts';
import { type Clock, systemClock } from '../../src/words/clock.ts';
import type { Incidents, Observation } from '../../src/words/incident.ts';
import { xml } from '../../src/xml/writer.ts';
import { certificates } from './certificates.ts';

const DAY_MS = 86_400_000;
const read = (file: string) => new X509Certificate(readFileSync(file));
const own = read(structureFiles(certificates, '0B0000011').client.certificate);
const end = own.validToDate.getTime();
const MESSAGE = plainSoap({
  ...{ action: 'urn:x', messageId: 'urn:uuid:1', to: 'x', security: null },
  body: xml`<x/>`,
});

/** What is open, and how often each was opened with a step of its own. */
function desk() {
  const open = new Map<string, Observation>();
  const incidents: Incidents = {
    open: (one) => void open.set(one.subject, one),
    close: ({ subject }) => void open.delete(subject),
  };
  return { open, incidents };
}

describe('the end of a certificate', () => {
  const told = (days: number, foreign = false) => {
    const { open, incidents } = desk();
    raiseEnd({ name: 'one', establishment: 'demo', chain: [own], foreign }, end - days * DAY_MS, incidents);
    const one = open.get('one');
    return one ? `${one.step} ${one.severity} ${one.facts!.days} ${one.code}` : null;
  };

  test.each([
    [61, null],
    [59.5, '60 information 60 gateway.certificate-ends'],
    [30, '30 morning 30 gateway.certificate-ends'],
    [13.2, '14 morning 14 gateway.certificate-ends'],
    [7, '7 call-now 7 gateway.certificate-ends'],
    [0.5, '1 call-now 1 gateway.certificate-ends'],
    [-2, 'ended call-now 0 gateway.certificate-ended'],
  ])('%s days before', (days, expected) => {
    expect(told(days)).toBe(expected);
  });

  test('that is not ours wakes nobody', () => {
    expect(told(0.5, true)).toBe('1 morning 1 gateway.certificate-ends');
  });

  test('is that of the first in its chain to end', () => {
    const { open, incidents } = desk();
    const above = read(authorityFiles(certificates).organisations.certificate);
    const chain = [above, own];
    raiseEnd({ name: 'one', establishment: null, chain }, end - 5 * DAY_MS, incidents);
    expect(open.get('one')!.facts!.date).toBe(own.validToDate.toISOString().slice(0, 10));
  });
});

describe('every certificate in use is watched:', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'viaduc-ends-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A configuration whose every certificate is one of the sandbox. */
  function config() {
    const { server } = authorityFiles(certificates);
    const tls = { certificate: server.certificate, key: server.key };
    const base = readConfig(
      { VIADUC_DATA: folder, VIADUC_SANDBOX_CERTIFICATES: join(folder, 'made') },
      folder,
    );
    const notices = {
      host: 'x',
      port: 1,
      charset: 'utf-8' as const,
      tls: { ...tls, authorities: null, passphraseFile: null, serverName: null },
    };
    const files = { ...tls, passphraseFile: null, clientAuthorities: null };
    return {
      ...base,
      http: { ...base.http, tls: files },
      mllp: { ...base.mllp, tls: { ...files, port: 1 } },
      senders: [{ ...base.senders[0]!, notices }],
      dmp: { ...base.dmp, url: 'https://127.0.0.1:1' },
    };
  }

  test('those of the doors and of notices', () => {
    expect(doorCertificates(config()).map(({ name, establishment }) => [name, establishment])).toEqual([
      ['http', null],
      ['mllp', null],
      ['notices sandbox', 'demo'],
    ]);
  });

  test('those of mailboxes, once where one serves both ways', () => {
    const { client, seal } = structureFiles(certificates, '0B0000011');
    const server = { host: '127.0.0.1', port: 9, ...client };
    const box = { establishment: 'demo', address: 'a@b.mssante.fr', displayName: 'Boîte', smtp: server };
    const mailboxes = [
      { ...box, id: 'labo', imap: server },
      { ...box, id: 'radio', imap: { ...server, ...seal } },
    ];
    writeFileSync(join(folder, 'viaduc.yaml'), JSON.stringify({ mssante: { mailboxes } }));
    expect(doorCertificates(readConfig({}, folder)).map(({ name }) => name)).toEqual([
      ...['mssante demo.labo', 'mssante demo.radio', 'mssante demo.radio imap'],
    ]);
    rmSync(join(folder, 'viaduc.yaml'));
  });

  test('those of every structure, until they are renewed, without a restart', async () => {
    const made = join(folder, 'made');
    const copy = (from: string) => {
      for (const [to, one] of [
        [authorityFiles(made), authorityFiles(from)],
        [structureFiles(made, '0B0000011'), structureFiles(from, '0B0000011')],
      ] as const)
        for (const [name, files] of Object.entries(to)) {
          const source = one[name as keyof typeof one] as typeof files;
          mkdirSync(join(files.certificate, '..'), { recursive: true });
          copyFileSync(source.certificate, files.certificate);
          copyFileSync(source.key, files.key);
        }
    };
    copy(certificates);
    let now = end - 10 * DAY_MS;
    const looks: (() => void)[] = [];
    const clock: Clock = {
      now: () => now,
      after: (_, action) => {
        looks.push(action);
        return () => {};
      },
    };
    const { open, incidents } = desk();
    // Renewed by an authority that no anchor contradicts.
    const settings = config();
    const { client, seal } = structureFiles(made, '0B0000011');
    const credentials = [
      {
        finess: '0B0000011',
        client: { ...client, passphraseFile: null },
        seal: { ...seal, passphraseFile: null },
      },
    ];
    const known: Config = {
      ...settings,
      environment: 'test',
      dmp: { ...settings.dmp, anchors: null, credentials },
    };
    const accesses = openDmpAccesses(known, null, clock, () => {}, incidents);
    const stop = watchEnds(() => accesses.certificates(), clock, incidents);
    expect(
      [...open.values()].map(({ subject, establishment, step }) => [subject, establishment, step]),
    ).toEqual([
      ['dmp client 0B0000011', 'demo', '14'],
      ['dmp seal 0B0000011', 'demo', '14'],
    ]);
    const before = accesses.of('demo', '10B0000011');
    const renewed = join(folder, 'renewed');
    const holder = {
      finessEj: '0B0000011',
      name: 'Centre hospitalier de démonstration',
      application: 'Viaduc',
    };
    await makeSandboxCertificates(renewed, [holder], now);
    copy(renewed);
    now += 60_000;
    for (const look of looks.splice(0)) look();
    expect([...open.keys()]).toEqual([]);
    expect(accesses.of('demo', '10B0000011')).not.toBe(before);
    // The connections with the old certificate were closed, not kept open beside the new.
    expect(await before.connection.exchange('registry', MESSAGE)).toMatchObject({
      kind: 'failure',
      values: { reason: expect.stringMatching(/closed|destroyed/i) },
    });
    stop();
    await accesses.close();
  });

  test('those that the server shows, and what is not known of them', async () => {
    await using dmp = await simulator();
    const { open, incidents } = desk();
    const settings = config();
    const accesses = openDmpAccesses(
      {
        ...settings,
        dmp: { ...settings.dmp, url: dmp.url, revocation: { ...settings.dmp.revocation, mode: 'soft' } },
        sandbox: { ...settings.sandbox, certificates },
      },
      ...([null, systemClock, () => {}, incidents] as const),
    );
    const exchange = await accesses.of('demo', '10B0000011').connection.exchange('registry', MESSAGE);
    expect(exchange.kind).toBe('answer');
    const shown = accesses.certificates().find(({ name }) => name === 'dmp server')!;
    expect(shown.chain.map(({ subject }) => subject.split('\n').at(-1))).toEqual([
      'CN=localhost',
      'CN=VIADUC SANDBOX ORGANISATIONS',
      'CN=VIADUC SANDBOX RACINE',
    ]);
    expect([...open.values()]).toMatchObject([
      { kind: 'revocation-unknown', subject: 'dmp', code: 'delivery.dmp-revocation-unknown' },
    ]);
    await accesses.close();
  });
});

async function simulator() {
  const dmp = await startDmpSimulator({ certificates, sites: {} });
  return { url: dmp.url, [Symbol.asyncDispose]: () => dmp.close() };
}
