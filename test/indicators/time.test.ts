import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgingWindow, monthPeriod, observationInstant, resolvePeriod } from '../../src/indicators/time.ts';
import { dayNumber, dayText, readInstant, zoneOf } from '../../src/indicators/zone.ts';
import { isViaducError } from '../../src/words/errors.ts';
import { fraction, letter, stay, suiviContinu, sunEs } from './facts.ts';

const paris = zoneOf('Europe/Paris');
const utc = (text: string) => Date.parse(text);
const iso = (ms: number) => new Date(ms).toISOString();

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (isViaducError(error)) return error.code;
    throw error;
  }
  return 'none';
}

describe('a zone', () => {
  test.each([
    ['a winter evening', '2022-01-10T23:30', '2022-01-10T22:30:00.000Z'],
    ['a summer evening', '2022-06-30T23:50:00', '2022-06-30T21:50:00.000Z'],
    ['an hour that spring leaps over, as much later', '2022-03-27T02:30', '2022-03-27T01:30:00.000Z'],
    ['an hour that autumn shows twice, the first time', '2022-10-30T02:30', '2022-10-30T00:30:00.000Z'],
    ['the second of them by its offset', '2022-10-30T02:30+01:00', '2022-10-30T01:30:00.000Z'],
    ['a day alone, its beginning', '2022-06-15', '2022-06-14T22:00:00.000Z'],
    ['a fraction of a second', '2022-06-15T10:00:00.25Z', '2022-06-15T10:00:00.250Z'],
    ['an offset without colon', '2022-06-15T10:00:00-0300', '2022-06-15T13:00:00.000Z'],
  ])('reads %s', (_, text, expected) => {
    expect(iso(readInstant(text, paris)!)).toBe(expected);
  });

  test.each([
    '2022-02-29',
    '2022-06-31T10:00',
    '2022-13-01',
    '2022-00-10',
    '2022-06-00',
    '2022-06-15T24:00',
    '2022-06-15T10:60',
    '2022-06-15T10:00+15:00',
    '15/06/2022',
    '20220615',
    '2022-06-15T10',
    '',
  ])('refuses %j', (text) => {
    expect(readInstant(text, paris)).toBeNull();
  });

  test('an unknown name is refused', () => {
    expect(codeOf(() => zoneOf('Europe/Lutece'))).toBe('indicators.zone-unknown');
  });

  test.each([
    ['Europe/Paris'],
    ['Indian/Reunion'],
    ['America/Cayenne'],
    ['Pacific/Noumea'],
    ['America/Sao_Paulo'],
  ])('%s: local time and back, on every day around every change of hour', (name) => {
    const zone = zoneOf(name);
    const range = { min: utc('2000-01-01T00:00:00Z'), max: utc('2030-01-01T00:00:00Z') };
    fc.assert(
      fc.property(fc.integer(range), (ms) => {
        const local = ms + zone.offsetAt(ms);
        const back = zone.instantOf(local);
        expect(back + zone.offsetAt(back)).toBe(local);
        expect(back).toBeLessThanOrEqual(ms);
        expect(zone.dayOf(zone.startOfDay(zone.dayOf(ms)))).toBe(zone.dayOf(ms));
        expect(zone.startOfDay(zone.dayOf(ms))).toBeLessThanOrEqual(ms);
        expect(zone.startOfDay(zone.dayOf(ms) + 1)).toBeGreaterThan(ms);
      }),
    );
  });

  test('offsets agree with another reading of Intl, every half hour of a year', () => {
    const format = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Paris', timeZoneName: 'longOffset' });
    for (let ms = utc('2022-01-01T00:00:00Z'); ms < utc('2023-01-01T00:00:00Z'); ms += 1_800_000) {
      const hours = Number(format.format(ms).slice(-5, -3));
      if (paris.offsetAt(ms) !== hours * 3_600_000) expect(iso(ms)).toBe('an instant with another offset');
    }
  });
});

describe('days', () => {
  test('exist or not', () => {
    expect(dayText(dayNumber('2024-02-29')!)).toBe('2024-02-29');
    expect(dayNumber('2023-02-29')).toBeNull();
    expect(dayNumber('2023-2-9')).toBeNull();
  });
});

describe('a period', () => {
  const asOf = utc('2026-07-01T00:00:00+02:00');

  test.each([
    ['F1', '2021-12-31T23:00:00.000Z', '2022-06-30T22:00:00.000Z'],
    ['F2', '2022-06-30T22:00:00.000Z', '2022-12-31T23:00:00.000Z'],
    ['F3', '2022-12-31T23:00:00.000Z', '2023-06-30T22:00:00.000Z'],
    ['F4', '2023-06-30T22:00:00.000Z', '2023-12-31T23:00:00.000Z'],
    ['2025-S1', '2024-12-31T23:00:00.000Z', '2025-06-30T22:00:00.000Z'],
    ['current', '2026-06-30T22:00:00.000Z', '2026-12-31T23:00:00.000Z'],
  ])('window %s begins and ends at local midnight', (window, start, end) => {
    const period = resolvePeriod({ window }, sunEs, paris, asOf);
    expect([iso(period.startMs), iso(period.endMs)]).toEqual([start, end]);
  });

  test('the current half-year changes at local midnight', () => {
    const current = (at: string) => resolvePeriod({ window: 'current' }, suiviContinu, paris, utc(at)).id;
    expect(current('2026-06-30T21:59:59.999Z')).toBe('2026-S1');
    expect(current('2026-06-30T22:00:00Z')).toBe('2026-S2');
    expect(current('2026-12-31T23:00:00Z')).toBe('2027-S1');
  });

  test('a month is as long as its hours', () => {
    const hours = (month: string) => {
      const { startMs, endMs } = monthPeriod(month, paris);
      return (endMs - startMs) / 3_600_000;
    };
    expect([hours('2022-03'), hours('2022-10'), hours('2024-02')]).toEqual([743, 745, 696]);
  });

  test('two days include the last', () => {
    const { id, startMs, endMs } = resolvePeriod(
      { from: '2022-06-01', to: '2022-06-01' },
      sunEs,
      paris,
      asOf,
    );
    expect([id, endMs - startMs]).toEqual(['2022-06-01/2022-06-01', 86_400_000]);
  });

  test('months of a window are judged by it, months across two are not', () => {
    const judged = (from: string, to: string) =>
      judgingWindow(sunEs, resolvePeriod({ from, to }, sunEs, paris, asOf));
    expect(judged('2022-06-01', '2022-06-30')).toBe('F1');
    expect(judged('2022-06-15', '2022-07-15')).toBeNull();
    expect(judged('2024-01-01', '2024-01-31')).toBeNull();
  });

  test.each([
    [{ window: 'F5' }, 'indicators.window-unknown'],
    [{ window: '2026-S3' }, 'indicators.window-unknown'],
    [{ period: '2022-13' }, 'indicators.period-invalid'],
    [{ period: '2022-6' }, 'indicators.period-invalid'],
    [{ from: '2022-06-02', to: '2022-06-01' }, 'indicators.period-invalid'],
    [{ from: '2022-02-30', to: '2022-03-01' }, 'indicators.period-invalid'],
  ])('%o is refused', (request, code) => {
    expect(codeOf(() => resolvePeriod(request, sunEs, paris, asOf))).toBe(code);
  });
});

describe('the observation instant', () => {
  test('grace is whole local days, whatever the hour does', () => {
    const march = monthPeriod('2022-02', paris);
    expect(iso(observationInstant(march, 0, paris))).toBe('2022-02-28T23:00:00.000Z');
    expect(iso(observationInstant(march, 28, paris))).toBe('2022-03-28T22:00:00.000Z');
  });

  test('a deposit accepted at that instant is too late, one a millisecond before is not', () => {
    const at = (deliveredAt: string) =>
      fraction('DS1.1', { stays: [stay('S1')], documents: [letter('S1', { deliveredAt })] });
    expect(at('2022-06-30T21:59:59.999Z')).toEqual([1, 1]);
    expect(at('2022-06-30T22:00:00.000Z')).toEqual([0, 1]);
  });
});

describe('a stay belongs to the period of its local day of discharge', () => {
  const dischargedIn = (period: string, dischargedAt: string) =>
    fraction('DS1.1', { stays: [stay('S1', { dischargedAt })] }, { period })[1] === 1;

  test.each([
    ['2022-03', '2022-03-27T21:59:59.999Z', true],
    ['2022-03', '2022-03-31T21:59:59.999Z', true],
    ['2022-04', '2022-03-31T22:00:00.000Z', true],
    ['2022-10', '2022-10-31T22:59:59.999Z', true],
    ['2022-11', '2022-10-31T23:00:00.000Z', true],
    ['2022-12', '2022-12-31T22:59:59.999Z', true],
    ['2022-12', '2022-12-31T23:00:00.000Z', false],
    ['2023-01', '2022-12-31T23:00:00.000Z', true],
  ])('%s has %s: %s', (period, dischargedAt, belongs) => {
    expect(dischargedIn(period, dischargedAt)).toBe(belongs);
  });

  test('in another zone the same instant is another day', () => {
    const facts = { stays: [stay('S1', { dischargedAt: '2022-06-30T20:30:00.000Z' })] };
    expect(fraction('DS1.1', facts, { zone: 'Europe/Paris' })[1]).toBe(1);
    expect(fraction('DS1.1', facts, { zone: 'Indian/Reunion' })[1]).toBeNull();
  });
});
