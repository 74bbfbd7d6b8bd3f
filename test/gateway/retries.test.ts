import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RetryPreview, RetryRun } from '../../src/gateway/http/answers.ts';
import { viaduc } from './cli/command.ts';
import { dmpClient, freshLetter, repository } from './running.ts';
import { ADMIN_TOKEN, type SpawnedGateway, spawnDmp, spawnGateway } from './spawned.ts';

const stays = join(repository, 'samples', 'stays.csv');
const CODE = 'XDSViaducSandboxUnheardOf';

let folder: string;
let dmp: Awaited<ReturnType<typeof spawnDmp>>;
let gateway: SpawnedGateway;
let it: string;
let auditor: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-retries-'));
  dmp = await spawnDmp(folder);
  gateway = await spawnGateway({ folder, dmp: dmp.dmp });
  it = await token('it');
  auditor = await token('auditor');
});
afterAll(async () => {
  await gateway.end();
  await dmp.end();
  rmSync(folder, { recursive: true, force: true });
});

async function token(role: string): Promise<string> {
  const { body } = await post(
    '/api/tokens',
    { name: role, grants: [{ establishment: 'demo', role }] },
    ADMIN_TOKEN,
  );
  return body.token;
}

const post = (path: string, body: object | null, as: string, headers: Record<string, string> = {}) =>
  gateway.call(path, {
    ...{ method: 'POST', token: as },
    headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });

/** Hands documents over of which the DMP says something that nobody knows, so that a person must look. */
async function park(count: number): Promise<string[]> {
  const control = dmpClient(dmp.admin);
  await control.fault({ match: { path: 'repository' }, fault: 'unknown-error-code', every: 1 });
  const ids = await Promise.all(
    Array.from({ length: count }, async () => {
      const { body } = await gateway.call('/api/submissions?to=dmp', {
        ...{ method: 'POST', headers: { 'content-type': 'application/xml', prefer: 'wait=60' } },
        body: freshLetter().document as RequestInit['body'],
      });
      expect(body.deliveries[0]).toMatchObject({ state: 'parked' });
      return body.id as string;
    }),
  );
  await control.clear();
  return ids;
}

async function codeOf(submission: string): Promise<string> {
  return (await gateway.call(`/api/submissions/${submission}`)).body.deliveries[0].code;
}

const done = (id: string) =>
  expect
    .poll(async () => (await gateway.call(`/api/retries/${id}`)).body, { timeout: 60_000 })
    .toMatchObject({ state: 'done', pending: 0 });

describe('a filtered set of parked deliveries', { timeout: 180_000 }, () => {
  test('is shown, started once by a double click, and followed to its end', async () => {
    const ids = await park(3);
    const code = await codeOf(ids[0]!);
    const preview = await post('/api/retries', { code: [code] }, it);
    expect(preview).toMatchObject({
      status: 200,
      body: { state: 'preview', count: 3, causes: [{ code, count: 3 }] },
    });
    expect([...Value.Errors(RetryPreview, preview.body)]).toEqual([]);
    expect((await gateway.call(`/api/retries/${preview.body.id}`, { token: it })).body.sample).toHaveLength(
      3,
    );
    const start = () =>
      post(`/api/retries/${preview.body.id}/start`, { reason: 'mended', ratePerMinute: 600 }, it);
    const [first, second] = await Promise.all([start(), start()]);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect([...Value.Errors(RetryRun, first.body)]).toEqual([]);
    await done(preview.body.id);
    for (const id of ids)
      await expect
        .poll(async () => (await gateway.call(`/api/submissions/${id}`)).body.state, { timeout: 60_000 })
        .toBe('final');
    const { timeline, deliveries } = (await gateway.call(`/api/submissions/${ids[0]}`)).body;
    expect(deliveries[0]).toMatchObject({ outcome: 'delivered', lane: 'retried', attemptCount: 2 });
    expect(timeline).toContainEqual(
      expect.objectContaining({
        ...{ type: 'delivery.reopened', by: 'it', reason: 'mended', retry: preview.body.id },
        original: expect.objectContaining({ attempts: 1, code }),
      }),
    );
    const run = (await gateway.call(`/api/retries/${preview.body.id}`)).body;
    expect(run).toMatchObject({ opened: 3, outcomes: { delivered: 3 }, startedBy: 'it' });
    expect((await gateway.call('/api/retries')).body.items[0].id).toBe(run.id);
    expect(await dmpClient(dmp.admin).counts()).toMatchObject({ doubleDeposits: [] });
  });

  test('is not touched by an empty filter, nor by whoever may only read', async () => {
    expect(await post('/api/retries', {}, it)).toMatchObject({
      status: 400,
      body: { code: 'retry.filter-empty' },
    });
    expect(await post('/api/retries', { state: 'parked' }, it)).toMatchObject({ status: 400 });
    expect(await post('/api/retries', { state: 'refused', sender: ['lab'] }, it)).toMatchObject({
      status: 400,
      body: { code: 'retry.refused-final', remedy: expect.stringContaining('nouvelle clé') },
    });
    expect((await post('/api/retries', { code: [CODE] }, auditor)).status).toBe(403);
    const { body } = await post('/api/retries', { code: [CODE] }, it);
    expect((await post(`/api/retries/${body.id}/start`, { reason: 'any' }, auditor)).status).toBe(404);
    expect((await post(`/api/retries/${body.id}/start`, {}, it)).status).toBe(400);
    expect(await post(`/api/retries/${body.id}/start`, { reason: 'any' }, it)).toMatchObject({
      status: 409,
      body: { code: 'retry.nothing' },
    });
    expect((await gateway.call(`/api/retries/${body.id}`, { token: auditor })).status).toBe(200);
  });

  test('asked for again under the same key is the same run, also after it was started', async () => {
    const [id] = await park(1);
    const code = await codeOf(id!);
    const key = { 'idempotency-key': 'k-1' };
    const first = await post('/api/retries', { code: [code] }, it, key);
    expect((await post('/api/retries', { code: [code] }, it, key)).body.id).toBe(first.body.id);
    expect(await post('/api/retries', { sender: ['x'] }, it, key)).toMatchObject({
      status: 409,
      body: { code: 'retry.key-conflict' },
    });
    await post(`/api/retries/${first.body.id}/start`, { reason: 'mended' }, it);
    await done(first.body.id);
    expect((await post('/api/retries', { code: [code] }, it, key)).body).toMatchObject({
      ...{ id: first.body.id, state: 'done' },
    });
  });

  test('goes on after kill -9 where it was, and deposits nothing twice', async () => {
    const ids = await park(6);
    const code = await codeOf(ids[0]!);
    const { body } = await post('/api/retries', { code: [code] }, it);
    await post(`/api/retries/${body.id}/start`, { reason: 'mended', ratePerMinute: 120 }, it);
    await expect
      .poll(async () => (await gateway.call(`/api/retries/${body.id}`)).body.opened, { timeout: 60_000 })
      .toBeGreaterThan(1);
    const seen = await post('/api/retries', { code: [code], from: '2020-01-01T00:00:00Z' }, it);
    await gateway.end('SIGKILL');
    gateway = await spawnGateway({ folder, dmp: dmp.dmp });
    for (const act of ['start', 'stop'])
      expect(await post(`/api/retries/${seen.body.id}/${act}`, { reason: 'mended' }, it)).toMatchObject({
        status: 410,
        body: { code: 'retry.preview-gone', remedy: expect.stringContaining('POST /api/retries') },
      });
    await done(body.id);
    for (const id of ids) {
      await expect
        .poll(async () => (await gateway.call(`/api/submissions/${id}`)).body.deliveries[0].outcome, {
          timeout: 60_000,
        })
        .toBe('delivered');
      const { timeline } = (await gateway.call(`/api/submissions/${id}`)).body;
      expect(timeline.filter(({ type }: { type: string }) => type === 'delivery.reopened')).toHaveLength(1);
    }
    expect(await dmpClient(dmp.admin).counts()).toMatchObject({ doubleDeposits: [] });
  });
});

describe('viaduc retry', { timeout: 120_000 }, () => {
  const command = (...args: string[]) =>
    viaduc(['retry', ...args], { VIADUC_DATA: join(folder, 'data'), VIADUC_ADMIN_TOKEN: ADMIN_TOKEN });

  test('shows what it would do, and does it when told to, through the running gateway', async () => {
    const ids = await park(2);
    const code = await codeOf(ids[0]!);
    const shown = command('--code', code);
    expect(shown).toMatchObject({ status: 0, err: '' });
    expect(shown.out).toMatch(/2 livraison\(s\)\n/);
    expect(shown.out).toContain('rien n’a été fait');
    expect(await codeOf(ids[0]!)).toBe(code);
    const ran = command('--code', code, '--yes', '--reason', 'mended', '--rate', '600');
    expect(ran).toMatchObject({ status: 0, err: '' });
    expect(ran.out).toMatch(/terminée : 2 relancée\(s\), 0 à venir/);
    for (const id of ids)
      await expect
        .poll(async () => (await gateway.call(`/api/submissions/${id}`)).body.state, { timeout: 60_000 })
        .toBe('final');
  });

  test('releases of what is held what a rule holds, and what a request holds only when told so', async () => {
    const query = `to=dmp&holdReason=relecture&holdUntil=${new Date(Date.now() + 3_600_000).toISOString()}`;
    const { body } = await gateway.call(`/api/submissions?${query}`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/xml' } },
      body: freshLetter().document as RequestInit['body'],
    });
    const held = ['--state', 'held', '--hold-reason', 'relecture'];
    expect(command(...held).out).toMatch(/^0 livraison\(s\)\n/);
    const named = [...held, '--hold-origin', 'request'];
    expect(command(...named).out).toMatch(/ 1 {2}delivery.held: .* \(demande: relecture\)\n/);
    const ran = command(...named, '--yes', '--reason', 'read', '--lang', 'en');
    expect(ran).toMatchObject({ status: 0, out: expect.stringMatching(/done: 1 opened/) });
    const { timeline } = (await gateway.call(`/api/submissions/${body.id}`)).body;
    expect(timeline).toContainEqual(expect.objectContaining({ type: 'hold.lifted', reason: 'read' }));
  });

  test.each([
    [['--code', 'x', '--yes'], /needs a --reason/],
    [['--code', 'x', '--yes', '--reason', 'ab'], /at least 3 characters/],
    [['--code', 'x', '--yes', '--dry-run'], /either --yes or --dry-run/],
    [['--code', 'x', '--yes', '--reason', 'mended', '--rate', 'fast'], /--rate is a number/],
    [['--state', 'final', '--code', 'x'], /--state is one of parked, held, refused/],
  ])('%j is wrong use', (args, told) => {
    const { status, err } = command(...args);
    expect(err).toMatch(told);
    expect(status).toBe(2);
  });

  test.each([
    [['retry'], /\[retry.filter-empty\]\n +Donner au moins/],
    [['retry', '--stop', 'nothing', '--lang', 'en'], /\[retry.unknown\]\n +Check the identifier/],
    [
      ['retry', '--state', 'refused', '--code', 'x'],
      /\[retry.refused-final\]\n.*envoyer à nouveau le document/,
    ],
    [['stays', 'import', stays], /\[http.forbidden\]/],
    [['packs', 'remove', 'nothing'], /\[console.not-found\]/],
  ])('what the gateway refuses of %j ends with status 1, its code and its remedy', (args, told) => {
    const token = args[0] === 'retry' ? it : auditor;
    const ran = viaduc(args, { VIADUC_DATA: join(folder, 'data'), VIADUC_TOKEN: token });
    expect(ran).toMatchObject({ status: 1, err: expect.stringMatching(told) });
    expect(ran.err).not.toContain('usage:');
  });

  test('acts as the holder of VIADUC_TOKEN, and as the administrator when there is none', async () => {
    const data = { VIADUC_DATA: join(folder, 'data'), VIADUC_ADMIN_TOKEN: ADMIN_TOKEN };
    const opened = async (variables: Record<string, string>) => {
      const code = await codeOf((await park(1))[0]!);
      const args = ['retry', '--code', code, '--yes', '--reason', 'mended'];
      expect(viaduc(args, { ...data, ...variables })).toMatchObject({ status: 0 });
      return (await gateway.call('/api/retries')).body.items[0].startedBy;
    };
    expect(await opened({ VIADUC_TOKEN: it })).toBe('it');
    expect(await opened({ VIADUC_TOKEN: '' })).toBe('admin');
  });

  test('without a gateway says so', () => {
    const { status, err } = viaduc(['retry', '--code', 'x'], { VIADUC_DATA: join(folder, 'nothing') });
    expect(err).toContain('no gateway runs');
    expect(status).toBe(2);
  });
});
