import { indicatorError } from './errors.ts';

export const DAY_MS = 86_400_000;

/**
 * An IANA time zone: between instants (milliseconds since 1970-01-01T00:00:00Z) and what local clocks show. Local times
 * are given as milliseconds, as if the clock showed UTC.
 */
export interface Zone {
  readonly name: string;
  /** What clocks show minus UTC at an instant, in milliseconds. */
  offsetAt(instantMs: number): number;
  /**
   * The instant at which clocks show a local time. Of a time shown twice (autumn) the first; a time never shown (spring)
   * is taken as much later as the clock was advanced, as ISO 8601 libraries and RFC 5545 do.
   */
  instantOf(localMs: number): number;
  /** Number of the local calendar day, days since 1970-01-01. */
  dayOf(instantMs: number): number;
  /** First instant of a local calendar day; midnight, or when the day begins later, that. */
  startOfDay(day: number): number;
}

const zones = new Map<string, Zone>();

/**
 * The zone of a name.
 * @throws ViaducError indicators.zone-unknown
 */
export function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (!zone) {
    zone = makeZone(name);
    zones.set(name, zone);
  }
  return zone;
}

function makeZone(name: string): Zone {
  const offsetAt = rememberedByDay(computedOffset(name));
  const instantOf = (localMs: number) => {
    const before = localMs - offsetAt(localMs - DAY_MS);
    if (before + offsetAt(before) === localMs) return before;
    const after = localMs - offsetAt(localMs + DAY_MS);
    return after + offsetAt(after) === localMs ? after : before;
  };
  return {
    name,
    offsetAt,
    instantOf,
    dayOf: (instantMs) => Math.floor((instantMs + offsetAt(instantMs)) / DAY_MS),
    startOfDay: (day) => instantOf(day * DAY_MS),
  };
}

/** Reading an offset from Intl costs microseconds; a day on which it does not change needs it twice only. */
function rememberedByDay(offsetAt: (instantMs: number) => number): (instantMs: number) => number {
  const days = new Map<number, number>();
  return (instantMs) => {
    const day = Math.floor(instantMs / DAY_MS);
    let offset = days.get(day);
    if (offset === undefined) {
      const start = offsetAt(day * DAY_MS);
      offset = start === offsetAt((day + 1) * DAY_MS) ? start : Number.NaN;
      days.set(day, offset);
    }
    return Number.isNaN(offset) ? offsetAt(instantMs) : offset;
  };
}

function computedOffset(name: string): (instantMs: number) => number {
  const format = formatOf(name);
  return (instantMs) => {
    const wholeSecond = Math.floor(instantMs / 1000) * 1000;
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(wholeSecond)) part[type] = Number(value);
    const shown = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!);
    return shown - wholeSecond;
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const numeric = 'numeric' as const;
  const fields = {
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
  };
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, calendar: 'gregory', hourCycle: 'h23', ...fields });
  } catch (cause) {
    throw indicatorError('indicators.zone-unknown', { zone: timeZone }, cause);
  }
}

const LOCAL =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * An instant from ISO 8601 text: with an offset (`2022-06-30T23:50+02:00`, `…Z`), or in local time of the zone, or a day
 * alone, which is read as its beginning. Null when the text has another form or names a time that no calendar has.
 */
export function readInstant(text: string, zone: Zone): number | null {
  const found = LOCAL.exec(text);
  if (!found) return null;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part) => Number(part ?? 0));
  if (hour! > 23 || minute! > 59 || second! > 59) return null;
  const midnight = Date.UTC(year!, month! - 1, day!);
  if (year! < 1000 || new Date(midnight).getUTCMonth() !== month! - 1 || day === 0) return null;
  const millis = Math.floor(Number(`0.${found[7] ?? '0'}`) * 1000);
  const local = midnight + ((hour! * 60 + minute!) * 60 + second!) * 1000 + millis;
  const offset = found[8] === undefined ? null : offsetMs(found[8]);
  if (offset === null) return zone.instantOf(local);
  return Number.isNaN(offset) ? null : local - offset;
}

const MOST_OFFSET_HOURS = 14;

function offsetMs(text: string): number {
  if (text === 'Z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(-2));
  if (hours > MOST_OFFSET_HOURS || minutes > 59) return Number.NaN;
  return (text[0] === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** An instant of a fact as the ledger writes it (ISO 8601 UTC), which is read fast; any other form as `readInstant`. */
export function factInstant(text: string, zone: Zone): number | null {
  if (!text.endsWith('Z')) return readInstant(text, zone);
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Number of a calendar day `YYYY-MM-DD` (days since 1970-01-01), or null when there is no such day. */
export function dayNumber(text: string): number | null {
  const found = DAY.exec(text);
  if (!found) return null;
  const ms = Date.UTC(Number(found[1]), Number(found[2]) - 1, Number(found[3]));
  return new Date(ms).toISOString().startsWith(text) ? ms / DAY_MS : null;
}

/** A day number as `YYYY-MM-DD`. */
export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
