import { type Name, nameOf, XSI_NS } from '../../xml/names.ts';
import { attribute, elementsOf } from '../../xml/select.ts';
import { BUILT_INS } from './built-ins.ts';
import { XSD_NS } from './documents.ts';
import type { AttributeDeclaration, AttributeUse, ValueConstraint } from './model.ts';
import type { Component, Registry } from './registry.ts';
import { written } from './registry.ts';
import { childrenOf, type SimpleReader } from './simple-reader.ts';
import { ListType, type SimpleType } from './simple-types.ts';
import { intersection, type Processing, readNamespaces, type Wildcard } from './wildcards.ts';

/** The attributes that the elements of a schema holder declare; null stands for a prohibited one. */
export interface AttributesRead {
  uses: Map<Name, AttributeUse | null>;
  wildcard: Wildcard | null;
}

const builtIn = (local: string): SimpleType => BUILT_INS.get(nameOf(XSD_NS, local))!;

/** The attributes that every schema knows (XML Schema 1.0 part 1, section 3.2.7). */
export const XSI_ATTRIBUTES: ReadonlyMap<Name, AttributeDeclaration> = new Map(
  Object.entries({
    type: builtIn('QName'),
    nil: builtIn('boolean'),
    schemaLocation: new ListType(
      { label: 'xs:anyURI', base: null, whiteSpace: 'collapse' },
      { item: builtIn('anyURI') },
    ),
    noNamespaceSchemaLocation: builtIn('anyURI'),
  }).map(([local, type]) => {
    const name = nameOf(XSI_NS, local);
    return [name, { name, type, value: null }];
  }),
);

/** Reads the attribute declarations of a schema: global ones when they are first asked for, each once. */
export class AttributeReader {
  readonly #registry: Registry;
  readonly #simple: SimpleReader;
  readonly #globals = new Map<Name, AttributeDeclaration>(XSI_ATTRIBUTES);
  readonly #open = new Set<Component['node']>();

  constructor(registry: Registry, simple: SimpleReader) {
    this.#registry = registry;
    this.#simple = simple;
  }

  /** A global attribute by name, null when there is none. */
  global(name: Name): AttributeDeclaration | null {
    const known = this.#globals.get(name);
    if (known) return known;
    const component = this.#registry.get('attribute', name);
    if (!component) return null;
    const type = this.#typeOf(component);
    const declaration = { name, type, value: this.#value(component, type) };
    this.#globals.set(name, declaration);
    return declaration;
  }

  /** What stands below a complexType, an extension, a restriction or an attributeGroup. */
  read(holder: Component): AttributesRead {
    const read: AttributesRead = { uses: new Map(), wildcard: null };
    for (const node of elementsOf(holder.node)) {
      const component = { node, source: holder.source };
      if (node.name.local === 'attribute') this.#addUse(component, read);
      if (node.name.local === 'attributeGroup') this.#addGroup(component, read);
    }
    const [any] = childrenOf(holder, 'anyAttribute');
    if (any) this.#addWildcard(any, this.wildcard(any), read);
    return read;
  }

  /** What an `any` or `anyAttribute` lets in. */
  wildcard(any: Component): Wildcard {
    const namespaces = readNamespaces(attribute(any.node, 'namespace') ?? '##any', any.source.namespace);
    const processing = (attribute(any.node, 'processContents') ?? 'strict') as Processing;
    if (!['strict', 'lax', 'skip'].includes(processing))
      this.#problem(any, `${processing} is no value of processContents`);
    if (!namespaces) this.#problem(any, 'the value of namespace is not one');
    return { namespaces: namespaces ?? { kind: 'any' }, processing };
  }

  #addUse(use: Component, { uses }: AttributesRead): void {
    const declaration = this.#declaration(use);
    if (!declaration) return;
    const { name, type } = declaration;
    if (uses.has(name)) this.#problem(use, `the attribute ${written(name)} is declared twice`);
    const kind = attribute(use.node, 'use') ?? 'optional';
    if (!['optional', 'required', 'prohibited'].includes(kind))
      this.#problem(use, `${kind} is no value of use`);
    const value = this.#value(use, type) ?? declaration.value;
    const fixed = value?.fixed ? value : null;
    uses.set(
      name,
      kind === 'prohibited' ? null : { declaration, name, type, required: kind === 'required', fixed },
    );
  }

  #declaration(use: Component): AttributeDeclaration | null {
    const ref = attribute(use.node, 'ref');
    const local = attribute(use.node, 'name')?.trim();
    if ((ref === null) === (local === undefined)) {
      this.#problem(use, 'xs:attribute needs name or ref, and not both');
      return null;
    }
    if (ref !== null) return this.#referred(use, ref);
    const form =
      attribute(use.node, 'form') ?? attribute(use.source.document.tree.root, 'attributeFormDefault');
    const name = nameOf(form === 'qualified' ? use.source.namespace : '', local!);
    return { name, type: this.#typeOf(use), value: null };
  }

  #referred(use: Component, ref: string): AttributeDeclaration | null {
    const name = this.#registry.nameAt(use, ref);
    const found = name && this.global(name);
    if (name && !found) this.#problem(use, `there is no attribute ${written(name)}`);
    return found;
  }

  #typeOf(component: Component): SimpleType {
    const named = attribute(component.node, 'type');
    const [inline] = childrenOf(component, 'simpleType');
    if (named !== null && inline) this.#problem(component, 'xs:attribute has two types');
    if (named !== null) return this.#simple.referred(component, named);
    return inline ? this.#simple.read(inline, null) : BUILT_INS.get(nameOf(XSD_NS, 'anySimpleType'))!;
  }

  #value(component: Component, type: SimpleType): ValueConstraint | null {
    const fixed = attribute(component.node, 'fixed');
    const text = fixed ?? attribute(component.node, 'default');
    if (text === null) return null;
    if (type.faultOf(text, component.node) !== null) {
      this.#problem(component, `${text} is no value of ${type.label}`);
      return null;
    }
    return { fixed: fixed !== null, text, key: type.keyOf(text, component.node) };
  }

  #addGroup(reference: Component, read: AttributesRead): void {
    const ref = attribute(reference.node, 'ref');
    const found = ref === null ? null : this.#registry.referred('attributeGroup', reference, ref);
    if (ref === null) this.#problem(reference, 'xs:attributeGroup needs ref here');
    if (!found) return;
    const { node } = found.component;
    if (this.#open.has(node)) {
      this.#problem(reference, `the attribute group ${written(found.name)} is made of itself`);
      return;
    }
    this.#open.add(node);
    const group = this.read(found.component);
    this.#open.delete(node);
    for (const [name, use] of group.uses) if (use) read.uses.set(name, use);
    if (group.wildcard) this.#addWildcard(reference, group.wildcard, read);
  }

  #addWildcard(at: Component, wildcard: Wildcard, read: AttributesRead): void {
    if (!read.wildcard) {
      read.wildcard = wildcard;
      return;
    }
    const namespaces = intersection(read.wildcard.namespaces, wildcard.namespaces);
    if (!namespaces) this.#problem(at, 'the attribute wildcards exclude each other');
    else read.wildcard = { namespaces, processing: wildcard.processing };
  }

  #problem({ node, source }: Component, what: string): void {
    this.#registry.problems.add(node, source, what);
  }
}
