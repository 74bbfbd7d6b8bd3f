import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openChecks } from '../../src/checks/pool.ts';
import { openPack, type Pack } from '../../src/validation/packs.ts';
import { loadSchema, type SchemaValidator } from '../../src/validation/schema/validate.ts';
import { RuleSets } from '../../src/validation/schematron/rule-sets.ts';
import { parseXml } from '../../src/xml/parse.ts';
import { type BenchExample, benchExamples, enlargedReport } from './examples.ts';
import { peers } from './peers.ts';
import { quantile } from './processes.ts';
import { most, type Row } from './row.ts';

const ROUNDS = 15;
const WARM_UP = 5;
/** Longest time for the rounds of one step, and for one of the sizes after which no larger one is tried. */
const MOST_MS = 15_000;
const SIZES_MB = [1, 5, 10, 25, 50];

interface Engine {
  pack: Pack;
  validator: SchemaValidator;
  sets: RuleSets;
}

/**
 * What a validation by the agency's pack costs: its examples warm in one thread, beside Saxon-HE and Xerces; documents of
 * growing size; two workers; memory; the load of the pack.
 */
export async function validation(pack: string | null): Promise<Row[]> {
  if (!pack) return [];
  const cache = mkdtempSync(join(tmpdir(), 'viaduc-bench-'));
  try {
    const { folder, examples } = benchExamples();
    const loads = loadRows(folder, cache);
    const engine = await openEngine(folder, cache);
    const warm = exampleRows(engine, examples);
    const sizes = await sizeRows(engine, examples);
    const both = [await throughput(folder, cache, examples, 1), await throughput(folder, cache, examples, 2)];
    return [
      ...warm,
      ...(await peers(folder, engine.pack.schema.main, examples)),
      ...sizes,
      ...both,
      ...loads,
    ];
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

async function openEngine(folder: string, cache: string): Promise<Engine> {
  const pack = openPack(folder);
  const paths = pack.ruleSets.map(({ path }) => path);
  const sets = RuleSets.open(
    { folder: pack.folder, pack: pack.id, cache: { folder: cache, packSha256: pack.sha256 } },
    paths,
  );
  return { pack, validator: loadSchema(pack), sets };
}

function exampleRows({ validator, sets }: Engine, examples: readonly BenchExample[]): Row[] {
  const parsed = examples.map(({ bytes, schematrons }) => ({ document: parseXml(bytes), schematrons }));
  return [
    row(
      'parse',
      timed(examples, ({ bytes }) => parseXml(bytes)),
      null,
    ),
    row(
      'XSD',
      timed(parsed, ({ document }) => validator.validate(document)),
      null,
    ),
    row(
      'Schematrons on the parsed tree',
      timed(parsed, ({ document, schematrons }) => sets.judge(document, schematrons)),
      most(1),
    ),
    row(
      'all',
      timed(examples, ({ bytes, schematrons }) => {
        const document = parseXml(bytes);
        validator.validate(document);
        sets.judge(document, schematrons);
      }),
      most(4),
    ),
  ];
}

interface Timing {
  rounds: number;
  medianMs: number;
  bestMs: number;
  worstMs: number;
}

function row(what: string, { rounds, medianMs, bestMs, worstMs }: Timing, goal: Row['goal']): Row {
  const note = `median of ${rounds} rounds, ${bestMs.toFixed(2)}–${worstMs.toFixed(2)} ms`;
  return { what: `examples, mean, warm, one thread: ${what}`, figure: medianMs, unit: 'ms', goal, note };
}

/** Mean time of a step over the documents, round after round. */
function timed<T>(inputs: readonly T[], run: (input: T) => unknown): Timing {
  const rounds: number[] = [];
  const until = performance.now() + MOST_MS;
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    if (performance.now() > until) {
      if (rounds.length > 0) break;
      round = 0;
    }
    const began = performance.now();
    for (const input of inputs) run(input);
    if (round >= 0) rounds.push((performance.now() - began) / inputs.length);
  }
  rounds.sort((a, b) => a - b);
  return {
    rounds: rounds.length,
    medianMs: quantile(rounds, 0.5),
    bestMs: rounds[0]!,
    worstMs: rounds.at(-1)!,
  };
}

/** Our level-3 report made larger and larger: linear when the cost of a megabyte stays the same. */
async function sizeRows({ validator, sets }: Engine, examples: readonly BenchExample[]): Promise<Row[]> {
  const report = examples.find(({ path }) => path.includes('BIO-CR-BIO_2024.01'))!;
  const rows: Row[] = [];
  let last = false;
  for (const megabytes of SIZES_MB) {
    if (last) break;
    const bytes = enlargedReport(megabytes);
    const began = performance.now();
    const document = parseXml(bytes);
    const parsed = performance.now();
    validator.validate(document);
    const validated = performance.now();
    sets.judge(document, report.schematrons);
    const ended = performance.now();
    const steps = [parsed - began, validated - parsed, ended - validated].map((ms) => ms.toFixed(0));
    if (ended - began > MOST_MS) last = true;
    const perMegabyte = (ended - began) / megabytes;
    rows.push({
      what: `level-3 report of ${megabytes} MB: all`,
      figure: (ended - began) / 1000,
      unit: 's',
      goal: null,
      note: `${perMegabyte.toFixed(1)} ms/MB; parse ${steps[0]}, XSD ${steps[1]}, Schematrons ${steps[2]} ms`,
    });
  }
  return rows;
}

const PASSES = 10;
/**
 * Passes of each worker before those that are timed. Every worker compiles for itself what runs often: for its first
 * thousand documents it takes twice the time that it takes later.
 */
const WARM_UP_PASSES = 15;

/** Documents judged each second by so many workers, everything included. */
async function throughput(
  folder: string,
  cache: string,
  examples: readonly BenchExample[],
  workers: number,
): Promise<Row> {
  const checks = await openChecks({
    environment: 'sandbox',
    rules: { packs: [{ folder, from: null, until: null }], cache, problems: 'report' },
    installation: { sourceId: '2.25.1', product: { name: 'Viaduc', version: '0' } },
    workers,
    budgetMs: 60_000,
  });
  const pass = () => Promise.all(examples.map(({ bytes }) => checks.judge({ bytes, brought: null })));
  // All at once: waiting for the last document of each pass would leave the other workers idle.
  const run = (passes: number) => Promise.all(Array.from({ length: passes }, pass));
  try {
    await run(WARM_UP_PASSES * workers);
    const [began, used] = [performance.now(), process.cpuUsage()];
    await run(PASSES * workers);
    const seconds = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(used);
    const documents = PASSES * workers * examples.length;
    return {
      what: `examples through ${workers} ${workers > 1 ? 'workers' : 'worker'}, warm`,
      figure: documents / seconds,
      unit: 'documents/s',
      goal: null,
      note: `${((user + system) / 1000 / documents).toFixed(2)} ms of CPU a document, all threads of the process`,
    };
  } finally {
    await checks.close();
  }
}

interface Opened {
  ms: number;
  residentBytes: number;
}

/** The pack opened in a process of its own, twice: without anything kept, and from what that left. */
function loadRows(folder: string, cache: string): Row[] {
  const [cold, kept] = [opened(folder, cache), opened(folder, cache)];
  return [
    { what: 'pack loaded, nothing kept', figure: cold.ms / 1000, unit: 's', goal: null },
    { what: 'pack loaded from the cache', figure: kept.ms / 1000, unit: 's', goal: most(1) },
    {
      what: 'process with the pack, after judging its examples',
      figure: kept.residentBytes / 2 ** 20,
      unit: 'MB',
      goal: null,
    },
  ];
}

function opened(folder: string, cache: string): Opened {
  const program = join(import.meta.dirname, 'open-pack.ts');
  const { stdout, stderr, status } = spawnSync(process.execPath, [
    ...process.execArgv,
    program,
    folder,
    cache,
  ]);
  if (status !== 0) throw new Error(`the pack was not opened: ${stderr}`);
  return JSON.parse(stdout.toString()) as Opened;
}
