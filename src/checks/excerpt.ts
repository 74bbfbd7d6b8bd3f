import { decode } from '../xml/decode.ts';

/** A line of a document around one place, and where in it that place is. */
export interface Excerpt {
  line: number;
  text: string;
  /** Characters of `text` before the place. */
  caret: number;
}

/** Characters shown before and after a place in a long line. */
const BEFORE = 40;
const AFTER = 60;

/** Finds lines of a document as its author sees them. */
export class Excerpts {
  readonly #lines: readonly string[];

  /** A document whose encoding cannot be read has no lines to show. */
  constructor(bytes: Uint8Array) {
    this.#lines = linesOf(bytes);
  }

  /** What stands at a place of a finding; null when it has none. */
  at({ line, column }: { line: number | null; column: number | null }): Excerpt | null {
    const text = line === null ? undefined : this.#lines[line - 1];
    if (line === null || text === undefined) return null;
    return cut(line, text, Math.min(column ?? 1, text.length + 1) - 1);
  }
}

function linesOf(bytes: Uint8Array): string[] {
  try {
    return decode(bytes)
      .utf8.toString('utf8')
      .split(/\r\n|\r|\n/);
  } catch {
    return [];
  }
}

function cut(line: number, text: string, at: number): Excerpt {
  const indent = text.length - text.trimStart().length;
  const from = Math.max(Math.min(indent, at), at - BEFORE);
  const to = Math.min(text.length, at + AFTER);
  const start = from > indent ? '…' : '';
  // Control characters would move what is shown after them.
  const shown = text.slice(from, to).replace(/\p{Cc}/gu, ' ');
  return { line, text: `${start}${shown}${to < text.length ? '…' : ''}`, caret: at - from + start.length };
}
