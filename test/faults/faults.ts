import { globSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { seeded } from '../crash/random.ts';
import { root } from '../house/reference.ts';
import { readVerdicts, same, survivorsOf } from './again.ts';
import { copyTree } from './copy.ts';
import { type Baseline, baselineOf, tryFault, type Verdict } from './hunt.ts';
import { figuresOf, tableOf, verdictLine } from './report.ts';
import { endRun, runTests } from './run.ts';
import { drawFaults, type Fault } from './sample.ts';

/** `npm run test:faults -- [--count N] [--seed S] [--room R]… [--tests GLOB]… [--least PERCENT] [--json FILE] [--again FILE]`: puts faults into a copy of the source, one at a time, and tells which of them no test caught. With `--again` it tries those that survived an earlier round, and keeps what that round said of the others. */
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '150' },
    seed: { type: 'string' },
    room: { type: 'string', multiple: true, default: ['ledger', 'delivery', 'identity'] },
    tests: { type: 'string', multiple: true },
    least: { type: 'string', default: '80' },
    json: { type: 'string' },
    again: { type: 'string' },
  },
});

/** Tests that most faults are caught by; what survives them is tried on the running gateway. */
const OF_ROOMS = ['test/{identity,ledger,delivery,routing,checks}/**/*.test.ts', 'test/house/docs.test.ts'];
const OF_GATEWAY = [
  'test/{gateway,console,intake,restore,alarms}/**/*.test.ts',
  'test/indicators/l*.test.ts',
];
/** They take minutes, and show what others show. */
const LEFT_OUT = /test\/gateway\/(?:examples|fault-matrix|rules-policy|packs|cli\/(?!upgrade))/;

const seed = Number(values.seed ?? Date.now() % 1_000_000);
const earlier = values.again ? readVerdicts(values.again) : [];
const faults = values.again
  ? survivorsOf(root, earlier)
  : drawFaults(root, values.room, Number(values.count), seeded(seed));
console.log(
  values.again ? `${faults.length} survivors of ${values.again}` : `seed ${seed}: ${faults.length} faults`,
);
process.env.VIADUC_SHARED = resolve(root, process.env.VIADUC_SHARED ?? '../shared');
const copy = copyTree(root);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.once('exit', () => {
  endRun();
  copy.remove();
});

const first = await huntAll(faults, values.tests ?? OF_ROOMS);
const survivors = first.filter(({ caughtBy }) => caughtBy === null).map(({ fault }) => fault);
write(first);
const second = values.tests || survivors.length === 0 ? [] : await huntAll(survivors, OF_GATEWAY);
const tried = first.map((one) =>
  merged(
    one,
    second.find(({ fault }) => fault === one.fault),
  ),
);
await tellUnstable(tried);
const verdicts = write(tried);
console.log(
  `\n${verdicts
    .filter(({ caughtBy }) => caughtBy === null)
    .map(verdictLine)
    .join('\n')}`,
);
console.log(`\n${tableOf(verdicts)}`);
process.exitCode = figuresOf(verdicts).rate >= Number(values.least) ? 0 : 1;

/** Puts verdicts in the place of those that an earlier round gave, and writes them all down. */
function write(tried: readonly Verdict[]): Verdict[] {
  const kept = earlier.filter(({ fault }) => !tried.some((one) => same(one.fault, fault)));
  const all = [...kept, ...tried];
  if (values.json) writeFileSync(values.json, JSON.stringify({ seed, verdicts: all }, null, 2));
  return all;
}

async function huntAll(all: readonly Fault[], patterns: readonly string[]): Promise<Verdict[]> {
  const tests = globSync([...patterns], { cwd: root }).filter((file) => !LEFT_OUT.test(file));
  const baseline = await baselineOf(copy.folder, all, tests);
  tellBaseline(baseline);
  const found: Verdict[] = [];
  for (const [number, fault] of all.entries()) {
    const verdict = await tryFault(copy.folder, number, fault, baseline);
    found.push(verdict);
    console.log(`${number + 1} ${verdictLine(verdict)}`);
  }
  return found;
}

function merged(one: Verdict, more: Verdict | undefined): Verdict {
  return more ? { ...one, caughtBy: more.caughtBy, reachedBy: one.reachedBy + more.reachedBy } : one;
}

function tellBaseline({ files }: Baseline): void {
  const failing = files.filter(({ failed }) => failed.length > 0);
  console.log(
    `${files.length} files of tests were run without a fault; ${failing.length} failed and are not asked:`,
  );
  for (const { file, failed } of failing) console.log(`  ${file}: ${failed[0]}`);
}

/** A test that fails without a fault too has caught nothing: those that caught something are run once more. */
async function tellUnstable(found: readonly Verdict[]): Promise<void> {
  const files = [...new Set(found.flatMap(({ caughtBy }) => (caughtBy ? [caughtBy.split(': ')[0]!] : [])))];
  if (files.length === 0) return;
  const again = await runTests(copy.folder, { files, limitMs: 1_800_000, bail: false });
  const failing = again?.filter(({ failed }) => failed.length > 0) ?? [];
  console.log(
    `\n${files.length} files caught something; run once more without a fault, ${failing.length} of them fail`,
  );
  for (const { file, failed } of failing) console.log(`  ${file}: ${failed.join(', ')}`);
}
