// Holds our verdicts against those of the reference implementations on the official examples and their mutants:
// `npm run conformance [-- --json] [--timing] [--xerces COUNT [--seed N]]`, the last against Xerces itself on fresh
// mutants of both editions, where there is a Java runtime. Exit status 0 when they agree, 1 when they differ, 2 when there is
// nothing to compare with.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { openPack, type Pack } from '../../src/validation/packs.ts';
import { loadSchema, type SchemaValidator } from '../../src/validation/schema/validate.ts';
import { exampleCases, missing, mutantCases, olderPackFolder, packFolder } from './cases.ts';
import { compare, type Difference, type Total } from './comparison.ts';
import { type Timing, timings } from './timing.ts';
import { compareWithXerces, withoutJava } from './xerces.ts';
import { xsdComparison } from './xsd.ts';

interface Outcome {
  pack: { id: string; sha256: string };
  totals: Total[];
  differences: Difference[];
  timings: Timing[];
  machine: string;
  memory: { wasmBytes: number; residentBytes: number };
}

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    timing: { type: 'boolean', default: false },
    xerces: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
  },
});

if (missing) {
  console.error(`nothing compared: ${missing}`);
  process.exitCode = 2;
} else {
  const outcome = await run();
  print(outcome);
  process.exitCode = outcome.differences.length > 0 ? 1 : 0;
}

async function run(): Promise<Outcome> {
  const pack = openPack(packFolder);
  const validator = await loadSchema(pack);
  const comparisons = [xsdComparison(validator)];
  const examples = compare('examples', exampleCases(), comparisons);
  const mutants = compare('mutants', mutantCases(), comparisons);
  const fresh = await compareFresh();
  return {
    pack: { id: pack.id, sha256: pack.sha256 },
    totals: [...examples.totals, ...mutants.totals, ...fresh.map(({ total }) => total)],
    differences: [examples, mutants, ...fresh].flatMap(({ differences }) => differences),
    timings: options.timing ? await timeExamples(pack, validator) : [],
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`,
    memory: { wasmBytes: validator.memoryBytes, residentBytes: process.memoryUsage.rss() },
  };
}

async function compareFresh(): Promise<Awaited<ReturnType<typeof compareWithXerces>>[]> {
  const count = Number(options.xerces);
  if (count === 0) return [];
  const reason = withoutJava();
  if (reason) throw new Error(`--xerces: ${reason}`);
  const seed = Number(options.seed);
  return [
    await compareWithXerces(packFolder, count, seed),
    await compareWithXerces(olderPackFolder, count, seed),
  ];
}

function timeExamples(pack: Pack, validator: SchemaValidator): Promise<Timing[]> {
  return timings(
    pack,
    validator,
    exampleCases().map((one) => one.read()),
  );
}

function print(outcome: Outcome): void {
  if (options.json) {
    console.log(JSON.stringify(outcome));
    return;
  }
  for (const { id, op, what, ours, theirs } of outcome.differences)
    console.log(`${id}${op ? ` (${op})` : ''}, ${what}:\n  reference: ${theirs}\n  ours: ${ours}`);
  for (const { what, of, cases, agree } of outcome.totals)
    console.log(`${what}: ${agree} of ${cases} ${of} agree (${((100 * agree) / cases).toFixed(2)} %)`);
  console.log(`pack ${outcome.pack.id}, ${outcome.pack.sha256.slice(0, 12)}; ${outcome.machine}`);
  if (outcome.timings.length > 0) printTimings(outcome);
}

function printTimings({ timings: rows, memory }: Outcome): void {
  console.log('\nmean over the examples, one thread, warm              best     median');
  for (const { step, bestMs, medianMs } of rows)
    console.log(`${step.padEnd(48)}${milliseconds(bestMs)} ${milliseconds(medianMs)}`);
  console.log(
    `WebAssembly memory ${megabytes(memory.wasmBytes)}, resident ${megabytes(memory.residentBytes)}`,
  );
}

function milliseconds(ms: number): string {
  return `${ms.toFixed(2).padStart(7)} ms`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MB`;
}
