import type { Lane } from '../words/delivery.ts';
import type { Operation } from '../words/request.ts';

const DAY_MS = 86_400_000;

/** What decides on the lane of a new delivery. */
export interface LaneInput {
  operation: Operation;
  /** HL7 time stamps of the documents, as written; null where a document has none. */
  dates: readonly (string | null)[];
  /** Policy of the sender: deposits of documents older than this are a load of the past. Never, when absent. */
  historicAfterDays: number | undefined;
  nowMs: number;
}

/** What corrects or takes away a document is always of today, however old the document. */
export function laneOf({ operation, dates, historicAfterDays, nowMs }: LaneInput): Lane {
  if (operation !== 'deposit' || historicAfterDays === undefined) return 'live';
  const oldest = nowMs - historicAfterDays * DAY_MS;
  return dates.every((date) => date !== null && dayOf(date) <= oldest) ? 'historic' : 'live';
}

/** Midnight in UTC of the day of a time stamp: lanes need no more. What cannot be read is of today. */
function dayOf(date: string): number {
  const [, year, month = '01', day = '01'] = /^(\d{4})(\d{2})?(\d{2})?/.exec(date) ?? [];
  return year === undefined
    ? Number.POSITIVE_INFINITY
    : Date.UTC(Number(year), Number(month) - 1, Number(day));
}
