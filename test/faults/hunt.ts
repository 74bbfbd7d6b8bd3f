import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { putMarks, readReached } from './marks.ts';
import { applied } from './mutations.ts';
import { type FileResult, runTests } from './run.ts';
import type { Fault } from './sample.ts';

/** What became of a fault: who caught it, or null when it survived every test that reaches it. */
export interface Verdict {
  fault: Fault;
  /** `test file: name of the test`, or that the time was up. */
  caughtBy: string | null;
  /** How many files of tests reach the place. */
  reachedBy: number;
}

/** What a run without any fault tells: how long each file takes, and which places it reaches. */
export interface Baseline {
  files: FileResult[];
  reached: Map<string, Set<number>>;
}

/** Milliseconds of tests that are tried first: most faults are caught by the quickest. */
const QUICK_MS = 4000;
/** Milliseconds of tests, without any fault, that one fault may cost at most. */
const MOST_MS = 90_000;
/** Milliseconds that a run may take to begin, and how much slower than without a fault it may be on a busy machine. */
const START_MS = 60_000;
const SLOWER = 4;
const BASELINE_LIMIT_MS = 1_800_000;

/** Runs all tests once on the copy, with a mark at the place of each fault. */
export async function baselineOf(
  copy: string,
  faults: readonly Fault[],
  tests: readonly string[],
): Promise<Baseline> {
  const folder = join(copy, 'reached');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const marks = putMarks(copy, faults);
  const environment = { VIADUC_TEST_FAULTS_FOLDER: folder };
  const marked = await runAll(copy, tests, environment);
  marks.restore();
  return { files: await withoutMarks(copy, marked), reached: readReached(folder) };
}

/** What failed with marks in the source is run once more: some tests read the source itself. */
async function withoutMarks(copy: string, marked: readonly FileResult[]): Promise<FileResult[]> {
  const failing = marked.filter(({ failed }) => failed.length > 0).map(({ file }) => file);
  if (failing.length === 0) return [...marked];
  const again = await runAll(copy, failing, {});
  return marked.map((one) => again.find(({ file }) => file === one.file) ?? one);
}

async function runAll(copy: string, files: readonly string[], environment: Record<string, string>) {
  const results = await runTests(copy, { files, limitMs: BASELINE_LIMIT_MS, bail: false, environment });
  if (!results) throw new Error('the tests without any fault took too long');
  return results;
}

/** Puts one fault into the copy, runs the tests that reach its place, the quickest first, and takes it out again. */
export async function tryFault(
  copy: string,
  number: number,
  fault: Fault,
  baseline: Baseline,
): Promise<Verdict> {
  const path = join(copy, fault.file);
  const source = readFileSync(path, 'utf8');
  const files = testsFor(number, baseline);
  writeFileSync(path, applied(source, fault));
  try {
    const caughtBy = (await caughtIn(copy, files.quick)) ?? (await caughtIn(copy, files.others));
    return { fault, caughtBy, reachedBy: files.quick.length + files.others.length };
  } finally {
    writeFileSync(path, source);
  }
}

/** Files that passed without a fault and reach the place, shared out by the time they take. */
export function testsFor(
  number: number,
  { files, reached }: Baseline,
): { quick: FileResult[]; others: FileResult[] } {
  const reaching = files.filter(({ file, failed }) => failed.length === 0 && reached.get(file)?.has(number));
  const sorted = reaching.toSorted((a, b) => a.ms - b.ms);
  const quick = within(sorted, QUICK_MS);
  return { quick, others: within(sorted.slice(quick.length), MOST_MS) };
}

/** As many from the first on as can be run in a time, one at least. */
function within(sorted: readonly FileResult[], limitMs: number): FileResult[] {
  let sum = 0;
  return sorted.filter(({ ms }, index) => {
    sum += ms;
    return index === 0 || sum <= limitMs;
  });
}

async function caughtIn(copy: string, tests: readonly FileResult[]): Promise<string | null> {
  if (tests.length === 0) return null;
  const limitMs = START_MS + SLOWER * tests.reduce((sum, { ms }) => sum + ms, 0);
  const results = await runTests(copy, { files: tests.map(({ file }) => file), limitMs, bail: true });
  if (!results) return `${tests[0]!.file}: does not come to its end`;
  const failing = results.find(({ failed }) => failed.length > 0);
  return failing ? `${failing.file}: ${failing.failed[0]}` : null;
}
