import { describe, expect, test } from 'vitest';
import type { IndicatorFacts } from '../../src/indicators/facts.ts';
import type { SettingsOverlay } from '../../src/indicators/settings.ts';
import type { StayReference } from '../../src/words/request.ts';
import type { Stay } from '../../src/words/stay.ts';
import { deposit, OTHER_EG, reference, report, resultIn, stay } from './facts.ts';

/** How one letter with a reference is linked, and to which stay. */
function link(
  stays: Stay[],
  ref: StayReference | null,
  settings: SettingsOverlay = {},
  more: Partial<IndicatorFacts> = {},
): string {
  const documents = [deposit({ stay: ref, person: 'p1' })];
  const opened = report({ stays, documents, ...more }, { settings, scope: { level: 'EJ' } }).open('DS1.1');
  const unit = [...opened.counted, ...opened.inferred].find((one) => one.documents.length > 0);
  return unit ? `${unit.documents[0]!.link} ${unit.key.split('/')[1]}` : opened.unlinked[0]!.link;
}

describe('a document is linked', () => {
  const S1 = stay('S1', { visitNo: 'V1' });
  const S2 = stay('S2', { visitNo: 'V2' });

  test('by file number, which goes before the visit number', () => {
    expect(link([S1, S2], reference('S1', { visit: 'V2' }))).toBe('number S1');
  });

  test('by visit number when the file number is unknown', () => {
    expect(link([S1, S2], reference('0000', { visit: 'V2' }))).toBe('visit S2');
  });

  test('never to a stay of the same number in another site', () => {
    expect(link([S1], reference('S1', { finessEg: OTHER_EG }))).not.toContain('S1');
    expect(link([S1, stay('S1', { finessEg: OTHER_EG })], reference('S1'))).toBe('number S1');
  });

  test('to none when it names none', () => {
    expect(link([S1], null)).toBe('no-reference');
    expect(link([S1], reference(null))).toBe('no-reference');
    expect(link([S1], reference('  ', { visit: '' }))).toBe('no-reference');
    expect(link([S1], reference('S9'))).toBe('unknown-stay');
  });

  test('to none when a visit number is of two stays', () => {
    expect(link([S1, stay('S3', { visitNo: 'V1' })], reference(null, { visit: 'V1' }))).toBe(
      'ambiguous-stay',
    );
  });

  test('with both numbers swapped only when the tenant says so', () => {
    const swapped = reference('V1', { visit: 'S1' });
    expect(link([S1], swapped)).toBe('unknown-stay');
    expect(link([S1], swapped, { swappedStayNumbers: true })).toBe('swapped S1');
    const twoWays = reference('V1', { visit: 'V2' });
    expect(link([S1, S2], twoWays, { swappedStayNumbers: true })).toBe('visit S2');
  });
});

describe('stay numbers are compared as the tenant says', () => {
  test.each<[string, string, string, SettingsOverlay, boolean]>([
    ['as they are', '0012', '12', {}, false],
    ['without spaces around', ' 12 ', '12', {}, true],
    ['without leading zeros', '0012', '12', { stayNumberLeadingZeros: 'strip' }, true],
    ['zeros alone keep one', '000', '0', { stayNumberLeadingZeros: 'strip' }, true],
    ['in capitals', 'ab12', 'AB12', { stayNumberCase: 'upper' }, true],
    ['without a prefix', 'NDA-12', '12', { stayNumberPrefixes: ['NDA-'] }, true],
    [
      'without a prefix in small letters',
      'nda-0012',
      '12',
      {
        ...{ stayNumberPrefixes: ['NDA-'], stayNumberCase: 'upper', stayNumberLeadingZeros: 'strip' },
      },
      true,
    ],
    ['a number that is only a prefix stays', 'NDA-', 'NDA-', { stayNumberPrefixes: ['NDA-'] }, true],
  ])('%s', (_, inMessage, inFile, settings, linked) => {
    expect(link([stay(inFile)], reference(inMessage), settings)).toBe(
      linked ? `number ${inFile}` : 'unknown-stay',
    );
  });

  test('two stays that become one number name none', () => {
    const both = [stay('012'), stay('12')];
    expect(link(both, reference('12'))).toBe('number 12');
    expect(link(both, reference('12'), { stayNumberLeadingZeros: 'strip' })).toBe('ambiguous-stay');
  });
});

describe('a stay is inferred', () => {
  const people = [{ person: 'p1', patient: 'patient of S1' }];
  const days = (admittedAt: string | null, dischargedAt: string | null) =>
    reference(null, { admittedAt, dischargedAt });
  const inferred = (ref: StayReference, settings: SettingsOverlay = {}) =>
    link([stay('S1')], ref, settings, { people });

  test.each([
    ['on the same days', '2022-06-10T23:00:00+02:00', '2022-06-15T00:30:00+02:00', 'inferred S1'],
    ['a day beside', '2022-06-11T23:00:00+02:00', '2022-06-14T00:30:00+02:00', 'inferred S1'],
    ['two days beside', '2022-06-12T00:30:00+02:00', '2022-06-15T00:30:00+02:00', 'no-reference'],
    ['discharge two days beside', '2022-06-10T08:00:00+02:00', '2022-06-17T00:30:00+02:00', 'no-reference'],
    ['without discharge', '2022-06-10T08:00:00+02:00', null, 'no-reference'],
    ['with a date that cannot be read', '2022-06-10T08:00:00+02:00', 'later', 'no-reference'],
  ])('%s', (_, admitted, discharged, expected) => {
    expect(inferred(days(admitted, discharged))).toBe(expected);
  });

  const same = days('2022-06-10T08:00:00+02:00', '2022-06-15T08:00:00+02:00');

  test('within as many days as the tenant says, or not at all', () => {
    const far = days('2022-06-12T08:00:00+02:00', '2022-06-15T08:00:00+02:00');
    expect(inferred(far, { inferredDays: 2 })).toBe('inferred S1');
    expect(inferred(same, { inferStays: false })).toBe('no-reference');
  });

  test('for the patient only, in the site only, and never for an open stay', () => {
    const other = { people: [{ person: 'p1', patient: 'patient of S2' }] };
    expect(link([stay('S1')], same, {}, other)).toBe('no-reference');
    expect(link([stay('S1')], same)).toBe('no-reference');
    expect(link([stay('S1', { finessEg: OTHER_EG }), stay('S2')], same, {}, { people })).toBe('no-reference');
    expect(link([stay('S1', { dischargedAt: null }), stay('S2')], same, {}, { people })).toBe('no-reference');
  });

  test('for a person with two local identifiers, once', () => {
    const merged = { people: [...people, ...people, { person: 'p1', patient: 'old' }] };
    expect(link([stay('S1')], same, {}, merged)).toBe('inferred S1');
    expect(link([stay('S1', { patient: 'old' })], same, {}, merged)).toBe('inferred S1');
  });

  test('never when the document bears a number, even an unknown one', () => {
    expect(inferred({ ...same, number: 'S9' })).toBe('unknown-stay');
  });

  test('and a stay with a letter by number is not inferred too', () => {
    const documents = [deposit({ stay: same, person: 'p1' }), deposit({ stay: reference('S1') })];
    const ds11 = resultIn(report({ stays: [stay('S1')], documents, people }), 'DS1.1');
    expect(ds11).toMatchObject({ numerator: 1, inferred: 0 });
  });
});
