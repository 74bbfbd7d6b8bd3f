import { XPathError } from '../error.ts';
import { trimmed } from './numbers.ts';

export type MomentType = 'dateTime' | 'date' | 'time';

const ZONE = '(Z|[+-]\\d\\d:\\d\\d)?';
const DAY = '(-?(?:[1-9]\\d{4,}|\\d{4}))-(\\d\\d)-(\\d\\d)';
const HOUR = '(\\d\\d):(\\d\\d):(\\d\\d(?:\\.\\d+)?)';
const FORMS: Readonly<Record<MomentType, RegExp>> = {
  dateTime: new RegExp(`^${DAY}T${HOUR}${ZONE}$`),
  date: new RegExp(`^${DAY}${ZONE}$`),
  time: new RegExp(`^${HOUR}${ZONE}$`),
};

/** Minutes east of UTC that a value without a time zone is read in, when it is compared with one that has it. */
const IMPLICIT_ZONE_MINUTES = 0;

/** An xs:dateTime, xs:date or xs:time. */
export class Moment {
  readonly type: MomentType;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Minutes east of UTC, or null. */
  readonly zone: number | null;

  constructor(type: MomentType, fields: readonly number[], zone: number | null) {
    const [year = 1972, month = 12, day = 31, hour = 0, minute = 0, second = 0] = fields;
    this.type = type;
    this.year = year;
    this.month = month;
    this.day = day;
    this.hour = hour;
    this.minute = minute;
    this.second = second;
    this.zone = zone;
  }

  /** Seconds since 1970 in UTC. */
  get seconds(): number {
    const zone = this.zone ?? IMPLICIT_ZONE_MINUTES;
    return (
      dayNumber(this.year, this.month, this.day) * 86_400 +
      this.hour * 3600 +
      (this.minute - zone) * 60 +
      this.second
    );
  }

  plusSeconds(seconds: number): Moment {
    const local = this.seconds + seconds + (this.zone ?? IMPLICIT_ZONE_MINUTES) * 60;
    const day = Math.floor(local / 86_400);
    const rest = local - day * 86_400;
    const [year, month, date] = this.type === 'time' ? [1972, 12, 31] : dateOf(day);
    const whole =
      this.type === 'date' ? [0, 0, 0] : [Math.floor(rest / 3600), Math.floor((rest % 3600) / 60), rest % 60];
    return new Moment(this.type, [year!, month!, date!, ...whole], this.zone);
  }

  plusMonths(months: number): Moment {
    const total = this.year * 12 + this.month - 1 + months;
    const [year, month] = [Math.floor(total / 12), (((total % 12) + 12) % 12) + 1];
    const day = Math.min(this.day, daysIn(year, month));
    return new Moment(this.type, [year, month, day, this.hour, this.minute, this.second], this.zone);
  }

  /** The same instant or day as another type; time zone kept. */
  as(type: MomentType): Moment {
    const day = type === 'time' ? [1972, 12, 31] : [this.year, this.month, this.day];
    const hour = type === 'date' ? [0, 0, 0] : [this.hour, this.minute, this.second];
    return new Moment(type, [...day, ...hour], this.zone);
  }

  toString(): string {
    const date = `${yearText(this.year)}-${two(this.month)}-${two(this.day)}`;
    const time = `${two(this.hour)}:${two(this.minute)}:${secondText(this.second)}`;
    const text = this.type === 'dateTime' ? `${date}T${time}` : this.type === 'date' ? date : time;
    return text + zoneText(this.zone);
  }
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function yearText(year: number): string {
  return `${year < 0 ? '-' : ''}${String(Math.abs(year)).padStart(4, '0')}`;
}

function secondText(second: number): string {
  const text = String(Math.round(second * 1e6) / 1e6);
  return text.indexOf('.') === 1 || text.length === 1 ? `0${text}` : text;
}

function zoneText(zone: number | null): string {
  if (zone === null) return '';
  if (zone === 0) return 'Z';
  const size = Math.abs(zone);
  return `${zone < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** The moment that a text writes, or null. */
export function momentFrom(text: string, type: MomentType): Moment | null {
  const found = FORMS[type].exec(trimmed(text));
  if (!found) return null;
  const parts = found.slice(1);
  const zone = zoneFrom(parts.pop());
  const fields = parts.map(Number);
  const all = type === 'time' ? [1972, 12, 31, ...fields] : fields;
  return zone === undefined || !exists(all) ? null : normal(type, all, zone);
}

function zoneFrom(text: string | undefined): number | null | undefined {
  if (text === undefined) return null;
  if (text === 'Z') return 0;
  const [hours, minutes] = [Number(text.slice(1, 3)), Number(text.slice(4))];
  if (minutes > 59 || hours > 14 || (hours === 14 && minutes > 0)) return undefined;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function exists([year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0]: number[]): boolean {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return false;
  if (hour === 24) return minute === 0 && second === 0;
  return hour < 24 && minute < 60 && second < 60;
}

/** 24:00:00 is the beginning of the next day. */
function normal(type: MomentType, fields: number[], zone: number | null): Moment {
  const moment = new Moment(type, fields, zone);
  return moment.hour === 24 ? moment.plusSeconds(0) : moment;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(2000 + (((year % 400) + 400) % 400), month, 0)).getUTCDate();
}

/** Days since 1 January 1970. */
function dayNumber(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return Math.floor(date.getTime() / 86_400_000);
}

function dateOf(days: number): number[] {
  const date = new Date(days * 86_400_000);
  return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
}

export type DurationType = 'dayTimeDuration' | 'yearMonthDuration' | 'duration';

const DURATION = /^(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** An xs:duration, as months and seconds. */
export class Duration {
  readonly type: DurationType;
  readonly months: number;
  readonly seconds: number;

  constructor(type: DurationType, months: number, seconds: number) {
    this.type = type;
    this.months = months;
    this.seconds = seconds;
  }

  toString(): string {
    const sign = this.months < 0 || this.seconds < 0 ? '-' : '';
    const text = `${monthsText(Math.abs(this.months))}${secondsText(Math.abs(this.seconds))}`;
    return text === '' ? (this.type === 'yearMonthDuration' ? 'P0M' : 'PT0S') : `${sign}P${text}`;
  }
}

function part(value: number, unit: string): string {
  return value === 0 ? '' : `${value}${unit}`;
}

function monthsText(months: number): string {
  return `${part(Math.floor(months / 12), 'Y')}${part(months % 12, 'M')}`;
}

function secondsText(seconds: number): string {
  const [days, rest] = [Math.floor(seconds / 86_400), seconds % 86_400];
  const time = `${part(Math.floor(rest / 3600), 'H')}${part(Math.floor((rest % 3600) / 60), 'M')}${part(rest % 60, 'S')}`;
  return `${part(days, 'D')}${time ? `T${time}` : ''}`;
}

export function durationFrom(text: string, type: DurationType): Duration | null {
  const plain = trimmed(text);
  const found = DURATION.exec(plain);
  if (!found || /[PT]$/.test(plain)) return null;
  const [years = 0, months = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = found
    .slice(2)
    .map((one) => Number(one ?? 0));
  const sign = found[1] ? -1 : 1;
  const inSeconds = ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
  if (type === 'dayTimeDuration' && (found[2] ?? found[3]) !== undefined) return null;
  if (type === 'yearMonthDuration' && /[DT]/.test(plain)) return null;
  return new Duration(type, sign * (years * 12 + months), sign * inSeconds);
}

/** The order of two moments of one type. */
export function compareMoments(a: Moment, b: Moment): number {
  if (a.type !== b.type) throw new XPathError('XPTY0004', `xs:${a.type} and xs:${b.type} cannot be compared`);
  return Math.sign(a.seconds - b.seconds);
}
