import { type Name, nameOf } from '../../xml/names.ts';
import { attribute, elementsOf } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { type SchemaDocument, type SchemaDocuments, XSD_NS } from './documents.ts';
import { qnameAt } from './qnames.ts';

/** A component of a schema: its element, and the file it stands in as seen by the schema that included it. */
export interface Component {
  node: XmlElement;
  source: Source;
}

export interface Source {
  document: SchemaDocument;
  /** Target namespace; a file without one takes that of the file which includes it. */
  namespace: string;
}

type Kind = 'element' | 'type' | 'group' | 'attributeGroup' | 'attribute';

export const KINDS: Readonly<Record<string, Kind>> = {
  element: 'element',
  complexType: 'type',
  simpleType: 'type',
  group: 'group',
  attributeGroup: 'attributeGroup',
  attribute: 'attribute',
};

/** The global components of a schema by their names, read from its files. It supposes a schema that libxml2 has compiled. */
export class Components {
  readonly element = new Map<Name, Component>();
  readonly type = new Map<Name, Component>();
  readonly #group = new Map<Name, Component>();
  readonly #attributeGroup = new Map<Name, Component>();
  readonly attribute = new Map<Name, Component>();
  readonly #substitutes = new Map<Name, Name[]>();

  constructor(documents: SchemaDocuments, main: string) {
    const read = new Set<string>();
    const waiting = [{ path: main, adopting: '' }];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const document = documents.get(next.path)!;
      const namespace = attribute(document.tree.root, 'targetNamespace') ?? next.adopting;
      const key = `${namespace} ${next.path}`;
      if (read.has(key)) continue;
      read.add(key);
      this.#register({ document, namespace });
      for (const { kind, target } of document.links)
        waiting.push({ path: target, adopting: kind === 'include' ? namespace : '' });
    }
  }

  /** Global elements that may stand in the place of another. */
  substitutesOf(head: Name): readonly Name[] {
    return this.#substitutes.get(head) ?? [];
  }

  /** The group that a reference names; the definition itself when it is none. */
  group(kind: 'group' | 'attributeGroup', reference: Component): Component {
    const ref = attribute(reference.node, 'ref');
    const groups = kind === 'group' ? this.#group : this.#attributeGroup;
    return (ref === null ? undefined : groups.get(referred(reference, ref))) ?? reference;
  }

  #of(kind: Kind): Map<Name, Component> {
    if (kind === 'group') return this.#group;
    return kind === 'attributeGroup' ? this.#attributeGroup : this[kind];
  }

  #register(source: Source): void {
    for (const node of elementsOf(source.document.tree.root)) {
      const kind = node.name.ns === XSD_NS ? KINDS[node.name.local] : undefined;
      const local = attribute(node, 'name');
      if (!kind || local === null) continue;
      const name = nameOf(source.namespace, local);
      const component = { node, source };
      const known = this.#of(kind);
      if (!known.has(name)) known.set(name, component);
      if (kind === 'element') this.#registerSubstitute(name, component);
    }
  }

  #registerSubstitute(name: Name, component: Component): void {
    const head = attribute(component.node, 'substitutionGroup');
    if (head === null) return;
    const headName = referred(component, head);
    const members = this.#substitutes.get(headName) ?? [];
    this.#substitutes.set(headName, [...members, name]);
  }
}

/** The name that a reference stands for; without a prefix, an included file without namespace means its includer's. */
export function referred({ node, source }: Component, text: string): Name {
  const name = qnameAt(node, text) ?? nameOf('', text);
  const chameleon = name.ns === '' && attribute(source.document.tree.root, 'targetNamespace') === null;
  return chameleon ? nameOf(source.namespace, name.local) : name;
}

/** The name of a local declaration, in the target namespace when it is qualified. */
export function localName(
  { node, source }: Component,
  byDefault: 'elementFormDefault' | 'attributeFormDefault',
): Name {
  const form = attribute(node, 'form') ?? attribute(source.document.tree.root, byDefault);
  return nameOf(form === 'qualified' ? source.namespace : '', attribute(node, 'name') ?? '');
}
