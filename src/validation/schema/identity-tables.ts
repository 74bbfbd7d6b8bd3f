import type { Name } from '../../xml/names.ts';
import { textOf } from '../../xml/select.ts';
import { ATTRIBUTE, type XmlAttribute, type XmlElement } from '../../xml/tree.ts';
import { fieldNodes, type IdentityConstraint, select } from './identity.ts';
import type { ElementDeclaration } from './model.ts';
import { writtenName } from './places.ts';
import type { SchemaReport } from './report.ts';
import type { SimpleType } from './simple-types.ts';

/** Key values and the elements that have them. */
type Table = Map<string, XmlElement>;

/**
 * Judges unique, key and keyref at the end of each element that declares them (XML Schema 1.0 part 1, section 3.11.4).
 * The types of values are noted only below such an element: the schemas of CDA have none on their own elements.
 */
export class IdentityTables {
  readonly #report: SchemaReport;
  readonly #scopes: Map<Name, Table>[] = [];
  readonly #types = new Map<XmlAttribute | XmlElement, SimpleType>();

  constructor(report: SchemaReport) {
    this.#report = report;
  }

  open(): void {
    this.#scopes.push(new Map());
  }

  note(at: XmlAttribute | XmlElement, type: SimpleType): void {
    if (this.#scopes.length > 0) this.#types.set(at, type);
  }

  close(element: XmlElement, { constraints }: ElementDeclaration): void {
    const scope = this.#scopes.pop()!;
    for (const constraint of constraints)
      if (constraint.kind !== 'keyref') this.#fill(element, constraint, scope);
    for (const constraint of constraints)
      if (constraint.kind === 'keyref') this.#refer(element, constraint, scope);
    const outer = this.#scopes.at(-1);
    if (outer) merge(scope, outer);
    else this.#types.clear();
  }

  #fill(element: XmlElement, constraint: IdentityConstraint, scope: Map<Name, Table>): void {
    const own: Table = new Map();
    for (const [selected, key] of this.#keys(element, constraint)) {
      const values = { element: writtenName(selected), constraint: constraint.name.local };
      if (key === null) {
        if (constraint.kind === 'key') this.#report.add('xsd.key-missing', selected, values);
      } else if (own.has(key)) this.#report.add('xsd.key-twice', selected, values);
      else own.set(key, selected);
    }
    merge(new Map([[constraint.name, own]]), scope);
  }

  #refer(element: XmlElement, constraint: IdentityConstraint, scope: Map<Name, Table>): void {
    const table = constraint.refer && scope.get(constraint.refer);
    for (const [selected, key] of this.#keys(element, constraint)) {
      if (key === null || table?.has(key)) continue;
      const values = { element: writtenName(selected), constraint: constraint.name.local };
      this.#report.add('xsd.key-unknown', selected, values);
    }
  }

  /** Each element selected with its key, null when one of the fields has no value. */
  *#keys(
    element: XmlElement,
    { selector, fields }: IdentityConstraint,
  ): Generator<[XmlElement, string | null]> {
    for (const selected of select(element, selector)) {
      const parts = fields.map((field) => this.#valueOf([...fieldNodes(selected, field)]));
      yield [selected, parts.includes(null) ? null : JSON.stringify(parts)];
    }
  }

  #valueOf([node]: readonly (XmlElement | XmlAttribute)[]): string | null {
    const type = node && this.#types.get(node);
    if (!type) return null;
    return node.kind === ATTRIBUTE ? type.keyOf(node.value, node.parent) : type.keyOf(textOf(node), node);
  }
}

function merge(from: Map<Name, Table>, into: Map<Name, Table>): void {
  for (const [name, table] of from) {
    const known = into.get(name);
    if (!known) into.set(name, new Map(table));
    else for (const [key, element] of table) known.set(key, element);
  }
}
