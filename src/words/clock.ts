/** Where every room gets the time from, so that two days of outage can be simulated in a second. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Calls `action` once, after at least `ms` milliseconds of this clock; the returned function cancels it. */
  after(ms: number, action: () => void): () => void;
}

export const systemClock: Clock = {
  now: Date.now,
  after(ms, action) {
    const timer = setTimeout(action, Math.min(ms, LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};

/** setTimeout fires at once beyond 2^31 - 1 ms; whoever waits longer looks again when woken. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** An instant as ISO 8601 in UTC with milliseconds, the only form of instants in events and answers. */
export function instant(ms: number): string {
  return new Date(ms).toISOString();
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Whether a text is an ISO 8601 instant with its offset. */
export function isInstant(text: string): boolean {
  const found = INSTANT.exec(text);
  return found !== null && isDay(found[1]!) && !Number.isNaN(Date.parse(text));
}

/** Whether the calendar has such a day: the parser of the language takes 30 February for 2 March. */
export function isDay(text: string): boolean {
  const ms = DAY.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}
