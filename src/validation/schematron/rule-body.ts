import { type Expr, partsOf } from '../xpath/ast.ts';
import type { Module } from '../xpath/codegen/module.ts';

/** A let or an assertion of a rule, in JavaScript. */
export type Line =
  | {
      kind: 'let';
      /** The local variable that holds the value, or, when `lazy`, the function that computes it once. */
      name: string;
      js: string;
      lazy: boolean;
    }
  | {
      kind: 'test';
      /** True when the assertion fails. */
      test: string;
      fail: string;
      raises: boolean;
      /** Number of the assertion. */
      number: number;
    };

const CHEAP_CALLS = new Set(['name', 'local-name', 'string', 'not', 'exists', 'empty', 'boolean', 'true', 'false']);

/** Whether a value costs less to compute than to put off. */
export function isCheap(e: Expr): boolean {
  switch (e.kind) {
    case 'string':
    case 'integer':
    case 'context':
      return true;
    case 'step':
      return e.axis === 'attribute' && e.predicates.length === 0;
    case 'call':
      return CHEAP_CALLS.has(e.name.local) && partsOf(e).every(isCheap);
    default:
      return false;
  }
}

/**
 * The body of the function of a rule. A let that nothing uses is left out; one that is used in one place is written
 * there; any other that costs something is computed when it is first asked for. What the assertions ask of the
 * attributes of the rule's node is asked once.
 */
export function ruleBody(module: Module, node: string, lines: readonly Line[]): string {
  let kept: string[] = [];
  for (const line of lines.toReversed()) {
    if (line.kind === 'test') {
      kept.push(written(line));
      continue;
    }
    const named = new RegExp(`\\${line.name}(?!\\d)`, 'g');
    const use = new RegExp(`\\${line.name}${line.lazy ? '\\(\\)' : '(?!\\d)'}`);
    const used = kept.reduce((count, text) => count + (text.match(named)?.length ?? 0), 0);
    if (used === 1 && kept.some((text) => use.test(text))) kept = kept.map((text) => text.replace(use, () => `(${line.js})`));
    else if (used > 0) kept.push(`const ${line.name} = ${line.lazy ? `rt.lazy(() => ${line.js})` : line.js};`);
  }
  return withAttributes(module, node, kept.reverse().join('\n'));
}

function written({ test, fail, raises, number }: Line & { kind: 'test' }): string {
  const text = `if (${test}) ${fail}`;
  return raises ? `try { ${text} } catch (error) { R.raised(${number}, error); }` : text;
}

/** Attributes asked for at least so often are looked up at the beginning. */
const OFTEN = 2;

function withAttributes(module: Module, node: string, body: string): string {
  const own = `\\${node}`;
  const asked = [...body.matchAll(new RegExp(`rt\\.attribute(?:Of|Value)\\(${own}, (N\\d+)\\)`, 'g'))];
  const counts = Map.groupBy(asked, (one) => one[1]!);
  let [text, first] = [body, ''];
  for (const [name, uses] of counts) {
    if (uses.length < OFTEN) continue;
    const variable = module.local('a');
    text = text
      .replaceAll(`rt.attributeOf(${node}, ${name})`, () => variable)
      .replaceAll(`rt.attributeValue(${node}, ${name})`, () => `rt.valueOf(${variable})`);
    first += `const ${variable} = rt.attributeOf(${node}, ${name});\n`;
  }
  return first + text;
}
