import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { SaxonProcess, withoutSkeleton } from '../conformance/saxon.ts';
import { withoutJava } from '../conformance/xerces.ts';
import type { BenchExample } from './examples.ts';
import type { Row } from './row.ts';

/** What Saxon-HE and Xerces take for the same documents, warm, in one thread; a row that says why when they are not there. */
export async function peers(
  folder: string,
  schema: string,
  examples: readonly BenchExample[],
): Promise<Row[]> {
  return [await saxon(folder, examples), xerces(join(folder, schema), examples)];
}

const WHAT = {
  saxon: 'examples, mean, warm, one thread: Saxon-HE, Schematrons with its parse',
  xerces: 'examples, mean, warm, one thread: Xerces, XSD with its parse',
} as const;

/** Each document twice: the first time the Schematrons are compiled and the code gets warm. */
async function saxon(folder: string, examples: readonly BenchExample[]): Promise<Row> {
  const reason = withoutSkeleton();
  if (reason) return absent(WHAT.saxon, reason);
  const java = new SaxonProcess('Saxon', ['--keep', '--without-broken']);
  const pass = async () => {
    let total = 0;
    for (const { path, schematrons } of examples) {
      const answer = (await java.judge(
        path,
        schematrons.map((one) => join(folder, one)),
      ))!;
      total += Object.values(answer.verdicts).reduce((sum, { ms }) => sum + ms, answer.parseMs);
    }
    return total / examples.length;
  };
  try {
    await pass();
    return {
      what: WHAT.saxon,
      figure: await pass(),
      unit: 'ms',
      goal: null,
      note: 'value sets kept in memory',
    };
  } finally {
    java.end();
  }
}

const XERCES_PASSES = 6;

function xerces(schema: string, examples: readonly BenchExample[]): Row {
  const reason = withoutJava();
  if (reason) return absent(WHAT.xerces, reason);
  const program = join(import.meta.dirname, '..', 'conformance', 'Xerces.java');
  const passes = Array.from({ length: XERCES_PASSES }, () => examples.map(({ path }) => path)).flat();
  const input = `${passes.join('\n')}\n`;
  const { stdout, status, stderr } = spawnSync('java', [program, schema, '--time'], {
    input,
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`java ended with ${status}: ${stderr}`);
  const times = stdout.toString().trimEnd().split('\n').map(Number).slice(-examples.length);
  const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length;
  return { what: WHAT.xerces, figure: mean, unit: 'ms', goal: null };
}

function absent(what: string, reason: string): Row {
  return { what, figure: Number.NaN, unit: 'ms', goal: null, note: reason };
}
