import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPack } from '../../src/validation/packs.ts';
import { loadSchema } from '../../src/validation/schema/validate.ts';
import { type Judged, RuleSets } from '../../src/validation/schematron/rule-sets.ts';
import { parseXml } from '../../src/xml/parse.ts';
import type { XmlDocument } from '../../src/xml/tree.ts';
import type { Difference, Total } from './comparison.ts';
import type { Edition, Example } from './editions.ts';
import { mutateForRules, seeded } from './mutate.ts';
import { SaxonProcess, schematronName } from './saxon.ts';
import { ruleDifference } from './schematron.ts';
import { errorsByXerces } from './xerces.ts';

export interface FreshOptions {
  edition: Edition;
  /** How many mutants are made, of every example in turn. */
  count: number;
  /** The same mutants for the same seed. */
  seed: number;
  /** Whether the examples themselves are judged as well. */
  examples: boolean;
  /** Folder to keep the documents in on which the verdicts differ, or null. */
  keep: string | null;
}

export interface FreshOutcome {
  totals: Total[];
  differences: Difference[];
  /** Verdicts of Saxon that it stopped before the end of, and those of them where we say that a rule was not evaluated. */
  stopped: { saxon: number; saidByUs: number };
}

interface Specimen {
  id: string;
  what: string | null;
  bytes: Buffer;
  document: XmlDocument;
  example: Example;
}

/** Judges fresh documents here, by Saxon-HE and by Xerces, and says where the verdicts differ. */
export async function compareFresh(options: FreshOptions): Promise<FreshOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'viaduc-fresh-'));
  try {
    const specimens = specimensOf(options);
    const paths = specimens.map(({ bytes }, index) => write(join(folder, `${index}.xml`), bytes));
    const xsd = await xsdDifferences(options.edition, specimens, paths);
    const rules = await ruleDifferences(options.edition, specimens, paths);
    const differing = new Set([...xsd, ...rules.differences].map(({ id }) => id));
    if (options.keep) keep(options.keep, specimens, differing);
    return {
      totals: [
        total('xsd', options, specimens, xsd),
        total('schematron', options, specimens, rules.differences),
      ],
      differences: [...xsd, ...rules.differences],
      stopped: rules.stopped,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function specimensOf({ edition, count, seed, examples }: FreshOptions): Specimen[] {
  const random = seeded(seed);
  const parsed = edition.examples.map((example) => ({ example, document: parseXml(example.bytes) }));
  const specimens: Specimen[] = examples
    ? parsed.map(({ example, document }) => ({
        ...{ id: example.id, what: null, bytes: example.bytes, document, example },
      }))
    : [];
  for (let made = 0; made < count; ) {
    const { example, document } = parsed[made % parsed.length]!;
    const mutant = mutateForRules(document, random);
    if (!mutant) continue;
    const id = `${example.id}~${seed}.${made}`;
    specimens.push({ id, ...mutant, document: parseXml(mutant.bytes), example });
    made += 1;
  }
  return specimens;
}

function write(path: string, bytes: Buffer): string {
  writeFileSync(path, bytes);
  return path;
}

function keep(folder: string, specimens: readonly Specimen[], differing: ReadonlySet<string>): void {
  mkdirSync(folder, { recursive: true });
  for (const { id, bytes } of specimens)
    if (differing.has(id)) writeFileSync(join(folder, `${id}.xml`), bytes);
}

function total(
  what: string,
  { edition, seed }: FreshOptions,
  specimens: readonly Specimen[],
  differences: readonly Difference[],
): Total {
  const differing = new Set(differences.map(({ id }) => id)).size;
  const of = `documents of seed ${seed} made from ${edition.id}`;
  return { what, of, cases: specimens.length, agree: specimens.length - differing };
}

async function xsdDifferences(
  { folder }: Edition,
  specimens: readonly Specimen[],
  paths: readonly string[],
): Promise<Difference[]> {
  const pack = openPack(folder);
  const validator = loadSchema(pack);
  const theirs = errorsByXerces(join(folder, pack.schema.main), paths);
  return specimens.flatMap(({ id, what, document }, index) => {
    const findings = validator.validate(document);
    const errors = theirs[index]!;
    if (findings.length > 0 === errors.length > 0) return [];
    const ours = findings.map(({ code, detail }) => `${code} ${detail}`).join('\n    ') || 'valid';
    return [{ id, op: what, what: 'xsd', ours, theirs: errors.join('\n    ') || 'valid' }];
  });
}

async function ruleDifferences(
  { folder, id: pack, examples }: Edition,
  specimens: readonly Specimen[],
  paths: readonly string[],
): Promise<{ differences: Difference[]; stopped: FreshOutcome['stopped'] }> {
  const all = [...new Set(examples.flatMap(({ schematrons }) => schematrons))];
  const sets = RuleSets.open({ folder, pack, cache: null }, all);
  const saxon = new SaxonProcess('Saxon', ['--keep', '--without-broken']);
  const stopped = { saxon: 0, saidByUs: 0 };
  const differences: Difference[] = [];
  try {
    for (const [index, { id, what, document, example }] of specimens.entries()) {
      const absolute = example.schematrons.map((path) => join(folder, path));
      const asked = saxon.judge(paths[index]!, absolute);
      const judged = sets.judge(document, example.schematrons);
      const answer = await asked;
      for (const [path, verdict] of Object.entries(answer?.verdicts ?? {})) {
        const schema = schematronName(path);
        if (verdict.aborted !== null) count(stopped, judged, schema);
        else {
          const found = ruleDifference(schema, judged, verdict.failed);
          if (found) differences.push({ id, op: what, ...found });
        }
      }
    }
  } finally {
    saxon.end();
  }
  return { differences, stopped };
}

function count(stopped: FreshOutcome['stopped'], { notEvaluated }: Judged, schema: string): void {
  stopped.saxon += 1;
  if (notEvaluated.some(({ rule }) => rule.includes(schema))) stopped.saidByUs += 1;
}
