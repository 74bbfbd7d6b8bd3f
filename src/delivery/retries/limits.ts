import { limits } from '../../words/limits.ts';

export const retryLimits = limits({
  deliveries: {
    value: 20_000,
    unit: 'deliveries',
    why: 'the longest list of one run; more is done by a narrower filter, so that somebody looks at each part',
  },
  itemsOfEvent: { value: 5000, unit: 'deliveries', why: 'a list is written in events below their own cap' },
  sample: { value: 10, unit: 'deliveries', why: 'as many as a person looks at before they decide' },
  previews: {
    value: 50,
    unit: 'previews',
    why: 'lists kept in memory until they are started; the oldest goes first',
  },
  previewMs: {
    value: 3_600_000,
    unit: 'ms',
    why: 'what was seen longer ago is looked at again before it is started',
  },
  ratePerMinute: {
    value: 6000,
    unit: 'deliveries per minute',
    why: 'the fastest a run may open; the rates of the destinations hold beside it',
  },
  defaultRatePerMinute: {
    value: 120,
    unit: 'deliveries per minute',
    why: 'two a second: slow enough to see the first outcomes before a mistake has gone far',
  },
  tickMs: { value: 1000, unit: 'ms', why: 'how often a run looks at what it may open' },
  listedValues: { value: 50, unit: 'values', why: 'codes, senders or types of one filter' },
});
