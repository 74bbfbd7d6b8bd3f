import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dmpClient } from '../gateway/running.ts';
import { type SpawnedGateway, spawnDmp, spawnGateway } from '../gateway/spawned.ts';
import { type Put, putInEveryState, SCHEDULES, stateOf } from './states.ts';

/** A stop with everything under way ends within this time. */
const STOP_MS = 30_000;

describe.each(['SIGTERM', 'SIGKILL'] as const)('%s while deliveries are in every state', (signal) => {
  test('loses none, doubles none, and leaves what a person holds to the person', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'viaduc-signals-'));
    writeFileSync(join(folder, 'viaduc.yaml'), SCHEDULES);
    const dmp = await spawnDmp(folder);
    let gateway = await spawnGateway({ folder, dmp: dmp.dmp });
    try {
      const puts = await putInEveryState(gateway, dmp.admin);
      const began = performance.now();
      const ended = await gateway.end(signal);
      expect(ended).toEqual(signal === 'SIGTERM' ? { code: 0, signal: null } : { code: null, signal });
      expect(performance.now() - began).toBeLessThan(STOP_MS);
      // The faults are those of the first life: what the second one sends again would meet them too.
      await dmpClient(dmp.admin).clear();
      gateway = await spawnGateway({ folder, dmp: dmp.dmp });
      for (const put of puts)
        expect({ ...put, state: await stateOf(gateway, put) }).toSatisfy(
          ({ state }) =>
            put.after.includes(state) ||
            // What nobody holds may have gone on already.
            (state === 'delivered' && put.before !== 'waiting' && put.before !== 'parked'),
        );
      await letGo(gateway, puts);
      for (const put of puts)
        await expect
          .poll(async () => `${put.name}: ${await stateOf(gateway, put)}`, { timeout: 90_000, interval: 200 })
          .toBe(`${put.name}: delivered`);
      expect(await dmpClient(dmp.admin).counts()).toMatchObject({
        documents: puts.length,
        doubleDeposits: [],
      });
      expect((await gateway.call('/api/ledger/verification')).body.problems).toEqual([]);
    } finally {
      await gateway.end('SIGKILL');
      // It would wait for the answers that it was told to give late.
      dmp.child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    }
  }, 300_000);
});

/** What only a person lets go on: what is held, what is parked. */
async function letGo(gateway: SpawnedGateway, puts: readonly Put[]): Promise<void> {
  for (const { name, submission, delivery, before } of puts) {
    if (name === 'held by its request')
      await gateway.call(`/api/submissions/${submission}/release`, {
        ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
        body: JSON.stringify({ reason: 'it was read' }),
      });
    if (before === 'parked') await gateway.call(`/api/deliveries/${delivery}/retry`, { method: 'POST' });
  }
}
