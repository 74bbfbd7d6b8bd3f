import type { Expr, Of } from '../ast.ts';
import { FN_NS } from '../names.ts';
import { type Code, list } from './code.ts';
import { generalComparison } from './compare.ts';
import { each } from './each.ts';
import type { Generator, Scope } from './generator.ts';
import { lookup } from './lookup.ts';
import { namesakeExists } from './namesakes.ts';
import { heldBy } from './statics.ts';
import { nodeTest } from './steps.ts';
import { bindingTruth, value } from './value.ts';

/** The effective boolean value of an expression. */
export function truth(g: Generator, e: Expr, scope: Scope): string {
  switch (e.kind) {
    case 'and':
      return `(${truth(g, e.left, scope)} && ${truth(g, e.right, scope)})`;
    case 'or':
      return `(${truth(g, e.left, scope)} || ${truth(g, e.right, scope)})`;
    case 'compare':
      return e.general ? generalComparison(g, e, scope) : truthOf(g, value(g, e, scope));
    case 'some':
    case 'every':
      return bindingTruth(g, e, scope);
    case 'if':
      return `(${truth(g, e.condition, scope)} ? ${truth(g, e.then, scope)} : ${truth(g, e.else, scope)})`;
    case 'sequence':
      if (e.items.length === 1) return truth(g, e.items[0]!, scope);
      break;
    case 'call':
      return truthOfCall(g, e, scope);
    default:
  }
  return heldBy(e, scope) === 'node' ? exists(g, e, scope) : truthOf(g, value(g, e, scope));
}

function truthOfCall(g: Generator, e: Of<'call'>, scope: Scope): string {
  const [argument] = e.args;
  if (e.name.ns === FN_NS && e.args.length === 1 && argument) {
    switch (e.name.local) {
      case 'not':
        return `!${truth(g, argument, scope)}`;
      case 'boolean':
        return truth(g, argument, scope);
      case 'exists':
        return exists(g, argument, scope);
      case 'empty':
        return `!${exists(g, argument, scope)}`;
      default:
    }
  }
  return heldBy(e, scope) === 'node' ? exists(g, e, scope) : truthOf(g, value(g, e, scope));
}

export function truthOf(g: Generator, code: Code): string {
  if (code.count === '*')
    return g.raising(code.held === 'node' ? `(${code.js}.length > 0)` : `rt.truth(${code.js})`);
  if (code.held === 'node') return code.count === '1' ? 'true' : `(${code.js} !== null)`;
  if (code.held === 'boolean') return code.count === '1' ? code.js : `(${code.js} === true)`;
  if (code.held === 'string' || code.held === 'untyped')
    return code.count === '1' ? `(${code.js} !== '')` : `rt.isText(${code.js})`;
  if (code.held === 'integer') return code.count === '1' ? `(${code.js} !== 0)` : `rt.isNumber(${code.js})`;
  return g.raising(code.count === '1' ? `rt.truthOf(${code.js})` : `rt.truthOrNull(${code.js})`);
}

/** Whether an expression gives at least one item. */
export function exists(g: Generator, e: Expr, scope: Scope): string {
  switch (e.kind) {
    case 'union':
      return `(${exists(g, e.left, scope)} || ${exists(g, e.right, scope)})`;
    case 'step':
      return stepExists(g, e, scope);
    case 'intersect':
    case 'except':
      return searched(g, e, scope);
    case 'path':
    case 'filter':
      return (
        lookup(g, e, scope) ??
        (e.kind === 'filter' ? namesakeExists(g, e, scope) : null) ??
        searched(g, e, scope)
      );
    case 'sequence':
      return e.items.length === 0 ? 'false' : `(${e.items.map((one) => exists(g, one, scope)).join(' || ')})`;
    case 'if':
      return `(${truth(g, e.condition, scope)} ? ${exists(g, e.then, scope)} : ${exists(g, e.else, scope)})`;
    default:
      return codeExists(value(g, e, scope));
  }
}

export function codeExists(code: Code): string {
  if (code.count === '1') return 'true';
  return code.count === '?' ? `(${code.js} !== null)` : `(${list(code)}.length > 0)`;
}

function searched(g: Generator, e: Expr, scope: Scope): string {
  return g.module.call(`${each(g, e, scope, () => 'return true;')}\nreturn false;`);
}

/** One step without predicates needs no function of its own. */
function stepExists(g: Generator, e: Of<'step'>, scope: Scope): string {
  const item = scope.focus?.item;
  const { test } = e;
  if (e.predicates.length > 0 || item?.held !== 'node') return searched(g, e, scope);
  if (e.axis === 'self') return `(${nodeTest(g, test, item.js, 'element')})`;
  if (test.test !== 'name' || test.ns === null || test.local === null) return searched(g, e, scope);
  const name = g.name({ ns: test.ns, local: test.local });
  if (e.axis === 'attribute') return `(rt.attributeOf(${item.js}, ${name}) !== null)`;
  return e.axis === 'child' ? `rt.hasChild(${item.js}, ${name})` : searched(g, e, scope);
}
