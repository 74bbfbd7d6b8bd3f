import type { Expr, Of } from '../ast.ts';
import { FN_NS } from '../names.ts';
import type { Code } from './code.ts';
import { each } from './each.ts';
import { about, Generator, type Scope, type Variable } from './generator.ts';
import { conjuncts, isClosed, isFree, isTextual, type Key, keyLoops, textIn } from './keys.ts';
import { isPositional } from './statics.ts';
import { guarded } from './steps.ts';
import { truth } from './truth.ts';

/**
 * The namesakes of a node are its siblings of the same local name. Rules ask of each node whether one of its namesakes
 * equals it: by looking at each with each, a header with thousands of identifiers would take the square of their number.
 */

/** Among so many siblings each is looked at; beyond, an index over them is made once and asked. */
const FEW_SIBLINGS = 32;

/** Whether the value of a let is `preceding-sibling::*[local-name()=$n] | following-sibling::*[local-name()=$n]`, $n being `local-name()`. */
export function areNamesakes(e: Expr, variables: ReadonlyMap<string, Variable>): boolean {
  if (e.kind !== 'union') return false;
  const [left, right] = [inner(e.left), inner(e.right)];
  const axes = [left, right].map((one) => (one.kind === 'step' ? one.axis : ''));
  if (axes.toSorted().join() !== 'following-sibling,preceding-sibling') return false;
  return [left, right].every((one) => one.kind === 'step' && isOfSameName(one, variables));
}

function inner(e: Expr): Expr {
  return e.kind === 'sequence' && e.items.length === 1 ? inner(e.items[0]!) : e;
}

function isOfSameName({ test, predicates }: Of<'step'>, variables: ReadonlyMap<string, Variable>): boolean {
  const [only, ...more] = predicates;
  const any = test.test === 'name' && test.ns === null && test.local === null;
  if (!any || !only || more.length > 0 || only.kind !== 'compare' || only.op !== 'eq') return false;
  const { left, right } = only;
  return (
    (isLocalName(left) && holdsLocalName(right, variables)) ||
    (isLocalName(right) && holdsLocalName(left, variables))
  );
}

function holdsLocalName(e: Expr, variables: ReadonlyMap<string, Variable>): boolean {
  const expression = e.kind === 'variable' ? variables.get(e.name)?.expression : undefined;
  return expression !== undefined && isLocalName(expression);
}

function isLocalName(e: Expr): boolean {
  return e.kind === 'call' && e.name.ns === FN_NS && e.name.local === 'local-name' && e.args.length === 0;
}

/** What is asked of a namesake: values that it has to share, conditions on itself, and what does not depend on it. */
interface Asked {
  keys: Key[];
  closed: Expr[];
  free: Expr[];
}

/** `$namesakes[@a = $x][not(@b)]`: whether there is such a one. Null when the expression is not of that form. */
export function namesakeExists(g: Generator, e: Of<'filter'>, scope: Scope): string | null {
  const { base, predicates } = e;
  if (base.kind !== 'variable' || !scope.variables.get(base.name)?.namesakes || !scope.current) return null;
  const asked = askedOf(predicates, scope);
  if (!asked) return null;
  const trial = new Generator(g.module);
  const body = search(trial, predicates, asked, scope.current, scope);
  return trial.raises ? null : g.module.call(body);
}

function askedOf(predicates: readonly Expr[], scope: Scope): Asked | null {
  const asked: Asked = { keys: [], closed: [], free: [] };
  const unfocused = { ...scope, focus: null };
  if (predicates.some((one) => one.kind !== 'compare' && one.kind !== 'and' && isPositional(one, unfocused)))
    return null;
  for (const condition of predicates.flatMap(conjuncts)) {
    const key = keyOf(condition, scope);
    if (key) asked.keys.push(key);
    else if (isFree(condition)) asked.free.push(condition);
    else if (isClosed(condition, scope)) asked.closed.push(condition);
    else return null;
  }
  return asked;
}

function keyOf(e: Expr, scope: Scope): Key | null {
  if (e.kind !== 'compare' || !e.general || e.op !== 'eq') return null;
  const node: Code = { js: '', held: 'node', count: '1' };
  const at = about(scope, node);
  const isKey = (own: Expr, other: Expr) =>
    !isFree(own) && isClosed(own, at) && isTextual(own, at) && isFree(other) && isTextual(other, scope);
  if (isKey(e.left, e.right)) return { inner: e.left, outer: e.right };
  return isKey(e.right, e.left) ? { inner: e.right, outer: e.left } : null;
}

function search(g: Generator, predicates: readonly Expr[], asked: Asked, node: Code, scope: Scope): string {
  const [all, at, one] = [g.local('k'), g.local('i'), g.local('n')];
  const item: Code = { js: one, held: 'node', count: '1', node: 'parent', judged: node.judged };
  const same = `${one}.kind === 1 && ${one} !== ${node.js} && ${one}.name.local === ${node.js}.name.local`;
  return `if (${node.js}.kind !== 1) return false;
const ${all} = ${node.js}.parent.children;
if (${all}.length > ${FEW_SIBLINGS}) {\n${searchIndex(g, asked, node, scope)}\n}
for (let ${at} = 0; ${at} < ${all}.length; ${at} += 1) {
const ${one} = ${all}[${at}];
if (${same}) {\n${guarded(g, predicates, scope, item, () => 'return true;')}\n}
}
return false;`;
}

function searchIndex(g: Generator, { keys, closed, free }: Asked, node: Code, scope: Scope): string {
  const index = indexOf(g, keys, closed, scope);
  const loops = (parts: readonly Expr[], found: readonly string[]): string => {
    const [part, ...rest] = parts;
    if (!part) return `if (D.namesakes.share(${index}, ${node.js}, ${joined(found)})) return true;`;
    return each(g, part, scope, (item) => loops(rest, [...found, textIn(g, item)]));
  };
  const conditions = free.map((one) => `if (!${truth(g, one, scope)}) return false;\n`).join('');
  return `${conditions}${loops(
    keys.map(({ outer }) => outer),
    [],
  )}\nreturn false;`;
}

/** The function that tells the keys of one node. */
function indexOf(g: Generator, keys: readonly Key[], closed: readonly Expr[], scope: Scope): string {
  const [node, emit] = [g.local('n'), g.local('z')];
  const item: Code = { js: node, held: 'node', count: '1', node: 'parent', judged: true };
  const alone: Scope = { ...about(scope, item), current: null };
  const own = keys.map((one) => one.inner);
  const body = guarded(g, closed, alone, item, () =>
    keyLoops(g, own, item, alone, [], (key) => `${emit}(${key || "''"});`),
  );
  return g.module.define([node, emit], body);
}

function joined(parts: readonly string[]): string {
  return parts.length === 0 ? "''" : parts.join(` + '\\0' + `);
}
