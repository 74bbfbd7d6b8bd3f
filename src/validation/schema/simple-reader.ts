import { type Name, nameOf } from '../../xml/names.ts';
import { attribute, elementsOf } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { type Pattern, patternOf } from '../regex/matching.ts';
import { PatternError } from '../regex/translate.ts';
import { labelOf, methods } from './attributes-of.ts';
import { ANY_SIMPLE_TYPE, BUILT_INS } from './built-ins.ts';
import { XSD_NS } from './documents.ts';
import {
  boundFacet,
  digitsFacet,
  enumerationFacet,
  isBound,
  isDigits,
  isLength,
  lengthFacet,
  patternFacet,
} from './facets.ts';
import { type Component, type Registry, written } from './registry.ts';
import {
  AtomicType,
  type Facet,
  ListType,
  type Method,
  type SimpleType,
  type SimpleTypeAbout,
  UnionType,
} from './simple-types.ts';
import type { WhiteSpace } from './space.ts';

const SPACES: ReadonlySet<string> = new Set(['preserve', 'replace', 'collapse']);

/** Reads the simple types of a schema: named ones when they are first asked for, each once. */
export class SimpleReader {
  readonly #registry: Registry;
  /** Null while a type is being read: a type that needs itself is an error. */
  readonly #types = new Map<Name, SimpleType | null>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** A simple type by name; null when there is none, or the type of this name is complex. */
  named(name: Name): SimpleType | null {
    const builtIn = BUILT_INS.get(name);
    if (builtIn) return builtIn;
    const definition = this.#registry.get('type', name);
    if (definition?.node.name.local !== 'simpleType') return null;
    const known = this.#types.get(name);
    if (known === null) this.#problem(definition, `the type ${written(name)} is made of itself`);
    if (known !== undefined) return known ?? ANY_SIMPLE_TYPE;
    this.#types.set(name, null);
    const type = this.read(definition, labelOf(name));
    this.#types.set(name, type);
    return type;
  }

  /** The simple type that an attribute such as `type` names; any when it is missing, which is a problem noted. */
  referred(from: Component, text: string): SimpleType {
    const name = this.#registry.nameAt(from, text);
    const type = name && this.named(name);
    if (name && !type) this.#problem(from, `there is no simple type ${written(name)}`);
    return type ?? ANY_SIMPLE_TYPE;
  }

  /** The type that a simpleType element defines. */
  read(definition: Component, label: string | null): SimpleType {
    const variety = elementsOf(definition.node).find(({ name }) => name.local !== 'annotation')!;
    const inner = { node: variety, source: definition.source };
    const final = methods(definition, 'final', 'finalDefault');
    switch (variety.name.local) {
      case 'list':
        return this.#list(inner, label, final);
      case 'union':
        return this.#union(inner, label, final);
      default:
        return this.restriction(inner, this.#baseOf(inner), label, final);
    }
  }

  #baseOf(restriction: Component): SimpleType {
    return this.#single(restriction, 'base');
  }

  /** What an attribute names or what a simpleType inside defines: one of them. */
  #single(holder: Component, reference: string): SimpleType {
    const named = attribute(holder.node, reference);
    const [inline] = childrenOf(holder, 'simpleType');
    if ((named === null) === (inline === undefined))
      this.#problem(
        holder,
        `xs:${holder.node.name.local} needs ${reference} or an xs:simpleType, and not both`,
      );
    if (named !== null) return this.referred(holder, named);
    return inline ? this.read(inline, null) : ANY_SIMPLE_TYPE;
  }

  #list(list: Component, label: string | null, final: ReadonlySet<Method>): SimpleType {
    const item = this.#single(list, 'itemType');
    if (item.variety === 'list') this.#problem(list, 'a list of lists is not allowed');
    return new ListType(
      { label: label ?? item.label, base: ANY_SIMPLE_TYPE, whiteSpace: 'collapse', final },
      { item },
    );
  }

  #union(union: Component, label: string | null, final: ReadonlySet<Method>): SimpleType {
    const named = (attribute(union.node, 'memberTypes') ?? '').split(/[\t\n\r ]+/).filter(Boolean);
    const members = [
      ...named.map((one) => this.referred(union, one)),
      ...childrenOf(union, 'simpleType').map((one) => this.read(one, null)),
    ];
    if (members.length === 0) this.#problem(union, 'a union has no member');
    // Its members deal with white space, each as it must (part 2, section 4.3.6).
    const about = { base: ANY_SIMPLE_TYPE, whiteSpace: 'preserve', final } as const;
    return new UnionType({ ...about, label: label ?? members[0]?.label ?? '' }, members);
  }

  /** A restriction of `base` by the facets that stand in a restriction element. */
  restriction(
    holder: Component,
    base: SimpleType,
    label: string | null,
    final: ReadonlySet<Method> = new Set(),
  ): SimpleType {
    if (base.final.has('restriction')) this.#problem(holder, `${base.label} may not be restricted`);
    const nodes = elementsOf(holder.node);
    const about = {
      label: label ?? base.label,
      base,
      whiteSpace: this.#whiteSpace(holder, base, nodes),
      final,
    };
    const facets = [...base.facets, ...this.#facets(holder, base, nodes)];
    const enumeration = this.#enumeration(holder, base, nodes);
    const whole = enumeration ? [...facets, enumerationFacet(enumeration.values, enumeration.keys)] : facets;
    const made = derived({ ...about, facets: whole }, base, null);
    const codes = enumeration && isOfStrings(base) ? enumeration.values : null;
    if (!codes?.every((code) => made.faultOf(code, holder.node) === null)) return made;
    return derived({ ...about, facets: whole }, base, new Set(codes));
  }

  #whiteSpace(holder: Component, base: SimpleType, nodes: readonly XmlElement[]): WhiteSpace {
    const facet = nodes.find(({ name }) => name.local === 'whiteSpace');
    const value = attribute(facet ?? null, 'value');
    if (value === null) return base.whiteSpace;
    if (SPACES.has(value)) return value as WhiteSpace;
    this.#problem({ node: facet!, source: holder.source }, `${value} is no value of xs:whiteSpace`);
    return base.whiteSpace;
  }

  /** Facets other than enumerations and white space; those that the base has stay in force beside them. */
  #facets(holder: Component, base: SimpleType, nodes: readonly XmlElement[]): Facet[] {
    const patterns = nodes.filter(({ name }) => name.local === 'pattern');
    const facets = patterns.length > 0 ? [this.#patterns(holder, patterns)] : [];
    for (const node of nodes) {
      const { local } = node.name;
      if (!isBound(local) && !isLength(local) && !isDigits(local)) continue;
      const facet = this.#limit({ node, source: holder.source }, base);
      if (facet) facets.push(facet);
    }
    return facets;
  }

  #patterns(holder: Component, nodes: readonly XmlElement[]): Facet {
    const sources = nodes.map((node) => attribute(node, 'value') ?? '');
    const patterns = nodes.map((node, index) =>
      this.#pattern({ node, source: holder.source }, sources[index]!),
    );
    return patternFacet(patterns, sources);
  }

  #pattern(facet: Component, source: string): Pattern {
    try {
      return patternOf(source);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      this.#problem(facet, error.message);
      return /(?:)/;
    }
  }

  #limit(facet: Component, base: SimpleType): Facet | null {
    const { local } = facet.node.name;
    const value = attribute(facet.node, 'value')?.trim() ?? '';
    let made: Facet | null = null;
    if (isBound(local)) {
      if (base.faultOf(value, facet.node) === null) made = boundFacet(local, value, base);
    } else if (/^\d+$/.test(value)) {
      if (isLength(local)) made = lengthFacet(local, Number(value), base);
      else if (isDigits(local)) made = digitsFacet(local, Number(value), base);
    }
    if (!made) this.#problem(facet, `xs:${local} of ${value} is not possible for ${base.label}`);
    return made;
  }

  #enumeration(
    holder: Component,
    base: SimpleType,
    nodes: readonly XmlElement[],
  ): { values: string[]; keys: Set<string> } | null {
    const facets = nodes.filter(({ name }) => name.local === 'enumeration');
    if (facets.length === 0) return null;
    const values: string[] = [];
    const keys = new Set<string>();
    for (const node of facets) {
      const value = attribute(node, 'value') ?? '';
      if (base.faultOf(value, node) !== null) {
        this.#problem({ node, source: holder.source }, `${value} is no value of ${base.label}`);
        continue;
      }
      values.push(value);
      keys.add(base.keyOf(value, node));
    }
    return { values, keys };
  }

  #problem({ node, source }: Component, what: string): void {
    this.#registry.problems.add(node, source, what);
  }
}

/** A type like its base, but for what it is told. */
function derived(about: SimpleTypeAbout, base: SimpleType, codes: ReadonlySet<string> | null): SimpleType {
  if (base instanceof ListType) return new ListType(about, base);
  if (base instanceof UnionType) return new UnionType(about, base.members);
  if (!(base instanceof AtomicType)) return base;
  const { primitive, form, role } = base;
  return new AtomicType(about, { primitive, form, role, codes });
}

function isOfStrings(type: SimpleType): boolean {
  return type instanceof AtomicType && type.primitive.name === 'string';
}

/** The children of one kind. */
export function childrenOf({ node, source }: Component, local: string): Component[] {
  const name = nameOf(XSD_NS, local);
  return elementsOf(node)
    .filter((one) => one.name === name)
    .map((one) => ({ node: one, source }));
}
