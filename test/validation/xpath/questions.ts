import type { DocumentName } from './documents.ts';
import { comparisons } from './questions/comparisons.ts';
import { numbers } from './questions/numbers.ts';
import { paths } from './questions/paths.ts';
import { sequences } from './questions/sequences.ts';
import { strings } from './questions/strings.ts';

/** Expressions about one thing, evaluated with the same context. */
export interface Questions {
  about: string;
  document: DocumentName;
  /** Path of the context node; the document node when absent. */
  at?: string;
  expressions: readonly string[];
}

/** What is asked of Saxon by `make-cases.ts` and of our engine by the tests. */
export const questions: readonly Questions[] = [
  ...comparisons,
  ...paths,
  ...numbers,
  ...strings,
  ...sequences,
];
