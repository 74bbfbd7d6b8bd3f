import type { Comparison, Expr, Of } from '../ast.ts';
import { boxed, boxedOrNull, type Code, isNumber, isText } from './code.ts';
import { each } from './each.ts';
import type { Generator, Scope } from './generator.ts';
import { memberOf } from './lookup.ts';
import { countOf } from './statics.ts';
import { atomic, atomList, atomOf } from './value.ts';

const FLIPPED: Readonly<Record<Comparison, Comparison>> = {
  eq: 'eq',
  ne: 'ne',
  lt: 'gt',
  le: 'ge',
  gt: 'lt',
  ge: 'le',
};
const OPERATORS: Readonly<Record<Comparison, string>> = {
  eq: '===',
  ne: '!==',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
};

/** A general comparison: whether some pair of values compares. */
export function generalComparison(g: Generator, e: Of<'compare'>, scope: Scope): string {
  const known =
    e.op === 'eq' ? (memberOf(g, e.left, e.right, scope) ?? memberOf(g, e.right, e.left, scope)) : null;
  if (known) return known;
  const left = countOf(e.left, scope) !== '*';
  const right = countOf(e.right, scope) !== '*';
  if (left && right) return singles(g, e, scope);
  if (right) return against(g, e.op, e.left, e.right, scope);
  return left ? against(g, FLIPPED[e.op], e.right, e.left, scope) : manyToMany(g, e, scope);
}

function singles(g: Generator, e: Of<'compare'>, scope: Scope): string {
  const a = atomic(g, e.left, scope);
  const b = atomic(g, e.right, scope);
  if (a.count === '1' && b.count === '1') return pair(g, e.op, a, b);
  // null is never equal to a string: no test of its own for the commonest form
  if (e.op === 'eq' && isText(a.held) && isText(b.held) && (a.count === '1' || b.count === '1'))
    return `(${a.js} === ${b.js})`;
  return withBoth(g, a, b, (x, y) => pair(g, e.op, x, y));
}

function withBoth(g: Generator, a: Code, b: Code, then: (a: Code, b: Code) => string): string {
  const [x, y] = [held(g, a), held(g, b)];
  const given = [x, y].filter(({ code }) => code.count === '?').map(({ code }) => `${code.js} === null`);
  const statements = [x.statement, y.statement, `if (${given.join(' || ')}) return false;`];
  return g.module.call(
    `${statements.join('\n')}\nreturn ${then({ ...x.code, count: '1' }, { ...y.code, count: '1' })};`,
  );
}

function held(g: Generator, code: Code): { statement: string; code: Code } {
  if (code.count === '1' && /^[\w$"'.]+$/.test(code.js)) return { statement: '', code };
  const name = g.local('x');
  return { statement: `const ${name} = ${code.js};`, code: { ...code, js: name } };
}

/** Many values against at most one. */
function against(g: Generator, op: Comparison, many: Expr, one: Expr, scope: Scope): string {
  const fixed = held(g, atomic(g, one, scope));
  const missing = fixed.code.count === '?' ? `if (${fixed.code.js} === null) return false;` : '';
  const other: Code = { ...fixed.code, count: '1' };
  const loop = each(g, many, scope, (item) => `if (${pair(g, op, atomOf(item), other)}) return true;`);
  return g.module.call(`${fixed.statement}\n${missing}\n${loop}\nreturn false;`);
}

function manyToMany(g: Generator, e: Of<'compare'>, scope: Scope): string {
  const [right, at] = [g.local('b'), g.local('i')];
  const loop = each(g, e.left, scope, (item) => {
    const a = boxed(atomOf(item));
    const test = g.raising(`rt.pairCompare('${e.op}', ${a}, ${right}[${at}])`);
    return `for (let ${at} = 0; ${at} < ${right}.length; ${at} += 1) if (${test}) return true;`;
  });
  return g.module.call(`const ${right} = ${atomList(g, e.right, scope)};\n${loop}\nreturn false;`);
}

/** Compares two single values; an untyped one takes the type of the other. */
export function pair(g: Generator, op: Comparison, a: Code, b: Code): string {
  if (isText(a.held) && isText(b.held)) return texts(op, a.js, b.js);
  if (isNumber(a.held) && isNumber(b.held)) return `(${a.js} ${OPERATORS[op]} ${b.js})`;
  if (a.held === 'untyped' && isNumber(b.held))
    return g.raising(`(rt.toDouble(${a.js}) ${OPERATORS[op]} ${b.js})`);
  if (isNumber(a.held) && b.held === 'untyped')
    return g.raising(`(${a.js} ${OPERATORS[op]} rt.toDouble(${b.js}))`);
  if (a.held === 'boolean' && b.held === 'boolean') return `(${a.js} ${OPERATORS[op]} ${b.js})`;
  return g.raising(`rt.pairCompare('${op}', ${boxed(a)}, ${boxed(b)})`);
}

function texts(op: Comparison, a: string, b: string): string {
  if (op === 'eq' || op === 'ne') return `(${a} ${OPERATORS[op]} ${b})`;
  return `(rt.compareStrings(${a}, ${b}) ${OPERATORS[op]} 0)`;
}

/** A value comparison: empty when one side is. An untyped value is a string. */
export function valueComparison(g: Generator, e: Of<'compare'>, scope: Scope): Code {
  const a = atomic(g, e.left, scope);
  const b = atomic(g, e.right, scope);
  const numbers = isNumber(a.held) && isNumber(b.held);
  if (a.count === '1' && b.count === '1' && (numbers || (isText(a.held) && isText(b.held))))
    return { js: pair(g, e.op, a, b), held: 'boolean', count: '1' };
  const js = g.raising(`rt.valueCompareOrNull('${e.op}', ${boxedOrNull(a)}, ${boxedOrNull(b)})`);
  return { js, held: 'boolean', count: '?' };
}
