import type { Expr, Of } from '../ast.ts';
import type { Code } from './code.ts';
import { about, type Generator, type Scope } from './generator.ts';
import { isPositional } from './statics.ts';
import { nodeTest } from './steps.ts';
import { truth } from './truth.ts';

type Step = Of<'step'>;

/**
 * `@* except (@a | @b)`: where both sides are steps from the same node, a condition on the nodes of the left side. Null
 * when they are not of that form.
 */
export function membership(
  g: Generator,
  e: Of<'intersect'> | Of<'except'>,
  scope: Scope,
): { from: Step; condition(item: Code): string } | null {
  const { left } = e;
  const others = stepsOf(e.right);
  if (left.kind !== 'step' || !others?.every((one) => isComparable(left, one, scope))) return null;
  const same = others.filter((one) => one.axis === left.axis);
  const condition = (item: Code) => {
    const any = same.map((one) => isOf(g, one, item, scope)).join(' || ') || 'false';
    return e.kind === 'except' ? `!(${any})` : `(${any})`;
  };
  return { from: left, condition };
}

/** The steps that an expression unites, or null when it is anything else. */
export function stepsOf(e: Expr): Step[] | null {
  if (e.kind === 'step') return [e];
  if (e.kind === 'sequence' && e.items.length === 1) return stepsOf(e.items[0]!);
  if (e.kind !== 'union') return null;
  const [a, b] = [stepsOf(e.left), stepsOf(e.right)];
  return a && b ? [...a, ...b] : null;
}

/** Children are never attributes: steps along these two axes are alike or have nothing in common. */
function isComparable(left: Step, other: Step, scope: Scope): boolean {
  const plain = (axis: string) => axis === 'child' || axis === 'attribute';
  const counted = other.predicates.some(
    (one) => isPositional(one, { ...scope, focus: null }) && one.kind !== 'context',
  );
  return plain(left.axis) && plain(other.axis) && !counted;
}

function isOf(g: Generator, { axis, test, predicates }: Step, item: Code, scope: Scope): string {
  const own = nodeTest(g, test, item.js, axis === 'attribute' ? 'attribute' : 'element');
  return `(${[own, ...predicates.map((one) => truth(g, one, about(scope, item)))].join(' && ')})`;
}
