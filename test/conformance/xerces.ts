import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPack } from '../../src/validation/packs.ts';
import { loadSchema } from '../../src/validation/schema/validate.ts';
import { parseXml } from '../../src/xml/parse.ts';
import type { Difference, Total } from './comparison.ts';
import { type Mutant, mutate, seeded } from './mutate.ts';

/** Why Xerces cannot be asked here, or null when it can: it comes with a Java runtime of version 16 or later. */
export function withoutJava(): string | null {
  const { status } = spawnSync('java', ['-version']);
  return status === 0 ? null : 'no java on this machine';
}

/** Larger examples are left out: as many changes are tried in less time. */
const LARGEST_BYTES = 200_000;

/**
 * Judges fresh mutants of a pack's examples here and by Xerces itself.
 * @param count how many mutants
 * @param seed the same mutants for the same seed
 */
export async function compareWithXerces(
  folder: string,
  count: number,
  seed: number,
): Promise<{ total: Total; differences: Difference[] }> {
  const pack = openPack(folder);
  const validator = loadSchema(pack);
  const mutants = mutantsOf(join(folder, 'ExemplesCDA'), count, seed);
  const theirs = errorsOfMutants(join(folder, pack.schema.main), mutants);
  const differences = mutants.flatMap(({ bytes, what }, index) => {
    const findings = validator.validate(parseXml(bytes));
    const errors = theirs[index]!;
    if (findings.length > 0 === errors.length > 0) return [];
    const ours = findings.map(({ code, detail }) => `${code} ${detail}`).join('\n    ') || 'valid';
    return [
      { id: `seed ${seed}, ${index}`, op: what, what: 'xsd', ours, theirs: errors.join('\n    ') || 'valid' },
    ];
  });
  const agree = mutants.length - differences.length;
  return {
    total: { what: 'xsd', of: `fresh mutants of ${pack.id}`, cases: mutants.length, agree },
    differences,
  };
}

function mutantsOf(folder: string, count: number, seed: number): Mutant[] {
  const random = seeded(seed);
  const files = readdirSync(folder).filter((file) => file.endsWith('.xml'));
  const examples = files.map((file) => readFileSync(join(folder, file)));
  const documents = examples.filter(({ length }) => length <= LARGEST_BYTES).map(parseXml);
  const mutants: Mutant[] = [];
  while (mutants.length < count) {
    const mutant = mutate(documents[Math.floor(random() * documents.length)]!, random);
    if (mutant) mutants.push(mutant);
  }
  return mutants;
}

/** The errors of each document, none when it is valid. */
export function errorsByXerces(schema: string, paths: readonly string[]): string[][] {
  const program = join(import.meta.dirname, 'Xerces.java');
  const java = spawnSync('java', [program, schema], { input: `${paths.join('\n')}\n`, maxBuffer: 2 ** 30 });
  if (java.status !== 0) throw new Error(`java ended with ${java.status}: ${java.stderr}`);
  const lines = java.stdout.toString().split('\n').slice(0, paths.length);
  return lines.map((line) => (line === '' ? [] : line.split('\t')));
}

function errorsOfMutants(schema: string, mutants: readonly Mutant[]): string[][] {
  const folder = mkdtempSync(join(tmpdir(), 'viaduc-mutants-'));
  try {
    const paths = mutants.map((_, index) => join(folder, `${index}.xml`));
    for (const [index, path] of paths.entries()) writeFileSync(path, mutants[index]!.bytes);
    return errorsByXerces(schema, paths);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
