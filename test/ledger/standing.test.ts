import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ledger, NewEvent } from '../../src/ledger/ledger.ts';
import { lastRequests, readStanding } from '../../src/ledger/standing.ts';
import {
  accepted,
  acceptedEvent,
  appendOf,
  finished,
  noticeDue,
  openTestLedger,
  scratch,
  sending,
  T0,
} from './making.ts';

let folder: string;
let ledger: Ledger;
beforeEach(async () => {
  folder = scratch();
  ledger = await openTestLedger(folder);
});
afterEach(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

const write = (event: NewEvent, nowMs = T0, establishment = 'one') =>
  ledger.append(appendOf(event, { nowMs, establishment }));

async function delivery(state: 'due' | 'parked' | 'final', code = 'c'): Promise<void> {
  const data = accepted();
  const { id } = data.deliveries[0]!;
  await write(acceptedEvent(data));
  const why = { code, class: 'permanent' as const, charged: false, receipt: null, doubt: false, by: null };
  if (state === 'parked') await write({ type: 'delivery.parked', data: { delivery: id, ...why } });
  if (state !== 'final') return;
  await write(sending(id));
  await write(finished(id, data.documents[0]!.uniqueId));
}

const parkedNotice = (notice: string): NewEvent => ({
  type: 'notice.parked',
  data: { notice, submission: 's', attempt: 1, code: 'notice.refused' },
});

test('what has not come to its end is counted, of one establishment alone', async () => {
  for (const state of ['due', 'due', 'parked', 'final'] as const) await delivery(state);
  await delivery('parked', 'd');
  await write(acceptedEvent(), T0, 'two');
  for (const [notice, sender] of [
    ['n-1', 'lab'],
    ['n-2', 'lab'],
    ['n-3', 'ris'],
    ['n-4', 'ris'],
  ] as const)
    await write(noticeDue(notice, sender));
  await write(parkedNotice('n-3'));
  await write(parkedNotice('n-4'));
  await write({ type: 'work.closed', data: { item: 'notice:n-4', by: 'a', reason: 'told' } });
  const { deliveries, parked, notices } = await readStanding(ledger.of('one'));
  const dmp = { destination: 'dmp.one.10B0000012', lane: 'live' };
  expect(deliveries).toHaveLength(2);
  expect(deliveries).toContainEqual({ ...dmp, state: 'due', count: 2, oldestDueAtMs: T0 });
  expect(deliveries).toContainEqual({ ...dmp, state: 'parked', count: 2, oldestDueAtMs: null });
  expect(parked.toSorted((a, b) => a.code.localeCompare(b.code))).toEqual([
    { code: 'c', count: 1 },
    { code: 'd', count: 1 },
  ]);
  expect(notices).toEqual([
    { sender: 'lab', state: 'due', count: 2 },
    { sender: 'ris', state: 'parked', count: 1 },
  ]);
  expect((await readStanding(ledger.of('two'))).deliveries).toEqual([
    { ...dmp, destination: 'dmp.two.10B0000012', state: 'due', count: 1, oldestDueAtMs: T0 },
  ]);
});

test('each sender was last heard of at its latest request', async () => {
  await write(acceptedEvent(accepted({ sender: 'lab' })));
  await write(acceptedEvent(accepted({ sender: 'ris' })), T0 + 1000);
  await write(acceptedEvent(accepted({ sender: 'lab' })), T0 + 2000);
  await write(acceptedEvent(accepted({ sender: 'dpi' })), T0 + 3000, 'two');
  const found = await lastRequests(ledger.of('one'));
  expect(Object.fromEntries(found.map(({ sender, at }) => [sender, Date.parse(at)]))).toEqual({
    ...{ lab: T0 + 2000, ris: T0 + 1000 },
  });
});
