import { describe, expect, onTestFinished, test } from 'vitest';
import { type NewEntry, Store } from '../../../src/sandbox/dmp/store.ts';
import { systemClock } from '../../../src/words/clock.ts';

function open(): Store {
  const store = new Store(':memory:', systemClock);
  onTestFinished(() => store.close());
  return store;
}

const entry = (uniqueId: string, changes: Partial<NewEntry> = {}): NewEntry => ({
  uniqueId,
  patient: '279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH',
  structures: ['10B0000012'],
  classCode: '10',
  typeCode: '11488-4',
  formatCode: 'urn:ihe:iti:xds-sd:pdf:2008',
  confidentiality: ['N'],
  mimeType: 'text/xml',
  creationTime: '20260715083000',
  hash: '00',
  size: 1,
  signature: false,
  replaces: null,
  content: Buffer.of(1),
  ...changes,
});

const message = Buffer.from('<a/>');
const deposit = { kind: 'deposit' as const, message };

describe('a lot', () => {
  test('that fails in the middle leaves nothing, and those beside it stay', async () => {
    const store = open();
    store.addLot({ ...deposit, uniqueId: 'before' }, [entry('1.1')]);
    const broken = entry('1.3', { typeCode: null as unknown as string });
    expect(() => store.addLot({ ...deposit, uniqueId: 'broken' }, [entry('1.2'), broken])).toThrow(
      'NOT NULL',
    );
    store.addLot({ ...deposit, uniqueId: 'after' }, [entry('1.4')]);
    await store.settled();
    expect(['before', 'broken', 'after'].map((lot) => store.lot(lot) !== null)).toEqual([true, false, true]);
    expect(store.list(0).items.map((one) => one.uniqueId)).toEqual(['1.1', '1.4']);
  });

  test('is kept with the instant of the clock', () => {
    const store = new Store(':memory:', { now: () => 0, after: () => () => {} });
    onTestFinished(() => store.close());
    store.addLot({ ...deposit, uniqueId: 'lot' }, [entry('1.1')]);
    expect(store.lot('lot')).toEqual({ uniqueId: 'lot', kind: 'deposit', at: '1970-01-01T00:00:00.000Z' });
    expect(store.entriesOf('1.1')[0]!.at).toBe('1970-01-01T00:00:00.000Z');
  });
});

describe('an entryUUID', () => {
  test('of an earlier version of the metadata is known as Deprecated, however many versions ago', () => {
    const store = open();
    store.addLot({ ...deposit, uniqueId: 'lot' }, [entry('1.1')]);
    const uuids = [store.entriesOf('1.1')[0]!.entryUuid];
    for (let version = 2; version <= 3; version += 1) {
      store.renew('1.1');
      uuids.push(store.entriesOf('1.1')[0]!.entryUuid);
    }
    expect(new Set(uuids).size).toBe(3);
    expect(uuids.map((uuid) => store.entry(uuid)!.status)).toEqual(['Deprecated', 'Deprecated', 'Approved']);
    expect(store.entry(uuids[2]!)).toMatchObject({ version: 3, logicalId: uuids[0] });
  });

  test('that was never given is not known', () => {
    expect(open().entry('urn:uuid:11111111-2222-3333-4444-555555555555')).toBe(null);
  });
});
