import { limits } from '../../../words/limits.ts';

export const whiteListLimits = limits({
  bytes: {
    value: 30_000_000,
    unit: 'bytes',
    why: 'the list of 2026 has some 8,650 domains and a few MB; beyond, it is no white list that comes',
  },
  waitMs: {
    value: 60_000,
    unit: 'ms',
    why: 'over connecting and the whole answer; nobody waits for it, the last good list serves meanwhile',
  },
  againMs: {
    value: 900_000,
    unit: 'ms',
    why: 'until a list that could not be had or taken is asked for again, when the usual interval is longer',
  },
  lostShown: {
    value: 100,
    unit: 'domains',
    why: 'named of those that a list lost: enough to see whose they are; the count says the rest',
  },
});
