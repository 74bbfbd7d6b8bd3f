import { limits } from '../words/limits.ts';

export const xdsLimits = limits({
  quoted: {
    value: 80,
    unit: 'characters',
    why: 'a message quotes a value of the document to be recognised, not to be read in full',
  },
  valueSetFiles: {
    value: 5_000,
    unit: 'files',
    why: 'a folder of value sets; a pack of the agency holds about 1,200',
  },
  valueSetBytes: {
    value: 16_000_000,
    unit: 'bytes',
    why: 'one file of a value set; the largest published has 1.6 million',
  },
});
