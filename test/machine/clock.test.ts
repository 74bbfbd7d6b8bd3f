import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dmpClient, freshLetter } from '../gateway/running.ts';
import { type SpawnedGateway, spawnDmp, spawnGateway } from '../gateway/spawned.ts';

const HOUR = 3_600_000;

let folder: string;
let dmp: Awaited<ReturnType<typeof spawnDmp>>;
let gateway: SpawnedGateway;

/** What makes a process take its time from a clock of the test's own. */
function jumping(clock: string) {
  writeFileSync(join(folder, clock), '0');
  const variables = { VIADUC_TEST_CLOCK: join(folder, clock) };
  return { flags: ['--import', join(import.meta.dirname, 'jumping-clock.mjs')], variables };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-clock-'));
  dmp = await spawnDmp(folder, jumping('dmp-clock'));
  gateway = await spawnGateway({ folder, dmp: dmp.dmp, ...jumping('clock') });
});
afterAll(async () => {
  await gateway.end('SIGKILL');
  dmp.child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Sets clocks of running processes so far from that of the machine. */
function jump(offMs: number, clocks = ['clock', 'dmp-clock']): void {
  for (const clock of clocks) {
    writeFileSync(join(folder, 'new'), String(offMs));
    renameSync(join(folder, 'new'), join(folder, clock));
  }
}

async function submit(document: Buffer, waitSeconds = 20) {
  const answer = await gateway.call('/api/submissions?to=dmp', {
    method: 'POST',
    headers: { 'content-type': 'application/xml', prefer: `wait=${waitSeconds}` },
    body: document as RequestInit['body'],
  });
  return answer.body;
}

const outcomeOf = async (id: string) =>
  (await gateway.call(`/api/submissions/${id}`)).body.deliveries[0].outcome;

describe.each([
  ['forward by a day', 24 * HOUR],
  ['back to where it was', 0],
  ['back by an hour', -HOUR],
])('a clock that jumps %s while a document is being sent', (_name, offMs) => {
  test('neither sends it twice nor keeps it, and what comes after leaves at once', async () => {
    const { document, uniqueId } = freshLetter();
    await dmpClient(dmp.admin).fault({
      match: { transaction: 'iti-41', uniqueId },
      fault: 'delay',
      delayMs: 3000,
    });
    const slow = await submit(document, 1);
    expect(slow.deliveries).toMatchObject([{ state: 'sending' }]);
    jump(offMs);
    expect((await submit(freshLetter().document)).deliveries).toMatchObject([{ outcome: 'delivered' }]);
    await expect.poll(() => outcomeOf(slow.id), { timeout: 20_000 }).toBe('delivered');
    expect(await dmpClient(dmp.admin).counts()).toMatchObject({ doubleDeposits: [] });
  }, 60_000);
});

describe('a clock that is wrong alone', () => {
  test('makes the DMP refuse what is sealed with it: nothing is deposited, and it waits', async () => {
    jump(0);
    jump(24 * HOUR, ['clock']);
    const wrong = await submit(freshLetter().document);
    expect(wrong.deliveries).toMatchObject([{ state: 'due', code: 'DMPInvalidVihf', outcome: null }]);
    jump(0);
  }, 60_000);
});

test('after the jumps no event is dated before the one before it, and the ledger is sound', async () => {
  const { items } = (await gateway.call('/api/ledger/events?limit=500')).body;
  const times = items.map(({ at }: { at: string }) => at);
  expect(times.length).toBeGreaterThan(20);
  expect(times).toEqual(times.toSorted());
  expect((await gateway.call('/api/ledger/verification')).body.problems).toEqual([]);
});
