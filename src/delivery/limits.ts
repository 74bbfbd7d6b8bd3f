import { limits } from '../words/limits.ts';

export const deliveryLimits = limits({
  leaseMs: {
    value: 300_000,
    unit: 'ms',
    why: 'longer than the slowest attempt (a call of 200 s is known), so that a lease never ends under a call that lives',
  },
  attemptsAtOnce: {
    value: 256,
    unit: 'attempts',
    why: 'over all destinations of a kind: each holds its documents in memory while it lasts',
  },
  pollMs: { value: 1000, unit: 'ms', why: 'how late a delivery whose wait has ended may be noticed' },
  putBackMs: {
    value: 10_000,
    unit: 'ms',
    why: 'after a fault of configuration, so that another document is tried before the same one again',
  },
  pauseMs: {
    value: 2000,
    unit: 'ms',
    why: 'between two looks at a ledger that cannot be written, such as on a full disk',
  },
  drainMs: {
    value: 25_000,
    unit: 'ms',
    why: 'a stop ends within 30 s; what is still being sent then becomes ambiguous',
  },
  parkedAlike: {
    value: 5,
    unit: 'deliveries',
    why: 'of one destination, parked by the same code: fewer may be the fault of each document',
  },
  parkedAlikeMs: {
    value: 3_600_000,
    unit: 'ms',
    why: 'within which they count as having one cause',
  },
  clockSlackMs: {
    value: 5000,
    unit: 'ms',
    why: 'by which the clock must stand behind what was written for it to have been set back',
  },
  holdLookMs: {
    value: 10_000,
    unit: 'ms',
    why: 'how late the end of a hold may be noticed of what the scheduler does not take',
  },
  holdDays: { value: 366, unit: 'days', why: 'a hold without an end would be a document silently lost' },
  retryTextLength: { value: 200, unit: 'characters', why: 'reasons of people are sentences, not documents' },
});
