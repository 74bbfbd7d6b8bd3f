import { limits } from '../../words/limits.ts';

export const alarmWatchLimits = limits({
  lookMs: { value: 60_000, unit: 'ms', why: 'between two looks at queues, senders, disk and clock' },
  diskSampleMs: { value: 3_600_000, unit: 'ms', why: 'between two samples of the free space' },
  diskSamples: {
    value: 168,
    unit: 'samples',
    why: 'the rate is measured over a week at most, so that week-ends count',
  },
  diskMeasureMs: { value: 21_600_000, unit: 'ms', why: 'less than six hours say little about days' },
  clockJumpMs: {
    value: 5000,
    unit: 'ms',
    why: 'by which wall and monotonic clock may part between two looks: NTP corrects less, smoothly',
  },
});
