import { expect, test } from 'vitest';
import { seeded } from './random.ts';
import { crashRounds } from './rounds.ts';

test('kill -9 over MLLP, also between durable and acknowledged: the sender sends again, nothing doubles', async () => {
  const seed = Date.now() % 1_000_000;
  const report = await crashRounds(4, seeded(seed), () => {}, 'mllp');
  expect(report, `seed ${seed}`).toMatchObject({ lost: [], doubled: [], problems: [], figuresAgree: true });
  expect([report.acknowledged, report.numerator], `seed ${seed}`).toEqual([
    expect.any(Number),
    report.deposited,
  ]);
}, 300_000);
