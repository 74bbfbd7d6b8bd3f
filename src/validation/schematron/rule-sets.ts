import { basename } from 'node:path';
import type { Finding, NotEvaluated } from '../../words/findings.ts';
import type { XmlDocument } from '../../xml/tree.ts';

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
  /** Folder where compiled forms are kept, or null to compile every time. */
  cache: string | null;
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

/** The compiled Schematrons of one pack. */
export class RuleSets {
  readonly sets: readonly RuleSet[];

  private constructor(sets: readonly RuleSet[]) {
    this.sets = sets;
  }

  /** @throws PackError for a file that cannot be read at all */
  static open(_source: RuleSetSource, paths: readonly string[]): RuleSets {
    return new RuleSets(paths.map(unevaluated));
  }

  /** Judges a document by some of the sets, by their paths, in one pass. */
  judge(_document: XmlDocument, paths: readonly string[]): Judged {
    const asked = this.sets.filter(({ path }) => paths.includes(path));
    return { findings: [], notEvaluated: asked.flatMap(({ notEvaluated }) => notEvaluated) };
  }

  /** What stands behind a finding, by its `rule`; null when no set here knows it. */
  explain(_rule: string): RuleExplanation | null {
    return null;
  }
}

function unevaluated(path: string): RuleSet {
  const schema = basename(path, '.sch');
  const reason = 'the Schematron engine does not evaluate it yet';
  return { path, schema, notEvaluated: [{ rule: `schematron ${schema}`, reason }], rules: 0, asserts: 0 };
}
