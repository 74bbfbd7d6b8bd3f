import { type Name, nameOf, XSI_NS } from '../../xml/names.ts';
import { attributeNode, textOf } from '../../xml/select.ts';
import { ELEMENT, type XmlAttribute, type XmlDocument, type XmlElement } from '../../xml/tree.ts';
import { whereIs, writtenName } from './places.ts';
import { qnameAt } from './qnames.ts';
import type { SchemaReport } from './report.ts';
import { listItems, trimSpace } from './space.ts';
import { ANY_TYPE, type Contents, type ElementType, type SchemaTypes, type Watched } from './types.ts';
import { isAnyUri } from './uri.ts';

const XSI_TYPE = nameOf(XSI_NS, 'type');
const XSI_NIL = nameOf(XSI_NS, 'nil');

/** What xsi attributes are to a schema (XML Schema 1.0 part 1, section 3.2.7). */
const XSI: ReadonlyMap<Name, Watched> = new Map<Name, Watched>([
  [nameOf(XSI_NS, 'schemaLocation'), { kind: 'uri', type: 'anyURI', list: true, atLeastOne: false }],
  [
    nameOf(XSI_NS, 'noNamespaceSchemaLocation'),
    { kind: 'uri', type: 'anyURI', list: false, atLeastOne: false },
  ],
]);

/** What the passage through libxml2 has to know. */
export interface TypedResult {
  /** xsi:type and xsi:nil with white space at their ends, which libxml2 does not take off. */
  readonly untrimmed: readonly XmlAttribute[];
  /** Identifiers already taken and misplaced elements: what libxml2 says of them adds nothing. */
  readonly reported: ReadonlySet<XmlAttribute | XmlElement>;
}

/**
 * Checks what libxml2 leaves out or judges otherwise than the specification: identifiers used twice, references to none
 * (XML Schema 1.0 part 1, section 3.3.4 "Validation Root Valid (ID/IDREF)"), anyURI, empty lists of tokens, and child
 * elements of a type that allows text only. Walks the tree once.
 */
export function checkTyped(document: XmlDocument, types: SchemaTypes, report: SchemaReport): TypedResult {
  const walk = new Walk(document, types, report);
  const type = types.element(document.root.name);
  if (type) walk.element(document.root, type);
  walk.resolve();
  return walk;
}

/** What the schema makes of an attribute, found from the root down; null when it is not watched. */
export function watchedAttribute(types: SchemaTypes, found: XmlAttribute): Watched | null {
  const contents = typeAt(types, found.parent)?.contents;
  return contents ? watched(types, contents, found) : null;
}

/** The type of an element by its own xsi:type, or by its parent's type. */
function typeAt(types: SchemaTypes, element: XmlElement): ElementType | null {
  const { parent } = element;
  const declared =
    parent.kind === ELEMENT ? childType(types, typeAt(types, parent), element) : types.element(element.name);
  return actualType(types, element, declared);
}

function childType(types: SchemaTypes, parent: ElementType | null, child: XmlElement): ElementType | null {
  if (!parent) return null;
  const { children, wildcard } = parent.contents;
  const declared = children.get(child.name);
  if (declared) return declared;
  return wildcard === 'assess' ? (types.element(child.name) ?? ANY_TYPE) : null;
}

function actualType(types: SchemaTypes, element: XmlElement, declared: ElementType | null) {
  const chosen = attributeNode(element, XSI_TYPE);
  if (!chosen || !declared) return declared;
  const name = qnameAt(element, chosen.value);
  return (name && types.type(name)) ?? declared;
}

function watched(types: SchemaTypes, contents: Contents, found: XmlAttribute): Watched | null {
  const own = contents.attributes.get(found.name);
  if (own || found.name.ns === '') return own ?? null;
  return XSI.get(found.name) ?? (contents.openAttributes ? types.attribute(found.name) : null);
}

class Walk implements TypedResult {
  readonly untrimmed: XmlAttribute[] = [];
  readonly reported = new Set<XmlAttribute | XmlElement>();
  readonly #document: XmlDocument;
  readonly #types: SchemaTypes;
  readonly #report: SchemaReport;
  readonly #identifiers = new Map<string, XmlAttribute | XmlElement>();
  readonly #references: { to: string; at: XmlAttribute | XmlElement }[] = [];

  constructor(document: XmlDocument, types: SchemaTypes, report: SchemaReport) {
    this.#document = document;
    this.#types = types;
    this.#report = report;
  }

  element(element: XmlElement, declared: ElementType): void {
    const type = element.attributes.length > 0 ? this.#typed(element, declared) : declared;
    const { contents } = type;
    if (contents.value) this.#value(contents.value, textOf(element), element);
    for (const child of element.children) {
      if (child.kind !== ELEMENT) continue;
      if (contents.textOnly) {
        this.#misplaced(child, element);
        return;
      }
      const inner = childType(this.#types, type, child);
      if (inner) this.element(child, inner);
    }
  }

  /** Looks at the attributes of an element; its type may be one of them. */
  #typed(element: XmlElement, declared: ElementType): ElementType {
    const type = actualType(this.#types, element, declared)!;
    const { contents } = type;
    const watches = contents.attributes.size > 0;
    for (const one of element.attributes) {
      if (!watches && one.name.ns === '') continue;
      const found = watched(this.#types, contents, one);
      if (found) this.#value(found, one.value, one);
      else if (one.name === XSI_TYPE || one.name === XSI_NIL) this.#chosen(one);
    }
    return type;
  }

  /** xsi:type and xsi:nil; libxml2 does not look at the latter on an element that the schema does not declare. */
  #chosen(one: XmlAttribute): void {
    const value = trimSpace(one.value);
    if (value !== one.value) this.untrimmed.push(one);
    if (one.name === XSI_NIL && !/^(?:true|false|0|1)$/.test(value))
      this.#wrongType('xs:boolean', value, one);
  }

  #value({ kind, type, list, atLeastOne }: Watched, text: string, at: XmlAttribute | XmlElement): void {
    const items = list ? listItems(text) : [trimSpace(text)];
    if (atLeastOne && items.length === 0) this.#wrongType(type, text, at);
    for (const item of new Set(items)) {
      if (kind === 'id') this.#identifier(item, at);
      else if (kind === 'idref') this.#references.push({ to: item, at });
      else if (kind === 'uri' && !isAnyUri(item)) this.#wrongType(type, item, at);
    }
  }

  #wrongType(expected: string, value: string, at: XmlAttribute | XmlElement): void {
    this.#report.add('xsd.value-wrong-type', at, { value, expected, where: whereIs(at) });
  }

  #identifier(value: string, at: XmlAttribute | XmlElement): void {
    const first = this.#identifiers.get(value);
    if (!first) {
      this.#identifiers.set(value, at);
      return;
    }
    this.reported.add(at);
    const { line } = this.#document.placeOf(first.start);
    this.#report.add('xsd.identifier-twice', at, { value, line, where: whereIs(at) });
  }

  #misplaced(child: XmlElement, parent: XmlElement): void {
    const values = { element: writtenName(child), parent: writtenName(parent) };
    this.reported.add(child);
    this.#report.add('xsd.element-not-allowed', child, values);
  }

  /** Once the whole document is read: references to what it does not hold. */
  resolve(): void {
    for (const { to, at } of this.#references) {
      if (!this.#identifiers.has(to))
        this.#report.add('xsd.reference-dangling', at, { value: to, where: whereIs(at) });
    }
  }
}
