import type { Name } from '../../xml/names.ts';
import { attribute, elementsOf } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { type Component, type Components, KINDS, localName, referred } from './components.ts';
import { XSD_NS } from './documents.ts';

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
  readonly #components: Components;
  readonly #types = new Map<XmlElement, Map<string, ElementType>>();
  readonly #attributes = new Map<Name, Watched | null>();

  constructor(components: Components) {
    this.#components = components;
  }

  /** The type of a global element, null when there is none of this name. */
  element(name: Name): ElementType | null {
    const declaration = this.#components.element.get(name);
    return declaration ? this.#typeOfElement(declaration) : null;
  }

  /** A named type, null when the schema has none of this name. */
  type(name: Name): ElementType | null {
    if (name.ns === XSD_NS && !this.#components.type.has(name)) return builtIn(name.local);
    const definition = this.#components.type.get(name);
    return definition ? this.#typeOf(definition) : null;
  }

  /** What a global attribute is, when it is watched. */
  attribute(name: Name): Watched | null {
    let watched = this.#attributes.get(name);
    if (watched === undefined) {
      const declaration = this.#components.attribute.get(name);
      watched = declaration ? this.#watchedBy(declaration) : null;
      this.#attributes.set(name, watched);
    }
    return watched;
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
        const group = this.#components.group('attributeGroup', component);
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
    const definition = this.#components.type.get(name);
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
      if (local === 'group') yield* this.#particles(this.#components.group('group', component));
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
    for (const member of this.#components.substitutesOf(name)) this.#addGlobal(member, children);
  }
}

function builtIn(local: string): ElementType {
  if (local === 'anyType') return ANY_TYPE;
  return new ElementType(() => ({ ...NOTHING, value: BUILT_IN[local] ?? null }));
}
