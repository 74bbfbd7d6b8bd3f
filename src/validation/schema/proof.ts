import { type Name, nameOf, XSI_NS } from '../../xml/names.ts';
import { attribute, elementsOf, textOf } from '../../xml/select.ts';
import {
  ELEMENT,
  TEXT,
  type XmlAttribute,
  type XmlDocument,
  type XmlElement,
  type XmlText,
} from '../../xml/tree.ts';
import { type Component, type Components, KINDS, localName, referred } from './components.ts';
import { XSD_NS } from './documents.ts';
import { ModelMaker, type Part, type State } from './model.ts';
import { qnameAt } from './qnames.ts';
import { type Accepts, ValueTypes } from './values.ts';

const XSI_TYPE = nameOf(XSI_NS, 'type');
/** What every element may carry; the values are judged by `checkTyped`. */
const LOCATIONS: ReadonlySet<Name> = new Set([
  nameOf(XSI_NS, 'schemaLocation'),
  nameOf(XSI_NS, 'noNamespaceSchemaLocation'),
]);

interface AttributeUse {
  accepts: Accepts;
  required: boolean;
}

/** A type whose rules are all known here. */
interface KnownType {
  attributes: ReadonlyMap<Name, AttributeUse>;
  required: number;
  /** Of the text, for a type without child elements. */
  value: Accepts | null;
  /** Of the child elements. */
  model: State<Declaration> | null;
  mixed: boolean;
  abstract: boolean;
}

/** What a child is declared as; `skip` when nobody looks into it. */
type Declaration = { type: TypeReference; skip: false } | { skip: true };

/** A type that is worked out when first asked for: types refer to each other in circles. */
class TypeReference {
  readonly base: () => TypeReference | null;
  readonly #make: () => KnownType | null;
  #known: KnownType | null | undefined;

  constructor(make: () => KnownType | null, base: () => TypeReference | null) {
    this.#make = make;
    this.base = base;
  }

  /** Null when some rule of the type is not understood here. */
  get known(): KnownType | null {
    if (this.#known === undefined) this.#known = this.#make();
    return this.#known;
  }

  /** Whether this is the other type or derived from it. */
  isA(other: TypeReference): boolean {
    for (let at: TypeReference | null = this; at; at = at.base()) if (at === other) return true;
    return false;
  }
}

const UNKNOWN = new TypeReference(
  () => null,
  () => null,
);

/** Copies of a particle that an automaton is made for; beyond, the type is left to libxml2. */
const MOST_COPIES = 20;

/**
 * Proves on our own tree that a document is valid, a tenth of what libxml2 needs. It says yes only when every rule that
 * concerns the document is understood here and kept; a no says nothing, and libxml2 judges. Identifiers, references and the
 * anyURI of attributes are the business of `checkTyped`. Source: XML Schema 1.0 part 1 (structures).
 */
export class Proof {
  readonly #components: Components;
  readonly #values: ValueTypes;
  readonly #types = new Map<XmlElement, Map<string, TypeReference>>();
  readonly #simple = new Map<Accepts, TypeReference>();

  constructor(components: Components) {
    this.#components = components;
    this.#values = new ValueTypes(components);
  }

  isValid(document: XmlDocument): boolean {
    const declared = this.#components.element.get(document.root.name);
    return declared !== undefined && this.#element(document, document.root, this.#declaredType(declared));
  }

  #element(document: XmlDocument, element: XmlElement, declared: TypeReference): boolean {
    const type = element.attributes.length === 0 ? declared.known : this.#attributed(element, declared);
    if (!type || type.abstract) return false;
    if (element.attributes.length === 0 && type.required > 0) return false;
    return type.value
      ? isText(element) && type.value(textOf(element))
      : this.#children(document, element, type);
  }

  /** The type of an element that has attributes, if these are in order. */
  #attributed(element: XmlElement, declared: TypeReference): KnownType | null {
    const chosen = element.attributes.find(({ name }) => name === XSI_TYPE);
    const reference = chosen ? this.#chosen(chosen, declared) : declared;
    const type = reference?.known ?? null;
    if (!type) return null;
    let required = 0;
    for (const one of element.attributes) {
      if (one === chosen || LOCATIONS.has(one.name)) continue;
      const use = type.attributes.get(one.name);
      if (!use?.accepts(one.value)) return null;
      if (use.required) required += 1;
    }
    return required === type.required ? type : null;
  }

  #chosen({ parent, value }: XmlAttribute, declared: TypeReference): TypeReference | null {
    const name = qnameAt(parent, value);
    const type = name && this.#named(name);
    return type?.isA(declared) ? type : null;
  }

  #children(document: XmlDocument, element: XmlElement, { model, mixed }: KnownType): boolean {
    let state = model;
    for (const node of element.children) {
      if (node.kind === TEXT && !mixed && (!model || !isBlank(document, node))) return false;
      if (node.kind !== ELEMENT) continue;
      const step: ReturnType<State<Declaration>['next']> = state ? state.next(node.name) : null;
      if (!step) return false;
      if (!step.what.skip && !this.#element(document, node, step.what.type)) return false;
      state = step.state;
    }
    return state === null || state.final;
  }

  #named(name: Name): TypeReference | null {
    if (name.ns === XSD_NS) {
      const accepts = this.#values.named(name);
      return accepts && this.#simpleType(accepts);
    }
    const definition = this.#components.type.get(name);
    return definition ? this.#typeOf(definition) : null;
  }

  /** The type that a declaration of an element names or holds. */
  #declaredType(declaration: Component): TypeReference {
    const { node } = declaration;
    const understood = elementsOf(node).every(({ name }) =>
      ['annotation', 'complexType', 'simpleType'].includes(name.local),
    );
    const special = ['abstract', 'fixed', 'substitutionGroup'].some((one) => attribute(node, one) !== null);
    if (!understood || special || forbidsDerived(declaration)) return UNKNOWN;
    const named = attribute(node, 'type');
    if (named !== null) return this.#named(referred(declaration, named)) ?? UNKNOWN;
    const inline = elementsOf(node).find(({ name }) => KINDS[name.local] === 'type');
    return inline ? this.#typeOf({ node: inline, source: declaration.source }) : UNKNOWN;
  }

  #typeOf(definition: Component): TypeReference {
    const { node, source } = definition;
    const known = this.#types.get(node) ?? new Map<string, TypeReference>();
    this.#types.set(node, known);
    const type = known.get(source.namespace) ?? this.#makeType(definition);
    known.set(source.namespace, type);
    return type;
  }

  #makeType(definition: Component): TypeReference {
    if (forbidsDerived(definition)) return UNKNOWN;
    if (definition.node.name.local === 'simpleType') {
      const accepts = this.#values.defined(definition);
      return accepts ? this.#simpleType(accepts) : UNKNOWN;
    }
    return new TypeReference(
      () => this.#complexType(definition),
      () => this.#baseOf(definition),
    );
  }

  #simpleType(accepts: Accepts): TypeReference {
    const known = this.#simple.get(accepts);
    if (known) return known;
    const type = {
      attributes: new Map(),
      required: 0,
      value: accepts,
      model: null,
      mixed: false,
      abstract: false,
    };
    const reference = new TypeReference(
      () => type,
      () => null,
    );
    this.#simple.set(accepts, reference);
    return reference;
  }

  #baseOf({ node, source }: Component): TypeReference | null {
    const derivation = derivationOf(node);
    const base = derivation && attribute(derivation, 'base');
    return base ? this.#named(referred({ node: derivation, source }, base)) : null;
  }

  #complexType(definition: Component): KnownType | null {
    const { node } = definition;
    const derivation = derivationOf(node);
    const base = derivation ? (this.#baseOf(definition)?.known ?? null) : null;
    if (derivation && !base) return null;
    const attributes = this.#attributesOf(
      { ...definition, node: derivation ?? node },
      base?.attributes ?? new Map(),
    );
    const content = attributes && this.#contentOf(definition, derivation, base);
    if (!content) return null;
    const required = [...attributes.values()].filter((use) => use.required).length;
    return { ...content, attributes, required, abstract: isTrue(attribute(node, 'abstract')) };
  }

  #attributesOf(
    holder: Component,
    inherited: ReadonlyMap<Name, AttributeUse>,
  ): ReadonlyMap<Name, AttributeUse> | null {
    const attributes = new Map(inherited);
    for (const node of elementsOf(holder.node)) {
      const component = { node, source: holder.source };
      if (node.name.local === 'attribute') this.#addAttribute(component, attributes);
      if (node.name.local === 'attributeGroup') {
        const inner = this.#attributesOf(this.#components.group('attributeGroup', component), attributes);
        for (const [name, use] of inner ?? []) attributes.set(name, use);
      }
    }
    return attributes;
  }

  #addAttribute(use: Component, attributes: Map<Name, AttributeUse>): void {
    const ref = attribute(use.node, 'ref');
    const name = ref === null ? localName(use, 'attributeFormDefault') : referred(use, ref);
    const declaration = ref === null ? use : this.#components.attribute.get(name);
    attributes.delete(name);
    if (attribute(use.node, 'use') === 'prohibited') return;
    const accepts = (declaration && this.#values.of(declaration)) ?? (() => false);
    const fixed = attribute(use.node, 'fixed') ?? (declaration ? attribute(declaration.node, 'fixed') : null);
    attributes.set(name, {
      accepts: fixed === null ? accepts : (value) => value === fixed && accepts(value),
      required: attribute(use.node, 'use') === 'required',
    });
  }

  /** A simple content is only known when it is taken over from its base as it is. */
  #contentOf(
    { node, source }: Component,
    derivation: XmlElement | null,
    base: KnownType | null,
  ): Pick<KnownType, 'value' | 'model' | 'mixed'> | null {
    const holder = derivation ?? node;
    const extended = derivation?.name.local === 'extension';
    if (derivation?.parent.kind === ELEMENT && derivation.parent.name.local === 'simpleContent')
      return extended && base?.value ? { value: base.value, model: null, mixed: false } : null;
    if (base?.value) return null;
    const particles = elementsOf(holder).filter(({ name }) => PARTICLES.has(name.local));
    if (extended && particles.length === 0) return { value: null, model: base!.model, mixed: base!.mixed };
    // The model of the base is made again: its positions belong to its own automaton.
    const groups = [
      ...(extended ? this.#inheritedParticles({ node, source }) : []),
      ...particles.map((one) => ({ node: one, source })),
    ];
    const maker = new ModelMaker<Declaration>();
    const parts = groups.map((one) => this.#particle(maker, one));
    if (parts.some((part) => part === null)) return null;
    const model = groups.length === 0 ? null : maker.finish(maker.sequence(parts as Part[]));
    return { value: null, model, mixed: isMixed(node) && (!extended || base!.mixed || base!.model === null) };
  }

  /** The particles of the types that a type extends, from the first on. */
  #inheritedParticles({ node, source }: Component): Component[] {
    const derivation = derivationOf(node)!;
    const base = this.#components.type.get(
      referred({ node: derivation, source }, attribute(derivation, 'base') ?? ''),
    );
    if (!base) return [];
    const inner = derivationOf(base.node);
    const own = elementsOf(inner ?? base.node)
      .filter(({ name }) => PARTICLES.has(name.local))
      .map((one) => ({ node: one, source: base.source }));
    return inner?.name.local === 'extension' ? [...this.#inheritedParticles(base), ...own] : own;
  }

  #particle(maker: ModelMaker<Declaration>, particle: Component): Part | null {
    const least = Number(attribute(particle.node, 'minOccurs') ?? 1);
    const most = attribute(particle.node, 'maxOccurs') ?? '1';
    const unbounded = most === 'unbounded';
    const copies = unbounded ? Math.max(1, least) : Number(most);
    if (copies > MOST_COPIES) return null;
    const parts: Part[] = [];
    for (let copy = 0; copy < copies; copy += 1) {
      const part = this.#once(maker, particle);
      if (!part) return null;
      const again = unbounded && copy === copies - 1 ? maker.repeated(part) : part;
      parts.push(copy < least ? again : maker.optional(again));
    }
    return maker.sequence(parts);
  }

  #once(maker: ModelMaker<Declaration>, particle: Component): Part | null {
    switch (particle.node.name.local) {
      case 'element':
        return this.#elementParticle(maker, particle);
      case 'any':
        return wildcard(maker, particle);
      case 'group':
        return this.#inside(maker, this.#components.group('group', particle));
      case 'sequence':
      case 'choice':
        return this.#inside(maker, particle);
      default:
        return null;
    }
  }

  #inside(maker: ModelMaker<Declaration>, holder: Component): Part | null {
    const parts = elementsOf(holder.node)
      .filter(({ name }) => PARTICLES.has(name.local))
      .map((node) => this.#particle(maker, { node, source: holder.source }));
    if (parts.some((part) => part === null)) return null;
    const known = parts as Part[];
    if (holder.node.name.local !== 'choice') return maker.sequence(known);
    return known.length > 0 ? maker.choice(known) : null;
  }

  #elementParticle(maker: ModelMaker<Declaration>, particle: Component): Part | null {
    const ref = attribute(particle.node, 'ref');
    const name = ref === null ? localName(particle, 'elementFormDefault') : referred(particle, ref);
    const declaration = ref === null ? particle : this.#components.element.get(name);
    if (!declaration) return null;
    return maker.element(name, { type: this.#declaredType(declaration), skip: false });
  }
}

const PARTICLES: ReadonlySet<string> = new Set(['element', 'any', 'group', 'sequence', 'choice', 'all']);

/** A wildcard whose elements nobody looks into, of other namespaces than the schema's. */
function wildcard(maker: ModelMaker<Declaration>, { node, source }: Component): Part | null {
  if (attribute(node, 'processContents') !== 'skip' || attribute(node, 'namespace') !== '##other')
    return null;
  return maker.wildcard(({ ns }) => ns !== '' && ns !== source.namespace, { skip: true });
}

/** Whether some types may not stand in the place of a declared one; CDA schemas forbid none. */
function forbidsDerived({ node, source }: Component): boolean {
  return attribute(node, 'block') !== null || attribute(source.document.tree.root, 'blockDefault') !== null;
}

/** The restriction or extension that a complex type is made by. */
function derivationOf(node: XmlElement): XmlElement | null {
  const content = elementsOf(node).find(({ name }) => name.local.endsWith('Content'));
  return (content && elementsOf(content).find(({ name }) => name.local !== 'annotation')) ?? null;
}

function isMixed(node: XmlElement): boolean {
  const content = elementsOf(node).find(({ name }) => name.local === 'complexContent');
  return isTrue((content && attribute(content, 'mixed')) ?? attribute(node, 'mixed'));
}

function isTrue(value: string | null): boolean {
  return value === 'true' || value === '1';
}

function isText({ children }: XmlElement): boolean {
  return children.every(({ kind }) => kind !== ELEMENT);
}

const SPACE = 0x20;

/** White space as such; written as a reference it is left to libxml2. */
function isBlank({ utf8 }: XmlDocument, { start, end }: XmlText): boolean {
  for (let at = start; at < end; at += 1) if (utf8[at]! > SPACE) return false;
  return true;
}
