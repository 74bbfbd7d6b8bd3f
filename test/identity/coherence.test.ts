import { describe, expect, test } from 'vitest';
import { identityLimits } from '../../src/identity/limits.ts';
import { comparePlaces } from '../../src/identity/places.ts';
import type { PatientFacts } from '../../src/words/document.ts';
import { assess, graded, id, NOW_MS } from './person.ts';

describe('coherence is a warning, never an error', () => {
  const of = (matricule: string, changes: Partial<PatientFacts>) =>
    graded(assess({ ids: [id('8', matricule)], ...changes }));

  test.each([
    ['sex', { gender: 'M' }, 'ins.sex-differs warning'],
    ['year', { birthTime: '19780328' }, 'ins.birth-year-differs warning'],
    ['month', { birthTime: '19790428' }, 'ins.birth-month-differs warning'],
    ['place', { birthPlace: '63220' }, 'ins.birth-place-differs warning'],
  ])('another %s', (_, changes, finding) => {
    const assessment = assess(changes);
    expect(graded(assessment)).toEqual([finding]);
    expect(assessment.depositAllowed).toBe(true);
  });

  test('a year of another century agrees: the matricule has no century', () => {
    expect(of('106099955391094', { gender: 'M', birthTime: '19060901', birthPlace: '99553' })).toEqual([]);
    expect(of('106099955391094', { gender: 'M', birthTime: '20060901', birthPlace: '99553' })).toEqual([]);
  });

  test('31 December is not suspicious, and goes with an incomplete month', () => {
    expect(of('284202B32102528', { birthTime: '19841231', birthPlace: '2B321' })).toEqual([]);
  });

  test('a department that was no more at the birth is suspicious', () => {
    const man = { gender: 'M', birthTime: '19850115' };
    expect(of('185019600900119', { ...man, birthPlace: '96009' })).toEqual([
      'ins.department-suspicious warning',
    ]);
    expect(of('185012000400187', { ...man, birthPlace: '2A004' })).toEqual([
      'ins.department-suspicious warning',
      'ins.birth-place-renamed info',
    ]);
  });

  test('91 is Essonne for who was born after 1968', () => {
    expect(of('185019135200149', { gender: 'M', birthTime: '19850115', birthPlace: '91352' })).toEqual([]);
    expect(of('185019135200149', { gender: 'M', birthTime: '19850115', birthPlace: '99352' })).toEqual([
      'ins.birth-place-differs warning',
    ]);
  });

  test('a waiting series under the root of the NIR is also told as such', () => {
    expect(of('785017505600109', { gender: 'M', birthTime: '19850115', birthPlace: '75056' })).toContain(
      'ins.root-body info',
    );
  });
});

describe('two codes of one place', () => {
  /** A matricule of a man born in January of a year, in a place, with a right key. */
  const born = (year: number, registered: string, trait: string) => {
    const body = `1${String(year).slice(2)}01${registered}001`;
    const digits = body.replace(/^(.{5})2A/, '$119').replace(/^(.{5})2B/, '$118');
    const key = String(97 - Number(BigInt(digits) % 97n)).padStart(2, '0');
    return graded(
      assess({ ids: [id('8', body + key)], gender: 'M', birthTime: `${year}0115`, birthPlace: trait }),
    );
  };

  test.each([
    [1950, '20004', '2A004'],
    [1950, '20033', '2B033'],
    [1950, '2A004', '20004'],
    [1955, '91352', '99352'],
    [1962, '94352', '99352'],
    [1950, '95100', '99350'],
    [1950, '96100', '99351'],
    [1980, '75115', '75056'],
    [1980, '75056', '75120'],
    [1980, '75101', '75056'],
    [1980, '75109', '75056'],
    [1980, '75110', '75056'],
    [1980, '75119', '75056'],
    [1980, '69381', '69123'],
    [1980, '69389', '69123'],
    [1980, '13201', '13055'],
    [1980, '13209', '13055'],
    [1980, '13210', '13055'],
    [1980, '13216', '13055'],
    [1960, '75030', '92030'],
    [1968, '78100', '95100'],
  ])('%i: %s and %s', (year, registered, trait) => {
    expect(born(year, registered, trait)).toEqual(['ins.birth-place-renamed info']);
  });

  test.each([
    [1950, '20004', '2A005'],
    [1950, '20004', '2B040'],
    [1963, '91352', '99352'],
    [1957, '95100', '99350'],
    [1980, '75115', '75116'],
    [1980, '75100', '75056'],
    [1980, '75121', '75056'],
    [1980, '13200', '13055'],
    [1980, '69380', '69123'],
    [1980, '13217', '13055'],
    [1980, '75115', '69123'],
    [1969, '75030', '92030'],
    [1960, '92030', '75030'],
  ])('%i: %s and %s are two places', (year, registered, trait) => {
    expect(born(year, registered, trait)).toEqual(['ins.birth-place-differs warning']);
  });
});

describe('age', () => {
  const bornOn = (birthTime: string, nowMs = NOW_MS) =>
    graded(assess({ birthTime }, { nowMs })).filter((one) => one.startsWith('ins.birth-date'));
  const years = identityLimits.age.value;

  test('today is not the future, also where the day begins first', () => {
    expect(bornOn('20250615')).toEqual([]);
    expect(bornOn('20250616')).toEqual([]);
    expect(bornOn('20250616', Date.UTC(2025, 5, 15, 9))).toEqual(['ins.birth-date-future error']);
    expect(bornOn('20250617')).toEqual(['ins.birth-date-future error']);
  });

  test('the oldest age is accepted, a day more is not', () => {
    const now = Date.UTC(2025, 5, 15);
    expect(bornOn(`${2025 - years}0615`, now)).toEqual([]);
    expect(bornOn(`${2025 - years}0614`, now)).toEqual(['ins.birth-date-too-old error']);
  });

  test('without an INS nothing vouches for the date: a warning', () => {
    expect(graded(assess({ ids: [], birthTime: '20991231' }))).toContain('ins.birth-date-future warning');
  });
});

test.each([
  ['2A004', '20004', 1990, 'Corse'],
  ['91352', '99352', 1955, 'Algérie'],
  ['95100', '99350', 1950, 'Maroc'],
  ['96100', '99351', 1950, 'Tunisie'],
  ['69381', '69123', 1990, 'arrondissement'],
  ['75112', '91477', 1960, 'Île-de-France 1968'],
])('the place %s may be written %s for a birth in %i, and it is said why', (registered, trait, year, why) => {
  expect(comparePlaces(registered, trait, year)).toBe(why);
  expect(comparePlaces(registered, registered, year)).toBe('same');
  expect(comparePlaces(registered, '33063', year)).toBe('different');
});
