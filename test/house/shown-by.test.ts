import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './reference.ts';
import { namedTests, whyMissing } from './shown-by.ts';

describe.each(['docs/what-happens-if.md', 'docs/trace.md'])('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8');

  test('names in every row a test that is there, by file and words', () => {
    const named = namedTests(text);
    expect(named.length).toBeGreaterThan(20);
    expect(named.map(whyMissing).filter((why) => why !== null)).toEqual([]);
  });

  test('has no row without a test, unless it says “not yet”', () => {
    const rows = text.split('\n').filter((line) => /^\|(?!---)/.test(line));
    expect(rows.filter((row) => /\| *\|$/.test(row) && !row.includes('| not yet'))).toEqual([]);
  });
});

describe('the check itself', () => {
  const check = (cell: string) => namedTests(`| if | then | ${cell} |`).map(whyMissing);

  test('takes files, words, the same file again, and commands', () => {
    const cell =
      '`test/house/rooms.test.ts`: the rule itself; the same: every source file; `npm run test:crash`';
    expect(check(cell)).toEqual([null, null, null]);
  });

  test('refuses a file, words or a command that are not there, and what names nothing', () => {
    const cell = '`test/house/none.test.ts`; `test/house/rooms.test.ts`: sings; `npm run dance`';
    expect(check(cell).filter((why) => why === null)).toEqual([]);
    expect(check('somewhere')[0]).toContain('no file of tests');
    expect(check('`src/words/clock.ts`')[0]).toContain('no file of tests');
  });
});
