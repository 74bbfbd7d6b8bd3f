import { afterAll, expect, test } from 'vitest';
import { openChecks } from '../../src/checks/pool.ts';

const reasons: string[] = [];
const checks = await openChecks({
  environment: 'test',
  rules: { packs: [], cache: null, problems: 'refuse' },
  installation: { sourceId: '1.2.3', product: { name: 'Viaduc', version: '0' } },
  workers: 1,
  budgetMs: 250,
  onFailure: (reason) => reasons.push(reason),
});
afterAll(() => checks.close());

test('a document that takes longer than its budget is not judged, and the next one is', async () => {
  const large = Buffer.from(`<a>${'<b c="d"/>'.repeat(1_900_000)}</a>`);
  const late = await checks.judge({ bytes: large, brought: null });
  expect(late.verdict).toMatchObject({
    judgement: 'not-judged',
    findings: [{ code: 'checks.out-of-time' }],
  });
  expect(reasons).toHaveLength(1);
  const next = await checks.judge({ bytes: Buffer.from('<a/>'), brought: null });
  expect(next.verdict.judgement).toBe('invalid');
});
