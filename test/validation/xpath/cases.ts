import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DocumentName } from './documents.ts';

/** One expression and what Saxon-HE says of it: made by make-cases.ts. */
export interface XPathCase {
  about: string;
  document: DocumentName;
  /** Path of the context node; the document node when absent. */
  at?: string;
  expression: string;
  /** Type and value of each item: the path of an element or attribute, the text of other nodes, an atomic value as text. */
  items?: [type: string, value: string][];
  /** Code of the error that it is. */
  error?: string;
  /** Version of XPath from which this is the result, when it is another one under 2.0. */
  since?: '3.0';
}

const table = readFileSync(join(import.meta.dirname, 'cases.jsonl'), 'utf8');

export const cases = table
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as XPathCase);
