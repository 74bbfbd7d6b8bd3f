import { type Name, nameOf } from '../../xml/names.ts';
import type { Judged } from '../xpath/runtime/judged.ts';
import { runtime } from '../xpath/runtime/runtime.ts';
import type { Node } from '../xpath/runtime/values.ts';
import { appliedFunctions } from './applied.ts';
import type { CompiledRule, CompiledSchema } from './compile.ts';
import type { DocumentFunctions } from './documents.ts';

/** What generated code tells of a document. */
export interface Recorder {
  /** @param hint the texts of its diagnostics, or null when it names none */
  fail(assertion: number, node: Node, subject: Node | null, message: string, hint: string | null): void;
  raised(assertion: number, error: unknown): void;
  /** What stands in a message for an expression that failed. */
  unwritten(error: unknown): string;
}

export interface LoadedRule extends CompiledRule {
  matches: ((node: Node) => boolean) | null;
  evaluate(node: Node): void;
}

export interface LoadedModule {
  bind(judged: Judged, recorder: Recorder): void;
  /** Lets go of the document: its tree is garbage as soon as its judgement is done, and is never moved among what stays. */
  release(): void;
  rules: readonly LoadedRule[];
  /** Names whose elements are looked for in the whole document. */
  listed: readonly Name[];
  listedLocals: readonly string[];
}

interface Generated {
  bind(judged: Judged, recorder: Recorder): void;
  release(): void;
  functions: [((node: Node) => boolean) | null, (node: Node) => void][];
}

/**
 * Turns the source of a compiled Schematron into functions. The source comes from the compiler, over a pack that the
 * operator installed; nothing of a judged document is ever in it.
 */
export function loadModule(compiled: CompiledSchema, documents: DocumentFunctions): LoadedModule {
  const names = compiled.names.map(({ ns, local }) => nameOf(ns, local));
  const make = new Function('rt', 'names', compiled.source) as (rt: object, names: unknown[]) => Generated;
  const { bind, release, functions } = make({ ...runtime, ...appliedFunctions, ...documents }, names);
  const rules = compiled.rules.map((rule, index) => {
    const [matches, evaluate] = functions[index]!;
    return { ...rule, matches, evaluate };
  });
  const listed = compiled.listed.map((number) => names[number]!);
  return { bind, release, rules, listed, listedLocals: compiled.listedLocals };
}
