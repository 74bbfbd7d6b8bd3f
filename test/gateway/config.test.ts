import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/gateway/config.ts';
import { startGateway } from '../../src/gateway/gateway.ts';
import { startTestGateway } from './running.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const establishment = (changes = '') =>
  `establishments: [{id: one, name: Un, finessEj: 0B0000011, sector: SA01, sites: []${changes}}]`;

/** What reading a configuration throws, as code and sentence. */
function refusal(yaml: string, variables: Record<string, string> = {}): string {
  writeFileSync(join(folder, 'viaduc.yaml'), yaml);
  try {
    readConfig(variables, folder);
    return 'accepted';
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${code} ${message}`;
  }
}

describe('a configuration is refused where it is wrong:', () => {
  test.each([
    ['foo: 1', 'line 1, foo is no known member'],
    ['log: {level: loud}', 'log.level must be one of: trace, debug'],
    [establishment(', zone: Mars/Olympus'), "zone 'Mars/Olympus' is no time zone"],
    ['dmp: {url: somewhere}', "dmp.url 'somewhere' is no http or https address"],
    ['alarms: {diskDays: {callNow: 20}}', 'callNow (20) is above alarms.diskDays.morning (14)'],
    ['holds: [{type: 11490-0, reason: ab, for: 1d}]', 'at least 3 characters that are not blank'],
    ['holds: [{for: 1d, reason: any}]', 'holds.0: one of establishment, sender, type, unit is needed'],
    ['holds: [{type: 11490-0, reason: any}]', 'holds.0: either for or until is needed'],
    ['holds: [{type: 11490-0, reason: any, for: 367d}]', 'holds.0: for is longer than 366 days'],
    [
      'holds: [{type: 11490-0, reason: any, until: demain}]',
      "holds.0: until 'demain' is no ISO 8601 instant",
    ],
    ['holds: [{sender: nobody, reason: any, for: 1d}]', "holds.0: sender 'nobody' is not configured"],
    ['holds: [{establishment: none, reason: any, for: 1d}]', "establishment 'none' is not configured"],
  ])('%s', (yaml, told) => {
    const found = refusal(yaml);
    expect(found).toMatch(/^config\.malformed/);
    expect(found).toContain(told);
  });

  test('a sandbox that would leave this machine', () => {
    expect(refusal('', { VIADUC_DMP_URL: 'https://dmp.example.org/x' })).toMatch(/^config\.leaves-loopback/);
  });

  test('a revocation list beyond this machine, in a sandbox', () => {
    const lists = (place: string) => `dmp: {revocation: {mode: hard, lists: ['${place}']}}`;
    expect(refusal(lists('http://crl.example.org/a.crl'))).toMatch(/^config\.leaves-loopback/);
    expect(refusal(lists('http://127.0.0.1:9000/a.crl'))).toBe('accepted');
    expect(refusal(lists('lists/a.crl'))).toBe('accepted');
  });

  test('a mode of authentication that may not feed the DMP, saying what it forbids', () => {
    expect(refusal('dmp: {mode: INDIRECTE}')).toBe('accepted');
    expect(refusal('dmp: {mode: INDIRECTE_RENFORCEE}')).toMatch(
      /^config\.dmp-mode dmp\.mode INDIRECTE_RENFORCEE forbids what this gateway does: TD2\.1a, TD2\.1b\./,
    );
    expect(refusal('dmp: {mode: DIRECTE}')).toMatch(/^config\.dmp-mode .*TD0\.2/);
  });

  test('a role that the DMP would not take', () => {
    const physician = '{code: "10", system: 1.2.250.1.71.1.2.7, label: Médecin}';
    const row = (roles: string) => `dmp: {roles: [{requester: person, roles: [${roles}]}]}`;
    expect(refusal(row(physician))).toMatch(/^config\.dmp-role dmp\.roles for person: role 10 \+ \?/);
    expect(refusal(row(`${physician}, {code: SM04, system: 1.2.250.1.71.4.2.5, label: Chirurgie}`))).toBe(
      'accepted',
    );
  });

  test('an address for everybody without TLS, unless a proxy is declared', () => {
    expect(refusal('http: {host: 0.0.0.0}')).toMatch(/^config\.exposed/);
    expect(refusal('http: {host: 0.0.0.0, behindProxy: true}')).toBe('accepted');
  });
});

describe('a start fails in words, and leaves nothing running, with', () => {
  const starting = (yaml: string) => {
    writeFileSync(
      join(folder, 'viaduc.yaml'),
      `sandbox: {dmpPort: 0, smtpPort: 0}\nlog: {level: silent}\n${yaml}`,
    );
    return startGateway(readConfig({ VIADUC_HTTP_PORT: '0', VIADUC_MLLP_PORT: '0' }, folder));
  };

  test.each(['smtpPort', 'dmpPort'])('a port of the sandbox that another program has: %s', async (name) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const sandbox = { smtpPort: 0, dmpPort: 0, [name]: port };
    writeFileSync(join(folder, 'viaduc.yaml'), JSON.stringify({ sandbox, log: { level: 'silent' } }));
    const start = startGateway(readConfig({ VIADUC_HTTP_PORT: '0', VIADUC_MLLP_PORT: '0' }, folder));
    await expect(start).rejects.toMatchObject({
      code: 'config.port-taken',
      message: expect.stringContaining(String(port)),
    });
  });

  test('a certificate that is none', async () => {
    writeFileSync(join(folder, 'no.pem'), 'nothing');
    await expect(starting('http: {tls: {certificate: no.pem, key: no.pem}}')).rejects.toMatchObject({
      code: 'config.tls-unusable',
    });
  });

  test('the file of a token that is not there', async () => {
    const sender = 'senders: [{id: lab, establishment: one, structures: [], tokenFile: nowhere}]';
    await expect(starting(`${establishment()}\n${sender}`)).rejects.toMatchObject({
      code: 'config.unreadable',
    });
  });
});

test('the data folder is for its owner only', async () => {
  const run = await startTestGateway({ folder });
  expect(statSync(run.data).mode & 0o777).toBe(0o700);
  await run.close();
});
