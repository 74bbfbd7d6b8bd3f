import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dmpSandboxErrors } from '../../../src/sandbox/dmp/errors.ts';
import { refusalRows } from '../../../src/sandbox/dmp/refusals.ts';

const tests = globSync('*.test.ts', { cwd: import.meta.dirname })
  .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
  .join('\n');

test('every refusal and every fault of the simulator is expected by some test', () => {
  const codes = [...Object.keys(refusalRows), ...Object.keys(dmpSandboxErrors)];
  const missing = codes.filter(
    (code) => !new RegExp(`[ '"[]${code.replace('sandbox.', '(sandbox\\.)?')}['"\\]]`).test(tests),
  );
  expect(missing).toEqual([]);
});

test('every refusal speaks both languages and says what to do', () => {
  for (const { message, remedy } of [...Object.values(refusalRows), ...Object.values(dmpSandboxErrors)]) {
    for (const words of [message, remedy]) {
      expect(words.fr).toMatch(/[.}]$/);
      expect(words.en).toMatch(/[.}]$/);
      expect(placeholders(words.fr)).toEqual(placeholders(words.en));
    }
  }
});

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]!).sort();
}
