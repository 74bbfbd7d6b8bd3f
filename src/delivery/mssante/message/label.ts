import type { DocumentFacts } from '../../../words/document.ts';
import { oneLine } from './one-line.ts';

/** What a document is called: the label of its code, else its title. */
export function labelOf({ code, title }: DocumentFacts): string {
  return oneLine(code?.displayName ?? '') || oneLine(title ?? '') || 'Document';
}
