// Holds our verdicts against those of the reference implementations.
//
// `npm run conformance [-- --json] [--timing]`: on the official examples and their mutants, whose reference verdicts
// are recorded. `-- --xerces COUNT [--seed N]` adds fresh mutants of both editions, judged by Xerces alone.
// `-- --fresh COUNT [--edition 3-0|2-41] [--seed N] [--keep FOLDER]`: on fresh mutants of every example of an edition,
// judged by Saxon-HE and Xerces there and then; on those of edition 2-41 themselves too, for which nothing is
// recorded; the documents on which verdicts differ are kept in the folder.
//
// The first also says what the project's own rules are worth.
//
// Exit status 0 when they agree, 1 when they differ or our own rules find an error on an example, 2 when there is nothing to compare with.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { openPack, type Pack } from '../../src/validation/packs.ts';
import { loadSchema } from '../../src/validation/schema/validate.ts';
import { RuleSets } from '../../src/validation/schematron/rule-sets.ts';
import type { NotEvaluated } from '../../src/words/findings.ts';
import { exampleCases, missing, mutantCases, olderPackFolder, packFolder } from './cases.ts';
import { compare, type Difference, type Total } from './comparison.ts';
import { isEdition, openEdition } from './editions.ts';
import { compareFresh, type FreshOutcome } from './fresh.ts';
import { type OwnPackFigures, ownPackFigures, ownPackLines } from './own-pack.ts';
import { withoutSkeleton } from './saxon.ts';
import { schematronComparison } from './schematron.ts';
import { type Timing, timings } from './timing.ts';
import { compareWithXerces, withoutJava } from './xerces.ts';
import { xsdComparison } from './xsd.ts';

interface Outcome {
  pack: { id: string; sha256: string };
  /** Rule sets with something in them that is evaluated on no document. */
  notEvaluated: { schema: string; rules: number; asserts: number; entries: readonly NotEvaluated[] }[];
  /** How many verdicts Saxon stopped before the end of, in a comparison with itself. */
  stopped: FreshOutcome['stopped'] | null;
  totals: Total[];
  differences: Difference[];
  /** What the project's own rules are worth; null when fresh mutants are compared. */
  ownPack: OwnPackFigures | null;
  timings: Timing[];
  machine: string;
  residentBytes: number;
}

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    timing: { type: 'boolean', default: false },
    xerces: { type: 'string', default: '0' },
    fresh: { type: 'string', default: '0' },
    edition: { type: 'string', default: '3-0' },
    keep: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});

const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;

if (missing) {
  console.error(`nothing compared: ${missing}`);
  process.exitCode = 2;
} else {
  const outcome = Number(options.fresh) > 0 ? await runFresh(options.edition) : await run();
  print(outcome);
  const onExamples = outcome.ownPack?.onExamples.length ?? 0;
  process.exitCode = outcome.differences.length + onExamples > 0 ? 1 : 0;
}

async function run(): Promise<Outcome> {
  const pack = openPack(packFolder);
  const validator = loadSchema(pack);
  const sets = openRules(pack);
  const comparisons = [xsdComparison(validator), schematronComparison(sets)];
  const examples = compare('examples', exampleCases(), comparisons);
  const mutants = compare('mutants', mutantCases(), comparisons);
  const fresh = await compareXsdFresh();
  return {
    pack: { id: pack.id, sha256: pack.sha256 },
    totals: [...examples.totals, ...mutants.totals, ...fresh.map(({ total }) => total)],
    notEvaluated: unevaluated(sets),
    stopped: null,
    differences: [examples, mutants, ...fresh].flatMap(({ differences }) => differences),
    ownPack: ownPackFigures(),
    timings: options.timing ? timings(validator, examplesRead()) : [],
    machine,
    residentBytes: process.memoryUsage.rss(),
  };
}

async function runFresh(name: string): Promise<Outcome> {
  if (!isEdition(name)) throw new Error(`no edition ${name}: 3-0, 2-41`);
  const reason = withoutSkeleton();
  if (reason) throw new Error(`--fresh: ${reason}`);
  const edition = openEdition(name);
  const examples = edition.folder !== packFolder;
  const { fresh: count, seed, keep = null } = options;
  const asked = { edition, examples, keep, count: Number(count), seed: Number(seed) };
  const pack = openPack(edition.folder);
  return {
    pack: { id: pack.id, sha256: pack.sha256 },
    notEvaluated: unevaluated(openRules(pack)),
    ...(await compareFresh(asked)),
    ownPack: null,
    timings: [],
    machine,
    residentBytes: process.memoryUsage.rss(),
  };
}

function openRules({ folder, id, ruleSets }: Pack): RuleSets {
  const paths = ruleSets.map(({ path }) => path);
  return RuleSets.open({ folder, pack: id, cache: null }, paths);
}

function unevaluated({ sets }: RuleSets): Outcome['notEvaluated'] {
  const incomplete = sets.filter(({ notEvaluated }) => notEvaluated.length > 0);
  return incomplete.map(({ schema, rules, asserts, notEvaluated }) => ({
    ...{ schema, rules, asserts, entries: notEvaluated },
  }));
}

async function compareXsdFresh(): Promise<Awaited<ReturnType<typeof compareWithXerces>>[]> {
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

function examplesRead(): Buffer[] {
  return exampleCases().map((one) => one.read());
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
  for (const { schema, rules, asserts, entries } of outcome.notEvaluated) {
    console.log(`${schema}: ${asserts} assertions of ${rules} rules; not evaluated on any document:`);
    for (const { rule, reason } of entries) console.log(`  ${rule}: ${reason}`);
  }
  if (outcome.stopped && outcome.stopped.saxon > 0)
    console.log(
      `Saxon stopped in ${outcome.stopped.saxon} verdicts; in ${outcome.stopped.saidByUs} of them we say what was not evaluated`,
    );
  console.log(`pack ${outcome.pack.id}, ${outcome.pack.sha256.slice(0, 12)}; ${outcome.machine}`);
  if (outcome.ownPack) console.log(`\n${ownPackLines(outcome.ownPack).join('\n')}`);
  if (outcome.timings.length > 0) printTimings(outcome);
}

function printTimings({ timings: rows, residentBytes }: Outcome): void {
  console.log('\nmean over the examples, one thread, warm              best     median');
  for (const { step, bestMs, medianMs } of rows)
    console.log(`${step.padEnd(48)}${milliseconds(bestMs)} ${milliseconds(medianMs)}`);
  console.log(`resident memory ${megabytes(residentBytes)}`);
}

function milliseconds(ms: number): string {
  return `${ms.toFixed(2).padStart(7)} ms`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MB`;
}
