import { expect, test } from 'vitest';
import type { Seal } from '../../../src/ledger/seal.ts';
import { handOver, type RemoteWitness } from '../../../src/ledger/witnesses/remote.ts';

const seal = (number: number) => ({ content: { establishment: 'one', number } }) as Seal;
const reading = {
  establishments: ['one', 'two'],
  sealsAfter: async (establishment: string, after: number) =>
    establishment === 'one' ? [1, 2, 3].filter((number) => number > after).map(seal) : [],
};

function witness(everyMs: number): RemoteWitness & { taken: number[] } {
  const taken: number[] = [];
  const take = async (seals: readonly Seal[]) =>
    void taken.push(...seals.map(({ content }) => content.number));
  return { name: 'w', everyMs, take, taken };
}

const START = { taken: {}, atMs: 0 };

test('a witness that takes everything is handed each seal once, in order', async () => {
  const all = witness(0);
  const progress = await handOver(all, START, reading, 5);
  expect(progress).toEqual({ taken: { one: 3 }, atMs: 5 });
  expect(await handOver(all, progress, reading, 6)).toBe(progress);
  expect(all.taken).toEqual([1, 2, 3]);
});

test('one that is asked at intervals is left alone until its time, then handed the newest only', async () => {
  const hourly = witness(1000);
  expect(await handOver(hourly, START, reading, 999)).toBe(START);
  expect(await handOver(hourly, START, reading, 1000)).toEqual({ taken: { one: 3 }, atMs: 1000 });
  expect(hourly.taken).toEqual([3]);
});

test('what it did not take stays to be handed over', async () => {
  const refusing = { ...witness(0), take: () => Promise.reject(new Error('no')) };
  await expect(handOver(refusing, START, reading, 5)).rejects.toThrow('no');
  expect(START).toEqual({ taken: {}, atMs: 0 });
});
