import { type Name, nameOf } from '../../xml/names.ts';
import { attribute, elementsOf } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { type SchemaDocument, type SchemaDocuments, XSD_NS } from './documents.ts';
import { qnameAt } from './qnames.ts';

/** What a value is, where libxml2 does not judge it as the specification does. */
export interface Watched {
  kind: 'id' | 'idref' | 'uri' | 'token';
  /** Name of the built-in type that it comes from. */
  type: string;
  /** The value is a list of such, separated by white space. */
  list: boolean;
  /** The list may not be empty, which libxml2 does not see. */
  atLeastOne: boolean;
}

/** What a type says about an element, as far as our own checks need it. */
export interface Contents {
  /** Watched attributes by name. */
  attributes: ReadonlyMap<Name, Watched>;
  /** Global attributes are allowed too, by a wildcard that is not `skip`. */
  openAttributes: boolean;
  /** Types of the child elements by name; a name stands for one type only (Element Declarations Consistent). */
  children: ReadonlyMap<Name, ElementType>;
  /** How children that have no type here are taken, when there is a wildcard for them. */
  wildcard: 'assess' | 'skip' | null;
  /** Text is allowed but no child element. libxml2 does not see this when the children were restricted away. */
  textOnly: boolean;
  /** The element's own text, when it is watched. */
  value: Watched | null;
}

/** A type whose contents are worked out when first asked for: types refer to each other in circles. */
export class ElementType {
  readonly #make: () => Contents;
  #contents: Contents | null = null;

  constructor(make: () => Contents) {
    this.#make = make;
  }

  get contents(): Contents {
    this.#contents ??= this.#make();
    return this.#contents;
  }
}

/** A component of a schema: its element, and the file it stands in as seen by the schema that included it. */
interface Component {
  node: XmlElement;
  source: Source;
}

interface Source {
  document: SchemaDocument;
  /** Target namespace; a file without one takes that of the file which includes it. */
  namespace: string;
}

type Kind = 'element' | 'type' | 'group' | 'attributeGroup' | 'attribute';

const KINDS: Readonly<Record<string, Kind>> = {
  element: 'element',
  complexType: 'type',
  simpleType: 'type',
  group: 'group',
  attributeGroup: 'attributeGroup',
  attribute: 'attribute',
};

const single = (type: string, kind: Watched['kind']) => ({ kind, type, list: false, atLeastOne: false });
const several = (type: string, kind: Watched['kind']) => ({ kind, type, list: true, atLeastOne: true });

const BUILT_IN: Readonly<Record<string, Watched>> = {
  ID: single('ID', 'id'),
  IDREF: single('IDREF', 'idref'),
  IDREFS: several('IDREFS', 'idref'),
  anyURI: single('anyURI', 'uri'),
  NMTOKENS: several('NMTOKENS', 'token'),
  ENTITIES: several('ENTITIES', 'token'),
};

const NOTHING: Contents = {
  attributes: new Map(),
  openAttributes: false,
  children: new Map(),
  wildcard: null,
  textOnly: false,
  value: null,
};

/** anyType: everything is allowed, and judged where the schema declares it. */
export const ANY_TYPE = new ElementType(() => ({ ...NOTHING, openAttributes: true, wildcard: 'assess' }));

/**
 * The types that a schema gives to elements and attributes, read from its files. It supposes a schema that libxml2 has
 * compiled: it checks nothing. Source: XML Schema 1.0 part 1 (structures).
 */
export class SchemaTypes {
  readonly #globals: Record<Kind, Map<Name, Component>> = {
    element: new Map(),
    type: new Map(),
    group: new Map(),
    attributeGroup: new Map(),
    attribute: new Map(),
  };
  readonly #types = new Map<XmlElement, Map<string, ElementType>>();
  readonly #substitutes = new Map<Name, Name[]>();
  readonly #attributes = new Map<Name, Watched | null>();

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

  /** The type of a global element, null when there is none of this name. */
  element(name: Name): ElementType | null {
    const declaration = this.#globals.element.get(name);
    return declaration ? this.#typeOfElement(declaration) : null;
  }

  /** A named type, null when the schema has none of this name. */
  type(name: Name): ElementType | null {
    if (name.ns === XSD_NS && !this.#globals.type.has(name)) return builtIn(name.local);
    const definition = this.#globals.type.get(name);
    return definition ? this.#typeOf(definition) : null;
  }

  /** What a global attribute is, when it is watched. */
  attribute(name: Name): Watched | null {
    let watched = this.#attributes.get(name);
    if (watched === undefined) {
      const declaration = this.#globals.attribute.get(name);
      watched = declaration ? this.#watchedBy(declaration) : null;
      this.#attributes.set(name, watched);
    }
    return watched;
  }

  #register(source: Source): void {
    for (const node of elementsOf(source.document.tree.root)) {
      const kind = node.name.ns === XSD_NS ? KINDS[node.name.local] : undefined;
      const local = attribute(node, 'name');
      if (!kind || local === null) continue;
      const name = nameOf(source.namespace, local);
      const component = { node, source };
      if (!this.#globals[kind].has(name)) this.#globals[kind].set(name, component);
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

  #typeOfElement(declaration: Component): ElementType {
    const named = attribute(declaration.node, 'type');
    if (named !== null) return this.type(referred(declaration, named)) ?? ANY_TYPE;
    const inline = elementsOf(declaration.node).find((one) => KINDS[one.name.local] === 'type');
    if (inline) return this.#typeOf({ node: inline, source: declaration.source });
    const head = attribute(declaration.node, 'substitutionGroup');
    return (head === null ? null : this.element(referred(declaration, head))) ?? ANY_TYPE;
  }

  /** One object for one definition in one namespace: files without a namespace are read in several. */
  #typeOf(definition: Component): ElementType {
    const { node, source } = definition;
    const known = this.#types.get(node) ?? new Map<string, ElementType>();
    this.#types.set(node, known);
    let type = known.get(source.namespace);
    type ??= new ElementType(() =>
      node.name.local === 'simpleType'
        ? { ...NOTHING, value: this.#watchedType(definition) }
        : this.#contentsOf(definition),
    );
    known.set(source.namespace, type);
    return type;
  }

  #contentsOf(definition: Component): Contents {
    const { node, source } = definition;
    const content = elementsOf(node).find((one) => one.name.local.endsWith('Content'));
    const derivation = content && elementsOf(content).find((one) => one.name.local !== 'annotation');
    const mixed = (content && attribute(content, 'mixed')) ?? attribute(node, 'mixed');
    const holder = { node: derivation ?? node, source };
    const own = this.#childrenIn(holder);
    const base = derivation ? this.#baseOf(holder) : NOTHING;
    const extended = derivation?.name.local === 'extension';
    const empty = own.children.size === 0 && own.wildcard === null;
    return {
      ...this.#attributesIn(holder, base),
      children: extended ? new Map([...base.children, ...own.children]) : own.children,
      wildcard: own.wildcard ?? (extended ? base.wildcard : null),
      textOnly: extended && empty ? base.textOnly : empty && (mixed === 'true' || mixed === '1'),
      value: content?.name.local === 'simpleContent' ? base.value : null,
    };
  }

  #baseOf(derivation: Component): Contents {
    const base = attribute(derivation.node, 'base');
    return (base === null ? null : this.type(referred(derivation, base)))?.contents ?? NOTHING;
  }

  #attributesIn(holder: Component, base: Contents): Pick<Contents, 'attributes' | 'openAttributes'> {
    const attributes = new Map(base.attributes);
    let { openAttributes } = base;
    for (const node of elementsOf(holder.node)) {
      const component = { node, source: holder.source };
      if (node.name.local === 'attribute') this.#addAttribute(component, attributes);
      if (node.name.local === 'anyAttribute')
        openAttributes ||= attribute(node, 'processContents') !== 'skip';
      if (node.name.local === 'attributeGroup') {
        const group = this.#group('attributeGroup', component);
        const inner = this.#attributesIn(group, { ...NOTHING, attributes, openAttributes });
        for (const [name, watched] of inner.attributes) attributes.set(name, watched);
        openAttributes ||= inner.openAttributes;
      }
    }
    return { attributes, openAttributes };
  }

  #addAttribute(use: Component, attributes: Map<Name, Watched>): void {
    const ref = attribute(use.node, 'ref');
    const name = ref === null ? localName(use, 'attributeFormDefault') : referred(use, ref);
    const watched = ref === null ? this.#watchedBy(use) : this.attribute(name);
    attributes.delete(name);
    if (watched && attribute(use.node, 'use') !== 'prohibited') attributes.set(name, watched);
  }

  /** What the simple type of an attribute makes of its values. */
  #watchedBy(declaration: Component): Watched | null {
    const named = attribute(declaration.node, 'type');
    if (named !== null) return this.#watchedName(referred(declaration, named));
    const inline = elementsOf(declaration.node).find((one) => one.name.local === 'simpleType');
    return inline ? this.#watchedType({ node: inline, source: declaration.source }) : null;
  }

  #watchedName(name: Name): Watched | null {
    const definition = this.#globals.type.get(name);
    if (name.ns === XSD_NS) return BUILT_IN[name.local] ?? null;
    return definition?.node.name.local === 'simpleType' ? this.#watchedType(definition) : null;
  }

  /** A union is not watched: its value is of one type or another, and libxml2 finds which. */
  #watchedType({ node, source }: Component): Watched | null {
    const variety = elementsOf(node).find((one) => one.name.local !== 'annotation');
    if (!variety || variety.name.local === 'union') return null;
    const isList = variety.name.local === 'list';
    const named = attribute(variety, isList ? 'itemType' : 'base');
    const inline = elementsOf(variety).find((one) => one.name.local === 'simpleType');
    const inner =
      named !== null
        ? this.#watchedName(referred({ node: variety, source }, named))
        : inline
          ? this.#watchedType({ node: inline, source })
          : null;
    return inner && isList ? { ...inner, list: true } : inner;
  }

  #childrenIn(holder: Component): Pick<Contents, 'wildcard'> & { children: Map<Name, ElementType> } {
    const children = new Map<Name, ElementType>();
    let wildcard: Contents['wildcard'] = null;
    for (const particle of this.#particles(holder)) {
      if (particle.node.name.local === 'element') this.#addElement(particle, children);
      else wildcard = attribute(particle.node, 'processContents') === 'skip' ? 'skip' : 'assess';
    }
    return { children, wildcard };
  }

  /** The element declarations and wildcards below a node, groups opened, those that may not occur left out. */
  *#particles(holder: Component): Generator<Component> {
    for (const node of elementsOf(holder.node)) {
      const { local } = node.name;
      if (attribute(node, 'maxOccurs') === '0') continue;
      const component = { node, source: holder.source };
      if (local === 'element' || local === 'any') yield component;
      if (local === 'sequence' || local === 'choice' || local === 'all') yield* this.#particles(component);
      if (local === 'group') yield* this.#particles(this.#group('group', component));
    }
  }

  #addElement(declaration: Component, children: Map<Name, ElementType>): void {
    const ref = attribute(declaration.node, 'ref');
    if (ref === null)
      children.set(localName(declaration, 'elementFormDefault'), this.#typeOfElement(declaration));
    else this.#addGlobal(referred(declaration, ref), children);
  }

  /** A global element and all that may stand in its place. */
  #addGlobal(name: Name, children: Map<Name, ElementType>): void {
    if (children.has(name)) return;
    children.set(name, this.element(name) ?? ANY_TYPE);
    for (const member of this.#substitutes.get(name) ?? []) this.#addGlobal(member, children);
  }

  #group(kind: 'group' | 'attributeGroup', reference: Component): Component {
    const ref = attribute(reference.node, 'ref');
    return (ref === null ? undefined : this.#globals[kind].get(referred(reference, ref))) ?? reference;
  }
}

function builtIn(local: string): ElementType {
  if (local === 'anyType') return ANY_TYPE;
  return new ElementType(() => ({ ...NOTHING, value: BUILT_IN[local] ?? null }));
}

/** The name that a reference stands for; without a prefix, an included file without namespace means its includer's. */
function referred({ node, source }: Component, text: string): Name {
  const name = qnameAt(node, text) ?? nameOf('', text);
  const chameleon = name.ns === '' && attribute(source.document.tree.root, 'targetNamespace') === null;
  return chameleon ? nameOf(source.namespace, name.local) : name;
}

/** The name of a local declaration, in the target namespace when it is qualified. */
function localName(
  { node, source }: Component,
  byDefault: 'elementFormDefault' | 'attributeFormDefault',
): Name {
  const form = attribute(node, 'form') ?? attribute(source.document.tree.root, byDefault);
  return nameOf(form === 'qualified' ? source.namespace : '', attribute(node, 'name') ?? '');
}
