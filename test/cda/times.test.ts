import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instantsIn, parseTime, toUtcDtm } from '../../src/cda/times.ts';

const at = (iso: string) => Date.parse(iso);

describe('a time stamp is read with its precision', () => {
  test.each([
    ['2024', 'year', '2024'],
    ['202402', 'month', '2024-02'],
    ['20240229', 'day', '2024-02-29'],
    ['2024022923', 'hour', '2024-02-29'],
    ['202402292359', 'minute', '2024-02-29'],
    ['20240229235959', 'second', '2024-02-29'],
    ['20240229235959.5', 'fraction', '2024-02-29'],
    ['20240229235959.123456789+0100', 'fraction', '2024-02-29'],
  ])('%s to the %s', (text, precision, date) => {
    expect(parseTime(text)).toMatchObject({ precision, date });
  });

  test.each([
    ['2024+0100', '2023-12-31T23:00:00Z', '2024-12-31T23:00:00Z'],
    ['202402-0500', '2024-02-01T05:00:00Z', '2024-03-01T05:00:00Z'],
    ['20241231+0000', '2024-12-31T00:00:00Z', '2025-01-01T00:00:00Z'],
    ['2024013109+0100', '2024-01-31T08:00:00Z', '2024-01-31T09:00:00Z'],
    ['202401310930+0100', '2024-01-31T08:30:00Z', '2024-01-31T08:31:00Z'],
    ['20240131093000+0530', '2024-01-31T04:00:00Z', '2024-01-31T04:00:01Z'],
    ['20240131093000.071+0100', '2024-01-31T08:30:00.071Z', '2024-01-31T08:30:00.072Z'],
    ['20240131093000.9999+0100', '2024-01-31T08:30:00.999Z', '2024-01-31T08:30:01Z'],
    ['20240131093000.25+0100', '2024-01-31T08:30:00.250Z', '2024-01-31T08:30:00.260Z'],
  ])('%s means the instants from %s to %s', (text, from, before) => {
    expect(parseTime(text)?.range).toEqual({ fromMs: at(from), beforeMs: at(before) });
  });

  test('without an offset it means no instant until a zone is given', () => {
    const summer = parseTime('20240701120000')!;
    expect(summer.range).toBeNull();
    expect(instantsIn(summer, 'Europe/Paris').fromMs).toBe(at('2024-07-01T10:00:00Z'));
    expect(instantsIn(summer, 'Indian/Reunion').fromMs).toBe(at('2024-07-01T08:00:00Z'));
  });

  test('a day of 23 hours is 23 hours long', () => {
    const { fromMs, beforeMs } = instantsIn(parseTime('20240331')!, 'Europe/Paris');
    expect(beforeMs - fromMs).toBe(23 * 3_600_000);
  });
});

describe('what is no time stamp is refused', () => {
  test.each([
    '',
    '24',
    '202',
    '20240',
    '2024-01-31',
    '20241301',
    '20240001',
    '20240132',
    '20230229',
    '19000229',
    '20240100',
    '2024013124',
    '202401310960',
    '20240131093060',
    '20240131093000.',
    '202401310930.5',
    '00000101',
    '20240131093000+1',
    '20240131093000+999',
    '20240131093000+1500',
    '20240131093000+0160',
    '20240131093000Z',
    ' 20240131',
    '20240131\n',
    '２０２４',
  ])('%j', (text) => {
    expect(parseTime(text)).toBeNull();
  });
});

describe('a time stamp as XDS wants it', () => {
  test.each([
    ['20230209113000+0100', '20230209103000'],
    ['202302091130+0100', '202302091030'],
    ['2023020911+0100', '2023020910'],
    ['20240101003000+0100', '20231231233000'],
    ['20231231200000-0500', '20240101010000'],
    ['20240131093000.75+0100', '20240131083000'],
    ['20240101', '20240101'],
    ['20240101+0100', '20240101'],
    ['202401', '202401'],
    ['2024', '2024'],
    ['20240131093000', '20240131083000'],
  ])('%s becomes %s', (text, utc) => {
    expect(toUtcDtm(parseTime(text)!)).toBe(utc);
  });

  test('hours without an offset are read in the zone of the establishment', () => {
    expect(toUtcDtm(parseTime('20240101010000')!, 'America/Cayenne')).toBe('20240101040000');
  });

  test('any instant written with any offset comes back in UTC', () => {
    const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
    const instant = fc.integer({
      min: at('1900-01-01T00:00:00Z') / 1000,
      max: at('2199-12-31T00:00:00Z') / 1000,
    });
    const digits = (ms: number) => new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14);
    fc.assert(
      fc.property(instant, offset, (second, minutes) => {
        const size = Math.abs(minutes);
        const zone = `${minutes < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}${String(size % 60).padStart(2, '0')}`;
        const written = `${digits((second + minutes * 60) * 1000)}${zone}`;
        expect(toUtcDtm(parseTime(written)!)).toBe(digits(second * 1000));
      }),
    );
  });

  test('what is read is a date of the calendar, and nothing else is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), fc.nat(99), fc.nat(99), (year, month, day) => {
        const two = (part: number) => String(part).padStart(2, '0');
        const iso = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
        const real =
          !Number.isNaN(Date.parse(`${iso}T00:00:00Z`)) &&
          new Date(`${iso}T00:00:00Z`).toISOString().startsWith(iso);
        expect(parseTime(iso.replaceAll('-', ''))?.date ?? null).toBe(real ? iso : null);
      }),
    );
  });
});
