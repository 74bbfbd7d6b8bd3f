import type { Expr, Of } from '../ast.ts';
import { FN_NS } from '../names.ts';
import { addressText } from './calls.ts';
import { type Code, isText, literal } from './code.ts';
import { each } from './each.ts';
import { about, constantText, type Generator, type Scope } from './generator.ts';
import { conjuncts, isClosed, isFree, isTextual, type Key, keyLoops, textIn } from './keys.ts';
import { countOf, heldBy, isPositional } from './statics.ts';

/** A path into a document of the pack: the call that names the document, and the steps below it. */
interface IntoDocument {
  call: Of<'call'>;
  steps: readonly Expr[];
}

/**
 * `doc('…')//a[@b = $x and @c = $y]`: whether there is such a node, by an index over the document that is made once.
 * Null when the expression is not of that form.
 */
export function lookup(g: Generator, e: Expr, scope: Scope): string | null {
  const into = intoDocument(e, scope);
  const last = into?.steps.at(-1);
  if (!into || last?.kind !== 'step') return null;
  const sorted = keysOf(last, scope);
  if (!sorted || sorted.keys.length === 0) return null;
  const before = into.steps.slice(0, -1);
  const steps = [...before, { ...last, predicates: sorted.closed }];
  if (!before.every((one) => isClosed(one, scope))) return null;
  const index = indexOf(
    g,
    steps,
    sorted.keys.map(({ inner }) => inner),
    scope,
  );
  return whetherHeld(
    g,
    into.call,
    index,
    sorted.keys.map(({ outer }) => outer),
    scope,
  );
}

/** `$x = doc('…')/a/b/@c`: whether a value is among those of a document. Null when it is not of that form. */
export function memberOf(g: Generator, one: Expr, many: Expr, scope: Scope): string | null {
  const into = intoDocument(throughVariable(many, scope), scope);
  if (!into?.steps.every((step) => isClosed(step, scope)) || !isTextual(one, scope)) return null;
  const held = heldBy(into.steps.at(-1)!, { ...scope, focus: null });
  if (held !== 'node' && !isText(held)) return null;
  return whetherHeld(
    g,
    into.call,
    indexOf(g, into.steps, [{ kind: 'context', at: many.at }], scope),
    [one],
    scope,
  );
}

/** The expression of a let whose value is the same wherever it is asked for. */
function throughVariable(e: Expr, scope: Scope): Expr {
  const known = e.kind === 'variable' ? scope.variables.get(e.name)?.expression : undefined;
  if (!known) return e;
  const [call, ...steps] = flattened(known);
  const fixed = call?.kind === 'call' && call.args.length === 1 && call.args[0]!.kind === 'string';
  return fixed && steps.every((step) => isClosed(step, { ...scope, variables: new Map() })) ? known : e;
}

function intoDocument(e: Expr, scope: Scope): IntoDocument | null {
  const [call, ...steps] = flattened(e);
  if (call?.kind !== 'call' || call.name.ns !== FN_NS || call.args.length !== 1 || steps.length === 0)
    return null;
  if (call.name.local !== 'doc' && call.name.local !== 'document') return null;
  const [address] = call.args;
  const single = countOf(address!, scope) !== '*' && isText(heldBy(address!, scope));
  return single || constantText(address!, scope) !== null ? { call, steps } : null;
}

function flattened(e: Expr): Expr[] {
  return e.kind === 'path' ? [...flattened(e.from), ...flattened(e.to)] : [e];
}

/** The conditions of a step, as keys and as conditions that depend on nothing else than the document. */
function keysOf(step: Of<'step'>, scope: Scope): { keys: Key[]; closed: Expr[] } | null {
  const keys: Key[] = [];
  const closed: Expr[] = [];
  for (const one of step.predicates) {
    if (isPositional(one, { ...scope, focus: null }) && !isCondition(one)) return null;
    for (const condition of conjuncts(one)) {
      const key = keyOf(condition, scope);
      if (key) keys.push(key);
      else if (isClosed(condition, scope)) closed.push(condition);
      else return null;
    }
  }
  return { keys, closed };
}

function isCondition({ kind }: Expr): boolean {
  return kind === 'compare' || kind === 'and' || kind === 'or';
}

function keyOf(e: Expr, scope: Scope): Key | null {
  if (e.kind !== 'compare' || !e.general || e.op !== 'eq') return null;
  for (const [inner, outer] of [
    [e.left, e.right],
    [e.right, e.left],
  ] as const)
    if (isOwn(inner, scope) && isFree(outer) && isTextual(outer, scope)) return { inner, outer };
  return null;
}

/** Whether an expression is about the node it stands at, and gives nodes. */
function isOwn(e: Expr, scope: Scope): boolean {
  return isClosed(e, scope) && heldBy(e, { ...scope, focus: null }) === 'node' && e.kind !== 'variable';
}

/** The index over a document: a constant of the module, which finds the keys of a document by its address. */
function indexOf(g: Generator, steps: readonly Expr[], inner: readonly Expr[], scope: Scope): string {
  const [document, emit] = [g.local('d'), g.local('z')];
  const item: Code = { js: document, held: 'node', count: '1', node: 'parent' };
  const path = steps.reduce<Expr>((from, to) => ({ kind: 'path', from, to, at: to.at }), {
    kind: 'context',
    at: 0,
  });
  const alone: Scope = { ...about(scope, item), current: null };
  const loops = each(g, path, alone, (node) =>
    keyLoops(g, inner, node, alone, [], (key) => `${emit}(${key});`),
  );
  const build = g.module.define([document, emit], loops);
  const spec = JSON.stringify([steps, inner, [...namesOf(scope)]], (name, value) =>
    name === 'at' ? undefined : typeof value === 'bigint' ? `${value}n` : value,
  );
  return g.module.constant(`rt.index(${literal(spec)}, ${build})`);
}

/** The constants that an expression may name are part of what an index is. */
function namesOf(scope: Scope): string[] {
  return [...scope.variables].flatMap(([name, { constant }]) =>
    constant === null ? [] : [`${name}=${constant}`],
  );
}

function whetherHeld(
  g: Generator,
  call: Of<'call'>,
  index: string,
  outer: readonly Expr[],
  scope: Scope,
): string {
  const address = addressText(g, call, scope);
  const must = call.name.local === 'doc';
  const keys = g.local('s');
  const loops = (parts: readonly Expr[], found: readonly string[]): string => {
    const [part, ...rest] = parts;
    if (!part) return `if (${keys}.has(${found.join(` + '\\0' + `)})) return true;`;
    return each(g, part, scope, (item) => loops(rest, [...found, textIn(g, item)]));
  };
  const found = g.raising(`${index}(${address}, ${must})`);
  return g.module.call(`const ${keys} = ${found};\n${loops(outer, [])}\nreturn false;`);
}
