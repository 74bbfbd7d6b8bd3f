import { limits } from '../words/limits.ts';

export const indicatorLimits = limits({
  definitionBytes: {
    value: 256 * 1024,
    unit: 'bytes',
    why: 'a definition of a programme is some 10 KB; more is another file given by mistake',
  },
  csvLineCharacters: {
    value: 64 * 1024,
    unit: 'characters',
    why: 'a row of stays has some 150; a file without line ends must not be gathered in memory',
  },
  csvBatchRows: {
    value: 2000,
    unit: 'rows',
    why: 'what is in memory of a file at one time, and what a store writes in one go',
  },
  csvReportedErrors: {
    value: 1000,
    unit: 'errors',
    why: 'a file of the wrong kind has an error on each of a million rows; beyond this they are only counted',
  },
  graceDays: {
    value: 366,
    unit: 'days',
    why: 'a longer grace than a year is a mistyped number; the variant live has no cut-off at all',
  },
});
