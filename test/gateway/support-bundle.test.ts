import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromBuffer } from 'yauzl';
import { readConfig } from '../../src/gateway/config.ts';
import { gatewayLimits } from '../../src/gateway/limits.ts';
import { RecentLog, recentLines, recentLogFiles } from '../../src/gateway/recent-log.ts';
import { tellableSettings } from '../../src/gateway/support/settings.ts';
import { personalIn, personalValues } from '../samples/personal.ts';
import { repository, sample } from './running.ts';
import { ADMIN_TOKEN, type SpawnedGateway, spawnGateway } from './spawned.ts';

const NAMES = [
  'biology-level3',
  'discharge-letter',
  'dmp-closed',
  'dmp-absent',
  'wrong-key',
  'no-ins',
  'imaging-report',
];
const SECRETS = [
  'a-webhook-secret',
  'a-relay-password',
  'a-sender-token',
  ADMIN_TOKEN,
  'T0P/SECRET/PATH',
  'astreinte.nom',
];

let folder: string;
let gateway: SpawnedGateway;
let files: Map<string, string>;
let issued: string;
let log: string;

/** What a hospital's own configuration holds that must not leave it. */
const yaml = `
log: { level: trace }
senders: [{ id: dpi, establishment: demo, structures: '*', tokenFile: sender.token }]
alarms:
  webhooks: [{ url: 'http://127.0.0.1:9/T0P/SECRET/PATH', secretFile: webhook.secret }]
  mail: { host: 127.0.0.1, port: 9, from: viaduc@hopital.example, auth: { user: astreinte.nom, passwordFile: relay.password }, to: [{ addresses: [astreinte.nom@hopital.example] }] }
`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-bundle-'));
  writeFileSync(join(folder, 'viaduc.yaml'), yaml);
  writeFileSync(join(folder, 'webhook.secret'), 'a-webhook-secret');
  writeFileSync(join(folder, 'relay.password'), 'a-relay-password');
  writeFileSync(join(folder, 'sender.token'), 'a-sender-token');
  gateway = await spawnGateway({ folder });
  await journey();
  const file = join(folder, 'bundle.zip');
  const made = spawnSync(
    process.execPath,
    [join(repository, 'src', 'viaduc.ts'), 'support-bundle', '--out', file],
    {
      cwd: folder,
      env: {
        ...process.env,
        VIADUC_CONFIG: join(folder, 'viaduc.yaml'),
        VIADUC_DATA: join(folder, 'data'),
        VIADUC_ADMIN_TOKEN: ADMIN_TOKEN,
      },
    },
  );
  expect(`${made.stderr}`.replace(/^.*ExperimentalWarning.*\n.*\n?/m, '')).toBe('');
  expect(made.status).toBe(0);
  expect(statSync(file).mode & 0o077).toBe(0);
  files = await unzipped(readFileSync(file));
  await gateway.end();
  log = gateway.output();
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Documents that end well and badly, questions that name patients, an alarm, and a silence whose reason names one. */
async function journey(): Promise<void> {
  const post = (path: string, body: unknown, type = 'application/xml') =>
    gateway.call(path, {
      method: 'POST',
      headers: { 'content-type': type, prefer: 'wait=20' },
      body: body as RequestInit['body'],
    });
  for (const name of [...NAMES, 'not-well-formed'])
    await post('/api/submissions?to=dmp', sample(`${name}.xml`));
  await post('/api/submissions?to=dmp&patient=ADRTROIS', sample('no-ins.xml'));
  await gateway.call('/api/submissions/DOMINIQUE-ADRTROIS');
  await gateway.call('/api/submissions?uniqueId=TCHITCHI');
  await post('/api/validate', sample('discharge-letter.xml'));
  await post('/api/stays', readFileSync(join(repository, 'samples', 'stays.csv')), 'text/csv');
  const grants = [{ establishment: 'demo', role: 'it' }];
  issued = (await post('/api/tokens', JSON.stringify({ name: 'dsi', grants }), 'application/json')).body
    .token;
}

function unzipped(bytes: Buffer): Promise<Map<string, string>> {
  return new Promise((resolve, reject) => {
    const found = new Map<string, string>();
    fromBuffer(bytes, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      zip.on('end', () => resolve(found));
      zip.on('entry', (entry) =>
        zip.openReadStream(entry, async (failed, stream) => {
          if (failed) return reject(failed);
          const chunks: Buffer[] = [];
          for await (const chunk of stream) chunks.push(chunk as Buffer);
          found.set(entry.fileName, Buffer.concat(chunks).toString('utf8'));
          zip.readEntry();
        }),
      );
      zip.readEntry();
    });
  });
}

const personal = () => [...NAMES, 'not-well-formed'].flatMap((name) => personalValues(sample(`${name}.xml`)));

describe('the support bundle of a gateway that has worked', () => {
  test('holds what somebody who helps asks for', () => {
    expect([...files.keys()]).toEqual([
      ...['README.txt', 'versions.json', 'configuration.json', 'doctor.json', 'metrics.txt', 'alarms.json'],
      ...['counts.json', 'ledger.json', 'log.jsonl'],
    ]);
    const json = (name: string) => JSON.parse(files.get(name)!);
    expect(json('versions.json')).toMatchObject({ environment: 'sandbox', gateway: 'running' });
    expect(json('doctor.json').length).toBeGreaterThan(5);
    expect(files.get('metrics.txt')).toContain('viaduc_submissions_total{');
    expect(json('counts.json').deliveries).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'dmp', state: 'final', outcome: 'delivered' }),
      ]),
    );
    expect(json('ledger.json')).toEqual(
      expect.arrayContaining([expect.objectContaining({ establishment: 'demo', problems: {} })]),
    );
    expect(files.get('log.jsonl')).toContain('"msg":"ready"');
    expect(json('configuration.json').alarms.webhooks[0].url).toBe('127.0.0.1:9');
  });

  test('holds no trait, matricule, local identifier, address or telephone of any patient', () => {
    expect(new Set(personal()).size).toBeGreaterThan(30);
    const found = [...files].flatMap(([name, text]) =>
      personalIn(text, personal()).map((value) => `${name}: ${value}`),
    );
    expect(found).toEqual([]);
  });

  test('holds no secret, no token, no digest of one, no key and no address of a person', () => {
    const digests = [issued, ADMIN_TOKEN].map((token) => createHash('sha256').update(token).digest('hex'));
    const key = readFileSync(join(folder, 'data.key'), 'utf8');
    const parts = key.split(/[\s":,{}]+/).filter((part) => part.length > 20);
    expect(parts.length).toBeGreaterThan(1);
    const secrets = [...SECRETS, issued, ...digests, ...parts];
    const found = [...files].flatMap(([name, text]) =>
      secrets.filter((one) => text.includes(one)).map((one) => `${name}: ${one}`),
    );
    expect(found).toEqual([]);
  });

  test('is not written over a file that is there, and says what it could not have', async () => {
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [join(repository, 'src', 'viaduc.ts'), 'support-bundle', ...args], {
        cwd: folder,
        env: {
          ...process.env,
          VIADUC_CONFIG: join(folder, 'viaduc.yaml'),
          VIADUC_DATA: join(folder, 'nothing-here'),
        },
      });
    expect(run('--out', join(folder, 'bundle.zip')).status).toBe(2);
    expect(run('--out', join(folder, 'empty.zip')).status).toBe(0);
    const empty = await unzipped(readFileSync(join(folder, 'empty.zip')));
    expect(JSON.parse(empty.get('ledger.json')!)).toEqual({ notAvailable: 'ledger.key-file-unreadable' });
  });
});

describe('the log at its most talkative', () => {
  test('names no patient of a whole journey', () => {
    expect(log).toContain('"level":30');
    expect(personalIn(log, personal())).toEqual([]);
  });

  test('holds no secret', () => {
    expect([...SECRETS, issued].filter((one) => log.includes(one))).toEqual([]);
  });

  test('has its last lines in the data folder', () => {
    const lines = recentLines(join(folder, 'data')).trim().split('\n');
    expect(lines.join()).toContain('"msg":"ready"');
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty('time');
  });
});

describe('the last lines of the log', () => {
  test('are kept up to a bound, the newest always', () => {
    const data = join(folder, 'lines');
    const recent = new RecentLog(data);
    const most = gatewayLimits.recentLogBytes.value;
    const line = `${'x'.repeat(99_999)}\n`;
    for (let count = 0; count < (most / line.length) * 3; count += 1) recent.write(line);
    recent.write('the last\n');
    const sizes = recentLogFiles(data).map((file) => statSync(file).size);
    expect(sizes[0]).toBe(most);
    expect(sizes[1]).toBeLessThanOrEqual(most);
    expect(recentLines(data).endsWith('the last\n')).toBe(true);
  });

  test('cost the log nothing where they cannot be written', () => {
    expect(() => new RecentLog(join(folder, 'viaduc.yaml', 'below-a-file')).write('line\n')).not.toThrow();
  });
});

test('the settings that are told keep what explains a trouble', () => {
  const settings = tellableSettings(readConfig({ VIADUC_ADMIN_TOKEN: 'secret' }, folder)) as Record<
    string,
    never
  >;
  expect(settings).toMatchObject({
    adminToken: '•••',
    environment: 'sandbox',
    mllp: { port: 2575 },
    alarms: { mail: { to: [{ addresses: ['•••@hopital.example'] }] } },
  });
});
