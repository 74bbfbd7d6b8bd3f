import { describe, expect, test } from 'vitest';
import { seeded } from '../crash/random.ts';
import { root } from '../house/reference.ts';
import { survivorsOf } from './again.ts';
import { EQUIVALENTS, whyEquivalent } from './equivalents.ts';
import { testsFor, type Verdict } from './hunt.ts';
import { withMarks } from './marks.ts';
import { applied, mutationsOf } from './mutations.ts';
import { figuresOf } from './report.ts';
import type { FileResult } from './run.ts';
import { drawFaults, faultsIn } from './sample.ts';
import { isSource } from './syntax.ts';

/** Every text that one fault makes of a source. */
const made = (source: string) => mutationsOf('a.ts', source).map((one) => applied(source, one));

describe('a fault is', () => {
  test.each([
    ['a boundary or a comparison', 'f(a < 1);', ['f(a <= 1);', 'f(a >= 1);']],
    ['a condition negated', 'if (a) b();', ['if (!(a)) b();']],
    ['a negation or an await that is gone', 'f(!await a);', ['f(await a);', 'f(!(a));']],
    ['one logic for the other', 'f(a ?? b);', ['f(a && b);']],
    ['a statement that is gone', 'event.add(a);', [';']],
    ['a result that is null', 'const f = () => g;', ['const f = () => null;']],
    ['a constant', "f('x', true, 7);", ["f('', true, 7);", "f('x', false, 7);", "f('x', true, 8);"]],
    ['an element that is gone', 'f([a, b]);', ['f([b]);', 'f([a]);']],
    ['a method for another', 'f(Math.min(a));', ['f(Math.max(a));']],
    ['an anchor that is gone', 'f(/^a$/);', ['f(/a$/);', 'f(/^a/);']],
    [
      'a word of SQL',
      "f('SELECT a WHERE b AND c ORDER BY d DESC');",
      ["f('SELECT a WHERE b OR c ORDER BY d DESC');", "f('SELECT a WHERE b AND c ORDER BY d ASC');"],
    ],
  ])('%s', (_name, source, expected) => {
    expect(made(source)).toEqual(expect.arrayContaining(expected));
  });

  test('nothing that only the type checker sees, and no text of a sentence', () => {
    expect(made("type A = 'x' | 7; interface B { c: 'y' }")).toEqual([]);
    expect(made("const a = 'a sentence for a person';")).toEqual([]);
  });
});

describe('a sample', () => {
  const draw = (seed: number) => drawFaults(root, ['identity'], 12, seeded(seed));

  test('is the same for the same seed, each fault on a line of its own, and every text can be run', () => {
    const faults = draw(5);
    expect(faults).toEqual(draw(5));
    expect(new Set(faults.map(({ file, line }) => `${file}:${line}`)).size).toBe(12);
  });

  test('leaves a source that can be run when every place of a file is marked', () => {
    const source = 'const f = (a) => ({ b: a.map((c) => c + 1) });\nfunction g() { return f(2); }\n';
    const numbered = mutationsOf('a.ts', source).map((one, number) => ({ ...one, number }));
    const marked = withMarks(source, numbered);
    expect(isSource('a.ts', marked)).toBe(true);
    expect(marked).toContain('{ reached_(');
  });

  test('names file, line and words of what it changes', () => {
    const [first] = faultsIn(root, 'identity', 'src/identity/matricule.ts');
    expect(first).toMatchObject({ room: 'identity', file: 'src/identity/matricule.ts' });
    expect(first!.before).toContain(first!.from);
  });
});

describe('what became of them', () => {
  const file = (name: string, ms: number, failed: string[] = []): FileResult => ({ file: name, ms, failed });

  test('is asked of the tests that pass and reach the place, the quickest first', () => {
    const reached = new Map([
      ['slow', new Set([1])],
      ['quick', new Set([1])],
      ['broken', new Set([1])],
      ['elsewhere', new Set([2])],
    ]);
    const files = [file('slow', 9000), file('quick', 10), file('broken', 1, ['x']), file('elsewhere', 1)];
    const { quick, others } = testsFor(1, { files, reached });
    expect(quick.map((one) => one.file)).toEqual(['quick']);
    expect(others.map((one) => one.file)).toEqual(['slow']);
  });

  test('is tried again for the survivors of an earlier round, wherever their lines went', () => {
    const [one, other] = drawFaults(root, ['identity'], 2, seeded(9));
    const verdicts = [
      { fault: { ...one!, line: 1, start: 0 }, caughtBy: null, reachedBy: 0 },
      { fault: other!, caughtBy: 'a test', reachedBy: 1 },
      { fault: { ...other!, before: 'written anew since' }, caughtBy: null, reachedBy: 0 },
    ];
    expect(survivorsOf(root, verdicts)).toEqual([one]);
  });

  test('is nothing only where the source still says what the list of such faults says', () => {
    const stale = EQUIVALENTS.filter((one) => {
      const faults = faultsIn(root, one.file.split('/')[1]!, one.file);
      return !faults.some((fault) => whyEquivalent(fault) === one.why);
    });
    expect(stale).toEqual([]);
  });

  test('is a rate of those that can be told from the original', () => {
    const [fault] = drawFaults(root, ['identity'], 1, () => 0.5);
    const verdict = (caughtBy: string | null): Verdict => ({ fault: fault!, caughtBy, reachedBy: 0 });
    const figures = figuresOf([verdict('a'), verdict('b'), verdict(null)]);
    expect(figures).toMatchObject({ faults: 3, caught: 2, survived: 1, unreached: 1, rate: 66.7 });
  });
});
