import type { Words } from '../../words/errors.ts';
import { type Name, nameOf, XSI_NS } from '../../xml/names.ts';
import { textOf } from '../../xml/select.ts';
import { ELEMENT, TEXT, type XmlAttribute, type XmlDocument, type XmlElement } from '../../xml/tree.ts';
import { XSI_ATTRIBUTES } from './attribute-reader.ts';
import type { State } from './automaton.ts';
import type { CompiledSchema } from './compile.ts';
import { derives } from './derivation.ts';
import { expectedIn, expectedInAll, shortName } from './expected.ts';
import { IdentityTables } from './identity-tables.ts';
import {
  type AttributeUse,
  type ComplexType,
  type ElementDeclaration,
  NO_METHODS,
  type Type,
} from './model.ts';
import { whereIs, writtenName } from './places.ts';
import { readQName } from './primitives.ts';
import type { SchemaReport } from './report.ts';
import type { Fault, Identifiers, Method, SimpleType } from './simple-types.ts';
import { trimSpace } from './space.ts';
import { allows, type Processing } from './wildcards.ts';

const XSI_TYPE = nameOf(XSI_NS, 'type');
const XSI_NIL = nameOf(XSI_NS, 'nil');

/** Judges a document by a schema in one walk over its tree (XML Schema 1.0 part 1, sections 3.3.4 and 3.4.4). */
export function walk(document: XmlDocument, schema: CompiledSchema, report: SchemaReport): void {
  const one = new Walk(document, schema, report);
  one.root(document.root);
}

class Walk implements Identifiers {
  readonly #document: XmlDocument;
  readonly #schema: CompiledSchema;
  readonly #report: SchemaReport;
  readonly #identifiers = new Map<string, XmlAttribute | XmlElement>();
  readonly #references: { to: string; at: XmlAttribute | XmlElement }[] = [];
  readonly #tables: IdentityTables;
  /** Where the value stands whose identifiers are being noted. */
  #holder: XmlAttribute | XmlElement | null = null;

  constructor(document: XmlDocument, schema: CompiledSchema, report: SchemaReport) {
    this.#document = document;
    this.#schema = schema;
    this.#report = report;
    this.#tables = new IdentityTables(report);
  }

  root(element: XmlElement): void {
    const declaration = this.#schema.element(element.name);
    const isTyped = element.attributes.some(({ name }) => name === XSI_TYPE);
    if (declaration) this.#element(element, declaration, declaration.type);
    else if (isTyped) this.#element(element, null, this.#schema.anyType);
    else this.#report.add('xsd.root-unknown', element, { element: writtenName(element) });
    for (const { to, at } of this.#references) {
      if (!this.#identifiers.has(to))
        this.#report.add('xsd.reference-dangling', at, { value: to, where: whereIs(at) });
    }
  }

  /** @param declaration null when the schema declares no such element here: then its xsi:type alone says what it is */
  #element(element: XmlElement, declaration: ElementDeclaration | null, declared: Type): void {
    const { attributes } = element;
    let type = declared;
    let isNil = false;
    if (attributes.length > 0) {
      for (const one of attributes) {
        if (one.name === XSI_TYPE) type = this.#chosenType(one, declaration, declared);
        else if (one.name === XSI_NIL && declaration) isNil = this.#isNil(one, declaration);
      }
    }
    if (declaration?.abstract) this.#abstractElement(element);
    const opened = declaration !== null && declaration.constraints.length > 0;
    if (opened) this.#tables.open();
    if (type.kind === 'simple') this.#simpleElement(element, declaration, type, isNil);
    else {
      if (type.abstract) this.#abstractType(element, type === declared);
      this.#attributes(element, type);
      if (isNil || declaration?.value) this.#unusualContent(element, declaration!, type, isNil);
      else this.#content(element, type);
    }
    if (opened) this.#tables.close(element, declaration);
  }

  /** xsi:type; what is wrong with it leaves the declared type in force. */
  #chosenType(one: XmlAttribute, declaration: ElementDeclaration | null, declared: Type): Type {
    const name = readQName(trimSpace(one.value), one.parent);
    const type = name && this.#schema.type(name);
    const values = { element: writtenName(one.parent), type: one.value };
    if (!type) {
      this.#report.add('xsd.type-unknown', one, values);
      return declared;
    }
    const blocked = blocking(declaration, declared);
    if (!derives(type, declared, blocked)) this.#report.add('xsd.type-not-allowed', one, values);
    return type;
  }

  #isNil(one: XmlAttribute, declaration: ElementDeclaration): boolean {
    const value = trimSpace(one.value);
    const isNil = value === 'true' || value === '1';
    // What is no boolean is said where attributes are judged.
    if (!declaration.nillable && (isNil || value === 'false' || value === '0'))
      this.#report.add('xsd.nil-not-allowed', one, { element: writtenName(one.parent) });
    return declaration.nillable && isNil;
  }

  #abstractElement(element: XmlElement): void {
    this.#report.add('xsd.element-abstract', element, { element: writtenName(element) });
  }

  #abstractType(element: XmlElement, isDeclared: boolean): void {
    const chosen = element.attributes.find(({ name }) => name === XSI_TYPE);
    const values = { element: writtenName(element) };
    if (isDeclared || !chosen) this.#report.add('xsd.type-missing', element, values);
    else this.#report.add('xsd.type-not-allowed', chosen, { ...values, type: chosen.value });
  }

  #attributes(element: XmlElement, type: ComplexType): void {
    let required = 0;
    let wildIdentifiers = 0;
    for (const one of element.attributes) {
      const use = type.attributes.get(one.name);
      if (use) {
        if (use.required) required += 1;
        this.#attribute(one, use);
      } else if (this.#otherAttribute(one, type)) wildIdentifiers += 1;
    }
    if (required < type.required.length) this.#missingAttributes(element, type.required);
    if (wildIdentifiers > 0) this.#checkWildIdentifiers(element, type, wildIdentifiers);
  }

  #attribute(one: XmlAttribute, { type, fixed }: Pick<AttributeUse, 'type' | 'fixed'>): void {
    if (!this.#value(one.value, one, one.parent, type)) return;
    if (fixed && one.value !== fixed.text && type.keyOf(one.value, one.parent) !== fixed.key)
      this.#notFixed(one, one.value, fixed.text);
  }

  /** An attribute that its type does not declare; true when it is an identifier let in by a wildcard. */
  #otherAttribute(one: XmlAttribute, type: Type): boolean {
    const { name, parent } = one;
    const xsi = name.ns === XSI_NS ? XSI_ATTRIBUTES.get(name) : undefined;
    if (xsi) {
      // What is wrong with xsi:type has been said.
      if (name !== XSI_TYPE) this.#attribute(one, { type: xsi.type, fixed: null });
      return false;
    }
    const wildcard = type.kind === 'complex' ? type.wildcard : null;
    const declaration =
      wildcard && wildcard.processing !== 'skip' && allows(wildcard, name.ns)
        ? this.#schema.attribute(name)
        : null;
    if (declaration) {
      const { value } = declaration;
      this.#attribute(one, { type: declaration.type, fixed: value?.fixed ? value : null });
      return isIdentifier(declaration.type);
    }
    const isLetIn = wildcard && wildcard.processing !== 'strict' && allows(wildcard, name.ns);
    if (!isLetIn)
      this.#report.add('xsd.attribute-not-allowed', one, {
        element: writtenName(parent),
        attribute: writtenName(one),
      });
    return false;
  }

  #missingAttributes(element: XmlElement, required: readonly AttributeUse[]): void {
    for (const { name } of required) {
      if (element.attributes.some((one) => one.name === name)) continue;
      const values = { element: writtenName(element), attribute: shortName(name) };
      this.#report.add('xsd.attribute-missing', element, values);
    }
  }

  /** An element has one identifier at the most, where wildcards bring some (section 3.4.4, clause 5). */
  #checkWildIdentifiers(element: XmlElement, type: ComplexType, count: number): void {
    const declared = [...type.attributes.values()].some((use) => isIdentifier(use.type));
    if (count > 1 || declared)
      this.#report.add('xsd.identifiers-several', element, { element: writtenName(element) });
  }

  #content(element: XmlElement, type: ComplexType): void {
    switch (type.content) {
      case 'mixed':
      case 'element-only':
        if (type.all) this.#anyOrder(element, type);
        else this.#inOrder(element, type);
        return;
      case 'simple':
        this.#textOnly(element, type.simple!);
        return;
      case 'empty':
        if (element.children.length > 0) this.#nothing(element);
    }
  }

  #inOrder(element: XmlElement, type: ComplexType): void {
    const isMixed = type.content === 'mixed';
    let state: State | null = type.start;
    let isTextSaid = isMixed;
    for (const child of element.children) {
      if (child.kind === ELEMENT) {
        const step = state?.elements.get(child.name);
        if (step) {
          state = step.next;
          this.#element(child, step.declaration, step.declaration.type);
        } else if (state) state = this.#byWildcard(child, state, type);
        else this.#misplaced(child, type);
      } else if (child.kind === TEXT && !isTextSaid && !child.blank) {
        isTextSaid = true;
        this.#report.add('xsd.text-not-allowed', child, { element: writtenName(element) });
      }
    }
    if (state && !state.accepting) this.#missing(element, expectedIn(state));
  }

  /** A child that is not among those expected by name; null when it is not let in. */
  #byWildcard(child: XmlElement, state: State, type: ComplexType): State | null {
    for (const { wildcard, next } of state.wildcards) {
      if (!allows(wildcard, child.name.ns)) continue;
      this.#letIn(child, wildcard.processing);
      return next;
    }
    this.#unexpected(child, expectedIn(state));
    this.#misplaced(child, type);
    return null;
  }

  #letIn(element: XmlElement, processing: Processing): void {
    if (processing === 'skip') return;
    const declaration = this.#schema.element(element.name);
    const isTyped = element.attributes.some(({ name }) => name === XSI_TYPE);
    if (!declaration && processing === 'strict' && !isTyped) this.#unexpected(element, NOTHING_EXPECTED);
    this.#element(element, declaration, declaration?.type ?? this.#schema.anyType);
  }

  /** What stands in a wrong place is still judged by what its name declares, in its parent or globally. */
  #misplaced(child: XmlElement, parent: ComplexType): void {
    const declaration = declaredIn(parent, child.name) ?? this.#schema.element(child.name);
    this.#element(child, declaration, declaration?.type ?? this.#schema.anyType);
  }

  #anyOrder(element: XmlElement, type: ComplexType): void {
    const all = type.all!;
    const seen = new Set<number>();
    let isWrong = false;
    for (const child of element.children) {
      if (child.kind === TEXT && type.content !== 'mixed' && !child.blank)
        this.#report.add('xsd.text-not-allowed', child, { element: writtenName(element) });
      if (child.kind !== ELEMENT) continue;
      const found = all.elements.get(child.name);
      if (!isWrong && (!found || seen.has(found.member))) {
        isWrong = true;
        this.#unexpected(child, expectedInAll(all, seen));
      }
      if (found) seen.add(found.member);
      this.#misplaced(child, type);
    }
    const isMissing = all.required.some((name, member) => name !== null && !seen.has(member));
    if (!isWrong && isMissing && !(all.optional && seen.size === 0))
      this.#missing(element, expectedInAll(all, seen));
  }

  #textOnly(element: XmlElement, type: SimpleType): void {
    for (const child of element.children) {
      if (child.kind !== ELEMENT) continue;
      this.#unexpected(child, NOTHING_EXPECTED);
      return;
    }
    this.#value(textOf(element), element, element, type);
  }

  /** Comments and instructions are nothing. */
  #nothing(element: XmlElement): void {
    for (const child of element.children) {
      if (child.kind === ELEMENT) this.#unexpected(child, NOTHING_EXPECTED);
      else if (child.kind === TEXT)
        this.#report.add('xsd.text-not-allowed', child, { element: writtenName(element) });
      else continue;
      return;
    }
  }

  #simpleElement(
    element: XmlElement,
    declaration: ElementDeclaration | null,
    type: SimpleType,
    isNil: boolean,
  ): void {
    for (const one of element.attributes) this.#otherAttribute(one, type);
    if (isNil) this.#nilContent(element, declaration!);
    else if (declaration?.value) this.#constrained(element, declaration, type);
    else this.#textOnly(element, type);
  }

  #unusualContent(
    element: XmlElement,
    declaration: ElementDeclaration,
    type: ComplexType,
    isNil: boolean,
  ): void {
    if (isNil) this.#nilContent(element, declaration);
    else if (type.content === 'simple') this.#constrained(element, declaration, type.simple!);
    else {
      this.#content(element, type);
      const { value } = declaration;
      const isGiven = element.children.some(({ kind }) => kind === TEXT || kind === ELEMENT);
      const isText = element.children.every(({ kind }) => kind !== ELEMENT);
      if (value?.fixed && isGiven && !(isText && textOf(element) === value.text))
        this.#notFixed(element, textOf(element), value.text);
    }
  }

  #nilContent(element: XmlElement, { value }: ElementDeclaration): void {
    const something = element.children.find(({ kind }) => kind === TEXT || kind === ELEMENT);
    if (something || value?.fixed)
      this.#report.add('xsd.nil-not-empty', something ?? element, { element: writtenName(element) });
  }

  /** Text with a default, taken when there is none, or a fixed value. */
  #constrained(element: XmlElement, { value }: ElementDeclaration, type: SimpleType): void {
    const isGiven = element.children.some(({ kind }) => kind === TEXT || kind === ELEMENT);
    if (!isGiven) {
      this.#value(value!.text, element, element, type);
      return;
    }
    this.#textOnly(element, type);
    const text = textOf(element);
    const isValue = type.faultOf(text, element) === null;
    if (value!.fixed && isValue && type.keyOf(text, element) !== value!.key)
      this.#notFixed(element, text, value!.text);
  }

  /** Judges a value by its type and notes what it identifies; true when it is one of the type. */
  #value(value: string, at: XmlAttribute | XmlElement, element: XmlElement, type: SimpleType): boolean {
    const fault = type.faultOf(value, element);
    if (fault) {
      this.#faulty(fault, value, at);
      return false;
    }
    if (type.identifies) {
      this.#holder = at;
      type.identify(value, element, this);
    }
    this.#tables.note(at, type);
    return true;
  }

  #faulty({ code, expected }: Fault, value: string, at: XmlAttribute | XmlElement): void {
    const where = whereIs(at);
    this.#report.add(
      code,
      at,
      { expected: expected.fr, value, where },
      { expected: expected.en, value, where },
    );
  }

  identifier(value: string): void {
    const at = this.#holder!;
    const first = this.#identifiers.get(value);
    if (!first) {
      this.#identifiers.set(value, at);
      return;
    }
    const { line } = this.#document.placeOf(first.start);
    this.#report.add('xsd.identifier-twice', at, { value, line, where: whereIs(at) });
  }

  reference(value: string): void {
    this.#references.push({ to: value, at: this.#holder! });
  }

  #notFixed(at: XmlAttribute | XmlElement, value: string, expected: string): void {
    this.#report.add('xsd.value-not-fixed', at, { expected, value, where: whereIs(at) });
  }

  #unexpected(element: XmlElement, expected: Words): void {
    const name = writtenName(element);
    const parent = element.parent.kind === ELEMENT ? writtenName(element.parent) : '/';
    if (expected.fr === '') this.#report.add('xsd.element-not-allowed', element, { element: name, parent });
    else
      this.#report.add(
        'xsd.element-unexpected',
        element,
        { element: name, expected: expected.fr },
        { element: name, expected: expected.en },
      );
  }

  #missing(element: XmlElement, expected: Words): void {
    const name = writtenName(element);
    this.#report.add(
      'xsd.element-missing',
      element,
      { element: name, expected: expected.fr },
      { element: name, expected: expected.en },
    );
  }
}

const NOTHING_EXPECTED: Words = { fr: '', en: '' };

/** Kinds of derivation that xsi:type may not make use of. */
function blocking(declaration: ElementDeclaration | null, declared: Type): ReadonlySet<Method> {
  const own = declaration?.block ?? NO_METHODS;
  return declared.kind === 'complex' ? new Set([...own, ...declared.block]) : own;
}

function isIdentifier(type: SimpleType): boolean {
  return 'role' in type && type.role === 'identifier';
}

/** The declaration that a name has anywhere in a content model; a name has one type there (Element Declarations Consistent). */
function declaredIn(type: ComplexType, name: Name): ElementDeclaration | null {
  if (type.all) return type.all.elements.get(name)?.declaration ?? null;
  const seen = new Set<State>();
  const waiting = type.start ? [type.start] : [];
  for (let state = waiting.pop(); state; state = waiting.pop()) {
    if (seen.has(state)) continue;
    seen.add(state);
    const step = state.elements.get(name);
    if (step) return step.declaration;
    for (const { next } of state.elements.values()) waiting.push(next);
    for (const { next } of state.wildcards) waiting.push(next);
  }
  return null;
}
