import { elementsOf } from '../../xml/select.ts';
import { ELEMENT, type XmlAttribute, type XmlDocument, type XmlElement } from '../../xml/tree.ts';

/**
 * The element of our tree that a path of libxml2 names: `*[n]` counts all element siblings, `p:name[n]` those with the
 * same qualified name as written (libxml2, xmlGetNodePath). Null when the path names none.
 */
export function elementAt(document: XmlDocument, path: string): XmlElement | null {
  let at: XmlDocument | XmlElement = document;
  for (const step of path.split('/').slice(1)) {
    if (step.startsWith('@') || step.endsWith('()')) break;
    const [, name, index] = /^([^[]+)(?:\[(\d+)\])?$/.exec(step) ?? [];
    if (name === undefined) return null;
    const next: XmlElement | undefined = elementsOf(at).filter(
      (one) => name === '*' || writtenName(one) === name,
    )[Number(index ?? 1) - 1];
    if (!next) return null;
    at = next;
  }
  return at === document ? null : (at as XmlElement);
}

/** The name of an element or attribute as the document writes it. */
export function writtenName({ prefix, name }: { prefix: string; name: { local: string } }): string {
  return prefix === '' ? name.local : `${prefix}:${name.local}`;
}

/** `templateId/@root` for an attribute, `templateId` for an element. */
export function whereIs(at: XmlAttribute | XmlElement): string {
  return at.kind === ELEMENT ? writtenName(at) : `${writtenName(at.parent)}/@${writtenName(at)}`;
}
