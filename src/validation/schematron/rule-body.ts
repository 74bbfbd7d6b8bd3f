import type { Expr } from '../xpath/ast.ts';
import type { Module } from '../xpath/codegen/module.ts';

/** A let or an assertion of a rule, in JavaScript. */
export type Line =
  | {
      /** Keeps the values that are computed when they are first asked for. */
      kind: 'store';
      name: string;
    }
  | {
      kind: 'let';
      name: string;
      js: string;
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

/** Whether a value costs less to compute than to put off. */
export function isCheap(e: Expr): boolean {
  return (
    e.kind === 'string' ||
    e.kind === 'integer' ||
    (e.kind === 'step' && e.axis === 'attribute' && e.predicates.length === 0)
  );
}

/**
 * The body of the function of a rule, without the lets that nothing uses. What several assertions ask of the rule's node
 * is asked once.
 */
export function ruleBody(module: Module, node: string, lines: readonly Line[]): string {
  const kept: string[] = [];
  for (const line of withCounts(module, node, lines).toReversed()) {
    if (line.kind === 'test') kept.push(written(line));
    else if (kept.some((text) => mentions(text, line.name)))
      kept.push(`const ${line.name} = ${line.kind === 'store' ? '[]' : line.js};`);
  }
  return withAttributes(module, node, kept.reverse().join('\n'));
}

function mentions(text: string, name: string): boolean {
  return new RegExp(`\\${name}(?!\\d)`).test(text);
}

/** `count(…) >= 1` and `count(…) <= 1` of the same: what is always evaluated, and more than once, is evaluated first. */
function withCounts(module: Module, node: string, lines: readonly Line[]): Line[] {
  const counted = new RegExp(`^!\\((f\\d+\\(\\${node}\\)) (?:[<>]=?|[=!]==) `);
  const calls = lines.map((line) =>
    line.kind === 'test' && !line.raises ? (counted.exec(line.test)?.[1] ?? '') : '',
  );
  const names = new Map<string, string>();
  for (const call of calls)
    if (call && calls.indexOf(call) !== calls.lastIndexOf(call))
      names.set(call, names.get(call) ?? module.local('w'));
  const first: Line[] = [...names].map(([js, name]) => ({ kind: 'let', name, js }));
  const rest = lines.map((line, index) => {
    const name = names.get(calls[index]!);
    return name && line.kind === 'test'
      ? { ...line, test: line.test.replaceAll(calls[index]!, () => name) }
      : line;
  });
  return [...first, ...rest];
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
