import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Judge } from '../../src/checks/judge.ts';
import type { Environment } from '../../src/words/environment.ts';

const letter = readFileSync(join(import.meta.dirname, '../../samples/documents/discharge-letter.xml'));

async function judged(environment: Environment) {
  const judge = await Judge.open({
    environment,
    rules: { packs: [], cache: null, problems: 'refuse' },
    installation: { sourceId: '1.2.3', product: { name: 'Viaduc', version: '0' } },
  });
  return (await judge.judge({ bytes: letter, brought: null })).verdict;
}

test('an INS of a root of test makes a document invalid in production, at its line, and nowhere else', async () => {
  const { judgement, findings } = await judged('production');
  expect(judgement).toBe('invalid');
  const found = findings.filter(({ code }) => code === 'ins.test-root-in-production');
  const line =
    letter
      .toString()
      .split('\n')
      .findIndex((text) => text.includes('1.2.250.1.213.1.4.10')) + 1;
  expect(found).toMatchObject([{ severity: 'error', source: 'ins', line }]);
  for (const environment of ['sandbox', 'test'] as const)
    expect((await judged(environment)).judgement, environment).toBe('valid');
});
