import { limits } from '../words/limits.ts';

export const identityLimits = limits({
  age: {
    value: 130,
    unit: 'years',
    why: 'nobody has lived longer; a date of birth before that is a slip of the century',
  },
});
