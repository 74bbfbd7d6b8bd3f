import { describe, expect, test } from 'vitest';
import { LIVE_IN_A_ROW, type Load, noneRunning, servingFor } from '../../src/delivery/lanes.ts';

const load = (changes: Partial<Load> = {}): Load => ({
  ...{ concurrency: 16, running: noneRunning(), liveInARow: 0, allowance: null },
  ...changes,
});
const limits = (serving: ReturnType<typeof servingFor>) =>
  serving.queues.map(({ queue, limit }) => [queue, limit]);

describe('what a destination may take next', () => {
  test('is live first, then what a person opened again, what is late, what is of the past', () => {
    const serving = servingFor(load());
    expect([serving.limit, serving.keptForLive]).toEqual([16, 4]);
    expect(limits(serving)).toEqual([
      ['live', 16],
      ['retried', 8],
      ['late', 11],
      ['historic', 4],
    ]);
  });

  test('counts what is under way, of each queue and of all', () => {
    const serving = servingFor(load({ running: { live: 1, retried: 8, late: 3, historic: 0 } }));
    expect([serving.limit, serving.keptForLive]).toEqual([4, 3]);
    expect(limits(serving)).toEqual([
      ['live', 4],
      ['retried', 0],
      ['late', 8],
      ['historic', 4],
    ]);
  });

  test('gives one of each other queue a turn after so many live ones', () => {
    expect(limits(servingFor(load({ liveInARow: LIVE_IN_A_ROW - 1 })))[0]).toEqual(['live', 16]);
    expect(limits(servingFor(load({ liveInARow: LIVE_IN_A_ROW }))).slice(0, 4)).toEqual([
      ['retried', 1],
      ['late', 1],
      ['historic', 1],
      ['live', 16],
    ]);
  });

  test('is no more than the rate lets leave', () => {
    expect(servingFor(load({ allowance: 3 })).limit).toBe(3);
    expect(servingFor(load({ allowance: 0 })).limit).toBe(0);
  });

  test.each([1, 2, 3])('of %i places is one at least of every queue', (concurrency) => {
    const serving = servingFor(load({ concurrency }));
    expect(serving.keptForLive).toBe(0);
    expect(serving.queues.every(({ limit }) => limit >= 1)).toBe(true);
  });

  test('of so few places that no quarter is kept, is all of them for what is late', () => {
    expect(limits(servingFor(load({ concurrency: 3 })))).toContainEqual(['late', 3]);
    expect(limits(servingFor(load({ concurrency: 4 })))).toContainEqual(['late', 2]);
  });

  test('is nothing when all places are taken, or more than there are since the configuration changed', () => {
    expect(servingFor(load({ concurrency: 2, running: { ...noneRunning(), live: 5 } })).limit).toBe(0);
  });
});
