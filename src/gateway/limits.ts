import { limits } from '../words/limits.ts';

export const gatewayLimits = limits({
  recentLogBytes: {
    value: 2_000_000,
    unit: 'bytes',
    why: 'of each of two files: some days of a quiet gateway, some hours of a troubled one',
  },
});
