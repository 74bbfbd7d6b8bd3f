import { expect, test } from 'vitest';
import { seeded } from '../crash/random.ts';
import { fuzzFrames } from './frames.ts';

test('spoilt frames: every complete one is answered by an acknowledgement, the ledger is sound', async () => {
  const seed = Date.now() % 1_000_000;
  const report = await fuzzFrames(400, seeded(seed), () => {});
  expect(report, `seed ${seed}`).toMatchObject({ wrong: [], problems: [] });
  expect(report.answers.AE, `seed ${seed}`).toBeGreaterThan(100);
}, 180_000);
