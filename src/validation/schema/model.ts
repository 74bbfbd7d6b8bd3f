import type { Name } from '../../xml/names.ts';
import type { AllGroup } from './all-groups.ts';
import type { State } from './automaton.ts';
import type { IdentityConstraint } from './identity.ts';
import type { Method, SimpleType } from './simple-types.ts';
import type { Wildcard } from './wildcards.ts';

/** Schema components as XML Schema 1.0 part 1 calls them, compiled from the files of a schema. */
export type Type = SimpleType | ComplexType;

/** A value that is taken when none is given, or that must be given. */
export interface ValueConstraint {
  fixed: boolean;
  text: string;
  /** Key of the value in its simple type; null in mixed content, where the text itself counts. */
  key: string | null;
}

export interface ElementDeclaration {
  readonly name: Name;
  readonly isGlobal: boolean;
  type: Type;
  nillable: boolean;
  abstract: boolean;
  value: ValueConstraint | null;
  /** Kinds of derivation by which nothing may take its place. */
  block: ReadonlySet<Method>;
  constraints: readonly IdentityConstraint[];
}

export interface AttributeDeclaration {
  readonly name: Name;
  type: SimpleType;
  value: ValueConstraint | null;
}

/** An attribute as a complex type uses it. */
export interface AttributeUse {
  readonly declaration: AttributeDeclaration;
  readonly name: Name;
  readonly type: SimpleType;
  readonly required: boolean;
  /** The fixed value by the use or by the declaration. */
  readonly fixed: ValueConstraint | null;
}

/** What may stand in an element, before it is compiled. */
export type Particle =
  | ElementParticle
  | { kind: 'any'; wildcard: Wildcard; min: number; max: number; at: Place }
  | GroupParticle;

export interface ElementParticle {
  kind: 'element';
  declaration: ElementDeclaration;
  min: number;
  /** Infinity when unbounded. */
  max: number;
  at: Place;
}

export interface GroupParticle {
  kind: 'sequence' | 'choice' | 'all';
  items: readonly Particle[];
  min: number;
  max: number;
  at: Place;
}

/** Where a particle stands in its schema, for problems. */
export type Place = import('./registry.ts').Component;

export type ContentKind = 'empty' | 'simple' | 'element-only' | 'mixed';

/** A complex type (XML Schema 1.0 part 1, section 3.4). It is made first and filled in later: types refer to each other in circles. */
export class ComplexType {
  readonly kind = 'complex';
  /** How findings call it; empty for a type without a name. */
  readonly label: string;
  base: Type | null = null;
  method: Method = 'restriction';
  abstract = false;
  block: ReadonlySet<Method> = NO_METHODS;
  final: ReadonlySet<Method> = NO_METHODS;
  content: ContentKind = 'empty';
  /** The type of the text when `content` is simple. */
  simple: SimpleType | null = null;
  particle: Particle | null = null;
  /** What may stand in it, once compiled: an automaton, or a group in any order. */
  start: State | null = null;
  all: AllGroup | null = null;
  attributes: ReadonlyMap<Name, AttributeUse> = NO_ATTRIBUTES;
  required: readonly AttributeUse[] = [];
  wildcard: Wildcard | null = null;

  constructor(label: string) {
    this.label = label;
  }
}

export const NO_METHODS: ReadonlySet<Method> = new Set();
const NO_ATTRIBUTES: ReadonlyMap<Name, AttributeUse> = new Map();
