import type { Expr, NodeTest, Of } from '../ast.ts';
import type { Code } from './code.ts';
import { about, type Generator, type Scope } from './generator.ts';
import { isPositional } from './statics.ts';
import { eachStep, nodeTest } from './steps.ts';
import { truth } from './truth.ts';

export type PatternKind = 'element' | 'attribute' | 'text' | 'comment' | 'instruction' | 'document' | 'any';

/** One alternative of a match pattern: what it can match at all, and the function that tells whether it does. */
export interface Alternative {
  kind: PatternKind;
  /** Of an element or attribute; null stands for any. */
  ns: string | null;
  local: string | null;
  /** The element has a templateId with one of these roots; null when the pattern does not say so. */
  templates: readonly string[] | null;
  /** The names that a pattern asks for, from the outermost to its own: what the path of an element must be like. */
  path: NamePath;
  /** Name of the generated function that tells the rest, or null when kind, name and path say everything. */
  match: string | null;
  raises: boolean;
}

/** A pattern reduced to names. */
export interface NamePath {
  /** The first step stands directly below the document, unless it is deep. */
  rooted: boolean;
  steps: readonly NameStep[];
}

export interface NameStep {
  /** null stands for any. */
  ns: string | null;
  local: string | null;
  /** Whether any number of elements may stand between this step and the one before. */
  deep: boolean;
}

interface PatternStep {
  step: Of<'step'>;
  /** Whether any number of elements may stand between this step and the one before. */
  deep: boolean;
}

/** Compiles an XSLT match pattern, such as the context of a Schematron rule is. */
export function compilePattern(g: Generator, e: Expr, scope: Scope): Alternative[] {
  if (e.kind === 'union') return [...compilePattern(g, e.left, scope), ...compilePattern(g, e.right, scope)];
  if (e.kind === 'root') return [whole('document')];
  const { rooted, steps } = flattened(g, e);
  const last = steps.at(-1);
  if (!last) return g.unsupported('a rule context must select nodes', e);
  const own = kindOf(last.step);
  const outer = g.raises;
  g.raises = false;
  const alternative = {
    ...own,
    path: { rooted, steps: steps.map(nameStep) },
    templates: templatesOf(last.step),
    match: matcher(g, rooted, steps, scope),
    raises: g.raises,
  };
  g.raises = outer;
  return [alternative];
}

function whole(kind: PatternKind): Alternative {
  return {
    kind,
    ns: null,
    local: null,
    templates: null,
    path: { rooted: true, steps: [] },
    match: null,
    raises: false,
  };
}

function flattened(g: Generator, e: Expr): { rooted: boolean; steps: PatternStep[] } {
  const parts = partsOfPath(e);
  const rooted = parts[0]?.kind === 'root';
  const steps: PatternStep[] = [];
  let deep = false;
  for (const part of rooted ? parts.slice(1) : parts) {
    if (isDescent(part)) {
      deep = true;
      continue;
    }
    steps.push({ step: patternStep(g, part), deep: deep || (part as Of<'step'>).axis === 'descendant' });
    deep = false;
  }
  if (deep) return g.unsupported('a pattern cannot end with //', e);
  return { rooted, steps };
}

function partsOfPath(e: Expr): Expr[] {
  if (e.kind === 'sequence' && e.items.length === 1) return partsOfPath(e.items[0]!);
  return e.kind === 'path' ? [...partsOfPath(e.from), ...partsOfPath(e.to)] : [e];
}

function isDescent(e: Expr): boolean {
  return (
    e.kind === 'step' &&
    e.axis === 'descendant-or-self' &&
    e.test.test === 'node' &&
    e.predicates.length === 0
  );
}

function patternStep(g: Generator, e: Expr): Of<'step'> {
  if (e.kind === 'step' && (e.axis === 'child' || e.axis === 'attribute' || e.axis === 'descendant'))
    return e;
  return g.unsupported(
    'a rule context is a match pattern: only child, attribute and // may be used in it',
    e,
  );
}

function kindOf({ axis, test }: Of<'step'>): { kind: PatternKind; ns: string | null; local: string | null } {
  const nameless = { ns: null, local: null };
  if (test.test === 'name')
    return { kind: axis === 'attribute' ? 'attribute' : 'element', ns: test.ns, local: test.local };
  if (test.test === 'element' || test.test === 'attribute')
    return { kind: test.test, ns: test.ns, local: test.local };
  if (test.test === 'node') return { kind: axis === 'attribute' ? 'attribute' : 'any', ...nameless };
  return { kind: test.test, ...nameless };
}

function nameStep({ step: { test }, deep }: PatternStep): NameStep {
  const named = test.test === 'name' || test.test === 'element';
  return { ns: named ? test.ns : null, local: named ? test.local : null, deep };
}

/**
 * The function that tells what the path of names does not. Where every step but the first stands directly below the one
 * before, and all are elements, the path has told all names: only predicates are left.
 */
function matcher(g: Generator, rooted: boolean, steps: readonly PatternStep[], scope: Scope): string | null {
  const node = g.local('n');
  const matched: Code = {
    js: node,
    held: 'node',
    count: '1',
    node: nodeHeld(steps.at(-1)!.step),
    judged: true,
  };
  const inner = { ...scope, current: matched };
  if (!steps.every(({ step, deep }, index) => isElementStep(step) && (index === 0 || !deep)))
    return g.module.define([node], stepsBack(g, rooted, steps, node, inner));
  const conditions = predicatesBack(g, steps, node, inner);
  if (conditions.length === 0) return null;
  return g.module.define([node], `return ${conditions.map((one) => `(${one})`).join(' && ')};`);
}

function isElementStep({ axis, test }: Of<'step'>): boolean {
  return axis !== 'attribute' && (test.test === 'name' || test.test === 'element');
}

/** The conditions that predicates make, those of the node itself first. */
function predicatesBack(g: Generator, steps: readonly PatternStep[], node: string, scope: Scope): string[] {
  return steps.toReversed().flatMap(({ step }, up) => {
    const at = `${node}${'.parent'.repeat(up)}`;
    return step.predicates.length === 0 ? [] : [predicateCondition(g, step, at, scope)];
  });
}

/** The predicates of a step as one condition, remembered when they look further than the attributes of the node. */
function predicateCondition(g: Generator, step: Of<'step'>, at: string, scope: Scope): string {
  const raised = g.raises;
  g.raises = false;
  const node = g.local('n');
  const conditions = predicateConditions(g, step, node, scope);
  const condition = conditions.map((one) => `(${one})`).join(' && ');
  const remembered = !g.raises && /hasChild|f\d+\(/.test(condition) && !mentionsOther(condition, node);
  g.raises ||= raised;
  return remembered ? g.module.remembered(condition, node, at) : condition.replaceAll(node, () => at);
}

/** Whether a condition is about another local variable too, such as what current() stands for. */
function mentionsOther(condition: string, node: string): boolean {
  return condition.replaceAll(node, '').includes('$');
}

function nodeHeld({ axis, test }: Of<'step'>): Code['node'] {
  if (axis === 'attribute') return 'attribute';
  return test.test === 'name' || test.test === 'element' ? 'parent' : undefined;
}

/** Statements that return whether a node matches the last of some steps, and its ancestors the others. */
function stepsBack(
  g: Generator,
  rooted: boolean,
  steps: readonly PatternStep[],
  node: string,
  scope: Scope,
): string {
  const { step, deep } = steps.at(-1)!;
  const rest = steps.slice(0, -1);
  const own = stepConditions(g, step, node, scope);
  if (rest.length === 0) {
    if (rooted && !deep) own.push(`${node}.parent !== null && ${node}.parent.kind === 9`);
    return `return ${own.length > 0 ? own.map((one) => `(${one})`).join(' && ') : 'true'};`;
  }
  const refuse = own.length > 0 ? `if (!(${own.map((one) => `(${one})`).join(' && ')})) return false;\n` : '';
  const parent = g.local('n');
  const before = stepsBack(g, rooted, rest, parent, scope);
  if (!deep)
    return `${refuse}const ${parent} = ${node}.parent;\nif (${parent} === null) return false;\n${before}`;
  const up = g.local('u');
  // The ancestor is a parameter of a function of its own, because any of several may match.
  const test = g.module.call(`const ${parent} = ${up};\n${before}`);
  return `${refuse}for (let ${up} = ${node}.parent; ${up} !== null; ${up} = ${up}.parent) if (${test}) return true;\nreturn false;`;
}

function stepConditions(g: Generator, step: Of<'step'>, node: string, scope: Scope): string[] {
  const test = childTest(g, step.axis, step.test, node);
  return [test, ...predicateConditions(g, step, node, scope)].filter((one) => one !== 'true');
}

function predicateConditions(g: Generator, step: Of<'step'>, node: string, scope: Scope): string[] {
  const item: Code = { js: node, held: 'node', count: '1', node: nodeHeld(step), judged: true };
  if (step.predicates.some((one) => isPositional(one, about(scope, item))))
    return [positional(g, step, node, scope)];
  return step.predicates.map((one) => truth(g, one, about(scope, item)));
}

function childTest(g: Generator, axis: string, test: NodeTest, node: string): string {
  if (axis === 'attribute') return nodeTest(g, test, node, 'attribute');
  if (test.test === 'node') return `${node}.kind !== 2 && ${node}.kind !== 9`;
  return nodeTest(g, test, node, 'element');
}

/** Where a predicate counts, the step is taken from the parent and the node looked for in what it gives. */
function positional(g: Generator, step: Of<'step'>, node: string, scope: Scope): string {
  const parent = g.local('n');
  const from: Code = { js: parent, held: 'node', count: '1', node: 'parent', judged: true };
  const loop = eachStep(g, step, about(scope, from), (item) => `if (${item.js} === ${node}) return true;`);
  return g.module.call(
    `const ${parent} = ${node}.parent;\nif (${parent} === null) return false;\n${loop}\nreturn false;`,
  );
}

/** The templateId roots of which a step requires one, or null. */
function templatesOf(step: Of<'step'>): readonly string[] | null {
  for (const predicate of step.predicates) {
    const found = requiredRoots(predicate);
    if (found) return found;
  }
  return null;
}

function requiredRoots(e: Expr): readonly string[] | null {
  switch (e.kind) {
    case 'and':
      return requiredRoots(e.left) ?? requiredRoots(e.right);
    case 'or': {
      const [a, b] = [requiredRoots(e.left), requiredRoots(e.right)];
      return a && b ? [...a, ...b] : null;
    }
    case 'compare':
      if (!e.general || e.op !== 'eq') return null;
      return rootsIn(e.left, e.right, isTemplateRoot) ?? rootsIn(e.right, e.left, isTemplateRoot);
    case 'step':
      return isChild(e, 'templateId') ? rootsOfTemplate(e) : null;
    case 'sequence':
      return e.items.length === 1 ? requiredRoots(e.items[0]!) : null;
    default:
      return null;
  }
}

/** `templateId[@root='…']`. */
function rootsOfTemplate({ predicates }: Of<'step'>): readonly string[] | null {
  for (const predicate of predicates) {
    const parts = predicate.kind === 'and' ? [predicate.left, predicate.right] : [predicate];
    for (const part of parts) {
      if (part.kind !== 'compare' || !part.general || part.op !== 'eq') continue;
      const found = rootsIn(part.left, part.right, isRoot) ?? rootsIn(part.right, part.left, isRoot);
      if (found) return found;
    }
  }
  return null;
}

function rootsIn(path: Expr, values: Expr, test: (e: Expr) => boolean): readonly string[] | null {
  if (!test(path)) return null;
  if (values.kind === 'string') return [values.value];
  if (values.kind !== 'sequence') return null;
  const texts = values.items.map((one) => (one.kind === 'string' ? one.value : null));
  return texts.includes(null) ? null : (texts as string[]);
}

/** `templateId/@root`. */
function isTemplateRoot(e: Expr): boolean {
  return e.kind === 'path' && isChild(e.from, 'templateId') && isRoot(e.to);
}

function isChild(e: Expr, local: string): boolean {
  return e.kind === 'step' && e.axis === 'child' && e.test.test === 'name' && e.test.local === local;
}

function isRoot(e: Expr): boolean {
  return (
    e.kind === 'step' &&
    e.axis === 'attribute' &&
    e.test.test === 'name' &&
    e.test.local === 'root' &&
    e.test.ns === ''
  );
}
