import { limits } from '../words/limits.ts';

export const cdaLimits = limits({
  quoted: {
    value: 80,
    unit: 'characters',
    why: 'a message quotes enough of a wrong value to know it again; the longest OID has 64 characters',
  },
});
