import { type Name, nameOf } from '../../xml/names.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { PackError } from '../errors.ts';
import { compileAll } from './all-groups.ts';
import { AttributeReader } from './attribute-reader.ts';
import { labelOf } from './attributes-of.ts';
import { anything, type Compiling, compileModel } from './automaton.ts';
import { ComplexReader, makeAnyType } from './complex-reader.ts';
import { derives } from './derivation.ts';
import type { SchemaDocuments } from './documents.ts';
import { XSD_NS } from './documents.ts';
import { ElementReader, type TypeSource } from './element-reader.ts';
import { checkShape } from './grammar.ts';
import { IdentityReader } from './identity-reader.ts';
import { type AttributeDeclaration, ComplexType, type ElementDeclaration, type Type } from './model.ts';
import { ParticleReader } from './particle-reader.ts';
import { type Component, Problems, Registry } from './registry.ts';
import { SimpleReader } from './simple-reader.ts';

/** A schema ready to judge documents. */
export interface CompiledSchema {
  readonly anyType: ComplexType;
  element(name: Name): ElementDeclaration | null;
  attribute(name: Name): AttributeDeclaration | null;
  type(name: Name): Type | null;
}

/**
 * Compiles a schema from its files.
 * @throws PackError with everything in it that is wrong or not supported, each with file and line
 */
export function compileSchema(documents: SchemaDocuments, main: string): CompiledSchema {
  const problems = new Problems();
  const registry = new Registry(documents, main, problems);
  // A file without a namespace is read in several, but written once.
  const written = new Map(registry.sources.map((source) => [source.document, source]));
  for (const source of written.values()) checkShape(source, problems);
  failOn(problems);
  registry.register();
  const compiler = new Compiler(registry);
  compiler.run();
  failOn(problems);
  return compiler;
}

function failOn({ list: [first, ...rest] }: Problems): void {
  if (first) throw new PackError([first, ...rest]);
}

const ANY_TYPE = nameOf(XSD_NS, 'anyType');

class Compiler implements CompiledSchema, TypeSource, Compiling {
  readonly anyType = makeAnyType();
  readonly #registry: Registry;
  readonly #simple: SimpleReader;
  readonly #attributes: AttributeReader;
  readonly #elements: ElementReader;
  readonly #complex: ComplexReader;
  readonly #types = new Map<XmlElement, Map<string, ComplexType>>();
  /** Complex types by what defines them, until they are filled in. */
  readonly #unfilled = new Map<ComplexType, Component>();
  readonly #filling = new Set<ComplexType>();
  readonly #filled: { type: ComplexType; definition: Component }[] = [];
  readonly #later: (() => void)[] = [];
  readonly #expanded = new Map<ElementDeclaration, readonly ElementDeclaration[]>();

  constructor(registry: Registry) {
    this.#registry = registry;
    this.#simple = new SimpleReader(registry);
    this.#attributes = new AttributeReader(registry, this.#simple);
    this.#elements = new ElementReader(registry, this, new IdentityReader(registry));
    this.#complex = new ComplexReader({
      registry,
      simple: this.#simple,
      attributes: this.#attributes,
      particles: new ParticleReader(registry, this.#attributes, this.#elements),
      anyType: this.anyType,
      base: (name) => this.#base(name),
    });
  }

  /** Reads every component, then compiles the content models: substitution needs all types. */
  run(): void {
    for (const [name] of this.#registry.all('type')) this.named(name);
    for (const [name] of this.#registry.all('element')) this.#elements.global(name);
    for (const [name] of this.#registry.all('attribute')) this.#attributes.global(name);
    for (const [type] of this.#unfilled) this.#fill(type);
    for (const action of this.#later) action();
    this.anyType.start = anything();
    for (const { type, definition } of this.#filled) this.#compile(type, definition);
  }

  element(name: Name): ElementDeclaration | null {
    return this.#elements.global(name);
  }

  attribute(name: Name): AttributeDeclaration | null {
    return this.#attributes.global(name);
  }

  type(name: Name): Type | null {
    return this.named(name);
  }

  named(name: Name): Type | null {
    if (name === ANY_TYPE) return this.anyType;
    const simple = this.#simple.named(name);
    if (simple) return simple;
    const definition = this.#registry.get('type', name);
    return definition && this.#shell(definition, labelOf(name));
  }

  inline(definition: Component): Type {
    if (definition.node.name.local === 'simpleType') return this.#simple.read(definition, null);
    return this.#shell(definition, '');
  }

  later(action: () => void): void {
    this.#later.push(action);
  }

  /** A global element and all that may substitute it (XML Schema 1.0 part 1, section 3.3.6). */
  expand(declaration: ElementDeclaration): readonly ElementDeclaration[] {
    if (!declaration.isGlobal) return [declaration];
    let all = this.#expanded.get(declaration);
    if (!all) {
      all = [declaration, ...this.#substitutesOf(declaration)];
      this.#expanded.set(declaration, all);
    }
    return all;
  }

  problem({ node, source }: Component, what: string): void {
    this.#registry.problems.add(node, source, what);
  }

  #substitutesOf(head: ElementDeclaration): ElementDeclaration[] {
    if (head.block.has('substitution')) return [];
    const found = new Set<ElementDeclaration>();
    const waiting = this.#elements.substitutes(head.name);
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      if (found.has(next) || next === head) continue;
      found.add(next);
      waiting.push(...this.#elements.substitutes(next.name));
    }
    return [...found].filter(({ type }) => derives(type, head.type, head.block));
  }

  /** One object for one definition in one namespace: files without a namespace are read in several. */
  #shell(definition: Component, label: string): ComplexType {
    const { node, source } = definition;
    const known = this.#types.get(node) ?? new Map<string, ComplexType>();
    this.#types.set(node, known);
    const type = known.get(source.namespace);
    if (type) return type;
    const made = new ComplexType(label);
    known.set(source.namespace, made);
    this.#unfilled.set(made, definition);
    return made;
  }

  #base(name: Name): Type | null {
    const type = this.named(name);
    if (type?.kind === 'complex') this.#fill(type);
    return type;
  }

  #fill(type: ComplexType): void {
    const definition = this.#unfilled.get(type);
    if (!definition) return;
    if (this.#filling.has(type)) {
      this.problem(definition, `the type ${type.label} is made of itself`);
      return;
    }
    this.#filling.add(type);
    this.#complex.fill(type, definition);
    this.#filling.delete(type);
    this.#unfilled.delete(type);
    this.#filled.push({ type, definition });
  }

  #compile(type: ComplexType, definition: Component): void {
    if (type.particle?.kind === 'all') type.all = compileAll(type.particle, this);
    else if (type.content === 'mixed' || type.content === 'element-only')
      type.start = compileModel(type.particle, definition, this);
  }
}
