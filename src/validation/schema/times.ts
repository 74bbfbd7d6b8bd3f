/** A point in time, or a set of recurring ones, on one line; NaN in `offset` when no time zone is given. */
interface Moment {
  seconds: number;
  /** Minutes to add to UTC. */
  offset: number;
}

const ZONE = '(Z|[+-]\\d\\d:\\d\\d)?';
const YEAR = '(-?(?:[1-9]\\d{3,}|0\\d{3}))';
const CLOCK = '(\\d\\d):(\\d\\d):(\\d\\d(?:\\.\\d+)?)';

/** The forms of XML Schema 1.0 part 2, sections 3.2.7 to 3.2.14. `--MM--` is the form of its first edition. */
const FORMS = {
  dateTime: new RegExp(`^${YEAR}-(\\d\\d)-(\\d\\d)T${CLOCK}${ZONE}$`),
  date: new RegExp(`^${YEAR}-(\\d\\d)-(\\d\\d)()()()${ZONE}$`),
  gYearMonth: new RegExp(`^${YEAR}-(\\d\\d)()()()()${ZONE}$`),
  gYear: new RegExp(`^${YEAR}()()()()()${ZONE}$`),
  gMonthDay: new RegExp(`^()--(\\d\\d)-(\\d\\d)()()()${ZONE}$`),
  gMonth: new RegExp(`^()--(\\d\\d)(?:--)?()()()()${ZONE}$`),
  gDay: new RegExp(`^()---()(\\d\\d)()()()${ZONE}$`),
  time: new RegExp(`^()()()${CLOCK}${ZONE}$`),
};

export type MomentKind = keyof typeof FORMS;
export const MOMENT_KINDS = Object.keys(FORMS) as MomentKind[];

const DAY_S = 86_400;

/** As in Xerces; the specification asks for four digits at least. */
const LARGEST_YEAR = 2 ** 31 - 1;

/** What stands for the parts that a kind leaves out: a leap year, so that 29 February exists. */
const REFERENCE = { year: 2000, month: 1, day: 1 };

function moment(kind: MomentKind, text: string): Moment | null {
  const found = FORMS[kind].exec(text);
  if (!found) return null;
  const [, yearText, monthText, dayText, hourText, minuteText, secondText, zone] = found;
  const year = numberOr(yearText, REFERENCE.year);
  const month = numberOr(monthText, REFERENCE.month);
  const day = numberOr(dayText, REFERENCE.day);
  const offset = zone === undefined ? Number.NaN : offsetOf(zone);
  const clock = clockOf(numberOr(hourText, 0), numberOr(minuteText, 0), numberOr(secondText, 0));
  if (
    year === 0 ||
    Math.abs(year) > LARGEST_YEAR ||
    month < 1 ||
    month > 12 ||
    day < 1 ||
    day > daysIn(year, month)
  )
    return null;
  if (clock === null || offset === null) return null;
  const seconds = daysBefore(year, month) * DAY_S + (day - 1) * DAY_S + clock;
  return { seconds: seconds - (Number.isNaN(offset) ? 0 : offset * 60), offset };
}

function numberOr(text: string | undefined, otherwise: number): number {
  return text ? Number(text) : otherwise;
}

function clockOf(hour: number, minute: number, second: number): number | null {
  const midnight = hour === 24 && minute === 0 && second === 0;
  return (hour < 24 && minute < 60 && second < 60) || midnight ? hour * 3600 + minute * 60 + second : null;
}

function offsetOf(zone: string): number | null {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  const offset = hours * 60 + minutes;
  return minutes > 59 || offset > 14 * 60 ? null : zone.startsWith('-') ? -offset : offset;
}

function daysIn(year: number, month: number): number {
  return month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days from a fixed day to the first of a month, in the proleptic Gregorian calendar. */
function daysBefore(year: number, month: number): number {
  const past = year - 1;
  const leaps = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  let days = past * 365 + leaps;
  for (let one = 1; one < month; one += 1) days += daysIn(year, one);
  return days;
}

export function isMoment(kind: MomentKind, text: string): boolean {
  return moment(kind, text) !== null;
}

/** A text that is the same for equal values. */
export function momentKey(kind: MomentKind, text: string): string {
  const { seconds, offset } = moment(kind, text)!;
  return `${seconds}${Number.isNaN(offset) ? '' : 'Z'}`;
}

const WIDEST_OFFSET_S = 14 * 3600;

/** As two values are ordered; NaN when that depends on a time zone that is not given (section 3.2.7.4). */
export function compareMoments(kind: MomentKind, a: string, b: string): number {
  const left = moment(kind, a)!;
  const right = moment(kind, b)!;
  const difference = left.seconds - right.seconds;
  if (Number.isNaN(left.offset) === Number.isNaN(right.offset)) return difference;
  return Math.abs(difference) > WIDEST_OFFSET_S ? difference : Number.NaN;
}

const DURATION =
  /^(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?|\.\d+)S)?)?$/;

export function isDuration(text: string): boolean {
  return DURATION.test(text) && /\d/.test(text) && !text.endsWith('T');
}

function durationParts(text: string): { months: number; seconds: number } {
  const [, minus, ...parts] = DURATION.exec(text)!;
  const [years, months, days, hours, minutes, seconds] = parts.map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const sign = minus === '-' ? -1 : 1;
  return {
    months: sign * (years * 12 + months),
    seconds: sign * (days * DAY_S + hours * 3600 + minutes * 60 + seconds),
  };
}

/** A text that is the same for equal durations. */
export function durationKey(text: string): string {
  const { months, seconds } = durationParts(text);
  return `${months} ${seconds}`;
}

/** Months of 28 to 31 days: the four starting points by which durations are compared (section 3.2.6.2). */
const STARTS = [
  [1696, 9],
  [1697, 2],
  [1903, 3],
  [1903, 7],
] as const;

/** As two durations are ordered; NaN when that depends on the month. */
export function compareDurations(a: string, b: string): number {
  const [left, right] = [durationParts(a), durationParts(b)];
  const signs = STARTS.map(([year, month]) => {
    const end = ({ months, seconds }: typeof left) => {
      const at = year * 12 + month - 1 + months;
      return daysBefore(Math.floor(at / 12), (((at % 12) + 12) % 12) + 1) * DAY_S + seconds;
    };
    return Math.sign(end(left) - end(right));
  });
  return signs.every((sign) => sign === signs[0]) ? signs[0]! : Number.NaN;
}
