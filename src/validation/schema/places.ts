import { ELEMENT, type XmlAttribute, type XmlElement } from '../../xml/tree.ts';

/** The name of an element or attribute as the document writes it. */
export function writtenName({ prefix, name }: { prefix: string; name: { local: string } }): string {
  return prefix === '' ? name.local : `${prefix}:${name.local}`;
}

/** `templateId/@root` for an attribute, `templateId` for an element. */
export function whereIs(at: XmlAttribute | XmlElement): string {
  return at.kind === ELEMENT ? writtenName(at) : `${writtenName(at.parent)}/@${writtenName(at)}`;
}
