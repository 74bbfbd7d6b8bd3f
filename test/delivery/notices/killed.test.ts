import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestLedger, scratch } from '../../ledger/making.ts';
import { Listener } from './listener.ts';

let folder: string;
let listener: Listener;

beforeEach(() => {
  folder = scratch();
  listener = new Listener();
});
afterEach(async () => {
  await listener.close();
  rmSync(folder, { recursive: true });
});

/** A process that ends deliveries and sends their notices, until it is killed or told to end. */
async function life(port: number, deliveries: number) {
  const child = fork(join(import.meta.dirname, 'sending.ts'), [folder, String(port), String(deliveries)]);
  await once(child, 'message');
  return child;
}

test('killed at any instant of ending and telling, everything that ended is told, in order, doubles under the same MSH-10', async () => {
  const port = await listener.listen();
  for (let round = 1; round <= 6; round += 1) {
    const before = listener.messages.length;
    const child = await life(port, 15);
    await listener.received(before + round * 2);
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  const last = await life(port, 0);
  const [code] = (await once(last, 'exit')) as [number];
  expect(code).toBe(0);
  const ledger = await openTestLedger(folder);
  const view = ledger.of('one');
  const ends = (await view.events(1, 10_000)).filter(({ type }) => type === 'delivery.finished');
  const { items } = await view.notices({ limit: 1000 });
  await ledger.close();
  expect(ends.length).toBeGreaterThan(12);
  expect(items).toHaveLength(ends.length);
  expect(items.filter(({ state }) => state !== 'acknowledged')).toEqual([]);
  const firstTimes = listener.ids.filter((id, index) => listener.ids.indexOf(id) === index);
  expect(firstTimes).toEqual(items.toReversed().map(({ controlId }) => controlId));
}, 60_000);
