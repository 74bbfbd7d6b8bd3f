import { limits } from '../words/limits.ts';

export const ledgerLimits = limits({
  groupCommitAppends: {
    value: 256,
    unit: 'appends',
    why: 'one sync serves them all; more would make the first of them wait for the last',
  },
  groupCommitBytes: {
    value: 64 * 1024 * 1024,
    unit: 'bytes',
    why: 'bodies of one group are held in memory until they are written',
  },
  eventBytes: {
    value: 1024 * 1024,
    unit: 'bytes',
    why: 'events name what stands elsewhere; one that grows beyond this holds what it should not',
  },
  sealEvents: { value: 1000, unit: 'events', why: 'what a lost last seal leaves unproved' },
  sealSeconds: { value: 60, unit: 'seconds', why: 'what a lost last seal leaves unproved' },
  importRows: {
    value: 20_000,
    unit: 'rows',
    why: 'rows of one import event, so that a file of a million rows is many small commits',
  },
  recentBodiesBytes: {
    value: 16 * 1024 * 1024,
    unit: 'bytes',
    why: 'documents held in memory from their acceptance to their first delivery, so that it does not read them again: those of a second at the rate of the plan',
  },
  recentPersonalBytes: {
    value: 4 * 1024 * 1024,
    unit: 'bytes',
    why: 'the same for what stands beside an event about a person, read by the answer to the sender and by the delivery',
  },
  abandonedMs: {
    value: 1000,
    unit: 'ms',
    why: 'between two looks for deliveries whose worker did not come back: their leases are minutes long',
  },
  lateMs: {
    value: 60_000,
    unit: 'ms',
    why: 'what has been due for longer stands apart from what comes now, so that a backlog delays nothing that is new',
  },
  witnessSeconds: {
    value: 15,
    unit: 'seconds',
    why: 'a witness on a network that does not answer must not hold up the next ones; it receives what it missed later',
  },
  timestampBytes: {
    value: 65_536,
    unit: 'bytes',
    why: 'a time stamp with its certificates takes a few KB; more is no time stamp',
  },
  resendDays: {
    value: 30,
    unit: 'days',
    why: 'how long after a restore senders may send again what was lost; until then each document is asked for before it is sent',
  },
  retentionEvents: {
    value: 200,
    unit: 'events',
    why: 'looked at in one step of a sweep, between which others are served: some milliseconds of one thread',
  },
  retentionAheadDays: {
    value: 7,
    unit: 'days',
    why: 'beyond the last event for which the clock is believed when it says that something has come to its end',
  },
  reclaimPercent: {
    value: 20,
    unit: 'percent',
    why: 'of a file of bodies that must be dead before the rest is copied and the file removed',
  },
  reclaimRows: {
    value: 2000,
    unit: 'rows',
    why: 'read in one step, or moved in one commit, while space is freed: others wait some milliseconds',
  },
  obsoleteMinutes: {
    value: 60,
    unit: 'minutes',
    why: 'for which a file of bodies that was copied is left in place, for who began to read before',
  },
  recentRequests: {
    value: 20_000,
    unit: 'requests',
    why: 'gone through once at the start to know when each sender was last heard of',
  },
  pageRows: { value: 500, unit: 'rows', why: 'the longest page of any list' },
});
