import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { usable } from '../machine/programs.ts';
import { freshLetter, sample } from './running.ts';
import { type SpawnedGateway, spawnDmp, spawnGateway } from './spawned.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-storage-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const send = (document: Buffer, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/xml', ...headers },
  body: document as RequestInit['body'],
});

describe('durability', () => {
  test('the sync of bodies and ledger comes before the acknowledgement', async (context) => {
    const why = usable('strace', ['-D', '-f', '--seccomp-bpf', '-e', 'trace=fsync', 'true']);
    if (why) return context.skip(why);
    const trace = join(folder, 'trace');
    const under = [
      'strace',
      '-D',
      '-f',
      '--seccomp-bpf',
      '-qq',
      '-y',
      '-s',
      '40',
      '-o',
      trace,
      '-e',
      'trace=fsync,fdatasync,write,writev,sendto,sendmsg',
    ];
    const dmp = await spawnDmp(folder);
    const gateway = await spawnGateway({ folder, under, dmp: dmp.dmp });
    const { document } = freshLetter();
    writeFileSync(trace, '');
    const answer = await gateway.call('/api/submissions?to=dmp', send(document));
    expect(answer.status).toBe(202);
    await gateway.end();
    await dmp.end();
    const lines = readFileSync(trace, 'utf8').split('\n');
    const acknowledged = lines.findIndex((line) => line.includes('HTTP/1.1 202'));
    const body = lines.findIndex((line) => /f(data)?sync\(.*\.bodies>/.test(line));
    const ledger = lines.findIndex((line) => /f(data)?sync\(.*ledger\.sqlite-wal>/.test(line));
    expect(acknowledged).toBeGreaterThan(0);
    expect(body).toBeGreaterThanOrEqual(0);
    expect(ledger).toBeGreaterThan(body);
    expect(acknowledged).toBeGreaterThan(ledger);
    return undefined;
  }, 90_000);

  test('what was acknowledged is there after the process was killed', async () => {
    const dmp = await spawnDmp(folder);
    const first = await spawnGateway({ folder, dmp: dmp.dmp });
    const { document } = freshLetter();
    const answer = await first.call('/api/submissions?to=dmp', send(document));
    await first.end('SIGKILL');
    const second = await spawnGateway({ folder, dmp: dmp.dmp });
    await expect
      .poll(async () => (await second.call(`/api/submissions/${answer.body.id}`)).body.state, {
        timeout: 20_000,
      })
      .toBe('final');
    const { body } = await second.call(`/api/submissions/${answer.body.id}`);
    expect(body.deliveries).toMatchObject([{ outcome: 'delivered' }]);
    await second.end();
    await dmp.end();
  });
});

describe('a full disk', () => {
  test('is answered by a refusal, never by an acknowledgement; the process lives and goes on when there is room', async (context) => {
    const data = join(folder, 'data');
    mkdirSync(data);
    const why = usable('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', data]);
    if (why) return context.skip(why);
    const dmp = await spawnDmp(folder);
    let running: SpawnedGateway | null = null;
    try {
      const gateway = await spawnGateway({ folder, dmp: dmp.dmp });
      running = gateway;
      const statuses: number[] = [];
      const accepted: string[] = [];
      for (let count = 0; count < 200 && !statuses.includes(507); count += 1) {
        const answer = await gateway.call(
          '/api/submissions?to=dmp',
          send(Buffer.from(incompressible(freshLetter().document))),
        );
        statuses.push(answer.status);
        if (answer.status === 202) accepted.push(answer.body.id);
        else expect(answer).toMatchObject({ status: 507, body: { code: 'ledger.disk-full' } });
      }
      expect(statuses.at(-1)).toBe(507);
      expect(accepted.length).toBeGreaterThan(0);
      execFileSync('mount', ['-o', 'remount,size=64m', data]);
      expect((await gateway.call('/api/submissions?to=dmp', send(freshLetter().document))).status).toBe(202);
      for (const id of accepted) {
        await expect
          .poll(async () => (await gateway.call(`/api/submissions/${id}`)).body.state, { timeout: 20_000 })
          .toBe('final');
      }
      expect((await gateway.call('/api/ledger/verification')).body.problems).toEqual([]);
    } finally {
      await running?.end();
      await dmp.end();
      spawnSync('umount', [data]);
    }
    return undefined;
  }, 90_000);
});

/** A letter with a comment that no compression makes smaller, so that a small disk fills soon. */
function incompressible(letter: Buffer): string {
  const noise = Array.from({ length: 20_000 }, () => Math.random().toString(36).slice(2, 7)).join('');
  return letter.toString('utf8').replace('</ClinicalDocument>', `<!-- ${noise} --></ClinicalDocument>`);
}

describe('a clean stop', () => {
  test('ends within its time, loses nothing and leaves no endpoints behind', async () => {
    const dmp = await spawnDmp(folder);
    const gateway = await spawnGateway({ folder, dmp: dmp.dmp });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => gateway.call('/api/submissions?to=dmp', send(freshLetter().document))),
    );
    expect(await gateway.end()).toMatchObject({ code: 0 });
    expect(readdirSync(join(folder, 'data'))).not.toContain('endpoints.json');
    const again = await spawnGateway({ folder, dmp: dmp.dmp });
    for (const { body } of answers)
      await expect
        .poll(async () => (await again.call(`/api/submissions/${body.id}`)).body.state, { timeout: 20_000 })
        .toBe('final');
    expect(await (await fetch(`${dmp.admin}/counts`)).json()).toMatchObject({
      documents: 10,
      doubleDeposits: [],
    });
    await again.end();
    await dmp.end();
  });
});

describe('the log of a run', () => {
  test('holds no name, no date, no matricule and no address of any patient that went through', async () => {
    const gateway = await spawnGateway({ folder, variables: { VIADUC_LOG: 'trace' } });
    const names = [
      'biology-level3',
      'discharge-letter',
      'dmp-closed',
      'dmp-absent',
      'wrong-key',
      'no-ins',
      'not-well-formed',
      'imaging-report',
    ];
    for (const name of names)
      await gateway.call('/api/submissions?to=dmp', send(sample(`${name}.xml`), { prefer: 'wait=20' }));
    await gateway.call('/api/submissions?to=dmp&patient=PAT-TROIS', send(sample('no-ins.xml')));
    await gateway.call('/api/submissions/DOMINIQUE-ADRTROIS');
    await gateway.end();
    const secrets = new Set(names.flatMap((name) => secretsOf(sample(`${name}.xml`).toString('utf8'))));
    expect(secrets.size).toBeGreaterThan(30);
    const output = gateway.output();
    expect(output).toContain('ready');
    expect([...secrets].filter((secret) => output.includes(secret))).toEqual([]);
  });
});

/** Every word and number of `recordTarget` by which a patient could be known, and every time of the document. */
function secretsOf(document: string): string[] {
  const target = /<recordTarget>[\s\S]*<\/recordTarget>/.exec(document)?.[0] ?? '';
  const texts = [...target.matchAll(/>([^<>]{3,})</g)]
    .map((found) => found[1]!.trim())
    .filter((text) => text.length > 2);
  const values = [...target.matchAll(/(?:extension|value)="([^"]{5,})"/g)].map((found) => found[1]!);
  const times = [...document.matchAll(/<(?:effectiveTime|birthTime|low|high|time) value="(\d{8,})/g)].map(
    (found) => found[1]!,
  );
  return [
    ...texts.flatMap((text) => [text, ...text.split(' ').filter((word) => word.length > 3)]),
    ...values,
    ...times,
  ];
}
