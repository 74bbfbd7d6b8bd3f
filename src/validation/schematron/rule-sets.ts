import { posix } from 'node:path';
import type { Finding, NotEvaluated } from '../../words/findings.ts';
import { XmlError } from '../../xml/errors.ts';
import type { XmlDocument } from '../../xml/tree.ts';
import { packError } from '../errors.ts';
import { Judged as JudgedDocument } from '../xpath/runtime/judged.ts';
import { type CacheKey, CompiledForms } from './cache.ts';
import { type CompiledAssertion, type CompiledSchema, compileSchema } from './compile.ts';
import { Dispatch } from './dispatch.ts';
import { PackDocuments } from './documents.ts';
import { Judgement } from './judgement.ts';
import { loadSchema } from './load.ts';
import { type LoadedModule, loadModule } from './module.ts';
import { PackFiles } from './pack-files.ts';

/** One compiled Schematron file of a pack. */
export interface RuleSet {
  /** Path in the pack, with `/`. */
  readonly path: string;
  /** File name without its ending: what findings name as their schema. */
  readonly schema: string;
  /** Rules that did not compile or whose value set is missing: they are evaluated on no document. */
  readonly notEvaluated: readonly NotEvaluated[];
  readonly rules: number;
  readonly asserts: number;
}

export interface RuleSetSource {
  /** Folder of the pack, real path. */
  folder: string;
  /** Edition of the pack: what findings name. */
  pack: string;
  /** Where compiled forms are kept, or null to compile every time. */
  cache: CacheKey | null;
}

/** What a pack says of the rule behind a finding. */
export interface RuleExplanation {
  /** The rule's context and the assertion's test, as the pack writes them once its parameters are filled in. */
  context: string;
  test: string;
  /** Path in the pack of the file that holds the assertion, and its line there, from 1. */
  file: string;
  line: number;
  kind: 'assert' | 'report';
  pattern: string | null;
}

export interface Judged {
  findings: Finding[];
  /** What could not be evaluated on this document, with what can be evaluated on none. */
  notEvaluated: NotEvaluated[];
}

interface Entry extends RuleSet {
  assertions: readonly CompiledAssertion[];
  /** Null once it is loaded: the source is long. */
  compiled: CompiledSchema | null;
  module: LoadedModule | null;
}

/** Judgements by one choice of rule sets are prepared once; a gateway meets some sixty of them. */
const MOST_DISPATCHES = 256;

/** The compiled Schematrons of one pack. */
export class RuleSets {
  readonly #source: RuleSetSource;
  readonly #documents: PackDocuments;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #dispatches = new Map<string, Dispatch>();

  private constructor(source: RuleSetSource, documents: PackDocuments, entries: readonly Entry[]) {
    this.#source = source;
    this.#documents = documents;
    this.#entries = new Map(entries.map((entry) => [entry.path, entry]));
  }

  /** @throws PackError for a file that cannot be read at all */
  static open(source: RuleSetSource, paths: readonly string[]): RuleSets {
    const files = new PackFiles(source.folder);
    const forms = new CompiledForms(source.cache);
    const entries = [...new Set(paths)].map((path) => entryOf(compiledOf(files, path, forms), path));
    return new RuleSets(source, new PackDocuments(files, forms), entries);
  }

  get sets(): readonly RuleSet[] {
    return [...this.#entries.values()];
  }

  /** Judges a document by some of the sets, by their paths, in one pass. */
  judge(document: XmlDocument, paths: readonly string[]): Judged {
    const entries = paths.flatMap((path) => this.#entries.get(path) ?? []);
    const judged = new JudgedDocument(document);
    const dispatch = this.#dispatch(entries);
    const judgements = entries.map(({ path, schema, assertions }, index) => {
      const judgement = new Judgement(document, { path, schema, pack: this.#source.pack, assertions });
      dispatch.modules[index]!.bind(judged, judgement);
      return judgement;
    });
    try {
      dispatch.run(judged);
    } finally {
      for (const { release } of dispatch.modules) release();
    }
    return {
      findings: judgements.flatMap(({ findings }) => findings),
      notEvaluated: [
        ...entries.flatMap(({ notEvaluated }) => notEvaluated),
        ...judgements.flatMap(({ notEvaluated }) => notEvaluated),
      ],
    };
  }

  #dispatch(entries: readonly Entry[]): Dispatch {
    const key = entries.map(({ path }) => path).join('\n');
    let dispatch = this.#dispatches.get(key);
    if (!dispatch) {
      if (this.#dispatches.size >= MOST_DISPATCHES) this.#dispatches.clear();
      dispatch = new Dispatch(entries.map((entry) => this.#module(entry)));
      this.#dispatches.set(key, dispatch);
    }
    return dispatch;
  }

  #module(entry: Entry): LoadedModule {
    entry.module ??= loadModule(entry.compiled!, this.#documents.functionsFor(entry.path));
    entry.compiled = null;
    return entry.module;
  }

  /** What stands behind a finding, by its `rule`; null when no set here knows it. */
  explain(rule: string): RuleExplanation | null {
    const at = rule.lastIndexOf('#');
    const found = this.#entries.get(rule.slice(0, at))?.assertions[Number(rule.slice(at + 1))];
    if (!found) return null;
    const { context, test, file, line, kind, pattern } = found;
    return { context, test, file, line, kind, pattern };
  }
}

function entryOf(compiled: CompiledSchema, path: string): Entry {
  const schema = posix.basename(path, '.sch');
  const notEvaluated = compiled.unusable.map(({ rule, reason }) => ({ rule: `${schema} ${rule}`, reason }));
  const assertions = sharingTexts(compiled.assertions);
  const { length: asserts } = assertions;
  return {
    ...{ path, schema, notEvaluated, rules: compiled.ruleCount, asserts },
    ...{ assertions, compiled, module: null },
  };
}

/** The same assertions, in which equal texts are one: what was read from the cache repeats its context with each. */
function sharingTexts(assertions: readonly CompiledAssertion[]): CompiledAssertion[] {
  const texts = new Map<string, string>();
  const shared = <T extends string | null>(text: T): T => {
    if (text === null) return text;
    if (!texts.has(text)) texts.set(text, text);
    return texts.get(text) as T;
  };
  return assertions.map((one) => ({
    ...one,
    ...{ kind: shared(one.kind), severity: shared(one.severity), test: shared(one.test) },
    ...{ context: shared(one.context), pattern: shared(one.pattern) },
    ...{ file: shared(one.file), see: shared(one.see) },
  }));
}

/** A Schematron from the cache, else compiled and kept. */
function compiledOf(files: PackFiles, path: string, forms: CompiledForms): CompiledSchema {
  const kept = forms.get<CompiledSchema>(path);
  if (kept) return kept;
  const compiled = compiledNow(files, path);
  forms.keep(path, compiled);
  return compiled;
}

function compiledNow(files: PackFiles, path: string): CompiledSchema {
  try {
    return compileSchema(loadSchema(files, path), files);
  } catch (error) {
    if (error instanceof XmlError)
      throw packError(
        'validation.rules-unreadable',
        { file: path, line: error.line, column: error.column, what: error.words },
        error,
      );
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw packError('validation.rules-missing', { file: path }, error);
    throw error;
  }
}
