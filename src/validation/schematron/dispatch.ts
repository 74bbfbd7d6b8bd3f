import type { Name } from '../../xml/names.ts';
import { ATTRIBUTE, ELEMENT, type XmlElement } from '../../xml/tree.ts';
import { XPathError } from '../xpath/error.ts';
import type { Judged } from '../xpath/runtime/judged.ts';
import type { Node } from '../xpath/runtime/values.ts';
import type { LoadedModule, LoadedRule } from './module.ts';

/** A rule among those of all rule sets of one judgement. */
interface Candidate {
  /** Its place among all rules: patterns one after the other, rules in their order. */
  order: number;
  /** Number of its pattern among all patterns. */
  pattern: number;
  rule: LoadedRule;
}

const NONE: readonly Candidate[] = [];

/** The rules of several rule sets, found by what their contexts require of a node. */
export class Dispatch {
  readonly #modules: readonly LoadedModule[];
  readonly #elements: Candidate[] = [];
  readonly #byRoot = new Map<string, Candidate[]>();
  readonly #attributes: Candidate[] = [];
  readonly #others: Candidate[] = [];
  readonly #plans = new Map<Name, readonly Candidate[]>();

  constructor(modules: readonly LoadedModule[]) {
    this.#modules = modules;
    let order = 0;
    let patterns = 0;
    for (const module of modules) {
      for (const rule of module.rules) this.#add({ order: order++, pattern: patterns + rule.pattern, rule });
      patterns += (module.rules.at(-1)?.pattern ?? 0) + 1;
    }
  }

  #add(candidate: Candidate): void {
    const { kind, templates } = candidate.rule;
    if (kind === 'element' && templates) {
      for (const root of new Set(templates)) {
        const same = this.#byRoot.get(root);
        if (same) same.push(candidate);
        else this.#byRoot.set(root, [candidate]);
      }
    } else if (kind === 'element' || kind === 'any') this.#elements.push(candidate);
    if (kind === 'attribute') this.#attributes.push(candidate);
    if (kind !== 'element' && kind !== 'attribute') this.#others.push(candidate);
  }

  /** Evaluates every rule on every node that its context matches, the first of each pattern only. */
  run(judged: Judged): void {
    if (this.#others.length > 0) this.#runOthers(judged);
    for (const element of judged.elements) this.#runElement(element);
    if (this.#attributes.length > 0) for (const element of judged.elements) this.#runAttributes(element);
  }

  get modules(): readonly LoadedModule[] {
    return this.#modules;
  }

  #runElement(element: XmlElement): void {
    const named = this.#plan(element.name);
    const templated = this.#byRoot.size > 0 ? this.#templated(element) : NONE;
    if (templated.length === 0) {
      if (named.length > 0) first(named, element);
    } else first(named.length === 0 ? templated : merged([...named, ...templated]), element);
  }

  /** The rules whose contexts name a templateId of this element. */
  #templated(element: XmlElement): readonly Candidate[] {
    let found = NONE;
    for (const child of element.children) {
      if (child.kind !== ELEMENT || child.name.local !== 'templateId') continue;
      const root = child.attributes.find(({ name }) => name.local === 'root')?.value;
      const rules = root === undefined ? undefined : this.#byRoot.get(root);
      if (rules) found = found.length === 0 ? rules : merged([...found, ...rules]);
    }
    return found;
  }

  #plan(name: Name): readonly Candidate[] {
    let plan = this.#plans.get(name);
    if (!plan) {
      plan = this.#elements.filter(
        ({ rule: { ns, local, kind } }) =>
          kind === 'any' || ((ns === null || ns === name.ns) && (local === null || local === name.local)),
      );
      this.#plans.set(name, plan);
    }
    return plan;
  }

  #runAttributes(element: XmlElement): void {
    for (const attribute of element.attributes) {
      const { name } = attribute;
      const rules = this.#attributes.filter(
        ({ rule: { ns, local } }) =>
          (ns === null || ns === name.ns) && (local === null || local === name.local),
      );
      if (rules.length > 0) first(rules, attribute);
    }
  }

  #runOthers(judged: Judged): void {
    const visit = (node: Node) => {
      const kind = KINDS[node.kind];
      const rules = this.#others.filter(
        ({ rule }) => rule.kind === kind || (rule.kind === 'any' && kind !== 'document'),
      );
      if (node.kind !== ELEMENT && node.kind !== ATTRIBUTE && rules.length > 0) first(rules, node);
      if ('children' in node) node.children.forEach(visit);
    };
    visit(judged.document);
  }
}

const KINDS: Readonly<Record<number, string>> = { 3: 'text', 7: 'instruction', 8: 'comment', 9: 'document' };

function merged(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.toSorted((a, b) => a.order - b.order);
}

/** Runs the first rule of each pattern whose context matches. */
function first(candidates: readonly Candidate[], node: Node): void {
  let done = -1;
  for (let at = 0; at < candidates.length; at += 1) {
    const { pattern, rule } = candidates[at]!;
    if (pattern === done || !matches(rule, node)) continue;
    done = pattern;
    rule.evaluate(node);
  }
}

/** A pattern whose predicates fail to evaluate does not match (XSLT 2.0, 5.5.4). */
function matches(rule: LoadedRule, node: Node): boolean {
  if (!rule.matches) return true;
  if (!rule.raises) return rule.matches(node);
  try {
    return rule.matches(node);
  } catch (error) {
    if (error instanceof XPathError) return false;
    throw error;
  }
}
