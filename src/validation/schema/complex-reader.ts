import type { Name } from '../../xml/names.ts';
import { attribute, elementsOf } from '../../xml/select.ts';
import type { AttributeReader, AttributesRead } from './attribute-reader.ts';
import { flag, methods } from './attributes-of.ts';
import { ANY_SIMPLE_TYPE } from './built-ins.ts';
import { type AttributeUse, ComplexType, type ContentKind, type Particle, type Type } from './model.ts';
import { modelIn, type ParticleReader } from './particle-reader.ts';
import { type Component, type Registry, written } from './registry.ts';
import { childrenOf, type SimpleReader } from './simple-reader.ts';
import type { SimpleType } from './simple-types.ts';
import { ANYTHING_LAX, union, type Wildcard } from './wildcards.ts';

/** The type of everything: any element, any attribute, any text; what the schema declares is judged. */
export function makeAnyType(): ComplexType {
  const type = new ComplexType('xs:anyType');
  type.content = 'mixed';
  type.wildcard = ANYTHING_LAX;
  return type;
}

/** What complex types are filled in with. */
export interface ComplexParts {
  registry: Registry;
  simple: SimpleReader;
  attributes: AttributeReader;
  particles: ParticleReader;
  anyType: ComplexType;
  /** A type by name, filled in when it is complex: what derives from it needs all of it. */
  base(name: Name): Type | null;
}

/** Fills in complex types (XML Schema 1.0 part 1, section 3.4.2). */
export class ComplexReader {
  readonly #parts: ComplexParts;

  constructor(parts: ComplexParts) {
    this.#parts = parts;
  }

  fill(type: ComplexType, definition: Component): void {
    type.abstract = flag(definition, 'abstract');
    type.block = methods(definition, 'block', 'blockDefault');
    type.final = methods(definition, 'final', 'finalDefault');
    const [simple] = childrenOf(definition, 'simpleContent');
    const [complex] = childrenOf(definition, 'complexContent');
    if (simple) this.#fillSimple(type, derivationIn(simple));
    else if (complex) this.#fillComplex(type, derivationIn(complex), mixedBy(complex, definition));
    else this.#fillPlain(type, definition);
    type.required = [...type.attributes.values()].filter(({ required }) => required);
  }

  /** Without a derivation written: a restriction of anyType. */
  #fillPlain(type: ComplexType, definition: Component): void {
    type.base = this.#parts.anyType;
    const particle = this.#model(definition);
    this.#setContent(type, particle, flag(definition, 'mixed'));
    this.#setAttributes(type, this.#parts.attributes.read(definition), null);
  }

  #fillComplex(type: ComplexType, derivation: Component, mixed: boolean): void {
    const base = this.#base(type, derivation);
    if (base.kind === 'simple' || base.content === 'simple') {
      this.#problem(derivation, 'complex content cannot derive from a type of simple content');
      return;
    }
    const particle = this.#model(derivation);
    if (type.method === 'restriction') this.#setContent(type, particle, mixed);
    else this.#extendContent(type, base, particle, mixed, derivation);
    this.#setAttributes(type, this.#parts.attributes.read(derivation), base);
  }

  #setContent(type: ComplexType, particle: Particle | null, mixed: boolean): void {
    type.particle = particle;
    type.content = mixed ? 'mixed' : particle ? 'element-only' : 'empty';
  }

  /** What the base allows, then what the extension adds. */
  #extendContent(
    type: ComplexType,
    base: ComplexType,
    own: Particle | null,
    mixed: boolean,
    at: Component,
  ): void {
    const empty = own === null && !mixed;
    type.content = empty ? base.content : mixed ? 'mixed' : 'element-only';
    type.simple = empty ? base.simple : null;
    const inherited = base === this.#parts.anyType ? anything(at) : base.particle;
    if (!empty && base.content !== 'empty' && isTextual(base.content) !== isTextual(type.content))
      this.#problem(at, 'an extension and its base must both be mixed or neither');
    if (inherited && own && (inherited.kind === 'all' || own.kind === 'all'))
      this.#problem(at, 'xs:all cannot be extended');
    type.particle =
      inherited && own
        ? { kind: 'sequence', items: [inherited, own], min: 1, max: 1, at }
        : (inherited ?? own);
  }

  #fillSimple(type: ComplexType, derivation: Component): void {
    const base = this.#base(type, derivation);
    type.content = 'simple';
    type.simple = this.#textType(type, base, derivation);
    this.#setAttributes(type, this.#parts.attributes.read(derivation), base.kind === 'complex' ? base : null);
  }

  #textType(type: ComplexType, base: Type, derivation: Component): SimpleType {
    const inherited = base.kind === 'simple' ? base : base.simple;
    if (type.method === 'extension') {
      if (!inherited) this.#problem(derivation, 'simple content must derive from a type of simple content');
      return inherited ?? ANY_SIMPLE_TYPE;
    }
    const [inline] = childrenOf(derivation, 'simpleType');
    const own = inline ? this.#parts.simple.read(inline, null) : inherited;
    if (base.kind === 'simple' || (!inherited && base.content !== 'mixed') || !own) {
      this.#problem(derivation, 'simple content must restrict a complex type of simple content');
      return ANY_SIMPLE_TYPE;
    }
    return this.#parts.simple.restriction(derivation, own, null);
  }

  #base(type: ComplexType, derivation: Component): Type {
    type.method = derivation.node.name.local as 'extension' | 'restriction';
    const text = attribute(derivation.node, 'base');
    const name = text === null ? null : this.#parts.registry.nameAt(derivation, text);
    const base = name && this.#parts.base(name);
    if (text === null) this.#problem(derivation, `xs:${type.method} has no base`);
    if (name && !base) this.#problem(derivation, `there is no type ${written(name)}`);
    if (base?.final.has(type.method)) this.#problem(derivation, `its base allows no ${type.method}`);
    type.base = base ?? this.#parts.anyType;
    return type.base;
  }

  /** Null when nothing may stand there, or only what has nothing in it. */
  #model(holder: Component): Particle | null {
    const model = modelIn(holder);
    const particle = model && this.#parts.particles.read(model);
    return particle && isPointless(particle) ? null : particle;
  }

  #setAttributes(type: ComplexType, { uses, wildcard }: AttributesRead, base: ComplexType | null): void {
    const all = new Map<Name, AttributeUse>(base?.attributes);
    for (const [name, use] of uses) {
      if (use) all.set(name, use);
      else if (type.method === 'restriction') all.delete(name);
    }
    type.attributes = all;
    type.wildcard = type.method === 'extension' ? unionOf(wildcard, base?.wildcard ?? null) : wildcard;
  }

  #problem({ node, source }: Component, what: string): void {
    this.#parts.registry.problems.add(node, source, what);
  }
}

function derivationIn({ node, source }: Component): Component {
  return { node: elementsOf(node).find(({ name }) => name.local !== 'annotation')!, source };
}

/** `mixed` of complexContent wins over that of complexType. */
function mixedBy(content: Component, definition: Component): boolean {
  return flag(attribute(content.node, 'mixed') === null ? definition : content, 'mixed');
}

function isTextual(content: ContentKind): boolean {
  return content === 'mixed';
}

function anything(at: Component): Particle {
  return { kind: 'any', wildcard: ANYTHING_LAX, min: 0, max: Number.POSITIVE_INFINITY, at };
}

/** A group without particles; a choice without particles that must occur can never be satisfied. */
function isPointless(particle: Particle): boolean {
  if (particle.kind === 'element' || particle.kind === 'any' || particle.items.length > 0) return false;
  return particle.kind !== 'choice' || particle.min === 0;
}

/** What the wildcards of a type and its base let in together. */
function unionOf(own: Wildcard | null, inherited: Wildcard | null): Wildcard | null {
  if (!own || !inherited) return own ?? inherited;
  const namespaces = union(own.namespaces, inherited.namespaces);
  return namespaces && { namespaces, processing: own.processing };
}
