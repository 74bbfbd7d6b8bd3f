import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, globSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bodyState, DAY, keeping, type Made, submit, verified } from './keeping-made.ts';
import { openTestLedger, scratch, T0 } from './making.ts';

// A sweep is killed at each of its steps, one after the other, in a copy of the same ledger: after each kill the ledger is
// whole, what is not expired can be read, and the next sweep goes on to the same end.

const LATER = T0 + 400 * DAY;
const script = join(import.meta.dirname, 'sweep-until-killed.ts');
let folder: string;
let kept: Made[];

beforeAll(async () => {
  folder = scratch();
  const ledger = await openTestLedger(folder);
  kept = [await submit(ledger, { left: 'parked', bytes: randomBytes(20_000) })];
  for (let index = 0; index < 6; index += 1) await submit(ledger, { bytes: randomBytes(20_000) });
  kept.push(await submit(ledger, { left: 'parked', bytes: randomBytes(20_000) }));
  kept.push(await submit(ledger, { left: 'due', at: LATER }));
  await ledger.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function copied(): string {
  const copy = scratch();
  cpSync(folder, copy, { recursive: true });
  return copy;
}

function sweepIn(copy: string, killAt?: number) {
  const args = [script, copy, String(LATER), ...(killAt === undefined ? [] : [String(killAt)])];
  return spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 });
}

const bytesOf = (copy: string) =>
  globSync(join(copy, 'data', 'bodies', 'one', '2026-07.accepted*')).reduce(
    (sum, file) => sum + statSync(file).size,
    0,
  );

test('a sweep killed at any step leaves a ledger that is whole, and the next one ends it', {
  timeout: 240_000,
}, async () => {
  const whole = copied();
  const steps = Number(sweepIn(whole).stdout);
  expect(steps).toBeGreaterThan(10);
  const aim = bytesOf(whole);
  rmSync(whole, { recursive: true });
  for (let step = 1; step <= steps; step += 1) {
    const copy = copied();
    expect([step, sweepIn(copy, step).signal]).toEqual([step, 'SIGKILL']);
    const ledger = await openTestLedger(copy);
    const states = await Promise.all(kept.map(({ document }) => bodyState(ledger, document)));
    expect([step, states]).toEqual([step, kept.map(() => 'kept')]);
    await ledger.seal(LATER);
    expect([step, verified(copy).problems]).toEqual([step, []]);
    for (let hours = 0; hours < 3; hours += 1) await keeping(ledger, LATER + hours * 3_600_000).sweep();
    const again = await Promise.all(kept.map(({ document }) => bodyState(ledger, document)));
    expect([step, again, bytesOf(copy)]).toEqual([step, kept.map(() => 'kept'), aim]);
    expect(verified(copy)).toMatchObject({ problems: [], erased: 24 });
    await ledger.close();
    rmSync(copy, { recursive: true });
  }
});
