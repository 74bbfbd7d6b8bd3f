import type { Code } from '../../../src/validation/xpath/codegen/code.ts';
import { list } from '../../../src/validation/xpath/codegen/code.ts';
import { Generator, type Scope } from '../../../src/validation/xpath/codegen/generator.ts';
import { Module } from '../../../src/validation/xpath/codegen/module.ts';
import { truth } from '../../../src/validation/xpath/codegen/truth.ts';
import { value } from '../../../src/validation/xpath/codegen/value.ts';
import { FN_NS } from '../../../src/validation/xpath/names.ts';
import { parseXPath } from '../../../src/validation/xpath/parse.ts';
import { Judged } from '../../../src/validation/xpath/runtime/judged.ts';
import { runtime } from '../../../src/validation/xpath/runtime/runtime.ts';
import {
  type Item,
  isNode,
  type Node,
  stringOf,
  typeOf,
} from '../../../src/validation/xpath/runtime/values.ts';
import { nameOf } from '../../../src/xml/names.ts';
import { parseXml } from '../../../src/xml/parse.ts';
import { pathOf } from '../../../src/xml/select.ts';
import { type DocumentName, documents, prefixes } from './documents.ts';

const bound = new Map<string, string>([
  ...Object.entries(prefixes),
  ['fn', FN_NS],
  ['xml', 'http://www.w3.org/XML/1998/namespace'],
]);

const parsed = new Map<string, Judged>();

/** The items that an expression gives, as the table of cases writes them. */
export function evaluated(expression: string, document: DocumentName, at?: string): [string, string][] {
  const judged = judgedOf(document);
  const context = at ? (run(at, judged, judged.document, listed)[0] as Node) : judged.document;
  return run(expression, judged, context, listed).map(described);
}

/** Whether an expression holds, as the test of an assertion. */
export function holds(expression: string, document: DocumentName, at?: string): boolean {
  const judged = judgedOf(document);
  const context = at ? (run(at, judged, judged.document, listed)[0] as Node) : judged.document;
  return run(expression, judged, context, (g, scope) => truth(g, parseXPath(expression, bound), scope));
}

function judgedOf(name: DocumentName): Judged {
  let judged = parsed.get(name);
  if (!judged) {
    judged = new Judged(parseXml(Buffer.from(documents[name])));
    parsed.set(name, judged);
  }
  return judged;
}

type Compile<T> = ((g: Generator, scope: Scope, expression: string) => string) & { gives?: T };

const listed: Compile<Item[]> = (g, scope, expression) =>
  list(value(g, parseXPath(expression, bound), scope));

/** Compiles an expression to a module of its own and runs it. */
function run<T>(expression: string, judged: Judged, context: Node, compile: Compile<T>): T {
  const module = new Module();
  const node = module.local('c');
  const item: Code = { js: node, held: 'node', count: '1', judged: true };
  const scope: Scope = {
    focus: { item, position: '1', last: '1' },
    current: item,
    variables: new Map(),
  };
  const js = compile(new Generator(module), scope, expression);
  const start = module.define([node], `return ${js};`);
  const source = module.source(`{ bind: (judged) => { D = judged; }, start: ${start} }`, []);
  const names = module.names.map(({ ns, local }) => nameOf(ns, local));
  const made = new Function('rt', 'names', source)(runtime, names);
  made.bind(judged);
  return made.start(context);
}

const KINDS: Readonly<Record<number, string>> = {
  1: 'element',
  2: 'attribute',
  3: 'text',
  7: 'instruction',
  8: 'comment',
  9: 'document',
};

function described(item: Item): [string, string] {
  if (!isNode(item)) return [typeOf(item), stringOf(item)];
  if (item.kind === 1) return ['element', pathOf(item)];
  if (item.kind === 2) return ['attribute', `${pathOf(item.parent)}/@${item.name.local}`];
  return [KINDS[item.kind]!, stringOf(item)];
}
