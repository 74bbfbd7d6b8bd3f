import { limits } from '../../words/limits.ts';

export const noticeLimits = limits({
  pollMs: { value: 1000, unit: 'ms', why: 'how late a notice that became due may be noticed' },
  acknowledgementBytes: {
    value: 65_536,
    unit: 'bytes',
    why: 'an acknowledgement has three segments; more is no acknowledgement',
  },
  leaseMarginMs: {
    value: 30_000,
    unit: 'ms',
    why: 'beyond the wait for an acknowledgement, for it to be written down before another may take the notices of its sender',
  },
  pauseMs: { value: 2000, unit: 'ms', why: 'between two looks at a ledger that cannot be read or written' },
});
