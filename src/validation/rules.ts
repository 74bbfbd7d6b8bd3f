import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A Schematron that stands in a pack. */
export interface RuleSetRef {
  /** File name without its ending: what findings name as their schema. */
  id: string;
  /** Path in the pack, with `/`. */
  path: string;
  /** `profile`: one of those meant for every document; `model`: meant for the documents of one model. */
  kind: 'profile' | 'model';
}

/** Folders of the official packs whose Schematrons are parts of others. */
const PARTS = new Set(['abstract', 'include']);

/**
 * The complete Schematrons of a pack, by the agency's own order of folders: models stand in `schematrons`, profiles
 * anywhere under `schematrons/profils`.
 */
export function findRuleSets(folder: string): RuleSetRef[] {
  const models = schematronsIn(folder, 'schematrons').map((path) => reference(path, 'model'));
  const profiles = schematronsUnder(folder, 'schematrons/profils').map((path) => reference(path, 'profile'));
  return [...profiles, ...models].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function reference(path: string, kind: RuleSetRef['kind']): RuleSetRef {
  return { id: path.slice(path.lastIndexOf('/') + 1, -'.sch'.length), path, kind };
}

function schematronsIn(folder: string, path: string): string[] {
  return entriesOf(folder, path)
    .filter((entry) => entry.isFile() && /\.sch$/i.test(entry.name))
    .map((entry) => `${path}/${entry.name}`);
}

function schematronsUnder(folder: string, path: string): string[] {
  const below = entriesOf(folder, path)
    .filter((entry) => entry.isDirectory() && !PARTS.has(entry.name))
    .flatMap((entry) => schematronsUnder(folder, `${path}/${entry.name}`));
  return [...schematronsIn(folder, path), ...below];
}

function entriesOf(folder: string, path: string): Dirent[] {
  try {
    return readdirSync(join(folder, path), { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
