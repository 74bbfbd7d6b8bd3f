import { textOf } from '../../xml/select.ts';
import { attributeOf, Includes, kindOf, type Placed, placeOf } from './include.ts';
import type { PackFiles } from './pack-files.ts';
import { type Substitute, substitution, unchanged } from './parameters.ts';
import { type Library, readLet, readRule } from './rules.ts';
import type { Let, Pattern, Problem, Schema } from './schema.ts';

/** Query languages that this implementation reads; all of them are XPath 2.0 with the functions of XSLT. */
const BINDINGS = new Set(['xslt2', 'xpath2', 'xslt', 'xslt3', 'xpath3', 'xpath']);

/**
 * Reads an ISO Schematron file of a pack whole: includes, abstract patterns and rules, the default phase.
 * @throws XmlError when the file itself is not well formed
 */
export function loadSchema(files: PackFiles, path: string): Schema {
  const includes = new Includes(files);
  const root = includes.root(path);
  const top = includes.children(root);
  const loader = new Loader(includes, root, top);
  return loader.schema(path);
}

class Loader {
  readonly #includes: Includes;
  readonly #root: Placed;
  readonly #top: readonly Placed[];
  readonly #problems: Problem[] = [];
  readonly #library: Library;

  constructor(includes: Includes, root: Placed, top: readonly Placed[]) {
    this.#includes = includes;
    this.#root = root;
    this.#top = top;
    this.#library = {
      includes,
      abstractRules: this.#abstractRules(),
      diagnostics: this.#diagnostics(),
      problems: this.#problems,
    };
  }

  schema(path: string): Schema {
    this.#checkRoot();
    const phase = this.#phase();
    const patterns = this.#of('pattern').filter((one) => attributeOf(one, 'abstract') !== 'true');
    const active = phase ? this.#active(phase, patterns) : patterns;
    const lets = [...this.#of('let'), ...(phase ? this.#inside(phase, 'let') : [])];
    const title = this.#of('title')[0];
    return {
      path,
      title: title ? textOf(title.element).trim() : null,
      prefixes: this.#prefixes(),
      lets: lets.map((one) => readLet(one, unchanged)),
      patterns: active.flatMap((one) => this.#pattern(one)),
      problems: [...this.#includes.problems, ...this.#problems],
      files: [...this.#includes.files],
    };
  }

  #checkRoot(): void {
    if (kindOf(this.#root) !== 'schema')
      this.#problem(this.#root, 'the file is no Schematron: its root is not schema');
    const binding = attributeOf(this.#root, 'queryBinding') ?? 'xslt';
    if (!BINDINGS.has(binding.toLowerCase()))
      this.#problem(this.#root, `the query binding ${binding} is not supported`);
  }

  #of(kind: string): Placed[] {
    return this.#top.filter((one) => kindOf(one) === kind);
  }

  #inside(one: Placed, kind: string): Placed[] {
    return this.#includes.children(one).filter((inner) => kindOf(inner) === kind);
  }

  #prefixes(): Map<string, string> {
    return new Map(
      this.#of('ns').map((one) => [attributeOf(one, 'prefix') ?? '', attributeOf(one, 'uri') ?? '']),
    );
  }

  #abstractRules(): Map<string, Placed> {
    const rules = new Map<string, Placed>();
    for (const pattern of [...this.#of('pattern'), ...this.#of('rules')]) {
      for (const rule of this.#inside(pattern, 'rule')) {
        const id = attributeOf(rule, 'id');
        if (id && attributeOf(rule, 'abstract') === 'true' && !rules.has(id)) rules.set(id, rule);
      }
    }
    return rules;
  }

  #diagnostics(): Map<string, Placed> {
    const all = this.#of('diagnostics').flatMap((one) => this.#inside(one, 'diagnostic'));
    return new Map(all.map((one) => [attributeOf(one, 'id') ?? '', one]));
  }

  #phase(): Placed | null {
    const name = attributeOf(this.#root, 'defaultPhase');
    if (!name || name === '#ALL') return null;
    const phase = this.#of('phase').find((one) => attributeOf(one, 'id') === name);
    if (!phase) this.#problem(this.#root, `the default phase ${name} is not defined; every pattern is taken`);
    return phase ?? null;
  }

  #active(phase: Placed, patterns: readonly Placed[]): Placed[] {
    const names = this.#inside(phase, 'active').map((one) => attributeOf(one, 'pattern'));
    return patterns.filter((one) => names.includes(attributeOf(one, 'id')));
  }

  /** A pattern; one that is an instance of an abstract pattern takes its rules from there. */
  #pattern(one: Placed): Pattern[] {
    const base = attributeOf(one, 'is-a');
    if (base === null) return [this.#read(one, one, unchanged)];
    const abstract = this.#of('pattern').find((other) => attributeOf(other, 'id') === base);
    if (!abstract) {
      this.#problem(one, `the abstract pattern ${base} is not defined`);
      return [];
    }
    const parameters = this.#inside(one, 'param').map((param) => ({
      name: attributeOf(param, 'name') ?? '',
      value: attributeOf(param, 'value') ?? '',
    }));
    return [this.#read(one, abstract, substitution(parameters))];
  }

  #read(own: Placed, from: Placed, substitute: Substitute): Pattern {
    if (attributeOf(own, 'documents')) this.#problem(own, 'a pattern about other documents is not supported');
    const rules = this.#inside(from, 'rule').filter((rule) => attributeOf(rule, 'abstract') !== 'true');
    const lets: Let[] = this.#inside(from, 'let').map((one) => readLet(one, substitute));
    return {
      id: attributeOf(own, 'id'),
      lets,
      rules: attributeOf(own, 'documents')
        ? []
        : rules.map((rule) => readRule(rule, this.#library, substitute)),
      ...placeOf(own),
    };
  }

  #problem(at: Placed, what: string): void {
    this.#problems.push({ ...placeOf(at), what });
  }
}
