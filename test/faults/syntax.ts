import { parseSync } from 'rolldown/utils';

/** A node of the tree of a source file, as ESTree and its TypeScript extension name it; offsets in UTF-16 units. */
export interface Node {
  type: string;
  start: number;
  end: number;
  [member: string]: unknown;
}

/** A node and the nodes around it, the nearest first. */
export type Visit = (node: Node, around: readonly Node[]) => void;

/** Tree of a TypeScript source; throws with the first complaint of the parser. */
export function parseSource(file: string, text: string): Node {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
  return program as unknown as Node;
}

/** Whether a text is a source that can be run: a change that cannot even be parsed is no fault worth a run. */
export function isSource(file: string, text: string): boolean {
  return parseSync(file, text).errors.length === 0;
}

/** What stands in a file for the type checker alone; expressions with a type beside them are walked. */
const TYPED_EXPRESSIONS = new Set(['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression']);

/** Visits every node that is there when the program runs, parents first. */
export function walk(node: Node, visit: Visit, around: readonly Node[] = []): void {
  if (node.type.startsWith('TS') && !TYPED_EXPRESSIONS.has(node.type)) return;
  if (node.type === 'ImportDeclaration' || node.type === 'ExportAllDeclaration') return;
  visit(node, around);
  for (const child of childrenOf(node)) walk(child, visit, [node, ...around]);
}

function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((member) => (Array.isArray(member) ? member : [member]).filter(isNode));
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

export function textOf({ start, end }: Node, source: string): string {
  return source.slice(start, end);
}
