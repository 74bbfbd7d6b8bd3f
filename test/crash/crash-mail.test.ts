import { expect, test } from 'vitest';
import { mailCrashRounds } from './mail-rounds.ts';
import { seeded } from './random.ts';

test('kill -9 while mails leave and receipts come: none twice, none lost, in doubt only what SMTP cannot tell', async () => {
  const seed = Date.now() % 1_000_000;
  const report = await mailCrashRounds(3, seeded(seed), () => {});
  expect(report, `seed ${seed}`).toMatchObject({
    ...{
      lost: [],
      twice: [],
      strays: [],
      unfounded: [],
      doubtWithoutReason: [],
      receiptsTwice: [],
      problems: [],
    },
  });
  expect(report.delivered + report.inDoubt, `seed ${seed}`).toBe(report.sent);
  expect([report.taken, report.delivered > 0], `seed ${seed}`).toEqual([report.delivered, true]);
}, 240_000);
