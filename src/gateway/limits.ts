import { limits } from '../words/limits.ts';

export const gatewayLimits = limits({
  recentLogBytes: {
    value: 2_000_000,
    unit: 'bytes',
    why: 'of each of two files: some days of a quiet gateway, some hours of a troubled one',
  },
  rememberedDeliveries: {
    value: 20_000,
    unit: 'deliveries',
    why: 'whose kind of destination is known for counting without reading it: two minutes at full load, in some 3 MB',
  },
});
