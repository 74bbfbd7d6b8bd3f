import type { Name } from '../../xml/names.ts';
import { ELEMENT, type XmlElement } from '../../xml/tree.ts';
import { XPathError } from '../xpath/error.ts';
import type { Judged } from '../xpath/runtime/judged.ts';
import type { Node } from '../xpath/runtime/values.ts';
import type { LoadedModule, LoadedRule } from './module.ts';
import { ElementPath, isLike } from './paths.ts';

/** A rule among those of all rule sets of one judgement. */
interface Candidate {
  /** Its place among all rules: patterns one after the other, rules in their order. */
  order: number;
  /** Number of its pattern among all patterns. */
  pattern: number;
  rule: LoadedRule;
}

type Candidates = readonly Candidate[];

/** The rules that may match an element of one path. */
interface Plan {
  isTemplateId: boolean;
  /** Where elements of this path are gathered, when rules look for their name in the whole document. */
  lists: readonly XmlElement[][];
  /** Those whose contexts name no templateId. */
  plain: Candidates;
  /** Those that name a templateId, by its root: filled as elements of this path come with one. */
  byRoot: Map<string, Candidates>;
}

const NONE: Candidates = [];

/** The rules of several rule sets, found by what their contexts require of a node. */
export class Dispatch {
  readonly #modules: readonly LoadedModule[];
  readonly #elements: Candidate[] = [];
  readonly #byRoot = new Map<string, Candidate[]>();
  readonly #attributes: Candidate[] = [];
  readonly #documents: Candidate[] = [];
  /** Contexts that are texts, comments or instructions, or nodes of any kind. */
  readonly #others: Candidate[] = [];
  readonly #lists: Map<Name, XmlElement[]>;
  readonly #localLists: Map<string, XmlElement[]>;
  readonly #elementsHit: XmlElement[] = [];
  readonly #rulesHit: Candidates[] = [];
  #top = ElementPath.top<Plan>();

  constructor(modules: readonly LoadedModule[]) {
    this.#modules = modules;
    this.#lists = new Map(modules.flatMap(({ listed }) => listed.map((name) => [name, []])));
    this.#localLists = new Map(
      modules.flatMap(({ listedLocals }) => listedLocals.map((local) => [local, []])),
    );
    let order = 0;
    let patterns = 0;
    for (const module of modules) {
      for (const rule of module.rules) {
        this.#listFor(rule).push({ order, pattern: patterns + rule.pattern, rule });
        order += 1;
      }
      patterns += (module.rules.at(-1)?.pattern ?? 0) + 1;
    }
    this.#elements.push(...this.#others.filter(({ rule }) => rule.kind === 'any'));
    this.#elements.sort(inOrder);
    for (const candidate of this.#elements)
      for (const root of new Set(candidate.rule.templates ?? []))
        this.#byRoot.set(root, [...(this.#byRoot.get(root) ?? []), candidate]);
  }

  get modules(): readonly LoadedModule[] {
    return this.#modules;
  }

  #listFor({ kind }: LoadedRule): Candidate[] {
    if (kind === 'element') return this.#elements;
    if (kind === 'attribute') return this.#attributes;
    return kind === 'document' ? this.#documents : this.#others;
  }

  /** Evaluates every rule on every node that its context matches, the first of each pattern only. */
  run(judged: Judged): void {
    if (this.#top.isFull) this.#top = ElementPath.top();
    try {
      this.#run(judged);
    } finally {
      for (const list of [...this.#lists.values(), ...this.#localLists.values()]) list.length = 0;
      this.#elementsHit.length = 0;
      this.#rulesHit.length = 0;
    }
  }

  #run(judged: Judged): void {
    const { document } = judged;
    for (const node of document.children)
      if (node.kind === ELEMENT) this.#visit(node, this.#pathBelow(this.#top, node));
    for (const [name, list] of this.#lists) judged.tell(name, list);
    for (const [local, list] of this.#localLists) judged.tellLocal(local, list);
    if (this.#documents.length > 0) first(this.#documents, document);
    for (let at = 0; at < this.#elementsHit.length; at += 1)
      first(this.#rulesHit[at]!, this.#elementsHit[at]!);
    if (this.#attributes.length > 0) for (const element of judged.elements) this.#visitAttributes(element);
    if (this.#others.length > 0) this.#visitOthers(document);
  }

  #pathBelow(above: ElementPath<Plan>, element: XmlElement): ElementPath<Plan> {
    const path = above.below(element.name);
    path.found ??= this.#plan(path);
    return path;
  }

  /** Notes the rules for an element and for those inside it. They are evaluated when the whole document was walked. */
  #visit(element: XmlElement, path: ElementPath<Plan>): void {
    const plan = path.found!;
    let found = plan.plain;
    for (let at = 0; at < plan.lists.length; at += 1) plan.lists[at]!.push(element);
    const { children } = element;
    for (let at = 0; at < children.length; at += 1) {
      const child = children[at]!;
      if (child.kind !== ELEMENT) continue;
      const below = this.#pathBelow(path, child);
      if (below.found!.isTemplateId) found = this.#withTemplate(found, child, path);
      this.#visit(child, below);
    }
    if (found.length === 0) return;
    this.#elementsHit.push(element);
    this.#rulesHit.push(found);
  }

  #plan(path: ElementPath<Plan>): Plan {
    const plain = this.#elements.filter(
      ({ rule }) => !rule.templates && (rule.kind === 'any' || isLike(rule.path, path)),
    );
    const name = path.name!;
    const lists = [this.#lists.get(name), this.#localLists.get(name.local)].filter(
      (list) => list !== undefined,
    );
    return { plain, byRoot: new Map(), isTemplateId: name.local === 'templateId', lists };
  }

  /** The rules for an element, with those whose contexts name this templateId of it. */
  #withTemplate(found: Candidates, templateId: XmlElement, path: ElementPath<Plan>): Candidates {
    const root = rootOf(templateId);
    const named = root === null ? undefined : this.#byRoot.get(root);
    if (!named) return found;
    const { byRoot } = path.found!;
    let rules = byRoot.get(root!);
    if (!rules) {
      rules = named.filter(({ rule }) => isLike(rule.path, path));
      byRoot.set(root!, rules);
    }
    if (rules.length === 0) return found;
    return found.length === 0 ? rules : [...found, ...rules].sort(inOrder);
  }

  #visitAttributes(element: XmlElement): void {
    for (const attribute of element.attributes) {
      const { name } = attribute;
      const rules = this.#attributes.filter(
        ({ rule: { ns, local } }) =>
          (ns === null || ns === name.ns) && (local === null || local === name.local),
      );
      if (rules.length > 0) first(rules, attribute);
    }
  }

  #visitOthers(node: Node): void {
    const kind = KINDS[node.kind];
    const rules = kind ? this.#others.filter(({ rule }) => rule.kind === kind || rule.kind === 'any') : NONE;
    if (rules.length > 0) first(rules, node);
    if ('children' in node) for (const child of node.children) this.#visitOthers(child);
  }
}

const KINDS: Readonly<Record<number, string>> = { 3: 'text', 7: 'instruction', 8: 'comment' };

function inOrder(a: Candidate, b: Candidate): number {
  return a.order - b.order;
}

function rootOf({ attributes }: XmlElement): string | null {
  for (let at = 0; at < attributes.length; at += 1)
    if (attributes[at]!.name.local === 'root') return attributes[at]!.value;
  return null;
}

/** Runs the first rule of each pattern whose context matches. */
function first(candidates: Candidates, node: Node): void {
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
