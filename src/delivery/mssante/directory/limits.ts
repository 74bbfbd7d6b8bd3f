import { limits } from '../../../words/limits.ts';

export const directoryLimits = limits({
  callsPerSecond: {
    value: 15,
    unit: 'calls a second',
    why: 'the directory takes 17 from one application; two are left to the jitter of the network',
  },
  waitMs: {
    value: 10_000,
    unit: 'ms',
    why: 'for all calls of one question, the wait for their turn included; the server itself gives up at 30 s, no sending waits so long',
  },
  mailWaitMs: {
    value: 2_000,
    unit: 'ms',
    why: 'a mail that is being written waits no longer; the answer that comes later serves the next',
  },
  restMs: {
    value: 60_000,
    unit: 'ms',
    why: 'after a failure, in which nothing is asked: a directory that is down delays no sending',
  },
  answer: {
    value: 5_000_000,
    unit: 'bytes of one page',
    why: 'fifty entries are some 300 kB; beyond, it is not the directory that speaks',
  },
  perPage: { value: 50, unit: 'entries', why: 'asked for, as the server gives 10 otherwise' },
  pages: {
    value: 10,
    unit: 'pages of one answer',
    why: 'one address or one person has a few entries; the cap ends a chain of pages without end',
  },
  kept: {
    value: 10_000,
    unit: 'answers',
    why: 'kept in memory, some 1 kB each; a hospital writes to a few thousand addresses',
  },
});
