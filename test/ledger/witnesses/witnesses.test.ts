import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { transportOf } from '../../../src/alarms/channels/mail.ts';
import { Couriers } from '../../../src/gateway/witnesses/couriers.ts';
import { mailWitness } from '../../../src/gateway/witnesses/mail.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { sealDigest } from '../../../src/ledger/seal.ts';
import { verifyStamps } from '../../../src/ledger/stamps.ts';
import { readWitness } from '../../../src/ledger/witnesses/file.ts';
import type { RemoteWitness } from '../../../src/ledger/witnesses/remote.ts';
import { syslogWitness } from '../../../src/ledger/witnesses/syslog.ts';
import { timestampWitness } from '../../../src/ledger/witnesses/timestamp.ts';
import { mailRelay, relayAuthority } from '../../alarms/receivers.ts';
import { HandClock } from '../../delivery/scripted.ts';
import { acceptedEvent, appendOf, openTestLedger, T0 } from '../making.ts';
import { type Authority, startAuthority } from './authority.ts';

let folder: string;
let ledger: Ledger;
let clock: HandClock;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-witness-'));
  ledger = await openTestLedger(folder);
  clock = new HandClock(T0);
});
afterEach(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

async function sealOne(): Promise<void> {
  await ledger.append(appendOf(acceptedEvent()));
  await ledger.seal(clock.now());
}

function couriers(...witnesses: RemoteWitness[]): Couriers {
  const sealsAfter = (establishment: string, number: number) => ledger.of(establishment).seals(number);
  return new Couriers(
    witnesses,
    { establishments: ['one', 'two'], sealsAfter },
    join(folder, 'witnesses.json'),
    clock,
  );
}

const numbers = (file: string) =>
  readWitness(file)
    .filter(({ content }) => content.establishment === 'one')
    .map(({ content }) => content.number);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

describe('a collector of system logs', () => {
  test('rsyslog keeps every seal once, in order, and what it missed comes when it is back', async (context) => {
    if (spawnSync('rsyslogd', ['-v']).error) {
      if (process.env.CI === 'true') throw new Error('rsyslogd is not installed');
      return context.skip('rsyslogd is not installed');
    }
    const [port, log] = [await freePort(), join(folder, 'seals.log')];
    const settings = join(folder, 'rsyslog.conf');
    writeFileSync(
      settings,
      `global(workDirectory="${folder}" maxMessageSize="64k")\nmodule(load="imtcp")\ninput(type="imtcp" address="127.0.0.1" port="${port}")\n*.* action(type="omfile" file="${log}")\n`,
    );
    const handing = couriers(syslogWitness({ host: '127.0.0.1', port, authorities: null }));
    await sealOne();
    expect(await handing.run()).toEqual([`syslog 127.0.0.1:${port}: ECONNREFUSED`]);
    await sealOne();
    const daemon = spawn('rsyslogd', ['-n', '-f', settings, '-i', join(folder, 'pid')], { stdio: 'ignore' });
    try {
      await expect.poll(() => handing.run(), { timeout: 10_000 }).toEqual([]);
      await sealOne();
      expect(await couriers(syslogWitness({ host: '127.0.0.1', port, authorities: null })).run()).toEqual([]);
      await expect.poll(() => existsSync(log) && numbers(log), { timeout: 10_000 }).toEqual([1, 2, 3]);
      expect(readFileSync(log, 'utf8')).toMatch(/viaduc/);
    } finally {
      daemon.kill();
      await once(daemon, 'exit');
    }
    return undefined;
  }, 40_000);
});

describe('persons who keep mails', () => {
  test('receive the newest seal of each chain as an attachment that the verification reads', async () => {
    const relay = await mailRelay();
    try {
      const transport = transportOf({
        ...{
          host: '127.0.0.1',
          port: relay.port,
          security: 'starttls',
          auth: null,
          from: 'viaduc@ch.example',
        },
        authorities: readFileSync(relayAuthority, 'utf8'),
      });
      const to = ['rssi@ch.example'];
      const handing = couriers(
        mailWitness({ transport, from: 'viaduc@ch.example', to, everyMs: 86_400_000 }),
      );
      await sealOne();
      await sealOne();
      expect(await handing.run()).toEqual([]);
      await sealOne();
      expect(await handing.run()).toEqual([]);
      const [mailed] = await relay.received.until(1);
      expect(relay.received.all).toHaveLength(1);
      expect(mailed).toMatchObject({ to, secure: true });
      const [, encoded] = /filename=seals\.jsonl[\s\S]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+)/.exec(mailed!.text)!;
      writeFileSync(join(folder, 'seals.jsonl'), Buffer.from(encoded!, 'base64'));
      expect(numbers(join(folder, 'seals.jsonl'))).toEqual([2]);
      relay.refusals.push(550);
      clock.advance(86_400_000);
      expect((await handing.run()).join()).toMatch(/^mail rssi@ch\.example: /);
      expect(await handing.run()).toEqual([]);
      await relay.received.until(2);
    } finally {
      await relay.close();
    }
  });
});

describe('a time stamping authority', () => {
  let authority: Authority;
  const stamps = () => join(folder, 'stamps.jsonl');
  const handing = (everyMs = 3_600_000) =>
    couriers(timestampWitness({ url: authority.url, path: stamps(), everyMs }));
  beforeEach(async () => {
    authority = await startAuthority(join(folder, 'authority'));
  });
  afterEach(() => authority.close());

  test('stamps the newest seal of each chain, at most so often, over a restart', async () => {
    await sealOne();
    await sealOne();
    expect(await handing().run()).toEqual([]);
    expect(numbers(stamps())).toEqual([2]);
    await sealOne();
    expect(await handing().run()).toEqual([]);
    expect(numbers(stamps())).toEqual([2]);
    clock.advance(3_600_000);
    expect(await handing().run()).toEqual([]);
    expect(numbers(stamps())).toEqual([2, 3]);
  });

  test('gives stamps that openssl verifies too', async () => {
    await sealOne();
    await handing().run();
    const reports = await verifyStamps([stamps()], authority.root);
    expect(reports.filter(({ establishment }) => establishment === 'one')).toMatchObject([
      { seal: 1, problem: null, at: expect.stringMatching(/^20/) },
    ]);
    const line = readFileSync(stamps(), 'utf8')
      .split('\n')
      .find((one) => one.includes('\\"establishment\\":\\"one\\"'))!;
    writeFileSync(join(folder, 'one.tsr'), Buffer.from(JSON.parse(line).timestamp, 'base64'));
    const seal = readWitness(stamps()).find(({ content }) => content.establishment === 'one')!;
    const said = execFileSync(
      'openssl',
      ['ts', '-verify', '-digest', sealDigest(seal), '-in', 'one.tsr', '-CAfile', authority.rootFile],
      { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    expect(said.toString()).toMatch(/Verification: OK/);
  });

  test('is found out when a stamp is of another seal or of nobody that is believed', async () => {
    await sealOne();
    await handing(1).run();
    clock.advance(10);
    await sealOne();
    await handing(1).run();
    const lines = readFileSync(stamps(), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const [first, second] = lines.filter(({ seal }) => seal.includes('"one"'));
    writeFileSync(stamps(), `${JSON.stringify({ ...second, timestamp: first.timestamp })}\n`);
    expect(await verifyStamps([stamps()], authority.root)).toMatchObject([{ seal: 2, at: null }]);
    const other = await startAuthority(join(folder, 'other'));
    await other.close();
    writeFileSync(stamps(), `${JSON.stringify(first)}\n`);
    expect(await verifyStamps([stamps()], other.root)).toMatchObject([
      { at: null, problem: expect.stringMatching(/.+/) },
    ]);
    expect(await verifyStamps([stamps()], authority.root)).toMatchObject([{ seal: 1, problem: null }]);
  });

  test.each([
    ['refuses', { status: 500, bytes: Buffer.from('no') }, /HTTP status 500/],
    ['answers what is no stamp', { status: 200, bytes: Buffer.from('<html>') }, /timestamp/],
    ['answers without end', { status: 200, bytes: Buffer.alloc(200_000) }, /longer than 65536 bytes/],
  ])('that %s is told, and asked again', async (_, instead, why) => {
    await sealOne();
    authority.instead = instead;
    expect((await handing().run()).join()).toMatch(why);
    expect(existsSync(stamps())).toBe(false);
    authority.instead = null;
    expect(await handing().run()).toEqual([]);
    expect(numbers(stamps())).toEqual([1]);
  });

  test('whose answer is of an earlier question is not believed', async () => {
    await sealOne();
    await handing().run();
    const [line] = readFileSync(stamps(), 'utf8').split('\n');
    authority.instead = { status: 200, bytes: Buffer.from(JSON.parse(line!).timestamp, 'base64') };
    clock.advance(3_600_000);
    await sealOne();
    expect((await handing().run()).join()).toMatch(/about another digest|another question/);
  });
});
