import type { Decimal } from './decimal.ts';

/** An expanded name in an expression; `local` is never empty. */
export interface QName {
  ns: string;
  local: string;
}

export type Axis =
  | 'child'
  | 'descendant'
  | 'attribute'
  | 'self'
  | 'descendant-or-self'
  | 'following-sibling'
  | 'following'
  | 'parent'
  | 'ancestor'
  | 'preceding-sibling'
  | 'preceding'
  | 'ancestor-or-self';

/** What a step selects. A name part of null stands for `*`. */
export type NodeTest =
  | { test: 'name'; ns: string | null; local: string | null }
  | { test: 'node' | 'text' | 'comment' | 'document' }
  | { test: 'instruction'; target: string | null }
  | { test: 'element' | 'attribute'; ns: string | null; local: string | null };

export type Occurrence = '' | '?' | '*' | '+';

/** A sequence type: an item type with an occurrence; `item` is one of the kinds below. */
export interface SequenceType {
  item: { of: 'empty' } | { of: 'item' } | { of: 'atomic'; name: string } | { of: 'node'; test: NodeTest };
  occurs: Occurrence;
}

export type Comparison = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';
export type Arithmetic = '+' | '-' | '*' | 'div' | 'idiv' | 'mod';

/** An expression of XPath 2.0, with the string concatenation, simple map and let of 3.0. `at` is its offset in the text. */
export type Expr = { at: number } & (
  | { kind: 'string'; value: string }
  | { kind: 'integer'; value: bigint }
  | { kind: 'decimal'; value: Decimal }
  | { kind: 'double'; value: number }
  | { kind: 'variable'; name: string }
  | { kind: 'context' }
  | { kind: 'sequence'; items: Expr[] }
  | { kind: 'range'; from: Expr; to: Expr }
  | { kind: 'arithmetic'; op: Arithmetic; left: Expr; right: Expr }
  | { kind: 'negate'; operand: Expr; minus: boolean }
  | { kind: 'compare'; general: boolean; op: Comparison; left: Expr; right: Expr }
  | { kind: 'nodes'; op: 'is' | '<<' | '>>'; left: Expr; right: Expr }
  | { kind: 'and' | 'or'; left: Expr; right: Expr }
  | { kind: 'if'; condition: Expr; then: Expr; else: Expr }
  | { kind: 'for' | 'some' | 'every' | 'let'; name: string; in: Expr; body: Expr }
  | { kind: 'union' | 'intersect' | 'except'; left: Expr; right: Expr }
  | { kind: 'instance' | 'treat'; operand: Expr; type: SequenceType }
  | { kind: 'cast' | 'castable'; operand: Expr; type: string; optional: boolean }
  | { kind: 'root' }
  | { kind: 'path'; from: Expr; to: Expr }
  | { kind: 'map'; from: Expr; to: Expr }
  | { kind: 'step'; axis: Axis; test: NodeTest; predicates: Expr[] }
  | { kind: 'filter'; base: Expr; predicates: Expr[] }
  | { kind: 'concat'; left: Expr; right: Expr }
  | { kind: 'call'; name: QName; args: Expr[] }
);

export type Kind = Expr['kind'];
export type Of<K extends Kind, E = Expr> = E extends { kind: infer J } ? (K extends J ? E : never) : never;

/** The expressions directly inside one. */
export function partsOf(e: Expr): readonly Expr[] {
  switch (e.kind) {
    case 'sequence':
      return e.items;
    case 'range':
    case 'path':
    case 'map':
      return [e.from, e.to];
    case 'arithmetic':
    case 'compare':
    case 'nodes':
    case 'and':
    case 'or':
    case 'union':
    case 'intersect':
    case 'except':
    case 'concat':
      return [e.left, e.right];
    case 'negate':
    case 'instance':
    case 'treat':
    case 'cast':
    case 'castable':
      return [e.operand];
    case 'if':
      return [e.condition, e.then, e.else];
    case 'for':
    case 'some':
    case 'every':
    case 'let':
      return [e.in, e.body];
    case 'step':
      return e.predicates;
    case 'filter':
      return [e.base, ...e.predicates];
    case 'call':
      return e.args;
    default:
      return [];
  }
}

/** Whether some expression inside one, itself included, answers to a test. */
export function someInside(e: Expr, test: (inner: Expr) => boolean): boolean {
  return test(e) || partsOf(e).some((part) => someInside(part, test));
}

/** What a step of a path weighs beside an operator: it becomes a loop. */
export const STEP_WEIGHT = 5;

/** How many expressions stand one in another at most; chains of an operator lean to the left and count too. */
export function depthOf(e: Expr): number {
  let deepest = 0;
  const open: [Expr, number][] = [[e, 1]];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const [inner, depth] = one;
    deepest = Math.max(deepest, depth);
    const weight = inner.kind === 'path' || inner.kind === 'map' ? STEP_WEIGHT : 1;
    for (const part of partsOf(inner)) open.push([part, depth + weight]);
  }
  return deepest;
}
