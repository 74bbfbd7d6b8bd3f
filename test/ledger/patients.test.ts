import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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

describe('persons who are one', () => {
  const named = async (ins: string) => {
    const data = { message: 'm', feeding: null, collectedAt: null, visit: null, dmp: null };
    const subject = { ins, ipp: null };
    const [appended] = await ledger.append(appendOf({ type: 'consent.recorded', data, subject }));
    return appended!.person!;
  };
  const join = (person: string, kept: string, kind: 'merge' | 'link') =>
    ledger.append(
      appendOf({
        type: 'identity.merged',
        data: { message: 'm', kind, kept, at: '2026-05-01T08:00:00.000Z' },
        subject: { person },
      }),
    );
  const same = async (person: string, linked = false) =>
    (await view().samePersons(person, linked)).toSorted();

  test('are found from each of them, by any number of merges, and by links only where these are asked for', async () => {
    const [a, b, c, d, other] = [
      await named('a'),
      await named('b'),
      await named('c'),
      await named('d'),
      await named('x'),
    ];
    await join(a, b, 'merge');
    await join(b, c, 'merge');
    await join(d, c, 'link');
    const merged = [a, b, c].toSorted();
    for (const person of merged) expect(await same(person)).toEqual(merged);
    expect([await same(d), await same(other, true)]).toEqual([[d], [other]]);
    for (const person of [a, d]) expect(await same(person, true)).toEqual([a, b, c, d].toSorted());
    expect(await ledger.of('two').samePersons(a, true)).toEqual([a]);
    const people = await view().people();
    const [ofA, ofX] = ['a', 'x'].map((ins) => ledger.searchHash('one', 'ins', ins));
    const known = (hash: string) =>
      people.filter(({ patient }) => patient === hash).map(({ person }) => person);
    expect(known(ofA!).toSorted()).toEqual([a, b, c, d].toSorted());
    expect(known(ofX!)).toEqual([other]);
  });

  test('are no longer once they are unlinked, whoever is named first; a merge is not undone so', async () => {
    const [a, b, c] = [await named('a'), await named('b'), await named('c')];
    await join(a, b, 'link');
    await join(b, c, 'merge');
    const unlink = (person: string, kept: string) =>
      ledger.append(
        appendOf({ type: 'identity.unlinked', data: { message: 'm', kept, at: 'x' }, subject: { person } }),
      );
    await unlink(b, a);
    await unlink(b, c);
    expect([await same(a, true), await same(b, true)]).toEqual([[a], [b, c].toSorted()]);
  });

  test('are not made of one person and the same', async () => {
    const a = await named('a');
    await join(a, a, 'merge');
    expect([await same(a), (await view().people()).length]).toEqual([[a], 1]);
  });
});
