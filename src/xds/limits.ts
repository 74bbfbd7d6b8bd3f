import { limits } from '../words/limits.ts';

export const xdsLimits = limits({
  quoted: {
    value: 80,
    unit: 'characters',
    why: 'a message quotes a value of the document to be recognised, not to be read in full',
  },
});
