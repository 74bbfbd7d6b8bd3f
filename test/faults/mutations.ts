import { isNode, type Node, parseSource, textOf, walk } from './syntax.ts';

/** One fault that can be put into a source file: what stands between two offsets is replaced. */
export interface Mutation {
  /** What kind of mistake it is, such as `boundary` or `await removed`. */
  kind: string;
  start: number;
  end: number;
  text: string;
  /** Where a mark is put that tells whether the place is reached at all. */
  mark: Mark;
}

/** A place at which `reached(…)` can be put: as a statement at an offset, or before an expression. */
export type Mark = { statement: number } | { expression: [start: number, end: number] };

type Change = Pick<Mutation, 'kind' | 'start' | 'end' | 'text'>;

const COMPARISONS: Record<string, [kind: string, operator: string][]> = {
  '<': [
    ['boundary', '<='],
    ['comparison', '>='],
  ],
  '<=': [
    ['boundary', '<'],
    ['comparison', '>'],
  ],
  '>': [
    ['boundary', '>='],
    ['comparison', '<='],
  ],
  '>=': [
    ['boundary', '>'],
    ['comparison', '<'],
  ],
  '===': [['comparison', '!==']],
  '!==': [['comparison', '===']],
  '&&': [['logic', '||']],
  '||': [['logic', '&&']],
  '??': [['logic', '&&']],
  '+': [['arithmetic', '-']],
  '-': [['arithmetic', '+']],
  '*': [['arithmetic', '/']],
  '/': [['arithmetic', '*']],
  '%': [['arithmetic', '*']],
  '+=': [['arithmetic', '-=']],
  '-=': [['arithmetic', '+=']],
};

/** Methods that are easily taken for one another; null takes the call away and keeps what it was called on. */
const METHODS: Record<string, string | null> = {
  filter: null,
  toSorted: null,
  toReversed: null,
  trim: null,
  min: 'max',
  max: 'min',
  floor: 'ceil',
  ceil: 'floor',
  some: 'every',
  every: 'some',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
};

/** Words and signs inside a statement of SQL, and what a hasty hand may write for them. */
const SQL_CHANGES: [pattern: RegExp, text: string][] = [
  [/\bAND\b/g, 'OR'],
  [/\bOR\b(?! (?:REPLACE|IGNORE))/g, 'AND'],
  [/\bDESC\b/g, 'ASC'],
  [/<=/g, '<'],
  [/>=/g, '>'],
  [/\bIS NOT NULL\b/g, 'IS NULL'],
  [/\bNOT IN\b/g, 'IN'],
  [/\bMIN\(/g, 'MAX('],
  [/\bOR REPLACE\b/g, 'OR IGNORE'],
];

const SQL = /\b(?:SELECT|UPDATE|DELETE FROM|INSERT)\b/;

/** Every fault that can be put into a source; a few leave a text that cannot be parsed (`isSource` tells). */
export function mutationsOf(file: string, source: string): Mutation[] {
  const found: Mutation[] = [];
  walk(parseSource(file, source), (node, around) => {
    for (const change of changesAt(node, around, source))
      found.push({ ...change, mark: markOf(node, around) });
  });
  return found;
}

/** The source with the fault in it. */
export function applied(
  source: string,
  { start, end, text }: Pick<Mutation, 'start' | 'end' | 'text'>,
): string {
  return source.slice(0, start) + text + source.slice(end);
}

function changesAt(node: Node, around: readonly Node[], source: string): Change[] {
  const rule = RULES[node.type];
  return rule ? rule(node, around, source) : [];
}

type Rule = (node: Node, around: readonly Node[], source: string) => Change[];

const RULES: Record<string, Rule> = {
  BinaryExpression: operatorChanges,
  LogicalExpression: operatorChanges,
  AssignmentExpression: operatorChanges,
  IfStatement: negated,
  ConditionalExpression: negated,
  WhileStatement: negated,
  UnaryExpression: (node, _around, source) =>
    node.operator === '!' ? [replace('negation removed', node, textOf(node.argument as Node, source))] : [],
  AwaitExpression: awaitRemoved,
  ExpressionStatement: statementRemoved,
  ThrowStatement: (node) => [replace('throw removed', node, ';')],
  ContinueStatement: (node) => [replace('continue removed', node, ';')],
  BreakStatement: (node) => [replace('break removed', node, ';')],
  ReturnStatement: returnChanged,
  ArrowFunctionExpression: ({ body, expression }, _around, source) =>
    expression && isNode(body) && !/^(?:null|undefined|\[\]|\{\})$/.test(textOf(body, source))
      ? [replace('result null', body, 'null')]
      : [],
  ArrayExpression: elementDropped,
  CallExpression: methodChanged,
  Literal: literalChanged,
  TemplateElement: (node, around, source) =>
    SQL.test(around[0] ? textOf(around[0], source) : '') ? sqlChanges(node, source) : [],
};

function operatorChanges(node: Node, _around: readonly Node[], source: string): Change[] {
  const { left, right } = node as unknown as { left: Node; right: Node };
  const between = source.slice(left.end, right.start);
  const operator = String(node.operator);
  const at = left.end + between.indexOf(operator);
  return (COMPARISONS[operator] ?? []).map(([kind, text]) => ({
    kind,
    start: at,
    end: at + operator.length,
    text,
  }));
}

function negated({ test }: Node, _around: readonly Node[], source: string): Change[] {
  if (!isNode(test)) return [];
  return [replace('condition negated', test, `!(${textOf(test, source)})`)];
}

function awaitRemoved(node: Node, _around: readonly Node[], source: string): Change[] {
  return [replace('await removed', node, `(${textOf(node.argument as Node, source)})`)];
}

function statementRemoved(node: Node, _around: readonly Node[], source: string): Change[] {
  const { expression, directive } = node;
  if (directive || !isNode(expression) || textOf(expression, source).startsWith('super(')) return [];
  return [replace('statement removed', node, ';')];
}

function returnChanged(node: Node, _around: readonly Node[], source: string): Change[] {
  const { argument } = node;
  if (!isNode(argument)) return [replace('return removed', node, ';')];
  return textOf(argument, source) === 'null' ? [] : [replace('result null', argument, 'null')];
}

/** Takes each element out of a list, with the comma beside it. */
function elementDropped(node: Node): Change[] {
  const elements = (node.elements as unknown[]).filter(isNode);
  return elements.map((element, index) => {
    const next = elements[index + 1];
    const previous = elements[index - 1];
    const start = next || !previous ? element.start : previous.end;
    return { kind: 'element dropped', start, end: next ? next.start : element.end, text: '' };
  });
}

function methodChanged(node: Node, _around: readonly Node[], source: string): Change[] {
  const { callee } = node as unknown as { callee: Node };
  const { object, property } = callee as unknown as { object?: Node; property?: Node };
  if (callee.type !== 'MemberExpression' || !object || property?.type !== 'Identifier') return [];
  const name = String(property.name);
  if (!Object.hasOwn(METHODS, name)) return [];
  const other = METHODS[name]!;
  return other === null
    ? [replace('call removed', node, textOf(object, source))]
    : [replace('method', property, other)];
}

function literalChanged(node: Node, around: readonly Node[], source: string): Change[] {
  const { value, regex } = node;
  const key = around[0]?.type === 'Property' && around[0].key === node;
  if (key) return [];
  if (regex) return anchorsDropped(node, source);
  if (typeof value === 'boolean') return [replace('constant', node, String(!value))];
  if (typeof value === 'number')
    return [replace('constant', node, String(Math.abs(value) < 100 ? value + 1 : value * 2))];
  if (typeof value !== 'string' || value === '') return [];
  if (SQL.test(value)) return sqlChanges(node, source);
  return value.includes(' ') ? [] : [replace('constant', node, "''")];
}

function anchorsDropped(node: Node, source: string): Change[] {
  const text = textOf(node, source);
  const changes: Change[] = [];
  if (text.startsWith('/^') && text[2] !== '/')
    changes.push(replace('anchor dropped', node, `/${text.slice(2)}`));
  if (/[^\\]\$\/[a-z]*$/.test(text))
    changes.push(replace('anchor dropped', node, text.replace(/\$\/([a-z]*)$/, '/$1')));
  return changes;
}

function sqlChanges(node: Node, source: string): Change[] {
  const text = textOf(node, source);
  return SQL_CHANGES.flatMap(([pattern, other]) =>
    [...text.matchAll(pattern)].map(({ index, 0: word }) => {
      const start = node.start + index;
      return { kind: 'SQL', start, end: start + word.length, text: other };
    }),
  );
}

function replace(kind: string, { start, end }: Node, text: string): Change {
  return { kind, start, end, text };
}

/** The nearest place around a node at which a mark can stand; a node outside every function is reached by loading the file. */
function markOf(node: Node, around: readonly Node[]): Mark {
  for (const one of [node, ...around]) {
    if (one.type === 'BlockStatement') return { statement: one.start + 1 };
    const { body } = one;
    if (one.type === 'ArrowFunctionExpression' && isNode(body) && body.type !== 'BlockStatement')
      return { expression: [body.start, body.end] };
    if (one.type === 'Program') return { statement: one.end };
  }
  throw new Error('a node outside a program');
}
