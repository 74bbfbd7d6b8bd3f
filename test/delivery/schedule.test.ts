import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JITTER, parseSchedule, waitAfter } from '../../src/delivery/schedule.ts';

describe('a retry schedule', () => {
  test('reads as it is written', () => {
    expect(parseSchedule('1m, 5m*2, 1h*3').waitsMs).toEqual([
      60_000, 300_000, 300_000, 3_600_000, 3_600_000, 3_600_000,
    ]);
    expect(parseSchedule('1s*2, 2d, …')).toMatchObject({ waitsMs: [1000, 1000, 172_800_000], endless: true });
  });

  test.each(['', '1', '1x', '0s', '1m*0', '1m,,2m', '1m*', 'm', '1.5m', '-1m'])(
    '%j is refused, naming the step',
    (text) => {
      expect(() => parseSchedule(text)).toThrow(
        expect.objectContaining({ code: 'delivery.schedule-malformed' }),
      );
    },
  );

  test('comes to its end unless it is endless', () => {
    expect(waitAfter(parseSchedule('1s*2'), 3, 0)).toBeNull();
    expect(waitAfter(parseSchedule('1s, 9s, …'), 1000, 0)).toBe(9000);
  });

  test('is never shortened and never lengthened beyond its jitter', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failure, random) => {
          const schedule = parseSchedule('7s, 3m, 2h');
          const wait = waitAfter(schedule, failure, random)!;
          expect(wait).toBeGreaterThanOrEqual(schedule.waitsMs[failure - 1]!);
          expect(wait).toBeLessThanOrEqual(Math.ceil(schedule.waitsMs[failure - 1]! * (1 + JITTER)));
        },
      ),
    );
  });
});
