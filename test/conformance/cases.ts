import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Folder of the official packs and of the reference verdicts; `VIADUC_SHARED` names another one. */
export const shared = resolve(
  join(import.meta.dirname, '..', '..'),
  process.env.VIADUC_SHARED ?? join('..', 'shared'),
);

/** The pack that the reference verdicts are about, and another edition. */
export const packFolder = join(shared, 'ans', 'TestContenuCDA-3-0');
export const olderPackFolder = join(shared, 'ans', 'TestContenuCDA-2-41');

/** Why nothing can be compared here, or null when it can. */
export const missing: string | null =
  existsSync(join(shared, 'conformance')) && existsSync(packFolder)
    ? null
    : `no official pack and verdicts in ${shared}`;

/** What the reference implementations say of one document. */
export interface Truth {
  /** Number of errors that Xerces finds. */
  xsd: number;
  /** Failed assertions of Saxon-HE: message and location, by Schematron. */
  failed: Readonly<Record<string, readonly (readonly [message: string, location: string])[]>>;
  /** Schematrons that Saxon-HE could not finish. */
  aborted: readonly string[];
}

/** One document with its reference verdict. */
export interface Case {
  id: string;
  /** How a mutant was made; null for an example. */
  op: string | null;
  /** Offset in bytes at which a mutant first differs from its example. */
  changedAt: number | null;
  truth: Truth;
  /** Schematrons that were run on it, as paths in the pack. */
  schematrons: readonly string[];
  read(): Buffer;
}

interface Recipe {
  id: string;
  doc: string;
  op: string;
  splices: [start: number, end: number, replacement: string][];
}

/** The examples of the pack. */
export function exampleCases(): Case[] {
  const truths = verdicts('examples-truth.json.gz');
  const schematrons = schematronsByExample();
  return Object.entries(truths).map(([id, truth]) => ({
    id,
    op: null,
    changedAt: null,
    truth,
    schematrons: schematrons.get(id) ?? [],
    read: () => example(`${id}.xml`),
  }));
}

/** The mutants of the examples. */
export function mutantCases(): Case[] {
  const truths = verdicts('mutants-truth.json.gz');
  const schematrons = schematronsByExample();
  const recipes = JSON.parse(readFileSync(join(shared, 'conformance', 'mutants.json'), 'utf8')) as Recipe[];
  return recipes.map((recipe) => ({
    id: recipe.id,
    op: recipe.op,
    changedAt: Math.min(...recipe.splices.map(([start]) => start)),
    truth: truths[recipe.id.replace('#', '~')]!,
    schematrons: schematrons.get(recipe.doc.replace(/\.xml$/, '')) ?? [],
    read: () => mutant(recipe),
  }));
}

function verdicts(file: string): Record<string, Truth> {
  return JSON.parse(gunzipSync(readFileSync(join(shared, 'conformance', file))).toString());
}

function schematronsByExample(): Map<string, string[]> {
  const table = readFileSync(join(shared, 'conformance', 'schematrons-by-example.tsv'), 'utf8').trimEnd();
  const rows = table.split('\n').map((line) => line.split('\t') as [string, string]);
  return new Map(rows.map(([path, list]) => [path.replace(/^ExemplesCDA\/|\.xml$/g, ''), list.split(',')]));
}

const examples = new Map<string, Buffer>();

function example(file: string): Buffer {
  let bytes = examples.get(file);
  if (!bytes) {
    bytes = readFileSync(join(packFolder, 'ExemplesCDA', file));
    examples.set(file, bytes);
  }
  return bytes;
}

/** The example's bytes with each splice applied, last first. */
function mutant({ doc, splices }: Recipe): Buffer {
  const lastFirst = splices.toSorted(([a], [b]) => b - a);
  return lastFirst.reduce(
    (bytes, [start, end, text]) =>
      Buffer.concat([bytes.subarray(0, start), Buffer.from(text), bytes.subarray(end)]),
    example(doc),
  );
}
