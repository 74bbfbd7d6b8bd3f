import type { Expr } from '../ast.ts';
import type { Generator, Scope } from './generator.ts';

/** The existence of a node of a pack's file, by an index; null when the expression is not of that form. */
export function lookup(_g: Generator, _e: Expr, _scope: Scope): string | null {
  return null;
}

/** Whether a value is among those of a pack's file, by an index; null when the expression is not of that form. */
export function memberOf(_g: Generator, _one: Expr, _many: Expr, _scope: Scope): string | null {
  return null;
}
