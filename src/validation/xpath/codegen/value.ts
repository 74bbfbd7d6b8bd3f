import type { Expr, Of, SequenceType } from '../ast.ts';
import { call } from './calls.ts';
import { boxed, boxedOrNull, type Code, list, literal } from './code.ts';
import { valueComparison } from './compare.ts';
import { each, judgedBy, pathLoops, withoutDescent } from './each.ts';
import { constantText, type Generator, type Scope, type Variable, withVariable } from './generator.ts';
import { membership } from './sets.ts';
import { common, countOf, heldBy, orderOf } from './statics.ts';
import { truth } from './truth.ts';

const BOOLEAN = { held: 'boolean', count: '1' } as const;

/** The value of an expression, held as tightly as its type allows. */
export function value(g: Generator, e: Expr, scope: Scope): Code {
  switch (e.kind) {
    case 'string':
      return { js: literal(e.value), held: 'string', count: '1' };
    case 'integer':
      return integer(g, e.value);
    case 'decimal':
      return {
        js: g.module.constant(`rt.decimal(${literal(e.value.toString())})`),
        held: 'item',
        count: '1',
      };
    case 'double':
      return { js: Number.isFinite(e.value) ? `${e.value}` : 'Infinity', held: 'double', count: '1' };
    case 'variable':
      return variable(g, e, scope);
    case 'context':
      return scope.focus?.item ?? g.unsupported('there is no context item here', e);
    case 'sequence':
      return sequence(g, e, scope);
    case 'range':
      return range(g, e, scope);
    case 'arithmetic':
      return arithmetic(g, e, scope);
    case 'negate':
      return {
        js: g.raising(`rt.negated(${boxedOrNull(atomic(g, e.operand, scope))}, ${e.minus})`),
        held: 'item',
        count: '?',
      };
    case 'compare':
      return e.general ? { js: truth(g, e, scope), ...BOOLEAN } : valueComparison(g, e, scope);
    case 'and':
    case 'or':
    case 'some':
    case 'every':
      return { js: truth(g, e, scope), ...BOOLEAN };
    case 'nodes':
      return nodeComparison(g, e, scope);
    case 'if':
      return chosen(g, e, scope);
    case 'concat':
      return {
        js: `${concatPart(g, e.left, scope)} + ${concatPart(g, e.right, scope)}`,
        held: 'string',
        count: '1',
      };
    case 'call':
      return call(g, e, scope);
    case 'root':
      return root(g, e, scope);
    default:
      return compound(g, e, scope);
  }
}

function compound(g: Generator, e: Expr, scope: Scope): Code {
  switch (e.kind) {
    case 'step':
    case 'path':
      return { ...selected(g, e, scope), sorted: heldBy(e, scope) === 'node' };
    case 'filter':
      return { ...selected(g, e, scope), sorted: orderOf(e, scope).sorted };
    case 'for':
    case 'map':
    case 'let':
      return gathered(g, e, scope);
    case 'union':
    case 'intersect':
    case 'except':
      return { ...combined(g, e, scope), sorted: true };
    case 'instance':
      return { js: `rt.instanceOf(${valueList(g, e.operand, scope)}, ${type(g, e.type)})`, ...BOOLEAN };
    case 'treat': {
      const js = g.raising(`rt.treatAs(${valueList(g, e.operand, scope)}, ${type(g, e.type)})`);
      return { js, held: listHeld(heldBy(e.operand, scope)), count: '*', judged: judgedBy(e.operand, scope) };
    }
    case 'castable':
      return {
        js: `rt.castable(${atomList(g, e.operand, scope)}, ${literal(e.type)}, ${e.optional})`,
        ...BOOLEAN,
      };
    case 'cast':
      return cast(g, e.type, atomic(g, e.operand, scope), e.optional, e);
    default:
      return g.unsupported(`${e.kind} is not supported here`, e);
  }
}

function integer(g: Generator, number: bigint): Code {
  if (number <= BigInt(Number.MAX_SAFE_INTEGER)) return { js: `${number}`, held: 'integer', count: '1' };
  return { js: g.module.constant(`${number}n`), held: 'item', count: '1' };
}

function variable(g: Generator, e: Of<'variable'>, scope: Scope): Code {
  const known = scope.variables.get(e.name);
  if (!known) return g.unsupported(`the variable $${e.name} is not defined`, e);
  if (known.raises) g.raises = true;
  return known.code;
}

/** A variable of an expression: its value is already there. */
export function variableOf(code: Code): Variable {
  return { code, constant: null, raises: false };
}

function listHeld(held: Code['held']): Code['held'] {
  return held;
}

function sequence(g: Generator, e: Of<'sequence'>, scope: Scope): Code {
  if (e.items.length === 1) return value(g, e.items[0]!, scope);
  if (e.items.length === 0) return { js: '[]', held: 'item', count: '*' };
  const parts = e.items.map((one) => value(g, one, scope));
  const js = parts.map((part) => (part.count === '1' ? boxed(part) : `...${list(part)}`)).join(', ');
  return {
    js: `[${js}]`,
    held: common(parts.map(({ held }) => held)),
    count: '*',
    judged: judgedBy(e, scope),
  };
}

function range(g: Generator, e: Of<'range'>, scope: Scope): Code {
  const ends = [e.from, e.to].map((end) => boxedOrNull(atomic(g, end, scope)));
  return { js: g.raising(`rt.range(${ends.join(', ')})`), held: 'integer', count: '*' };
}

const PLAIN = new Set(['+', '-']);

function arithmetic(g: Generator, e: Of<'arithmetic'>, scope: Scope): Code {
  const a = atomic(g, e.left, scope);
  const b = atomic(g, e.right, scope);
  const single = a.count === '1' && b.count === '1';
  if (single && a.held === 'integer' && b.held === 'integer' && PLAIN.has(e.op))
    return { js: `(${a.js} ${e.op} ${b.js})`, held: 'integer', count: '1' };
  const doubles =
    [a.held, b.held].every((one) => one === 'double' || one === 'integer') &&
    [a.held, b.held].includes('double');
  if (single && doubles && (PLAIN.has(e.op) || e.op === '*'))
    return { js: `(${a.js} ${e.op} ${b.js})`, held: 'double', count: '1' };
  const js = g.raising(`rt.arithmetic('${e.op}', ${boxedOrNull(a)}, ${boxedOrNull(b)})`);
  return { js, held: 'item', count: '?' };
}

function nodeComparison(g: Generator, e: Of<'nodes'>, scope: Scope): Code {
  const [a, b] = [single(g, e.left, scope), single(g, e.right, scope)];
  return { js: g.raising(`rt.compareTwoNodes('${e.op}', ${a}, ${b})`), held: 'boolean', count: '?' };
}

/** At most one item, boxed, or null. */
export function single(g: Generator, e: Expr, scope: Scope): string {
  const code = value(g, e, scope);
  return code.count === '*' ? g.raising(`rt.atMostOne(${code.js})`) : boxedOrNull(code);
}

function chosen(g: Generator, e: Of<'if'>, scope: Scope): Code {
  const condition = truth(g, e.condition, scope);
  const [a, b] = [value(g, e.then, scope), value(g, e.else, scope)];
  const same = a.held === b.held;
  const judged = a.judged && b.judged;
  if (a.count === '1' && b.count === '1' && same)
    return { js: `(${condition} ? ${a.js} : ${b.js})`, held: a.held, count: '1', judged };
  if (a.count !== '*' && b.count !== '*' && same && a.held !== 'integer')
    return { js: `(${condition} ? ${a.js} : ${b.js})`, held: a.held, count: '?', judged };
  return { js: `(${condition} ? ${list(a)} : ${list(b)})`, held: same ? a.held : 'item', count: '*', judged };
}

function concatPart(g: Generator, e: Expr, scope: Scope): string {
  return textOr(g, atomic(g, e, scope), "''");
}

/** The string of at most one atomic value, as fn:concat and fn:string write it. */
export function textOr(g: Generator, code: Code, otherwise: string): string {
  void g;
  if (code.held === 'string' || code.held === 'untyped')
    return code.count === '1' ? code.js : `(${code.js} ?? ${otherwise})`;
  if (code.count === '1' && (code.held === 'boolean' || code.held === 'integer')) return `String(${code.js})`;
  return code.count === '1'
    ? `rt.stringOf(${boxed(code)})`
    : `rt.stringOr(${boxedOrNull(code)}, ${otherwise})`;
}

function root(g: Generator, e: Expr, scope: Scope): Code {
  const item = scope.focus?.item;
  if (!item) return g.unsupported('there is no context item here', e);
  const js = item.judged ? 'D.document' : g.raising(`rt.rootOf(rt.nodeItem(${item.js}))`);
  return { js, held: 'node', count: '1', node: 'parent', judged: item.judged };
}

/** Nodes or values selected by steps: one when the form says so, a list otherwise. */
function selected(g: Generator, e: Of<'step'> | Of<'path'> | Of<'filter'>, scope: Scope): Code {
  const held = heldBy(e, scope);
  const judged = judgedBy(e, scope);
  if (e.kind === 'step' && countOf(e, scope) === '?') return attributeNode(g, e, scope) ?? first(g, e, scope);
  if (countOf(e, scope) === '?') return first(g, e, scope);
  if (e.kind === 'path') {
    const short = withoutDescent(e, scope);
    if (short.kind === 'path' && (held === 'item' || (held === 'node' && !orderOf(short, scope).sorted)))
      return disordered(g, short, scope);
  }
  if (e.kind === 'step' && !orderOf(e, scope).sorted) return reversed(g, e, scope);
  return { js: collected(g, e, scope), held, count: '*', judged };
}

/** `@name` of the context node. */
function attributeNode(g: Generator, e: Of<'step'>, scope: Scope): Code | null {
  const item = scope.focus?.item;
  if (e.axis !== 'attribute' || e.predicates.length > 0 || item?.held !== 'node') return null;
  if (e.test.test !== 'name' || e.test.ns === null || e.test.local === null) return null;
  const js = `rt.attributeOf(${item.js}, ${g.name({ ns: e.test.ns, local: e.test.local })})`;
  return { js, held: 'node', count: '?', node: 'attribute', judged: item.judged };
}

/** The first item that an expression of at most one gives, or null: boxed when it may come from parts held differently. */
function first(g: Generator, e: Expr, scope: Scope): Code {
  const found: { item: Code; name: string }[] = [];
  const body = each(
    g,
    e,
    scope,
    (item) => {
      const name = g.local('q');
      found.push({ item, name });
      return `return ${name};`;
    },
    true,
  );
  const held = common(found.length > 0 ? found.map(({ item }) => item.held) : [heldBy(e, scope)]);
  const kinds = new Set(found.map(({ item }) => item.node));
  const written = (item: Code) => (held === 'item' ? boxed(item) : item.js);
  const js = found.reduce(
    (text, { item, name }) => text.replace(`return ${name};`, () => `return ${written(item)};`),
    body,
  );
  const node = kinds.size === 1 ? found[0]!.item.node : undefined;
  return { js: g.module.call(`${js}\nreturn null;`), held, count: '?', node, judged: judgedBy(e, scope) };
}

function collected(g: Generator, e: Expr, scope: Scope): string {
  const out = g.local('r');
  const loops = each(g, e, scope, (item) => `${out}.push(${boxed(item)});`, true);
  return g.module.call(`const ${out} = [];\n${loops}\nreturn ${out};`);
}

function disordered(g: Generator, e: Of<'path'>, scope: Scope): Code {
  const out = g.local('r');
  const held = heldBy(e, scope);
  const loops = pathLoops(g, e, scope, (item) => `${out}.push(${boxed(item)});`, held === 'item');
  const finish = held === 'node' ? 'sorted' : g.raising('pathResult');
  return {
    js: g.module.call(`const ${out} = [];\n${loops}\nreturn rt.${finish}(${out});`),
    held,
    count: '*',
    judged: judgedBy(e, scope),
  };
}

/** Along an axis that goes back: nearest first while predicates count, in document order as a value. */
function reversed(g: Generator, e: Of<'step'>, scope: Scope): Code {
  const out = g.local('r');
  const loops = each(g, e, scope, (item) => `${out}.push(${item.js});`);
  return {
    js: g.module.call(`const ${out} = [];\n${loops}\nreturn rt.sorted(${out});`),
    held: 'node',
    count: '*',
    judged: judgedBy(e, scope),
  };
}

function gathered(
  g: Generator,
  e: Of<'for'> | Of<'let'> | Of<'some'> | Of<'every'> | Of<'map'>,
  scope: Scope,
): Code {
  const out = g.local('r');
  const push = (item: Code) => `${out}.push(${boxed(item)});`;
  const loops = each(g, e, scope, push, true);
  return { js: g.module.call(`const ${out} = [];\n${loops}\nreturn ${out};`), held: 'item', count: '*' };
}

function combined(g: Generator, e: Of<'union'> | Of<'intersect'> | Of<'except'>, scope: Scope): Code {
  if (e.kind !== 'union' && membership(g, e, scope))
    return { js: collected(g, e, scope), held: 'node', count: '*', judged: judgedBy(e, scope) };
  const [a, b] = [e.left, e.right].map((one) => valueList(g, one, scope));
  const safe = heldBy(e.left, scope) === 'node' && heldBy(e.right, scope) === 'node';
  const js = `rt.${e.kind}(${a}, ${b})`;
  return { js: safe ? js : g.raising(js), held: 'node', count: '*', judged: judgedBy(e, scope) };
}

function type(g: Generator, of: SequenceType): string {
  return g.module.constant(JSON.stringify(of));
}

export function cast(g: Generator, to: string, code: Code, optional: boolean, e: Expr): Code {
  if (to === 'QName' || to === 'NOTATION')
    return g.unsupported(`a conversion to xs:${to} is not supported`, e);
  const held = to === 'string' ? 'string' : 'item';
  if (code.count === '1')
    return { js: g.raising(`rt.castTo(${literal(to)}, ${boxed(code)})`), held, count: '1' };
  const js = g.raising(`rt.castOrNull(${literal(to)}, ${boxedOrNull(code)}, ${optional})`);
  return { js, held, count: '?' };
}

/** The value as a list of items. */
export function valueList(g: Generator, e: Expr, scope: Scope): string {
  return list(value(g, e, scope));
}

/** The value as a list of atomic values. */
export function atomList(g: Generator, e: Expr, scope: Scope): string {
  const code = value(g, e, scope);
  if (code.held !== 'node' && code.held !== 'item') return list(code);
  return code.count === '*' ? `rt.atoms(${code.js})` : list(atomOrNull(code));
}

/** The typed value of one item. */
export function atomOf(item: Code): Code {
  if (item.held === 'item') return { ...item, js: `rt.atom(${item.js})` };
  if (item.held !== 'node') return item;
  const js = item.node === 'attribute' ? `${item.js}.value` : `rt.stringValue(${item.js})`;
  return { js, held: 'untyped', count: '1' };
}

function atomOrNull(code: Code): Code {
  if (code.count === '1') return atomOf(code);
  if (code.held === 'item') return { ...code, js: `rt.atomOrNull(${code.js})` };
  if (code.node === 'attribute') return { js: `rt.valueOf(${code.js})`, held: 'untyped', count: '?' };
  return code.held === 'node'
    ? { js: `rt.stringValueOrNull(${code.js})`, held: 'untyped', count: '?' }
    : code;
}

/** At most one atomic value: more of them is an error. */
export function atomic(g: Generator, e: Expr, scope: Scope): Code {
  const constant = constantText(e, scope);
  if (constant !== null) return { js: literal(constant), held: 'string', count: '1' };
  const attribute = plainAttribute(g, e, scope);
  if (attribute) return attribute;
  const code = value(g, e, scope);
  if (code.count !== '*') return atomOrNull(code);
  return { js: g.raising(`rt.atomOrNull(rt.atMostOne(${code.js}))`), held: 'item', count: '?' };
}

function plainAttribute(g: Generator, e: Expr, scope: Scope): Code | null {
  const item = scope.focus?.item;
  if (e.kind !== 'step' || e.axis !== 'attribute' || e.predicates.length > 0 || item?.held !== 'node')
    return null;
  if (e.test.test !== 'name' || e.test.ns === null || e.test.local === null) return null;
  const name = g.name({ ns: e.test.ns, local: e.test.local });
  return { js: `rt.attributeValue(${item.js}, ${name})`, held: 'untyped', count: '?' };
}

/** `some` and `every`. */
export function bindingTruth(
  g: Generator,
  e: Of<'some'> | Of<'every'> | Of<'for'> | Of<'let'>,
  scope: Scope,
): string {
  const some = e.kind === 'some';
  const loop = each(g, e.in, scope, (item) => {
    const condition = truth(g, e.body, withVariable(scope, e.name, variableOf(item)));
    return `if (${some ? condition : `!${condition}`}) return ${some};`;
  });
  return g.module.call(`${loop}\nreturn ${!some};`);
}
