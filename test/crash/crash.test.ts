import { expect, test } from 'vitest';
import { seeded } from './random.ts';
import { crashRounds } from './rounds.ts';

test('kill -9 at random instants under load: nothing lost, nothing twice, the same figures', async () => {
  const seed = Date.now() % 1_000_000;
  const report = await crashRounds(8, seeded(seed), () => {});
  expect(report, `seed ${seed}`).toMatchObject({ lost: [], doubled: [], problems: [], figuresAgree: true });
  expect([report.acknowledged, report.numerator], `seed ${seed}`).toEqual([
    expect.any(Number),
    report.deposited,
  ]);
  expect(report.acknowledged).toBeGreaterThan(20);
}, 300_000);
