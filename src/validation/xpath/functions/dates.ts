import { Decimal } from '../decimal.ts';
import { XPathError } from '../error.ts';
import { castTo } from '../runtime/casts.ts';
import { Duration, Moment, type MomentType } from '../runtime/dates.ts';
import { type Atomic, typeOf, Untyped } from '../runtime/values.ts';
import type { FunctionRow, FunctionTable } from './row.ts';

function moment(value: Atomic | null, type: MomentType): Moment | null {
  if (value === null) return null;
  const typed = value instanceof Untyped ? castTo(type, value) : value;
  if (typed instanceof Moment && typed.type === type) return typed;
  throw new XPathError('XPTY0004', `xs:${type} is required, not xs:${typeOf(value)}`);
}

function duration(value: Atomic | null): Duration | null {
  if (value === null) return null;
  const typed = value instanceof Untyped ? castTo('duration', value) : value;
  if (typed instanceof Duration) return typed;
  throw new XPathError('XPTY0004', `a duration is required, not xs:${typeOf(value)}`);
}

function fieldOf(type: MomentType, field: (moment: Moment) => number): FunctionRow {
  const run = (value: Atomic | null) => {
    const one = moment(value, type);
    return one && BigInt(field(one));
  };
  return { params: ['atom?'], gives: ['item', '?'], run };
}

function secondsOf(type: MomentType): FunctionRow {
  const run = (value: Atomic | null) => {
    const one = moment(value, type);
    return one && Decimal.parse(String(Math.round(one.second * 1e6) / 1e6));
  };
  return { params: ['atom?'], gives: ['item', '?'], run };
}

function zoneOf(type: MomentType): FunctionRow {
  const run = (value: Atomic | null) => {
    const zone = moment(value, type)?.zone ?? null;
    return zone === null ? null : new Duration('dayTimeDuration', 0, zone * 60);
  };
  return { params: ['atom?'], gives: ['item', '?'], run };
}

function partOf(part: (duration: Duration) => number): FunctionRow {
  const run = (value: Atomic | null) => {
    const one = duration(value);
    return one && BigInt(Math.trunc(part(one)));
  };
  return { params: ['atom?'], gives: ['item', '?'], run };
}

/** The present, in UTC; one instant for the whole of an evaluation would need more than the rules that exist ask for. */
function now(type: MomentType): FunctionRow {
  const run = () => castTo(type, castTo('dateTime', new Date().toISOString()));
  return { params: [], gives: ['item', '1'], run };
}

function joined(date: Atomic | null, time: Atomic | null): Moment | null {
  const [day, hour] = [moment(date, 'date'), moment(time, 'time')];
  if (!day || !hour) return null;
  if (day.zone !== null && hour.zone !== null && day.zone !== hour.zone)
    throw new XPathError('FORG0008', 'a date and a time have different time zones');
  const fields = [day.year, day.month, day.day, hour.hour, hour.minute, hour.second];
  return new Moment('dateTime', fields, day.zone ?? hour.zone);
}

const year = ({ year: value }: Moment) => value;
const month = ({ month: value }: Moment) => value;
const day = ({ day: value }: Moment) => value;
const hour = ({ hour: value }: Moment) => value;
const minute = ({ minute: value }: Moment) => value;

export const dates: FunctionTable = {
  'current-dateTime': now('dateTime'),
  'current-date': now('date'),
  'current-time': now('time'),
  dateTime: { params: ['atom?', 'atom?'], gives: ['item', '?'], run: joined },
  'year-from-dateTime': fieldOf('dateTime', year),
  'month-from-dateTime': fieldOf('dateTime', month),
  'day-from-dateTime': fieldOf('dateTime', day),
  'hours-from-dateTime': fieldOf('dateTime', hour),
  'minutes-from-dateTime': fieldOf('dateTime', minute),
  'seconds-from-dateTime': secondsOf('dateTime'),
  'timezone-from-dateTime': zoneOf('dateTime'),
  'year-from-date': fieldOf('date', year),
  'month-from-date': fieldOf('date', month),
  'day-from-date': fieldOf('date', day),
  'timezone-from-date': zoneOf('date'),
  'hours-from-time': fieldOf('time', hour),
  'minutes-from-time': fieldOf('time', minute),
  'seconds-from-time': secondsOf('time'),
  'timezone-from-time': zoneOf('time'),
  'years-from-duration': partOf(({ months }) => months / 12),
  'months-from-duration': partOf(({ months }) => months % 12),
  'days-from-duration': partOf(({ seconds }) => seconds / 86_400),
  'hours-from-duration': partOf(({ seconds }) => (seconds % 86_400) / 3600),
  'minutes-from-duration': partOf(({ seconds }) => (seconds % 3600) / 60),
};
