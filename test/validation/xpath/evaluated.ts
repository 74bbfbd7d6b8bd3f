import { list } from '../../../src/validation/xpath/codegen/code.ts';
import { Generator } from '../../../src/validation/xpath/codegen/generator.ts';
import { Module } from '../../../src/validation/xpath/codegen/module.ts';
import { value } from '../../../src/validation/xpath/codegen/value.ts';
import { parseXPath } from '../../../src/validation/xpath/parse.ts';
import { Judged } from '../../../src/validation/xpath/runtime/judged.ts';
import { runtime } from '../../../src/validation/xpath/runtime/runtime.ts';
import type { Item, Node } from '../../../src/validation/xpath/runtime/values.ts';
import { nameOf } from '../../../src/xml/names.ts';
import { parseXml } from '../../../src/xml/parse.ts';
import type { XmlDocument } from '../../../src/xml/tree.ts';

type Evaluation = (judged: Judged, node: Node) => readonly Item[];

/** An expression compiled alone, as the rules of a Schematron are. */
export function compiled(text: string, prefixes: Readonly<Record<string, string>>): Evaluation {
  const module = new Module();
  const g = new Generator(module);
  const node = module.local('c');
  const item = { js: node, held: 'node', count: '1', judged: true } as const;
  const e = parseXPath(text, new Map(Object.entries(prefixes)));
  const code = value(g, e, {
    focus: { item, position: '1', last: '1' },
    current: item,
    variables: new Map(),
  });
  const run = module.define([node], `return ${list(code)};`);
  const source = module.source(`(judged, node) => { D = judged; return ${run}(node); }`, []);
  const names = module.names.map(({ ns, local }) => nameOf(ns, local));
  return new Function('rt', 'names', source)(runtime, names) as Evaluation;
}

const trees = new Map<string, XmlDocument>();

export function treeOf(text: string): XmlDocument {
  let tree = trees.get(text);
  if (!tree) {
    tree = parseXml(Buffer.from(text));
    trees.set(text, tree);
  }
  return tree;
}

/** The items that an expression gives at a node of a document: the document node unless a path says another. */
export function evaluated(
  expression: string,
  { document, at, prefixes }: { document: string; at?: string; prefixes: Readonly<Record<string, string>> },
): readonly Item[] {
  const tree = treeOf(document);
  const judged = new Judged(tree);
  const node = at === undefined ? tree : (compiled(at, prefixes)(judged, tree)[0] as Node);
  return compiled(expression, prefixes)(judged, node);
}
