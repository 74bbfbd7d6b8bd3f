/** How much of a time stamp is given. */
export type Precision = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'fraction';

const PRECISIONS: readonly Precision[] = ['year', 'month', 'day', 'hour', 'minute', 'second', 'fraction'];

/** Instants from `fromMs` up to but without `beforeMs`, milliseconds since 1970-01-01T00:00:00Z. */
export interface InstantRange {
  fromMs: number;
  beforeMs: number;
}

/** An HL7 v3 time stamp (TS), read. */
export interface TimeStamp {
  precision: Precision;
  /** Year, month, day, hour, minute, second as far as given; month and day from 1. */
  fields: readonly number[];
  /** Digits after the decimal point of the second, or empty. */
  fraction: string;
  /** Offset from UTC as written, or null. */
  offsetMinutes: number | null;
  /** Calendar date where it was written: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. No offset ever moves it. */
  date: string;
  /** The instants that the stamp may mean, null when it has no offset: see `instantsIn`. */
  range: InstantRange | null;
}

const SHAPE =
  /^(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:\.(\d{1,9}))?)?)?)?)?)?(?:([+-])(\d{2})(\d{2}))?$/;

/**
 * Reads an HL7 time stamp, `YYYY[MM[DD[HH[MM[SS[.S…]]]]]][+-ZZZZ]` (HL7 v3 data types, TS). Null when the text has another
 * shape or names a date, an hour or an offset that does not exist. Leap seconds are refused: XDS has none.
 */
export function parseTime(text: string): TimeStamp | null {
  const found = SHAPE.exec(text);
  if (!found) return null;
  const fields = found.slice(1, 7).flatMap((part) => (part === undefined ? [] : [Number(part)]));
  const fraction = found[7] ?? '';
  const offsetMinutes = found[8] === undefined ? null : offset(found[8], found[9]!, found[10]!);
  if (!exists(fields) || Number.isNaN(offsetMinutes)) return null;
  const precision = fraction === '' ? PRECISIONS[fields.length - 1]! : 'fraction';
  const date = found.slice(1, 4).filter(Boolean).join('-');
  const range = offsetMinutes === null ? null : shifted(localRange(fields, fraction), offsetMinutes);
  return { precision, fields, fraction, offsetMinutes, date, range };
}

const MOST_OFFSET_HOURS = 14;

/** Minutes of an offset, NaN when no place on Earth has it. */
function offset(sign: string, hours: string, minutes: string): number {
  if (Number(hours) > MOST_OFFSET_HOURS || Number(minutes) > 59) return Number.NaN;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function exists([
  year = 0,
  month = 1,
  day = 1,
  hour = 0,
  minute = 0,
  second = 0,
]: readonly number[]): boolean {
  if (year === 0 || month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return false;
  return day >= 1 && day <= new Date(utc([year, month + 1, 0])).getUTCDate();
}

/** Milliseconds of calendar fields read as UTC; fields out of their range carry over. */
function utc([year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0]: readonly number[]): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.setUTCHours(hour, minute, second);
}

function localRange(fields: readonly number[], fraction: string): InstantRange {
  const fromMs = utc(fields);
  if (fraction === '') return { fromMs, beforeMs: utc([...fields.slice(0, -1), fields.at(-1)! + 1]) };
  const within = fromMs + Number(fraction.padEnd(3, '0').slice(0, 3));
  return { fromMs: within, beforeMs: within + Math.max(1, 10 ** (3 - fraction.length)) };
}

function shifted({ fromMs, beforeMs }: InstantRange, minutes: number): InstantRange {
  return { fromMs: fromMs - minutes * 60_000, beforeMs: beforeMs - minutes * 60_000 };
}

/** The instants that a stamp may mean; without an offset of its own it is read in an IANA zone. */
export function instantsIn(time: TimeStamp, zone: string): InstantRange {
  if (time.range) return time.range;
  const { fromMs, beforeMs } = localRange(time.fields, time.fraction);
  return { fromMs: fromZone(fromMs, zone), beforeMs: fromZone(beforeMs, zone) };
}

/** The instant at which clocks of a zone show what `localMs` shows in UTC; twice in a year that is a choice. */
function fromZone(localMs: number, zone: string): number {
  const guess = localMs - zoneOffsetMs(localMs, zone);
  return localMs - zoneOffsetMs(guess, zone);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function zoneOffsetMs(instantMs: number, zone: string): number {
  let format = formats.get(zone);
  format ??= new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  formats.set(zone, format);
  const name = format.formatToParts(instantMs).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes, seconds] = /([+-])(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(name) ?? [];
  const magnitude = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  return (sign === '-' ? -1000 : 1000) * magnitude;
}

/**
 * A time stamp as XDS wants it (IHE DTM: UTC, digits only, at most seconds), with the precision it was given: a value of
 * a day or less stays as it is, since no day has a UTC form. Hours without an offset are read in `zone`. An hour without
 * minutes under an offset of half hours gives the hour in which it begins. A fraction is dropped.
 */
export function toUtcDtm(time: TimeStamp, zone = 'Europe/Paris'): string {
  if (time.fields.length <= 3) return time.date.replaceAll('-', '');
  const digits = new Date(instantsIn(time, zone).fromMs).toISOString().replace(/\D/g, '');
  return digits.slice(0, 2 + time.fields.length * 2);
}
