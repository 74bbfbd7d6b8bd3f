import { limits } from '../words/limits.ts';

export const routingLimits = limits({
  address: {
    value: 254,
    unit: 'characters',
    why: 'an address of a mail; RFC 5321 gives a path 256 with its brackets',
  },
  localPart: { value: 64, unit: 'characters', why: 'what stands before the @ (RFC 5321, 4.5.3.1.1)' },
});
