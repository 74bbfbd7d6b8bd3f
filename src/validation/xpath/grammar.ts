import type { Comparison } from './ast.ts';

/** General comparisons, by what they are written with. */
export const GENERAL: Readonly<Record<string, Comparison>> = {
  '=': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
};
/** Value comparisons. */
export const VALUE = new Set(['eq', 'ne', 'lt', 'le', 'gt', 'ge']);
/** Comparisons of nodes. */
export const NODES = new Set(['is', '<<', '>>']);
/** Axes; that of namespaces is not supported. */
export const AXES = new Set<string>([
  'child',
  'descendant',
  'attribute',
  'self',
  'descendant-or-self',
  'following-sibling',
  'following',
  'parent',
  'ancestor',
  'preceding-sibling',
  'preceding',
  'ancestor-or-self',
]);
/** Names before a parenthesis that test for a kind of node. */
export const KIND_TESTS = new Set([
  'node',
  'text',
  'comment',
  'processing-instruction',
  'element',
  'attribute',
  'document-node',
]);
/** Names before a parenthesis that are no function. */
export const NOT_FUNCTIONS = new Set([...KIND_TESTS, 'if', 'item', 'empty-sequence', 'typeswitch']);
