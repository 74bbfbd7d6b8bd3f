import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshLetter, repository, startTestGateway } from './running.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-replay-'));
  const run = await startTestGateway({ folder });
  await run.submit(freshLetter().document);
  await run.submit(freshLetter().document);
  await run.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const viaduc = (...args: string[]) =>
  execFileSync(process.execPath, [join(repository, 'src', 'viaduc.ts'), ...args], {
    env: { ...process.env, VIADUC_DATA: join(folder, 'data') },
    encoding: 'utf8',
  });

test('what a data folder or its export says was accepted is judged again', () => {
  const file = join(folder, 'export.jsonl');
  writeFileSync(file, viaduc('ledger', 'export'));
  expect(viaduc('replay', join(folder, 'data'))).toContain('2 documents judged again, 0 differ');
  expect(viaduc('replay', file)).toContain('2 documents judged again, 0 differ');
});
