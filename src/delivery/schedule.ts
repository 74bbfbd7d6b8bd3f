import { deliveryError } from './errors.ts';

/**
 * How long to wait after each failure, written so that a person can read it: `1m, 5m*2, 1h*3` is one minute, twice five
 * minutes, three times one hour, then no more. Units: s, m, h, d. A final `…` repeats the last step for ever.
 */
export interface Schedule {
  readonly text: string;
  /** Waits in milliseconds, in order. */
  readonly waitsMs: readonly number[];
  readonly endless: boolean;
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** @throws ViaducError `delivery.schedule-malformed` with the step that cannot be read */
export function parseSchedule(text: string): Schedule {
  const endless = /,?\s*…\s*$/.test(text);
  const steps = text.replace(/,?\s*…\s*$/, '').split(',');
  return { text, endless, waitsMs: steps.flatMap((step) => parseStep(step.trim(), text)) };
}

function parseStep(step: string, text: string): number[] {
  const found = /^(\d{1,6})([smhd])(?:\*(\d{1,3}))?$/.exec(step);
  if (!found || found[1] === '0' || found[3] === '0')
    throw deliveryError('delivery.schedule-malformed', { text, step });
  return Array.from({ length: Number(found[3] ?? 1) }, () => Number(found[1]) * UNITS_MS[found[2]!]!);
}

/** Part of a wait by which it is lengthened at most, so that what failed together does not come back together. */
export const JITTER = 0.2;

/**
 * Milliseconds to wait after the given failure (1 for the first), or null when the schedule has come to its end.
 * @param random a number from 0 to 1
 */
export function waitAfter(schedule: Schedule, failure: number, random: number): number | null {
  const last = schedule.waitsMs.length;
  const wait = schedule.waitsMs[failure - 1] ?? (schedule.endless ? schedule.waitsMs[last - 1] : undefined);
  return wait === undefined ? null : Math.round(wait * (1 + JITTER * random));
}
