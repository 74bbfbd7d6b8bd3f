import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DocumentFacts } from '../words/document.ts';
import type { Finding, NotEvaluated } from '../words/findings.ts';
import type { XmlDocument, XmlElement } from '../xml/tree.ts';
import type { Pack } from './packs.ts';

/** A Schematron that stands in a pack. */
export interface RuleSetRef {
  /** File name without its ending: what findings name as their schema. */
  id: string;
  /** Path in the pack, with `/`. */
  path: string;
  /** `profile`: one of those meant for every document; `model`: meant for the documents of one model. */
  kind: 'profile' | 'model';
}

/** What evaluates the Schematrons of one pack. */
export interface RuleEngine {
  /** The rule sets that a document has to satisfy, by its header. */
  applicable(facts: DocumentFacts): RuleSetRef[];
  /** Evaluates rule sets on a parsed document. Whatever could not be evaluated is said, rule by rule. */
  evaluate(
    document: XmlDocument,
    clinicalDocument: XmlElement,
    ruleSets: readonly RuleSetRef[],
  ): { findings: Finding[]; notEvaluated: NotEvaluated[] };
}

/**
 * What a verdict must say while no engine evaluates the Schematrons of a pack: the profiles by name, and the models as
 * one line, because which of them applies is for the engine to know. A pack without Schematrons has nothing to say.
 */
export function withoutEngine(pack: Pack): NotEvaluated[] {
  const reason = `no Schematron engine is installed; pack ${pack.id}`;
  const profiles = pack.ruleSets.filter(({ kind }) => kind === 'profile');
  const models = pack.ruleSets.length - profiles.length;
  const entries = profiles.map(({ id }) => ({ rule: `schematron ${id}`, reason }));
  if (models === 0) return entries;
  const rule = `schematron of the document's model, one of ${models}`;
  return [...entries, { rule, reason }];
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
