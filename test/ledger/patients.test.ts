import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { Consent } from '../../src/words/movement.ts';
import { appendOf, openTestLedger, scratch } from './making.ts';

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

/** What a message says of a person; the person it is about. */
async function said(changes: Partial<Consent>): Promise<string> {
  const data = { message: 'm', feeding: null, collectedAt: null, visit: null, dmp: null, ...changes };
  const subject = { ins: 'somebody', ipp: null };
  const [appended] = await ledger.append(appendOf({ type: 'consent.recorded', data, subject }));
  return appended!.person!;
}

const visit = (visitNo: string) => ({ finessEg: '0B0000012', stayNo: null, visitNo }) as Consent['visit'];
const view = () => ledger.of('one');

test('what was collected is read latest first, whatever order it came in', async () => {
  await said({ feeding: 'opposed', collectedAt: '2026-05-02T08:00:00.000Z', visit: visit('B') });
  await said({ feeding: 'opposed', collectedAt: '2026-05-03T08:00:00.000Z', visit: visit('C') });
  const person = await said({
    feeding: 'opposed',
    collectedAt: '2026-05-01T08:00:00.000Z',
    visit: visit('A'),
  });
  const found = await view().consents([person]);
  expect(found.map(({ collectedAt }) => collectedAt.slice(8, 10))).toEqual(['03', '02', '01']);
});

test('each known identifier leads to its person', async () => {
  const person = await said({ feeding: 'opposed' });
  const hash = ledger.searchHash('one', 'ins', 'somebody');
  expect(await view().people()).toEqual([{ person, patient: hash }]);
  expect(await ledger.of('two').people()).toEqual([]);
});

test('of the state of a DMP the latest counts; of two of one instant, the one that came last', async () => {
  const at = '2026-05-02T08:00:00.000Z';
  const person = await said({ dmp: { status: 'ACTIF', at } });
  await said({ dmp: { status: 'FERME', at } });
  expect(await view().dmpState([person])).toEqual({ status: 'FERME', at });
  await said({ dmp: { status: 'INEXISTANT', at: '2026-05-01T08:00:00.000Z' } });
  expect(await view().dmpState([person])).toEqual({ status: 'FERME', at });
});
