import { type Expr, type Of, partsOf } from '../ast.ts';
import { functions } from '../functions/table.ts';
import { FN_NS } from '../names.ts';
import { type Count, type Held, wider } from './code.ts';
import type { Scope } from './generator.ts';

/** What is known of an expression before its code is written. */
export function heldBy(e: Expr, scope: Scope): Held {
  switch (e.kind) {
    case 'string':
    case 'concat':
      return 'string';
    case 'double':
      return 'double';
    case 'integer':
      return 'integer';
    case 'compare':
    case 'nodes':
    case 'and':
    case 'or':
    case 'some':
    case 'every':
    case 'instance':
    case 'castable':
      return 'boolean';
    case 'union':
    case 'intersect':
    case 'except':
    case 'root':
    case 'step':
      return 'node';
    case 'path':
    case 'map':
      return heldBy(e.to, { ...scope, focus: null });
    case 'filter':
      return heldBy(e.base, scope);
    case 'variable':
      return scope.variables.get(e.name)?.code.held ?? 'item';
    case 'context':
      return scope.focus?.item.held ?? 'item';
    case 'sequence':
      return common(e.items.map((one) => heldBy(one, scope)));
    case 'if':
      return common([heldBy(e.then, scope), heldBy(e.else, scope)]);
    case 'call':
      return heldByCall(e, scope);
    default:
      return 'item';
  }
}

export function common(kinds: readonly Held[]): Held {
  const [first = 'item'] = kinds;
  return kinds.every((one) => one === first) ? first : 'item';
}

const CALLS: Readonly<Record<string, readonly [Held, Count]>> = {
  count: ['integer', '1'],
  position: ['integer', '1'],
  last: ['integer', '1'],
  not: ['boolean', '1'],
  boolean: ['boolean', '1'],
  exists: ['boolean', '1'],
  empty: ['boolean', '1'],
  true: ['boolean', '1'],
  false: ['boolean', '1'],
  matches: ['boolean', '1'],
  'doc-available': ['boolean', '1'],
  string: ['string', '1'],
  concat: ['string', '1'],
  replace: ['string', '1'],
  tokenize: ['string', '*'],
  current: ['node', '1'],
  doc: ['node', '?'],
  document: ['node', '*'],
};

function callRow(e: Of<'call'>): readonly [Held, Count] | undefined {
  if (e.name.ns !== FN_NS) return undefined;
  return Object.hasOwn(CALLS, e.name.local) ? CALLS[e.name.local] : functions[e.name.local]?.gives;
}

function heldByCall(e: Of<'call'>, scope: Scope): Held {
  if (e.name.local === 'distinct-values' && e.name.ns === FN_NS && e.args.length === 1) {
    const held = heldBy(e.args[0]!, scope);
    return held === 'string' || held === 'untyped' ? held : held === 'node' ? 'untyped' : 'item';
  }
  return callRow(e)?.[0] ?? 'item';
}

/** How many items an expression gives, as far as its form tells. */
export function countOf(e: Expr, scope: Scope): Count {
  switch (e.kind) {
    case 'variable':
      return scope.variables.get(e.name)?.code.count ?? '*';
    case 'sequence':
      return e.items.length === 1 ? countOf(e.items[0]!, scope) : '*';
    case 'step':
      return countOfStep(e);
    case 'path':
      return countOf(e.from, scope) === '*' || countOf(e.to, scope) === '*' ? '*' : '?';
    case 'filter':
      return isFirst(e.predicates) || countOf(e.base, scope) !== '*' ? '?' : '*';
    case 'if':
      return wider(countOf(e.then, scope), countOf(e.else, scope));
    case 'call':
      return callRow(e)?.[1] ?? (e.name.ns === FN_NS ? '*' : '?');
    case 'arithmetic':
    case 'negate':
    case 'cast':
      return '?';
    case 'compare':
      return e.general ? '1' : '?';
    case 'nodes':
      return '?';
    case 'range':
    case 'for':
    case 'let':
    case 'map':
    case 'treat':
    case 'union':
    case 'intersect':
    case 'except':
      return '*';
    default:
      return '1';
  }
}

function countOfStep(e: Of<'step'>): Count {
  if (e.axis === 'self' || e.axis === 'parent') return '?';
  if (isFirst(e.predicates)) return '?';
  const named = e.test.test === 'name' && e.test.ns !== null && e.test.local !== null;
  return e.axis === 'attribute' && named ? '?' : '*';
}

function isFirst(predicates: readonly Expr[]): boolean {
  return predicates.at(-1)?.kind === 'integer';
}

/** Whether a predicate counts: it is a number, or asks for position() or last(). */
export function isPositional(e: Expr, scope: Scope): boolean {
  return mayBeNumber(e, scope) || asksPosition(e);
}

export function mayBeNumber(e: Expr, scope: Scope): boolean {
  if (e.kind === 'variable' && countOf(e, scope) === '*' && heldBy(e, scope) === 'node') return false;
  const held = heldBy(e, scope);
  return held === 'integer' || held === 'double' || held === 'item';
}

/** Whether an expression asks for position() or last() of its own context. */
export function asksPosition(e: Expr): boolean {
  if (e.kind === 'call' && e.name.ns === FN_NS && (e.name.local === 'position' || e.name.local === 'last'))
    return true;
  if (e.kind === 'step') return false;
  if (e.kind === 'path' || e.kind === 'map') return asksPosition(e.from);
  if (e.kind === 'filter') return asksPosition(e.base);
  return partsOf(e).some(asksPosition);
}

/** How the nodes of an expression come when its loops run one inside the other. */
export interface Order {
  /** In document order, each once. */
  sorted: boolean;
  /** At most one. */
  single: boolean;
  /** None inside another. */
  peers: boolean;
}

const SINGLE: Order = { sorted: true, single: true, peers: true };
const FLAT: Order = { sorted: true, single: false, peers: true };
const DEEP: Order = { sorted: true, single: false, peers: false };
const NONE: Order = { sorted: false, single: false, peers: false };

/** The order in which `each` gives the items of an expression. */
export function orderOf(e: Expr, scope: Scope): Order {
  if (countOf(e, scope) !== '*') return SINGLE;
  switch (e.kind) {
    case 'step':
      return orderOfStep(e);
    case 'path':
      return inside(orderOf(e.from, scope), e.to, scope);
    case 'filter':
      return orderOf(e.base, scope);
    case 'variable':
      return scope.variables.get(e.name)?.code.sorted ? DEEP : NONE;
    case 'sequence':
      return e.items.length === 1 ? orderOf(e.items[0]!, scope) : NONE;
    case 'intersect':
    case 'except':
    case 'union':
      return e.kind === 'union' ? NONE : DEEP;
    default:
      return NONE;
  }
}

function orderOfStep({ axis }: Of<'step'>): Order {
  if (axis === 'child' || axis === 'attribute' || axis === 'following-sibling') return FLAT;
  if (axis === 'descendant' || axis === 'descendant-or-self' || axis === 'following') return DEEP;
  return axis === 'self' || axis === 'parent' ? SINGLE : NONE;
}

function inside(from: Order, to: Expr, scope: Scope): Order {
  if (from.single) return orderOf(to, scope);
  if (!from.sorted || to.kind !== 'step') return NONE;
  if (to.axis === 'self') return from;
  if (to.axis === 'attribute') return { ...FLAT, peers: true };
  if (!from.peers) return NONE;
  if (to.axis === 'child') return FLAT;
  return to.axis === 'descendant' || to.axis === 'descendant-or-self' ? DEEP : NONE;
}
