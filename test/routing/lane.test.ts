import { describe, expect, test } from 'vitest';
import { laneOf } from '../../src/routing/lane.ts';

const nowMs = Date.parse('2026-07-31T12:00:00Z');
const lane = (
  operation: 'deposit' | 'replace' | 'delete',
  dates: (string | null)[],
  historicAfterDays?: number,
) => laneOf({ operation, dates, historicAfterDays, nowMs });

describe('the lane of a new delivery', () => {
  test('is live while the sender has no policy for the past', () => {
    expect(lane('deposit', ['19990101'])).toBe('live');
  });

  test.each([
    ['20260701', 'historic'],
    ['20260702', 'live'],
    ['202607010830+0200', 'historic'],
    ['2026', 'historic'],
    ['202607', 'historic'],
    ['never', 'live'],
    [null, 'live'],
  ])('of a document dated %s is %s after 30 days', (date, expected) => {
    expect(lane('deposit', [date], 30)).toBe(expected);
  });

  test('is historic for all that a sender deposits who loads the past only', () => {
    expect(lane('deposit', ['20260731'], 0)).toBe('historic');
  });

  test('is live as soon as one of the documents is of today', () => {
    expect(lane('deposit', ['20250101', '20260730'], 30)).toBe('live');
  });

  test('is live for what corrects or takes away', () => {
    expect(lane('replace', ['20250101'], 30)).toBe('live');
    expect(lane('delete', ['20250101'], 30)).toBe('live');
  });
});
