import { type Name, nameOf } from '../../xml/names.ts';
import { attribute } from '../../xml/select.ts';
import { flag, methods } from './attributes-of.ts';
import type { IdentityReader } from './identity-reader.ts';
import type { ComplexType, ElementDeclaration, Type, ValueConstraint } from './model.ts';
import { type Component, type Registry, written } from './registry.ts';
import { childrenOf } from './simple-reader.ts';
import type { SimpleType } from './simple-types.ts';

/** Where an element declaration finds its type. */
export interface TypeSource {
  readonly anyType: ComplexType;
  /** The type of a name; null when there is none. */
  named(name: Name): Type | null;
  /** The type that a simpleType or complexType element inside a declaration defines. */
  inline(definition: Component): Type;
  /** Runs something once all types are known. */
  later(action: () => void): void;
}

/** Reads the element declarations of a schema: global ones when they are first asked for, each once. */
export class ElementReader {
  readonly #registry: Registry;
  readonly #types: TypeSource;
  readonly #identities: IdentityReader;
  readonly #globals = new Map<Name, ElementDeclaration>();
  readonly #substitutes = new Map<Name, Name[]>();

  constructor(registry: Registry, types: TypeSource, identities: IdentityReader) {
    this.#registry = registry;
    this.#types = types;
    this.#identities = identities;
    for (const [name, component] of registry.all('element')) this.#noteHead(name, component);
  }

  /** A global element by name, null when there is none. */
  global(name: Name): ElementDeclaration | null {
    const known = this.#globals.get(name);
    if (known) return known;
    const component = this.#registry.get('element', name);
    return component && this.#read(name, component, true);
  }

  /** All global elements that name this one as the head of their substitution group. */
  substitutes(head: Name): ElementDeclaration[] {
    return (this.#substitutes.get(head) ?? []).map((name) => this.global(name)!);
  }

  /** An element as it stands in a model: declared there, or a reference to a global one. */
  inModel(component: Component): ElementDeclaration | null {
    const { node, source } = component;
    const ref = attribute(node, 'ref');
    const local = attribute(node, 'name')?.trim();
    if ((ref === null) === (local === undefined)) {
      this.#problem(component, 'xs:element needs name or ref, and not both');
      return null;
    }
    if (ref !== null) {
      const found = this.#registry.referred('element', component, ref);
      return found && this.global(found.name);
    }
    const form = attribute(node, 'form') ?? attribute(source.document.tree.root, 'elementFormDefault');
    return this.#read(nameOf(form === 'qualified' ? source.namespace : '', local!), component, false);
  }

  #noteHead(name: Name, component: Component): void {
    const head = attribute(component.node, 'substitutionGroup');
    if (head === null) return;
    const found = this.#registry.referred('element', component, head);
    if (!found) return;
    this.#substitutes.set(found.name, [...(this.#substitutes.get(found.name) ?? []), name]);
    if (this.#leadsTo(found.component, name))
      this.#problem(component, 'a substitution group goes in a circle');
  }

  #leadsTo(from: Component, target: Name): boolean {
    const seen = new Set<Component>();
    for (let at: Component | null = from; at && !seen.has(at); at = this.#headOf(at)) {
      seen.add(at);
      if (this.#registry.get('element', target) === at) return true;
    }
    return false;
  }

  #read(name: Name, component: Component, isGlobal: boolean): ElementDeclaration {
    const declaration: ElementDeclaration = {
      name,
      isGlobal,
      type: this.#typeOf(component),
      nillable: flag(component, 'nillable'),
      abstract: flag(component, 'abstract'),
      value: null,
      block: methods(component, 'block', 'blockDefault'),
      constraints: this.#identities.read(component),
    };
    if (isGlobal) this.#globals.set(name, declaration);
    this.#types.later(() => {
      declaration.value = this.#value(component, declaration.type);
    });
    return declaration;
  }

  #typeOf(component: Component): Type {
    const { node } = component;
    const named = attribute(node, 'type');
    const [inline] = [...childrenOf(component, 'complexType'), ...childrenOf(component, 'simpleType')];
    if (named !== null && inline) this.#problem(component, 'xs:element has two types');
    if (named !== null) return this.#named(component, named);
    if (inline) return this.#types.inline(inline);
    const head = this.#headOf(component);
    return head && !this.#leadsTo(head, nameOf(component.source.namespace, attribute(node, 'name') ?? ''))
      ? this.#typeOf(head)
      : this.#types.anyType;
  }

  #headOf(component: Component): Component | null {
    const head = attribute(component.node, 'substitutionGroup');
    const name = head === null ? null : this.#registry.nameAt(component, head);
    return name && this.#registry.get('element', name);
  }

  #named(component: Component, text: string): Type {
    const name = this.#registry.nameAt(component, text);
    const type = name && this.#types.named(name);
    if (name && !type) this.#problem(component, `there is no type ${written(name)}`);
    return type ?? this.#types.anyType;
  }

  #value(component: Component, type: Type): ValueConstraint | null {
    const fixed = attribute(component.node, 'fixed');
    const text = fixed ?? attribute(component.node, 'default');
    if (text === null) return null;
    const simple = textTypeOf(type);
    if (!simple && (type as ComplexType).content !== 'mixed') {
      this.#problem(component, 'an element without text has no default or fixed value');
      return null;
    }
    if (simple && simple.faultOf(text, component.node) !== null) {
      this.#problem(component, `${text} is no value of ${simple.label}`);
      return null;
    }
    return { fixed: fixed !== null, text, key: simple?.keyOf(text, component.node) ?? null };
  }

  #problem({ node, source }: Component, what: string): void {
    this.#registry.problems.add(node, source, what);
  }
}

/** The simple type of an element's text, null when it has no such. */
export function textTypeOf(type: Type): SimpleType | null {
  return type.kind === 'simple' ? type : type.simple;
}
