import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Rate } from '../../src/delivery/rate.ts';
import { Tally } from '../../src/delivery/tally.ts';

const MINUTE = 60_000;

describe('a rate', () => {
  test('never lets more leave in any minute than it says, and the burst after a pause', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.array(fc.integer({ min: 1, max: 20_000 })),
        (perMinute, waits) => {
          const rate = new Rate(perMinute, 0);
          const left: number[] = [];
          let nowMs = 0;
          for (const wait of waits) {
            nowMs += wait;
            const count = rate.available(nowMs);
            rate.take(count);
            for (let one = 0; one < count; one += 1) left.push(nowMs);
          }
          const burst = Math.max(1, perMinute / 30);
          for (const atMs of left)
            expect(left.filter((one) => one > atMs - MINUTE && one <= atMs).length).toBeLessThanOrEqual(
              perMinute + burst,
            );
        },
      ),
    );
  });

  test('is reached when there is enough to do', () => {
    const rate = new Rate(90, 0);
    let left = 0;
    for (let nowMs = 0; nowMs < 10 * MINUTE; nowMs += 1000) {
      const count = rate.available(nowMs);
      rate.take(count);
      left += count;
    }
    expect(left).toBeGreaterThanOrEqual(899);
    expect(left).toBeLessThanOrEqual(903);
  });

  test('of one a minute lets one leave each minute', () => {
    const rate = new Rate(1, 0);
    expect(rate.available(0)).toBe(1);
    rate.take(1);
    expect([rate.available(59_999), rate.available(60_000)]).toEqual([0, 1]);
  });

  test('is not fooled by a clock that is set back', () => {
    const rate = new Rate(60, 100_000);
    rate.take(rate.available(100_000));
    expect(rate.available(0)).toBe(0);
    expect(rate.available(1000)).toBe(1);
  });
});

describe('a tally', () => {
  test('tells the mean of the whole minutes that have passed, five at most', () => {
    const tally = new Tally(0);
    tally.add(0, 3);
    expect(tally.perMinute(59_999)).toBe(3);
    tally.add(MINUTE, 5);
    expect([tally.perMinute(MINUTE), tally.perMinute(2 * MINUTE)]).toEqual([3, 4]);
    expect(tally.perMinute(5 * MINUTE)).toBe(1.6);
    expect(tally.perMinute(6 * MINUTE)).toBe(1);
    expect(tally.perMinute(7 * MINUTE)).toBe(0);
  });

  test('forgets everything after a long silence, and keeps counting when the clock is set back', () => {
    const tally = new Tally(0);
    tally.add(0, 100);
    expect(tally.perMinute(90 * MINUTE)).toBe(0);
    tally.add(30 * MINUTE, 10);
    expect(tally.perMinute(91 * MINUTE)).toBe(2);
  });
});
