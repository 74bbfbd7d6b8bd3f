import { type Expr, someInside } from '../ast.ts';
import { boxed, type Code, isText } from './code.ts';
import { each } from './each.ts';
import { about, type Generator, type Scope } from './generator.ts';
import { heldBy } from './statics.ts';
import { atomOf } from './value.ts';

/** A comparison that finds a node by a key: what the node holds, and what it must be equal to. */
export interface Key {
  inner: Expr;
  outer: Expr;
}

export function conjuncts(e: Expr): Expr[] {
  return e.kind === 'and' ? [...conjuncts(e.left), ...conjuncts(e.right)] : [e];
}

/** Whether an expression depends on nothing but the node it is evaluated at. */
export function isClosed(e: Expr, scope: Scope): boolean {
  return !someInside(
    e,
    (one) =>
      (one.kind === 'variable' && scope.variables.get(one.name)?.constant == null) ||
      (one.kind === 'call' && ['current', 'doc', 'document', 'doc-available'].includes(one.name.local)),
  );
}

/** Whether an expression does not depend on the node that it is evaluated at. */
export function isFree(e: Expr): boolean {
  if (e.kind === 'string' || e.kind === 'variable') return true;
  if (e.kind === 'sequence') return e.items.every(isFree);
  return e.kind === 'call' && e.args.length > 0 && e.args.every(isFree);
}

/** Whether the values of an expression are compared as strings. */
export function isTextual(e: Expr, scope: Scope): boolean {
  const held = heldBy(e, scope);
  return held === 'node' || isText(held);
}

/** Loops over the values of several expressions at one node: for each choice, one key. */
export function keyLoops(
  g: Generator,
  parts: readonly Expr[],
  node: Code,
  scope: Scope,
  found: readonly string[],
  handle: (key: string) => string,
): string {
  const [part, ...rest] = parts;
  if (!part) return handle(found.join(` + '\\0' + `));
  const inner = about(scope, node);
  return each(g, part, inner, (item) => keyLoops(g, rest, node, scope, [...found, textIn(g, item)], handle));
}

export function textIn(g: Generator, item: Code): string {
  const atom = atomOf(item);
  return isText(atom.held) ? atom.js : g.raising(`rt.stringOf(${boxed(atom)})`);
}
