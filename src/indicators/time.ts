import type { DefinedWindow, Definition } from './definitions.ts';
import { indicatorError } from './errors.ts';
import { dayNumber, dayText, type Zone } from './zone.ts';

/**
 * Days over which an indicator is counted, in the local time of the establishment. `from` and `to` are the first and the
 * last day (`YYYY-MM-DD`); the instants run from `startMs` up to but without `endMs`.
 */
export interface Period {
  kind: 'window' | 'period';
  /** `F2`, `2026-S2`, `2022-06`, or `2022-06-01/2022-06-15`. */
  id: string;
  from: string;
  to: string;
  startMs: number;
  endMs: number;
}

/** What a caller asks for: one of a window, a month, or two days. */
export type PeriodRequest = { window: string } | { period: string } | { from: string; to: string };

/**
 * The period asked for. A window is one of the definition (`F2`), a half-year of any year (`2026-S2`), or `current`: the
 * half-year in which `asOfMs` lies.
 * @throws ViaducError indicators.window-unknown, indicators.period-invalid
 */
export function resolvePeriod(
  request: PeriodRequest,
  definition: Pick<Definition, 'id' | 'windows'>,
  zone: Zone,
  asOfMs: number,
): Period {
  if ('window' in request) return windowPeriod(request.window, definition, zone, asOfMs);
  if ('period' in request) return monthPeriod(request.period, zone);
  return between('period', `${request.from}/${request.to}`, request, zone);
}

function windowPeriod(
  id: string,
  definition: Pick<Definition, 'id' | 'windows'>,
  zone: Zone,
  asOfMs: number,
): Period {
  const defined = definition.windows.find((window) => window.id === id);
  if (defined) return between('window', id, defined, zone);
  const half = halfYear(id === 'current' ? halfYearOf(asOfMs, zone) : id);
  if (half) return between('window', half.id, half, zone);
  const known = [...definition.windows.map((window) => window.id), 'current'].join(', ');
  throw indicatorError('indicators.window-unknown', { window: id, definition: definition.id, known });
}

/** The half-year `YYYY-S1` or `YYYY-S2` of an instant, by the local day. */
export function halfYearOf(instantMs: number, zone: Zone): string {
  const day = dayText(zone.dayOf(instantMs));
  return `${day.slice(0, 4)}-S${Number(day.slice(5, 7)) <= 6 ? 1 : 2}`;
}

function halfYear(id: string): DefinedWindow | null {
  const found = /^(\d{4})-S([12])$/.exec(id);
  if (!found) return null;
  const year = found[1]!;
  return found[2] === '1'
    ? { id, from: `${year}-01-01`, to: `${year}-06-30` }
    : { id, from: `${year}-07-01`, to: `${year}-12-31` };
}

/** A calendar month `YYYY-MM`. */
export function monthPeriod(month: string, zone: Zone): Period {
  const found = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month);
  if (!found) throw indicatorError('indicators.period-invalid', { period: month });
  const last = new Date(Date.UTC(Number(found[1]), Number(found[2]), 0)).toISOString().slice(0, 10);
  return between('period', month, { from: `${month}-01`, to: last }, zone);
}

function between(kind: Period['kind'], id: string, days: { from: string; to: string }, zone: Zone): Period {
  const first = dayNumber(days.from);
  const last = dayNumber(days.to);
  if (first === null || last === null || last < first)
    throw indicatorError('indicators.period-invalid', { period: id });
  const instants = { startMs: zone.startOfDay(first), endMs: zone.startOfDay(last + 1) };
  return { kind, id, from: days.from, to: days.to, ...instants };
}

/** The window of a definition whose targets judge a period: the one that holds all its days, or null. */
export function judgingWindow(definition: Pick<Definition, 'windows'>, period: Period): string | null {
  const holder = definition.windows.find((window) => window.from <= period.from && period.to <= window.to);
  return holder?.id ?? null;
}

/**
 * The instant before which a deposit must have been accepted to count (sheet, 6.5): the end of the period plus whole
 * local days of grace, so that a change of hour inside the grace neither gives nor takes an hour.
 */
export function observationInstant(period: Period, graceDays: number, zone: Zone): number {
  return zone.startOfDay(dayNumber(period.to)! + 1 + graceDays);
}
