import { nameOf } from '../../xml/names.ts';
import { attribute, elementsOf } from '../../xml/select.ts';
import type { IdentityConstraint, NameTest, Path } from './identity.ts';
import { namespaceAt } from './qnames.ts';
import type { Component, Registry } from './registry.ts';
import { childrenOf } from './simple-reader.ts';

const KINDS: ReadonlySet<string> = new Set(['unique', 'key', 'keyref']);

/** Reads the identity constraints that stand in element declarations. */
export class IdentityReader {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** Those of one element declaration. */
  read({ node, source }: Component): readonly IdentityConstraint[] {
    const constraints = elementsOf(node).filter(({ name }) => KINDS.has(name.local));
    return constraints.length === 0
      ? NONE
      : constraints.map((one) => this.#constraint({ node: one, source }));
  }

  #constraint(component: Component): IdentityConstraint {
    const { node, source } = component;
    const kind = node.name.local as IdentityConstraint['kind'];
    const refer = attribute(node, 'refer');
    const name = attribute(node, 'name')?.trim() ?? '';
    if (name === '') this.#problem(component, `xs:${kind} has no name`);
    if ((kind === 'keyref') !== (refer !== null)) this.#problem(component, 'refer belongs to xs:keyref');
    const fields = childrenOf(component, 'field').map((field) => this.#paths(field, true));
    return {
      kind,
      name: nameOf(source.namespace, name),
      refer: refer === null ? null : this.#registry.nameAt(component, refer),
      selector: childrenOf(component, 'selector').flatMap((one) => this.#paths(one, false)),
      fields,
    };
  }

  #paths(holder: Component, isField: boolean): Path[] {
    const text = attribute(holder.node, 'xpath') ?? '';
    return text.split('|').map((path) => this.#path(path.trim(), holder, isField));
  }

  #path(text: string, holder: Component, isField: boolean): Path {
    const anywhere = /^\.\s*\/\//.test(text);
    const steps = text
      .replace(/^\.\s*\/\//, '')
      .split('/')
      .map((step) => step.trim());
    const last = isField ? /^(?:@|attribute\s*::)\s*(.+)$/.exec(steps.at(-1)!) : null;
    if (last) steps.pop();
    const tests = steps
      .map((step) => step.replace(/^child\s*::\s*/, ''))
      .filter((step) => step !== '.')
      .map((step) => this.#test(step, holder));
    const path: Path = { anywhere, steps: tests };
    if (last) path.attribute = this.#test(last[1]!, holder);
    return path;
  }

  #test(text: string, holder: Component): NameTest {
    if (text === '*') return null;
    const [, prefix, local] = /^(?:([^:\s()[\]@]+):)?([^:\s()[\]@]+)$/.exec(text) ?? [];
    const ns = local === undefined ? null : prefix === undefined ? '' : namespaceAt(holder.node, prefix);
    if (local === undefined || ns === null) {
      this.#problem(holder, `${text} is no step of a path in an identity constraint`);
      return null;
    }
    return { ns, local: local === '*' ? null : local };
  }

  #problem({ node, source }: Component, what: string): void {
    this.#registry.problems.add(node, source, what);
  }
}

const NONE: readonly IdentityConstraint[] = [];
