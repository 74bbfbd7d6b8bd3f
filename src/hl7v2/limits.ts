import { limits } from '../words/limits.ts';

export const hl7v2Limits = limits({
  frameBytes: {
    value: 72 * 1024 * 1024,
    unit: 'bytes',
    why: 'one document of 50 MiB is 66.7 MiB of base64; the other segments of a message are some tens of KB',
  },
  segments: {
    value: 10_000,
    unit: 'segments',
    why: 'a message of the interface has some thirty, one of admission fewer than a hundred',
  },
  headBytes: {
    value: 4096,
    unit: 'bytes',
    why: 'kept of a frame that is too large or never ends: enough for its MSH, so that it can be answered',
  },
});
