import { limits } from '../words/limits.ts';

export const alarmLimits = limits({
  tickMs: { value: 5000, unit: 'ms', why: 'how late a reminder or the end of an alarm may be noticed' },
  openAlarms: {
    value: 1000,
    unit: 'alarms',
    why: 'subjects are configured names; more at a time is a defect, and nobody could read them',
  },
  returnWithinMs: {
    value: 21_600_000,
    unit: 'ms',
    why: 'what comes back within six hours of its end is the same trouble',
  },
  calmDoublings: {
    value: 4,
    unit: 'times',
    why: 'each return doubles the calm asked for: from five minutes to an hour and twenty at most',
  },
  keptDays: { value: 400, unit: 'days', why: 'closed alarms are read over one year, compared with the last' },
  silenceDays: { value: 31, unit: 'days', why: 'a silence that is forgotten must end' },
  textLength: {
    value: 200,
    unit: 'characters',
    why: 'a subject, a fact or a reason is a name or a sentence',
  },
});
