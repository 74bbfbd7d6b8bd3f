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
  channelMs: { value: 15_000, unit: 'ms', why: 'one deadline for a webhook, a mail or a heartbeat' },
  channelRetryMs: { value: 10_000, unit: 'ms', why: 'before a message that was not taken is tried again' },
  channelRetryMostMs: {
    value: 900_000,
    unit: 'ms',
    why: 'waits double until here: a relay that is back is noticed within a quarter of an hour',
  },
  channelStopMs: {
    value: 3000,
    unit: 'ms',
    why: 'a stop does not wait for a mail relay that does not answer',
  },
  channelGiveUpMs: { value: 86_400_000, unit: 'ms', why: 'an alarm of yesterday is told by its reminders' },
  channelRefusals: {
    value: 5,
    unit: 'times',
    why: 'a message that is refused for itself must not hold up those behind it for long',
  },
  channelWaiting: {
    value: 500,
    unit: 'messages',
    why: 'for one channel that has been away for long; the oldest give way',
  },
  textLength: {
    value: 200,
    unit: 'characters',
    why: 'a subject, a fact or a reason is a name or a sentence',
  },
});
