import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { findRuleSets, type RuleSetRef } from '../../src/validation/rules.ts';
import { olderPackFolder, packFolder, shared } from './cases.ts';

/** A pack of the agency, with its examples. */
export interface Edition {
  id: string;
  folder: string;
  examples: Example[];
}

export interface Example {
  /** File name without its ending. */
  id: string;
  bytes: Buffer;
  /** Schematrons it has to satisfy, as paths in the pack. */
  schematrons: readonly string[];
}

const FOLDERS = { '3-0': packFolder, '2-41': olderPackFolder } as const;

export function openEdition(name: keyof typeof FOLDERS): Edition {
  const folder = FOLDERS[name];
  const schematronsOf = name === '3-0' ? listed() : derived(folder);
  const files = readdirSync(join(folder, 'ExemplesCDA')).filter((file) => file.endsWith('.xml'));
  const examples = files.map((file) => {
    const id = basename(file, '.xml');
    return { id, bytes: readFileSync(join(folder, 'ExemplesCDA', file)), schematrons: schematronsOf(id) };
  });
  return { id: basename(folder), folder, examples };
}

export function isEdition(name: string): name is keyof typeof FOLDERS {
  return name in FOLDERS;
}

/** Those of the table beside the reference verdicts. */
function listed(): (id: string) => string[] {
  const table = readFileSync(join(shared, 'conformance', 'schematrons-by-example.tsv'), 'utf8');
  const rows = table
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t') as [string, string]);
  const byId = new Map(rows.map(([path, list]) => [basename(path, '.xml').normalize(), list.split(',')]));
  return (id) => byId.get(id.normalize()) ?? [];
}

/**
 * The profiles, and the model whose name (`CI-SIS_<volet>_<version>`) the example's own begins with. The profile of
 * unstructured documents speaks only to those.
 */
function derived(folder: string): (id: string) => string[] {
  const sets = findRuleSets(folder);
  const profiles = sets.filter(({ kind, id }) => kind === 'profile' && id !== 'IHE_XDS-SD');
  const models = sets.filter(({ kind }) => kind === 'model').toSorted((a, b) => b.id.length - a.id.length);
  return (example) => {
    const model = models.find((one) => isOf(one, example));
    return [...profiles, ...(model ? [model] : [])].map(({ path }) => path);
  };
}

function isOf({ id }: RuleSetRef, example: string): boolean {
  const [, volet, version] = /^CI-SIS_(.+)_([\d.]+)$/.exec(id) ?? [];
  if (!volet || !example.toLowerCase().startsWith(volet.toLowerCase())) return false;
  return /^[-_]/.test(example.slice(volet.length)) && example.includes(`_${version}`);
}
