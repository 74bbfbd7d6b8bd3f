import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ViaducError } from '../../words/errors.ts';
import { XmlError } from '../../xml/errors.ts';
import { parseXml } from '../../xml/parse.ts';
import { validationError } from '../errors.ts';
import { findRuleSets } from '../rules.ts';
import { type Demands, demandsOf } from './demands.ts';
import { clinicalDocumentIn, rulesHeader } from './header.ts';
import { EXAMPLES } from './inventory.ts';
import { modelName, newestFirst } from './names.ts';
import { SchematronSources } from './sources.ts';

/** A Schematron that answers for the documents of one model, in one edition of it. */
export interface ModelRules {
  /** Path in the pack. */
  path: string;
  model: string;
  edition: string;
  /** templateId roots that mark a document of the model: its rules demand them and no other model's do. */
  templates: string[];
  /** Further roots that only the pack's own examples of the model carry. */
  exampleTemplates: string[];
  /** templateId extensions by which a document says this edition. */
  extensions: string[];
  /** Document codes that the rules allow; empty when they do not say. */
  codes: string[];
  /** Whether the model is also for documents that are one file (level 1). */
  level1: boolean;
}

/** Which Schematron of a pack answers for which document. */
export interface Choices {
  /** Paths of the Schematrons meant for every document. */
  profiles: string[];
  models: ModelRules[];
}

export interface ChoicesMade {
  choices: Choices;
  problems: ViaducError[];
  /** Paths of the Schematrons in which a file is missing. */
  incomplete: string[];
  /** Paths of those that lack half of what they include, or more. */
  hollow: string[];
}

/** Templates that every French document of a kind carries, whatever its model: HL7 France, CI-SIS, IHE XDS-SD. */
const GENERAL = new Set(['2.16.840.1.113883.2.8.2.1', '1.2.250.1.213.1.1.1.1']);
const XDS_SD = '1.3.6.1.4.1.19376.1.2.20';

/**
 * Makes the choices of a pack from what the agency publishes: the profiles are those under `schematrons/profils`; a model
 * is known by its file name, by the templateId and code that its rules demand, and by the pack's own examples of it.
 * @param paths every file of the pack
 */
export function makeChoices(folder: string, paths: readonly string[]): ChoicesMade {
  const sources = new SchematronSources(folder);
  const sets = findRuleSets(folder);
  const profiles = sets.filter(({ kind }) => kind === 'profile').map(({ path }) => path);
  for (const path of profiles) sources.closure(path);
  const read = sets
    .filter(({ kind }) => kind === 'model')
    .map(({ path }) => ({ path, ...modelName(path), demands: demandsOf(sources.closure(path)) }));
  const seen = seenInExamples(folder, paths, read);
  const models = read.map((one) => modelRules(one, read, seen));
  models.sort((a, b) => newestFirst(a.edition, b.edition) || (a.path < b.path ? -1 : 1));
  return {
    choices: { profiles, models: models.map((one) => borrowed(one, models)) },
    problems: [...sources.problems, ...unreadable(folder, paths), ...withoutRules(folder, sets.length)],
    incomplete: [...sources.incomplete],
    hollow: [...sources.hollow],
  };
}

function withoutRules(folder: string, sets: number): ViaducError[] {
  return sets === 0 ? [validationError('validation.pack-without-rules', { folder: basename(folder) })] : [];
}

interface ModelRead {
  path: string;
  model: string;
  edition: string;
  demands: Demands;
}

/** Value sets and terminologies that cannot be read, mostly because a copy was interrupted, and empty ones. */
function unreadable(folder: string, paths: readonly string[]): ViaducError[] {
  return paths
    .filter((path) => /\.(xml|rdf)$/i.test(path) && !EXAMPLES.test(path))
    .flatMap((path) => {
      try {
        parseXml(readFileSync(join(folder, path)));
        return [];
      } catch (error) {
        if (!(error instanceof XmlError)) throw error;
        const { line, column, words: what } = error;
        if (error.code === 'xml.empty') return [validationError('validation.values-empty', { file: path })];
        return [validationError('validation.values-unreadable', { file: path, line, column, what })];
      }
    });
}

/** What the examples of each Schematron carry in their header. */
type Seen = ReadonlyMap<string, { roots: Set<string>; extensions: Set<string> }>;

function modelRules(
  { path, model, edition, demands }: ModelRead,
  all: readonly ModelRead[],
  seen: Seen,
): ModelRules {
  const example = seen.get(path);
  const own = (root: string) => !GENERAL.has(root) && root !== XDS_SD && isOwn(root, model, all, seen);
  const templates = demands.templates.filter(own);
  return {
    ...{ path, model, edition, templates },
    exampleTemplates: [...(example?.roots ?? [])].filter((root) => own(root) && !templates.includes(root)),
    extensions: [...new Set([edition, ...(example?.extensions ?? [])])].filter(Boolean),
    codes: demands.codes,
    level1: demands.templates.includes(XDS_SD),
  };
}

/** Whether a template belongs to one model alone, in whatever edition. */
function isOwn(root: string, model: string, all: readonly ModelRead[], seen: Seen): boolean {
  return all
    .filter((one) => one.demands.templates.includes(root) || seen.get(one.path)?.roots.has(root))
    .every((one) => one.model === model);
}

/** A model whose own file says nothing of its header takes what its other editions say. */
function borrowed(one: ModelRules, all: readonly ModelRules[]): ModelRules {
  if (one.templates.length > 0) return one;
  const other = all.find(({ model, templates }) => model === one.model && templates.length > 0);
  if (!other) return one;
  return { ...one, templates: other.templates, codes: one.codes.length > 0 ? one.codes : other.codes };
}

function seenInExamples(folder: string, paths: readonly string[], models: readonly ModelRead[]): Seen {
  const seen = new Map<string, { roots: Set<string>; extensions: Set<string> }>();
  for (const path of paths.filter((one) => EXAMPLES.test(one) && /\.xml$/i.test(one))) {
    const header = exampleHeader(join(folder, path));
    const model = header && exampleModel(path, header.named, models);
    if (!header || !model) continue;
    const { roots, extensions } = seen.get(model.path) ?? { roots: new Set(), extensions: new Set() };
    seen.set(model.path, { roots, extensions });
    for (const { root, extension } of header.templates) {
      if (!GENERAL.has(root) && root !== XDS_SD) roots.add(root);
      if (extension !== null) extensions.add(extension);
    }
  }
  return seen;
}

function exampleHeader(file: string) {
  try {
    const document = parseXml(readFileSync(file));
    const clinicalDocument = clinicalDocumentIn(document);
    return clinicalDocument && rulesHeader(document, clinicalDocument, 3);
  } catch {
    // An example that cannot be read teaches nothing; it is no part of the rules.
    return null;
  }
}

/** The Schematron that an example is of: the one it names itself, else the one whose model and edition begin its file name. */
function exampleModel(
  path: string,
  named: readonly string[],
  models: readonly ModelRead[],
): ModelRead | undefined {
  const name = basename(path).toLowerCase();
  return (
    models.find((one) => named.includes(basename(one.path, '.sch'))) ??
    models.find((one) => name.startsWith(`${one.model}_${one.edition}`.toLowerCase()))
  );
}

/** SHA-256 of the choices: part of the identity of a pack, as they decide which rules a document meets. */
export function choicesHash(choices: Choices): string {
  const models = choices.models.map((one) => [
    ...[one.path, one.model, one.edition, one.templates, one.exampleTemplates],
    ...[one.extensions, one.codes, one.level1],
  ]);
  return createHash('sha256')
    .update(JSON.stringify([choices.profiles, models]))
    .digest('hex');
}
