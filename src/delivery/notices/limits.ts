import { limits } from '../../words/limits.ts';

export const noticeLimits = limits({
  pollMs: { value: 1000, unit: 'ms', why: 'how late a notice that became due may be noticed' },
  acknowledgementBytes: {
    value: 65_536,
    unit: 'bytes',
    why: 'an acknowledgement has three segments; more is no acknowledgement',
  },
  pauseMs: { value: 2000, unit: 'ms', why: 'between two looks at a ledger that cannot be read or written' },
});
