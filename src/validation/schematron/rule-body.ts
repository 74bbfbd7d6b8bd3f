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
      /** The arguments that tell of the failure, after the number of the assertion. */
      failure: string;
      raises: boolean;
      /** Number of the assertion. */
      number: number;
      /** Where the rule is written that holds the assertion: an abstract one, or the rule itself. */
      origin: string;
    };

type Test = Line & { kind: 'test' };

/** Whether a value costs less to compute than to put off. */
export function isCheap(e: Expr): boolean {
  return (
    e.kind === 'string' ||
    e.kind === 'integer' ||
    (e.kind === 'step' && e.axis === 'attribute' && e.predicates.length === 0)
  );
}

/**
 * The body of the function of a rule, without the lets that nothing uses. The assertions that it takes from an abstract
 * rule are a function of their own, which the other rules that extend it call too.
 */
export function ruleBody(module: Module, node: string, lines: readonly Line[], own: string): string {
  const pieces = chunksOf(lines.filter((line) => line.kind === 'test')).map((tests) =>
    piece(module, node, tests, own),
  );
  const kept: string[] = pieces.toReversed();
  for (const line of lines.toReversed())
    if (line.kind !== 'test' && kept.some((text) => mentions(text, line.name)))
      kept.push(`const ${line.name} = ${line.kind === 'store' ? '[]' : line.js};`);
  return kept.reverse().join('\n');
}

/** Runs of assertions that are written in one rule. */
function chunksOf(tests: readonly Test[]): Test[][] {
  const chunks: Test[][] = [];
  for (const test of tests) {
    const last = chunks.at(-1);
    if (last && last[0]!.origin === test.origin) last.push(test);
    else chunks.push([test]);
  }
  return chunks;
}

function piece(module: Module, node: string, tests: readonly Test[], own: string): string {
  const first = tests[0]!;
  const base = module.local('b');
  const { lets, rest } = withCounts(module, node, tests);
  const body = rest
    .map((test) => written(module, test, `${base} + ${test.number - first.number}`))
    .join('\n');
  const text = withAttributes(module, node, `${lets}${body}`);
  const whole = first.origin === own ? text : `${module.call(text)};`;
  return whole.replaceAll(base, () => `${first.number}`);
}

function mentions(text: string, name: string): boolean {
  return new RegExp(`\\${name}(?!\\d)`).test(text);
}

/** `count(…) >= 1` and `count(…) <= 1` of the same: what is always evaluated, and more than once, is evaluated first. */
function withCounts(module: Module, node: string, tests: readonly Test[]): { lets: string; rest: Test[] } {
  const counted = new RegExp(`^!\\((f\\d+\\(\\${node}\\)) (?:[<>]=?|[=!]==) `);
  const calls = tests.map(({ test, raises }) => (raises ? '' : (counted.exec(test)?.[1] ?? '')));
  const names = new Map<string, string>();
  for (const call of calls)
    if (call && calls.indexOf(call) !== calls.lastIndexOf(call))
      names.set(call, names.get(call) ?? module.local('w'));
  const rest = tests.map((one, index) => {
    const name = names.get(calls[index]!);
    return name ? { ...one, test: one.test.replaceAll(calls[index]!, () => name) } : one;
  });
  return { lets: [...names].map(([js, name]) => `const ${name} = ${js};\n`).join(''), rest };
}

/** A failure is told by a function of its own, which is never compiled for documents that have none. */
function written(module: Module, { test, failure, raises }: Test, number: string): string {
  const text = `if (${test}) ${module.call(`R.fail(${number}, ${failure});`)};`;
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
