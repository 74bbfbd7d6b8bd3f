import { describe, expect, test } from 'vitest';
import { type Holdable, holdOf } from '../../src/routing/holding.ts';
import type { HoldRule } from '../../src/words/hold.ts';

const NOW = Date.parse('2026-07-01T08:00:00Z');
const DAY = 86_400_000;
const letter: Holdable = {
  ...{ establishment: 'north', sender: 'dpi', operation: 'deposit', types: ['11490-0'] },
  units: ['0B0000012', '3021'],
};
const rule = (changes: Partial<HoldRule>): HoldRule => ({
  ...{ reason: 'r', forMs: 2 * DAY, atEnd: 'release' },
  ...changes,
});

describe('a rule holds', () => {
  test.each<[string, Partial<HoldRule>, boolean]>([
    ['the sender', { sender: 'dpi' }, true],
    ['another sender', { sender: 'lab' }, false],
    ['the type', { type: '11490-0' }, true],
    ['another type', { type: '11502-2' }, false],
    ['the responsible unit', { unit: '3021' }, true],
    ['the site', { unit: '0B0000012' }, true],
    ['another unit', { unit: '3022' }, false],
    ['the establishment', { establishment: 'north' }, true],
    ['another establishment', { establishment: 'south' }, false],
    ['several criteria, all met', { sender: 'dpi', type: '11490-0' }, true],
    ['several criteria, one not met', { sender: 'dpi', type: '11502-2' }, false],
  ])('by %s', (_, criteria, held) => {
    expect(holdOf(null, [rule(criteria)], letter, NOW) !== null).toBe(held);
  });

  test('from the arrival on, or until its instant and never after it', () => {
    expect(holdOf(null, [rule({ sender: 'dpi' })], letter, NOW)).toEqual({
      ...{ reason: 'r', until: '2026-07-03T08:00:00.000Z', atEnd: 'release', origin: 'rule', by: null },
    });
    const { forMs: _, ...fixed } = rule({ sender: 'dpi', until: '2026-07-01T10:00:01+02:00' });
    expect(holdOf(null, [fixed], letter, NOW)?.until).toBe(fixed.until);
    expect(holdOf(null, [fixed], letter, NOW + 1000)).toBeNull();
  });

  test('no deletion, which only its own request holds', () => {
    const deletion = { ...letter, operation: 'delete' as const };
    const asked = { reason: 'asked', until: '2026-07-02T08:00:00Z' };
    expect(holdOf(null, [rule({ sender: 'dpi' })], deletion, NOW)).toBeNull();
    expect(holdOf(asked, [], deletion, NOW)).toMatchObject({ origin: 'request', atEnd: 'release' });
  });
});

test('of several holds the one that lasts longest counts', () => {
  const asked = { reason: 'asked', until: '2026-07-02T08:00:00Z' };
  const rules = [rule({ type: '11490-0', reason: 'two days' }), rule({ sender: 'dpi', forMs: DAY / 2 })];
  expect(holdOf(asked, rules, letter, NOW)?.reason).toBe('two days');
  expect(holdOf(asked, [rules[1]!], letter, NOW)?.reason).toBe('asked');
  expect(holdOf({ ...asked, until: '2026-06-30T08:00:00Z' }, [], letter, NOW)).toBeNull();
});
