import type { Name } from '../../xml/names.ts';
import type { XmlDocument, XmlElement } from '../../xml/tree.ts';
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
  /** Whether its context matches a node of its kind and path; null when every such node does. */
  matches: ((node: Node) => boolean) | null;
  evaluate(node: Node): void;
}

type Candidates = readonly Candidate[];

/** What there is to know of the elements of one path. */
interface Plan {
  isTemplateId: boolean;
  /** Where elements of this path are gathered, when rules look for their name in the whole document. */
  lists: readonly XmlElement[][];
  /** The rules for an element that has no templateId. */
  plain: Choice;
}

/** The rules for an element of some path with some templateIds. */
interface Choice {
  rules: Candidates;
  /** The rules when it has one more templateId, by its root. */
  withRoot: Map<string, Choice>;
}

/** Choices kept for each choice of rule sets: hostile templateIds do not fill memory. */
const MOST_CHOICES = 20_000;

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
  readonly #choices: Choice[] = [];
  #choiceCount = 0;
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
        const { evaluate } = rule;
        const candidate = {
          order,
          pattern: patterns + rule.pattern,
          rule,
          matches: matcherOf(rule),
          evaluate,
        };
        this.#listFor(rule).push(candidate);
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
    if (this.#top.isFull || this.#choiceCount >= MOST_CHOICES) {
      this.#top = ElementPath.top();
      this.#choiceCount = 0;
    }
    try {
      this.#run(judged);
    } finally {
      for (const list of [...this.#lists.values(), ...this.#localLists.values()]) list.length = 0;
      this.#choices.length = 0;
    }
  }

  #run(judged: Judged): void {
    const { document } = judged;
    this.#walk(document);
    for (const [name, list] of this.#lists) judged.tell(name, list);
    for (const [local, list] of this.#localLists) judged.tellLocal(local, list);
    if (this.#documents.length > 0) first(this.#documents, document);
    for (let at = 0; at < document.elements.length; at += 1) {
      const { rules } = this.#choices[at]!;
      if (rules.length > 0) first(rules, document.elements[at]!);
    }
    if (this.#attributes.length > 0) for (const element of judged.elements) this.#visitAttributes(element);
    if (this.#others.length > 0) this.#visitOthers(document);
  }

  /** Notes the rules for each element. They are evaluated when the whole document was walked. */
  #walk(document: XmlDocument): void {
    const { elements } = document;
    const open: (XmlElement | XmlDocument)[] = [document];
    const paths = [this.#top];
    const hits: number[] = [-1];
    let top = 0;
    for (let at = 0; at < elements.length; at += 1) {
      const element = elements[at]!;
      while (open[top] !== element.parent) top -= 1;
      const path = paths[top]!.below(element.name);
      path.found ??= this.#plan(path);
      const { plain, lists, isTemplateId } = path.found;
      if (isTemplateId && hits[top]! >= 0) this.#withTemplate(hits[top]!, element, paths[top]!);
      top += 1;
      open[top] = element;
      paths[top] = path;
      hits[top] = this.#choices.push(plain) - 1;
      for (let one = 0; one < lists.length; one += 1) lists[one]!.push(element);
    }
  }

  #plan(path: ElementPath<Plan>): Plan {
    const rules = this.#elements.filter(
      ({ rule }) => !rule.templates && (rule.kind === 'any' || isLike(rule.path, path)),
    );
    const name = path.name!;
    const lists = [this.#lists.get(name), this.#localLists.get(name.local)].filter(
      (list) => list !== undefined,
    );
    const plain: Choice = { rules, withRoot: new Map() };
    return { plain, isTemplateId: name.local === 'templateId', lists };
  }

  /** Adds to what was noted for an element the rules whose contexts name this templateId of it. */
  #withTemplate(hit: number, templateId: XmlElement, path: ElementPath<Plan>): void {
    const root = rootOf(templateId);
    const named = root === null ? undefined : this.#byRoot.get(root);
    if (!named) return;
    const before = this.#choices[hit]!;
    let after = before.withRoot.get(root!);
    if (!after) {
      const more = named.filter((one) => isLike(one.rule.path, path) && !before.rules.includes(one));
      after =
        more.length === 0 ? before : { rules: [...before.rules, ...more].sort(inOrder), withRoot: new Map() };
      this.#choiceCount += 1;
      if (this.#choiceCount < MOST_CHOICES) before.withRoot.set(root!, after);
    }
    this.#choices[hit] = after;
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
    const { pattern, matches, evaluate } = candidates[at]!;
    if (pattern === done || (matches !== null && !matches(node))) continue;
    done = pattern;
    evaluate(node);
  }
}

/** A pattern whose predicates fail to evaluate does not match (XSLT 2.0, 5.5.4). */
function matcherOf({ matches, raises }: LoadedRule): Candidate['matches'] {
  if (!matches || !raises) return matches;
  return (node) => {
    try {
      return matches(node);
    } catch (error) {
      if (error instanceof XPathError) return false;
      throw error;
    }
  };
}
