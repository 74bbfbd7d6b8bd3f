import type { Row } from './statements.ts';
import type { Page } from './views.ts';

/** The first row found, read; null without one. */
export function one<T>(found: Row[], read: (row: Row) => T): T | null {
  return found[0] ? read(found[0]) : null;
}

/** Rows asked for with one more than the page holds. */
export function page<T extends { seq: number }>(found: Row[], limit: number, read: (row: Row) => T): Page<T> {
  const items = found.slice(0, limit).map(read);
  return { items, next: found.length > limit ? String(items.at(-1)!.seq) : null };
}
