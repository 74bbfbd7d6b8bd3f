import type { Expr, Of } from '../ast.ts';
import { type Code, list } from './code.ts';
import { about, type Generator, type Scope, withVariable } from './generator.ts';
import { membership } from './sets.ts';
import { asksPosition, countOf, heldBy, isPositional, orderOf } from './statics.ts';
import { type Body, eachCounted, eachStep, guarded } from './steps.ts';
import { truth } from './truth.ts';
import { value, variableOf } from './value.ts';

/**
 * Statements that run over the items of an expression. Unless `exact`, nodes may come in another order than the
 * document's and more than once: enough to know whether one of them answers.
 */
export function each(g: Generator, e: Expr, scope: Scope, body: Body, exact = false): string {
  switch (e.kind) {
    case 'step':
      return exact && !orderOf(e, scope).sorted ? eachOf(g, e, scope, body) : eachStep(g, e, scope, body);
    case 'path':
      return eachOfPath(g, e, scope, body, exact);
    case 'map':
      return each(g, e.from, scope, (item) => each(g, e.to, about(scope, item), body, exact), true);
    case 'sequence':
      return e.items.map((one) => each(g, one, scope, body, exact)).join('\n');
    case 'union':
      if (exact) return eachOf(g, e, scope, body);
      return [e.left, e.right].map((one) => each(g, one, scope, body)).join('\n');
    case 'intersect':
    case 'except':
      return eachOfDifference(g, e, scope, body, exact);
    case 'if':
      return `if (${truth(g, e.condition, scope)}) {\n${each(g, e.then, scope, body, exact)}\n} else {\n${each(g, e.else, scope, body, exact)}\n}`;
    case 'for':
      return eachOfFor(g, e, scope, body, exact);
    case 'let':
      return bound(g, e, scope, (inner) => each(g, e.body, inner, body, exact));
    case 'filter':
      return eachOfFilter(g, e, scope, body, exact);
    default:
      return eachOf(g, e, scope, body);
  }
}

function eachOfDifference(
  g: Generator,
  e: Of<'intersect'> | Of<'except'>,
  scope: Scope,
  body: Body,
  exact: boolean,
): string {
  const local = membership(g, e, scope);
  if (!local) return eachOf(g, e, scope, body);
  return each(g, local.from, scope, (item) => `if (${local.condition(item)}) {\n${body(item)}\n}`, exact);
}

/** Runs over a value that is made first. */
function eachOf(g: Generator, e: Expr, scope: Scope, body: Body): string {
  return overCode(g, value(g, e, scope), body);
}

export function overCode(g: Generator, code: Code, body: Body): string {
  const one = g.local('n');
  if (code.count === '1') return `const ${one} = ${code.js};\n${body({ ...code, js: one })}`;
  if (code.count === '?') {
    const item: Code = { ...code, js: one, count: '1' };
    return `const ${one} = ${code.js};\nif (${one} !== null) {\n${body(item)}\n}`;
  }
  const [all, at] = [g.local('k'), g.local('i')];
  const held = code.held === 'integer' ? 'item' : code.held;
  const item = `${all}[${at}]${held === 'untyped' ? '.value' : ''}`;
  return `const ${all} = ${code.js};\nfor (let ${at} = 0; ${at} < ${all}.length; ${at} += 1) {
const ${one} = ${item};\n${body({ ...code, held, js: one, count: '1' })}\n}`;
}

function eachOfPath(g: Generator, e: Of<'path'>, scope: Scope, body: Body, exact: boolean): string {
  const short = withoutDescent(e, scope);
  if (short.kind !== 'path') return each(g, short, scope, body, exact);
  if (countOf(short, scope) !== '*') return pathLoops(g, short, scope, body, exact);
  const mixed = heldBy(short, scope) === 'item';
  if (mixed) return overCode(g, value(g, short, scope), body);
  if (exact && heldBy(short, scope) === 'node' && !orderOf(short, scope).sorted)
    return overCode(g, value(g, short, scope), body);
  return pathLoops(g, short, scope, body, exact);
}

/** The loops of a path, one inside the other. */
export function pathLoops(g: Generator, e: Of<'path'>, scope: Scope, body: Body, exact: boolean): string {
  if (asksPosition(e.to)) return positionedPath(g, e, scope, body, exact);
  return each(g, e.from, scope, (item) => each(g, e.to, about(scope, asNode(g, item)), body, exact), exact);
}

function asNode(g: Generator, item: Code): Code {
  if (item.held === 'node') return item;
  if (item.held !== 'item') return { js: g.raising('rt.nodeItem(null)'), held: 'node', count: '1' };
  return { ...item, js: g.raising(`rt.nodeItem(${item.js})`), held: 'node' };
}

function positionedPath(g: Generator, e: Of<'path'>, scope: Scope, body: Body, exact: boolean): string {
  const from = value(g, e.from, scope);
  const [all, at, one] = [g.local('k'), g.local('i'), g.local('n')];
  const item = asNode(g, { ...from, js: one, count: '1' });
  const inner = about(scope, item, `(${at} + 1)`, `${all}.length`);
  return `const ${all} = ${list(from)};\nfor (let ${at} = 0; ${at} < ${all}.length; ${at} += 1) {
const ${one} = ${all}[${at}];\n${each(g, e.to, inner, body, exact)}\n}`;
}

/**
 * `a//b` as one step down, where no predicate counts: counting is among the children of one parent. `a//@b` looks at
 * elements only.
 */
export function withoutDescent(e: Of<'path'>, scope: Scope): Expr {
  const { from, to } = e;
  if (to.kind !== 'step' || from.kind !== 'path' || !isDescent(from.to)) return e;
  if (to.axis === 'attribute') {
    const test = { test: 'name', ns: null, local: null } as const;
    return { ...e, from: { ...from, to: { ...from.to, test } } };
  }
  if (to.axis !== 'child' && to.axis !== 'descendant') return e;
  if (to.predicates.some((one) => isPositional(one, { ...scope, focus: null }) && mayCount(one))) return e;
  return { ...e, from: from.from, to: { ...to, axis: 'descendant' } };
}

function isDescent(e: Expr): e is Of<'step'> {
  return (
    e.kind === 'step' &&
    e.axis === 'descendant-or-self' &&
    e.test.test === 'node' &&
    e.predicates.length === 0
  );
}

/** Whether a predicate may be a number: not when it is only that its context is unknown here. */
function mayCount(e: Expr): boolean {
  return e.kind !== 'context';
}

function eachOfFor(
  g: Generator,
  e: Of<'for'> | Of<'some'> | Of<'every'> | Of<'let'>,
  scope: Scope,
  body: Body,
  exact: boolean,
): string {
  return each(
    g,
    e.in,
    scope,
    (item) => each(g, e.body, withVariable(scope, e.name, variableOf(item)), body, exact),
    true,
  );
}

export function bound(
  g: Generator,
  e: Of<'let'> | Of<'for'> | Of<'some'> | Of<'every'>,
  scope: Scope,
  then: (inner: Scope) => string,
): string {
  const code = value(g, e.in, scope);
  const one = g.local('v');
  return `const ${one} = ${code.js};\n${then(withVariable(scope, e.name, variableOf({ ...code, js: one })))}`;
}

function eachOfFilter(g: Generator, e: Of<'filter'>, scope: Scope, body: Body, exact: boolean): string {
  const positional = e.predicates.findIndex((one) => isPositional(one, withItem(e, scope)));
  if (positional < 0)
    return each(g, e.base, scope, (item) => guarded(g, e.predicates, scope, item, body), exact);
  if (positional > 0 || e.predicates.length > 1) {
    const base: Expr = { ...e, predicates: e.predicates.slice(0, -1) };
    return eachOfFilter(g, { ...e, base, predicates: e.predicates.slice(-1) }, scope, body, exact);
  }
  const like: Code = {
    js: '',
    held: listHeld(heldBy(e.base, scope)),
    count: '1',
    judged: judgedBy(e.base, scope),
  };
  const gather = (handle: Body) => each(g, e.base, scope, handle, true);
  return eachCounted(g, { gather, like, predicate: e.predicates[0]!, scope }, body);
}

function listHeld(held: Code['held']): Code['held'] {
  return held === 'integer' || held === 'untyped' ? 'item' : held;
}

function withItem(e: Of<'filter'>, scope: Scope): Scope {
  return about(scope, { js: '', held: heldBy(e.base, scope), count: '1' });
}

/** Whether the nodes of an expression are surely of the judged document. */
export function judgedBy(e: Expr, scope: Scope): boolean {
  switch (e.kind) {
    case 'root':
    case 'step':
    case 'context':
      return scope.focus?.item.judged ?? false;
    case 'variable':
      return scope.variables.get(e.name)?.code.judged ?? false;
    case 'path':
      return judgedBy(e.from, scope) && (e.to.kind === 'step' || e.to.kind === 'filter');
    case 'filter':
      return judgedBy(e.base, scope);
    case 'union':
    case 'intersect':
    case 'except':
      return judgedBy(e.left, scope) && judgedBy(e.right, scope);
    case 'sequence':
      return e.items.every((one) => judgedBy(one, scope));
    case 'if':
      return judgedBy(e.then, scope) && judgedBy(e.else, scope);
    default:
      return e.kind === 'call' && e.name.local === 'current';
  }
}
