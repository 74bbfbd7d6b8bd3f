import type { Expr, NodeTest, Of } from '../ast.ts';
import { type Code, literal } from './code.ts';
import { about, type Generator, type Scope } from './generator.ts';
import { isPositional, mayBeNumber } from './statics.ts';
import { truth } from './truth.ts';
import { value } from './value.ts';

/** Writes the statements that handle one item. */
export type Body = (item: Code) => string;

/** A condition on a node, or null when every node of the axis satisfies it. `principal` is what a name stands for. */
export function nodeTest(
  g: Generator,
  test: NodeTest,
  node: string,
  principal: 'element' | 'attribute',
): string {
  switch (test.test) {
    case 'node':
      return 'true';
    case 'text':
      return `${node}.kind === 3`;
    case 'comment':
      return `${node}.kind === 8`;
    case 'document':
      return `${node}.kind === 9`;
    case 'instruction':
      return `${node}.kind === 7${test.target === null ? '' : ` && ${node}.target === ${literal(test.target)}`}`;
    default:
      return named(g, test, node, test.test === 'name' ? principal : test.test);
  }
}

function named(
  g: Generator,
  { ns, local }: { ns: string | null; local: string | null },
  node: string,
  principal: 'element' | 'attribute',
): string {
  const kind = `${node}.kind === ${principal === 'element' ? 1 : 2}`;
  if (ns !== null && local !== null)
    return `${node}.name === ${g.name({ ns, local })}${principal === 'attribute' ? '' : ''} && ${kind}`;
  const parts = [kind];
  if (ns !== null) parts.push(`${node}.name.ns === ${literal(ns)}`);
  if (local !== null) parts.push(`${node}.name.local === ${literal(local)}`);
  return parts.join(' && ');
}

/** What is known of the nodes that a step gives. */
function stepped(js: string, step: Of<'step'>, from: Code): Code {
  const { test } = step.test;
  const element = test === 'name' || test === 'element';
  const node = step.axis === 'attribute' ? 'attribute' : element ? 'parent' : undefined;
  return { js, held: 'node', count: '1', node, judged: from.judged };
}

/** The context item, which must be a node. */
function contextNode(g: Generator, e: Expr, scope: Scope): Code {
  const item = scope.focus?.item;
  if (!item) return g.unsupported('there is no context item here', e);
  if (item.held === 'node') return item;
  return {
    js: g.raising(`rt.nodeItem(${item.held === 'item' ? item.js : 'null'})`),
    held: 'node',
    count: '1',
  };
}

/** Statements that run over the nodes of a step, in the order of its axis. */
export function eachStep(g: Generator, step: Of<'step'>, scope: Scope, body: Body): string {
  const from = contextNode(g, step, scope);
  const gather = (handle: Body) => axisLoop(g, step, from, handle);
  return eachPredicated(
    g,
    { gather, like: stepped('', step, from), predicates: step.predicates, scope },
    body,
  );
}

interface Predicated {
  gather(handle: Body): string;
  /** What is known of the items gathered. */
  like: Code;
  predicates: readonly Expr[];
  scope: Scope;
}

/** Statements under predicates one after the other: those that count do so among what the ones before let through. */
function eachPredicated(g: Generator, { gather, like, predicates, scope }: Predicated, body: Body): string {
  const at = predicates.findLastIndex((one) => isPositional(one, about(scope, like)));
  const rest = predicates.slice(at + 1);
  if (at < 0) return gather((item) => guarded(g, rest, scope, item, body));
  const before = predicates.slice(0, at);
  const inner = (handle: Body) => eachPredicated(g, { gather, like, predicates: before, scope }, handle);
  return eachCounted(g, { gather: inner, like, predicate: predicates[at]!, scope }, (item) =>
    guarded(g, rest, scope, item, body),
  );
}

/** Statements under predicates that do not count. */
export function guarded(
  g: Generator,
  predicates: readonly Expr[],
  scope: Scope,
  item: Code,
  body: Body,
): string {
  if (predicates.length === 0) return body(item);
  const conditions = predicates.map((one) => truth(g, one, about(scope, item)));
  return `if (${conditions.map((one) => `(${one})`).join(' && ')}) {\n${body(item)}\n}`;
}

export interface Counted {
  gather(handle: Body): string;
  /** What is known of the items gathered. */
  like: Code;
  predicate: Expr;
  scope: Scope;
}

/** Statements that gather items first and then run over those that a counting predicate lets through. */
export function eachCounted(g: Generator, { gather, like, predicate, scope }: Counted, body: Body): string {
  if (predicate.kind === 'integer') return eachNth(g, gather, predicate.value, body);
  const [all, at, one] = [g.local('a'), g.local('i'), g.local('n')];
  const fill = gather((item) => `${all}.push(${boxedItem(item)});`);
  const item: Code = { ...like, js: one };
  const inner = about(scope, item, `(${at} + 1)`, `${all}.length`);
  const condition = counting(g, predicate, inner, `(${at} + 1)`);
  return `const ${all} = [];\n${fill}\nfor (let ${at} = 0; ${at} < ${all}.length; ${at} += 1) {
const ${one} = ${all}[${at}];
if (${condition}) {\n${body(item)}\n}\n}`;
}

function boxedItem(item: Code): string {
  if (item.held === 'untyped') return `new rt.Untyped(${item.js})`;
  return item.held === 'integer' ? `BigInt(${item.js})` : item.js;
}

function eachNth(g: Generator, gather: (handle: Body) => string, nth: bigint, body: Body): string {
  const count = g.local('p');
  const inner = gather((item) => {
    const kept = body(item);
    return `${count} += 1;\nif (${count} === ${nth}) {\n${kept}\n}`;
  });
  return `let ${count} = 0;\n${inner}`;
}

/** The condition of a counting predicate: a number is a position, anything else a truth. */
function counting(g: Generator, predicate: Expr, scope: Scope, position: string): string {
  if (!mayBeNumber(predicate, scope)) return truth(g, predicate, scope);
  const code = value(g, predicate, scope);
  if (code.count === '1' && (code.held === 'integer' || code.held === 'double'))
    return `${code.js} === ${position}`;
  const items =
    code.count === '*'
      ? code.js
      : `rt.listOf(${code.held === 'integer' ? `rt.bigOrNull(${code.js})` : code.js})`;
  return g.raising(`rt.counts(${items}, ${position})`);
}

function axisLoop(g: Generator, step: Of<'step'>, from: Code, body: Body): string {
  switch (step.axis) {
    case 'child':
      return childLoop(g, step, from, body);
    case 'attribute':
      return attributeLoop(g, step, from, body);
    case 'self':
      return onlyIf(
        nodeTest(g, step.test, from.js, 'element'),
        body({ ...stepped(from.js, step, from), node: step.test.test === 'node' ? from.node : 'parent' }),
      );
    case 'parent':
      return parentStep(g, step, from, body);
    case 'descendant':
    case 'descendant-or-self':
      return descendantLoop(g, step, from, body);
    default:
      return listLoop(g, step, from, `rt.${FUNCTIONS[step.axis]}(${from.js})`, body);
  }
}

const ELEMENTS: Readonly<Record<string, string>> = {
  descendant: 'elementsBelow',
  'descendant-or-self': 'elementsFrom',
};

const FUNCTIONS: Readonly<Record<string, string>> = {
  descendant: 'descendantsOf',
  'descendant-or-self': 'descendantsOrSelf',
  ancestor: 'ancestorsOf',
  'ancestor-or-self': 'ancestorsOrSelf',
  'following-sibling': 'followingSiblings',
  'preceding-sibling': 'precedingSiblings',
  following: 'followingOf',
  preceding: 'precedingOf',
};

function onlyIf(condition: string, statements: string): string {
  return condition === 'true' ? statements : `if (${condition}) {\n${statements}\n}`;
}

function listLoop(g: Generator, step: Of<'step'>, from: Code, nodes: string, body: Body): string {
  const [all, at, one] = [g.local('k'), g.local('i'), g.local('n')];
  const item = stepped(one, step, from);
  return `const ${all} = ${nodes};\nfor (let ${at} = 0; ${at} < ${all}.length; ${at} += 1) {
const ${one} = ${all}[${at}];
${onlyIf(nodeTest(g, step.test, one, 'element'), body(item))}\n}`;
}

function childLoop(g: Generator, step: Of<'step'>, from: Code, body: Body): string {
  if (from.node === 'attribute') return '';
  return listLoop(
    g,
    step,
    from,
    from.node === 'parent' ? `${from.js}.children` : `rt.childrenOf(${from.js})`,
    body,
  );
}

function attributeLoop(g: Generator, step: Of<'step'>, from: Code, body: Body): string {
  if (from.node === 'attribute') return '';
  const { test } = step;
  if ((test.test === 'name' || test.test === 'attribute') && test.ns !== null && test.local !== null) {
    const one = g.local('n');
    const name = g.name({ ns: test.ns, local: test.local });
    return `const ${one} = rt.attributeOf(${from.js}, ${name});\nif (${one} !== null) {\n${body(stepped(one, step, from))}\n}`;
  }
  const [all, at, one] = [g.local('k'), g.local('i'), g.local('n')];
  const condition = nodeTest(g, test, one, 'attribute');
  return `const ${all} = rt.attributesOf(${from.js});\nfor (let ${at} = 0; ${at} < ${all}.length; ${at} += 1) {
const ${one} = ${all}[${at}];
${onlyIf(condition, body(stepped(one, step, from)))}\n}`;
}

function parentStep(g: Generator, step: Of<'step'>, from: Code, body: Body): string {
  const one = g.local('n');
  const item: Code = { ...stepped(one, step, from), node: 'parent' };
  const condition = nodeTest(g, step.test, one, 'element');
  return `const ${one} = ${from.js}.parent;\nif (${one} !== null${condition === 'true' ? '' : ` && ${condition}`}) {\n${body(item)}\n}`;
}

/** Descendant elements of a name in the judged document are found in its lists, which are in document order. */
function descendantLoop(g: Generator, step: Of<'step'>, from: Code, body: Body): string {
  const { test } = step;
  const isElement = test.test === 'name' || test.test === 'element';
  const elements = isElement && from.judged ? listOf(g, test) : null;
  const walk = `${isElement ? ELEMENTS[step.axis] : FUNCTIONS[step.axis]}(${from.js})`;
  if (!elements) return listLoop(g, step, from, `rt.${walk}`, body);
  const [all, at, one, end] = [g.local('k'), g.local('i'), g.local('n'), g.local('e')];
  const first = step.axis === 'descendant' ? `${from.js}.order` : `${from.js}.order - 1`;
  return `const ${all} = ${elements};
const ${end} = D.endOf(${from.js});
for (let ${at} = rt.firstAfter(${all}, ${first}); ${at} < ${all}.length; ${at} += 1) {
const ${one} = ${all}[${at}];
if (${one}.order > ${end}) break;
${body({ ...stepped(one, step, from), node: 'parent' })}\n}`;
}

/** The list of the elements of a name, or null when the test is wider than that. */
function listOf(g: Generator, { ns, local }: { ns: string | null; local: string | null }): string | null {
  if (local === null) return null;
  if (ns !== null) return `D.named(${g.module.listedName({ ns, local })})`;
  g.module.listedLocal(local);
  return `D.locallyNamed(${literal(local)})`;
}
