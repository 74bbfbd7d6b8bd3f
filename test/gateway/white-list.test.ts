import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { mssante } from '../../src/gateway/cli/mssante.ts';
import { listOf, numbered } from '../delivery/mssante/white-list/publisher.ts';
import { type RunningGateway, startTestGateway } from './running.ts';

let folder: string;
let source: string;
let run: RunningGateway;
let auditor: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-list-'));
  source = join(folder, 'list.xml');
  writeFileSync(source, listOf({ generated: '2026-06-01', domains: numbered(20) }));
  const smtp = { host: '127.0.0.1', port: 9 };
  const box = {
    id: 'labo',
    establishment: 'demo',
    address: 'labo@d1.mssante.fr',
    displayName: 'Laboratoire',
  };
  const yaml = stringify({
    mssante: { mailboxes: [{ ...box, smtp }], whiteList: { source, refreshHours: 0.0001 } },
  });
  run = await startTestGateway({ yaml });
  const grants = [{ establishment: 'demo', role: 'auditor' }];
  auditor = (await run.call('/api/tokens', json({ name: 'auditor', grants }))).body.token;
});
afterAll(async () => {
  await run?.close();
  rmSync(folder, { recursive: true, force: true });
});

const json = (body: object) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
const ACCEPT = '/api/mssante/white-list/accept';
const shown = async () => (await run.call('/api/mssante/white-list')).body;
const alarms = async () => (await run.call('/api/alarms?state=open')).body.items;

describe('a white list that lost too many domains', () => {
  let waiting: string;

  test('waits, with what it lost, and an alarm names the command', async () => {
    expect(await shown()).toMatchObject({ inUse: { domains: 20 }, waiting: null, problem: null });
    writeFileSync(source, listOf({ generated: '2026-06-02', domains: numbered(12) }));
    const state = await vi.waitUntil(async () => {
      const now = await shown();
      return now.waiting && now;
    }, WAIT);
    expect(state).toMatchObject({
      inUse: { domains: 20, generated: '2026-06-01' },
      waiting: { domains: 12, lost: { count: 8 } },
      problem: { code: 'mssante.white-list-shrunk' },
    });
    expect(state.waiting.lost.domains).toContain('d19.mssante.fr');
    waiting = state.waiting.sha256;
    const [alarm] = await alarms();
    expect(alarm).toMatchObject({ kind: 'white-list', code: 'mssante.white-list-shrunk' });
    expect(JSON.stringify(alarm.whatToDo)).toContain('viaduc mssante white-list accept SHA256');
  });

  test('is taken by nobody without the role, without a reason, or by another digest', async () => {
    const asked = { sha256: waiting, reason: 'fusion annoncée' };
    expect((await run.call('/api/mssante/white-list', { token: auditor })).status).toBe(200);
    expect((await run.call(ACCEPT, { ...json(asked), token: auditor })).status).toBe(404);
    expect((await run.call(ACCEPT, json({ ...asked, reason: ' . ' }))).status).toBe(400);
    expect(await run.call(ACCEPT, json({ ...asked, sha256: 'a'.repeat(64) }))).toMatchObject({
      status: 409,
      body: { code: 'mssante.white-list-nothing-to-accept' },
    });
    expect((await shown()).inUse.domains).toBe(20);
  });

  test('is taken by its digest, on the command line too, and the alarm begins to end', async () => {
    vi.stubEnv('VIADUC_DATA', run.data);
    vi.stubEnv('VIADUC_CONFIG', join(run.folder, 'viaduc.yaml'));
    vi.stubEnv('VIADUC_TOKEN', run.token);
    const print = vi.spyOn(console, 'log').mockImplementation(() => {});
    try {
      await mssante.run({ lang: 'en' }, ['white-list']);
      await mssante.run({ reason: 'fusion annoncée', lang: 'en' }, ['white-list', 'accept', waiting]);
      const told = print.mock.calls.flat().join('\n');
      expect(told).toContain(`waiting: ${waiting}, 2026-06-02, 12 domains`);
      expect(told).toMatch(/domains lost: 8 \(d12\.mssante\.fr, .*d19\.mssante\.fr\)/);
      expect(told).toContain(`in use: ${waiting}, 2026-06-02, 12 domains`);
    } finally {
      print.mockRestore();
      vi.unstubAllEnvs();
    }
    expect(await shown()).toMatchObject({ inUse: { sha256: waiting, domains: 12 }, waiting: null });
    await vi.waitUntil(async () => (await alarms())[0]?.calmSince, WAIT);
  });
});

const WAIT = { timeout: 10_000, interval: 100 };
