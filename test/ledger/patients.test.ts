import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { Consent, Movement } from '../../src/words/movement.ts';
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

describe('the movements of a visit', () => {
  const move = (trigger: string, changes: Partial<Movement> = {}) => {
    const data: Movement = {
      ...{ message: `${trigger} ${changes.movement}`, finessEj: '0B0000011', movement: trigger },
      visit: { finessEg: '0B0000012', stayNo: 'F1', visitNo: 'V1' },
      ...{ action: 'INSERT', trigger, historical: false, identified: true, class: 'I', ofFile: false },
      ...{ effectiveAt: '2026-05-01T08:00:00.000Z', recordedAt: '2026-05-01T09:00:00.000Z' },
      ...{ admittedAt: null, dischargedAt: null, dischargeMode: null, unit: null, session: false },
      ...changes,
    };
    const subject = { ins: 'somebody', ipp: null };
    return ledger.append(appendOf({ type: 'stay.moved', data, subject }));
  };
  const stays = async () =>
    (await view().stays()).map(({ stayNo, admittedAt, dischargedAt }) => [stayNo, admittedAt, dischargedAt]);
  const missing = async () => (await view().work({ cause: 'admission-missing', limit: 9 })).items;
  const [may1, may4] = ['2026-05-01T08:00:00.000Z', '2026-05-04T08:00:00.000Z'];

  test('make its stay, in whatever order they come; the admission is missed until it is told', async () => {
    await move('A03', { effectiveAt: may4 });
    expect(await stays()).toEqual([['F1', null, may4]]);
    expect(await missing()).toMatchObject([{ role: 'dim', stay: '0B0000012 visit V1' }]);
    const [appended] = await move('A01');
    expect(await stays()).toEqual([['F1', may1, may4]]);
    expect(await missing()).toEqual([]);
    expect((await view().stays())[0]!.patient).toBe(appended!.person);
    expect(await ledger.of('two').stays()).toEqual([]);
  });

  test('of every visit of a file are taken back with the file, and of no other', async () => {
    await move('A01');
    await move('A01', { visit: { finessEg: '0B0000012', stayNo: 'F1', visitNo: 'V2' } });
    await move('A01', { visit: { finessEg: '0B0000012', stayNo: 'F2', visitNo: 'V3' } });
    expect((await view().visitsOfFile('0B0000012', 'F1')).map(({ visitNo }) => visitNo)).toEqual([
      'V1',
      'V2',
    ]);
    const late = { action: 'CANCEL' as const, ofFile: true, recordedAt: may4 };
    await move('A01', { ...late, movement: 'all' });
    expect(await stays()).toEqual([['F2', may1, null]]);
  });

  test('of whom nobody knows the patient make a stay of nobody', async () => {
    await move('A01', { identified: false });
    expect((await view().stays())[0]!.patient).toBeNull();
  });
});
