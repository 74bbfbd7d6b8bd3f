import type { Name } from '../../xml/names.ts';
import { descendants, elementsOf } from '../../xml/select.ts';
import type { XmlAttribute, XmlElement } from '../../xml/tree.ts';

/** A name test of a path: null stands for `*`, `local` null for `prefix:*`. */
export type NameTest = { ns: string; local: string | null } | null;

/** One path of the little XPath that identity constraints are written in (XML Schema 1.0 part 1, section 3.11.6). */
export interface Path {
  /** Begins with `.//`. */
  anywhere: boolean;
  steps: readonly NameTest[];
  /** The attribute that the path ends with, undefined when it ends with an element. */
  attribute?: NameTest;
}

/** A unique, key or keyref (XML Schema 1.0 part 1, section 3.11). */
export interface IdentityConstraint {
  kind: 'unique' | 'key' | 'keyref';
  name: Name;
  /** The key that a keyref refers to. */
  refer: Name | null;
  selector: readonly Path[];
  fields: readonly (readonly Path[])[];
}

/** The elements that a selector selects below an element, each once. */
export function select(from: XmlElement, paths: readonly Path[]): Set<XmlElement> {
  const found = new Set<XmlElement>();
  for (const path of paths) for (const element of elementsAt(from, path)) found.add(element);
  return found;
}

/** The elements and attributes that a field selects: one at the most when the document is valid. */
export function fieldNodes(from: XmlElement, paths: readonly Path[]): Set<XmlElement | XmlAttribute> {
  const found = new Set<XmlElement | XmlAttribute>();
  for (const path of paths) {
    for (const element of elementsAt(from, path)) {
      if (path.attribute === undefined) found.add(element);
      else for (const one of element.attributes) if (matches(one.name, path.attribute)) found.add(one);
    }
  }
  return found;
}

function elementsAt(from: XmlElement, { anywhere, steps }: Path): XmlElement[] {
  let at = anywhere ? [from, ...descendants(from)] : [from];
  for (const test of steps) at = at.flatMap(elementsOf).filter(({ name }) => matches(name, test));
  return at;
}

function matches(name: Name, test: NameTest): boolean {
  return test === null || (name.ns === test.ns && (test.local === null || name.local === test.local));
}
