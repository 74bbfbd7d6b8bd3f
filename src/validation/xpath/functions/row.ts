import type { Count, Held } from '../codegen/code.ts';

/**
 * What a function takes in one place: a string, a double, a whole number as a JavaScript number, a number of any type,
 * a node, an atomic value (`?`: or null), or a list of items or of atomic values.
 */
export type Param =
  | 'string'
  | 'string?'
  | 'double'
  | 'integer'
  | 'number?'
  | 'node?'
  | 'atom'
  | 'atom?'
  | 'items'
  | 'atoms';

/** One function of XPath as a row of a table. */
export interface FunctionRow {
  params: readonly Param[];
  /** How many of them must be given; all of them when not said. */
  least?: number;
  /** Called without arguments, it is about the context item. */
  ofContext?: true;
  /** Its last parameter, when not given, is the context item. */
  contextLast?: true;
  gives: readonly [Held, Count];
  // biome-ignore lint/suspicious/noExplicitAny: rows of different signatures stand in one table; `params` says what is passed
  run: (...args: any[]) => unknown;
}

export type FunctionTable = Readonly<Record<string, FunctionRow>>;
