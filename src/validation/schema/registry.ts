import type { Values, ViaducError } from '../../words/errors.ts';
import { type Name, nameOf } from '../../xml/names.ts';
import { attribute, elementsOf } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { validationError } from '../errors.ts';
import { validationLimits } from '../limits.ts';
import { BUILT_INS } from './built-ins.ts';
import type { SchemaDocument, SchemaDocuments } from './documents.ts';
import { XSD_NS } from './documents.ts';
import { qnameAt } from './qnames.ts';

/** A schema document as seen by the schema that included it. */
export interface Source {
  document: SchemaDocument;
  /** Target namespace; a file without one takes that of the file which includes it. */
  namespace: string;
}

/** A component of a schema: its element, and where it stands. */
export interface Component {
  node: XmlElement;
  source: Source;
}

const KINDS = {
  element: 'element',
  complexType: 'type',
  simpleType: 'type',
  group: 'group',
  attributeGroup: 'attributeGroup',
  attribute: 'attribute',
  notation: 'notation',
} as const;

export type Kind = (typeof KINDS)[keyof typeof KINDS];

/** What is wrong with a schema, with file and line. */
export class Problems {
  readonly list: ViaducError[] = [];

  add(node: XmlElement, { document }: Source, what: string): void {
    if (this.list.length >= validationLimits.complaints.value) return;
    const { line } = document.tree.placeOf(node.start);
    const values: Values = { file: document.path, line, what };
    this.list.push(validationError('validation.schema-invalid', values));
  }
}

/** The global components of a schema, found in its files by kind and name. */
export class Registry {
  readonly problems: Problems;
  readonly sources: Source[] = [];
  readonly #globals: Record<Kind, Map<Name, Component>> = {
    element: new Map(),
    type: new Map(),
    group: new Map(),
    attributeGroup: new Map(),
    attribute: new Map(),
    notation: new Map(),
  };

  constructor(documents: SchemaDocuments, main: string, problems: Problems) {
    this.problems = problems;
    const read = new Set<string>();
    const waiting = [{ path: main, adopting: '' }];
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const document = documents.get(next.path)!;
      const namespace = attribute(document.tree.root, 'targetNamespace') ?? next.adopting;
      const key = `${namespace} ${next.path}`;
      if (read.has(key)) continue;
      read.add(key);
      const source = { document, namespace };
      this.sources.push(source);
      waiting.push(...this.#linked(source, documents));
    }
  }

  /** Finds the components of all files; they must be as XML Schema writes them. */
  register(): void {
    for (const source of this.sources) this.#register(source);
  }

  get(kind: Kind, name: Name): Component | null {
    return this.#globals[kind].get(name) ?? null;
  }

  all(kind: Kind): Iterable<[Name, Component]> {
    return this.#globals[kind];
  }

  /** The component that an attribute such as `ref` names; one that is missing is a problem noted. */
  referred(
    kind: Kind,
    { node, source }: Component,
    text: string,
  ): { name: Name; component: Component } | null {
    const name = this.nameAt({ node, source }, text);
    const component = name && this.get(kind, name);
    if (name && component) return { name, component };
    if (name) this.problems.add(node, source, `there is no ${kind} ${written(name)}`);
    return null;
  }

  /** The name that a QName in a schema stands for; without a prefix, an included file without namespace means its includer's. */
  nameAt({ node, source }: Component, text: string): Name | null {
    const name = qnameAt(node, text);
    if (!name) this.problems.add(node, source, `the prefix of ${text} is not declared`);
    const chameleon = name?.ns === '' && attribute(source.document.tree.root, 'targetNamespace') === null;
    return name && chameleon ? nameOf(source.namespace, name.local) : name;
  }

  /** What a file includes keeps its namespace or takes the includer's; what it imports has another. */
  #linked(source: Source, documents: SchemaDocuments): { path: string; adopting: string }[] {
    return source.document.links.map(({ kind, target, node }) => {
      const found = documents.get(target);
      const namespace = found && attribute(found.tree.root, 'targetNamespace');
      const adopting = kind === 'include' ? source.namespace : '';
      const expected = kind === 'include' ? source.namespace : (attribute(node, 'namespace') ?? '');
      if (found && (namespace ?? adopting) !== expected)
        this.problems.add(node, source, `${target} is not of the namespace '${expected}'`);
      return { path: target, adopting };
    });
  }

  #register(source: Source): void {
    for (const node of elementsOf(source.document.tree.root)) {
      const kind = Object.hasOwn(KINDS, node.name.local) && KINDS[node.name.local as keyof typeof KINDS];
      if (kind) this.#add(kind, { node, source });
    }
  }

  #add(kind: Kind, component: Component): void {
    const { node, source } = component;
    const local = attribute(node, 'name')?.trim();
    if (!local) {
      this.problems.add(node, source, `a global xs:${node.name.local} has no name`);
      return;
    }
    const name = nameOf(source.namespace, local);
    if (name.ns === XSD_NS && (BUILT_INS.has(name) || local === 'anyType') && kind === 'type') return;
    const known = this.#globals[kind].get(name);
    if (known) this.problems.add(node, source, `${kind} ${written(name)} is defined twice`);
    else this.#globals[kind].set(name, component);
  }
}

/** A name as problems and findings write it. */
export function written({ ns, local }: Name): string {
  return ns === '' ? local : ns === XSD_NS ? `xs:${local}` : `{${ns}}${local}`;
}
