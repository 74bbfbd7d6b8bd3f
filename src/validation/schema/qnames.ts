import { type Name, nameOf, XML_NS } from '../../xml/names.ts';
import { DOCUMENT, type XmlElement } from '../../xml/tree.ts';
import { trimSpace } from './space.ts';

/** The namespace that a prefix stands for at an element, null when it is not declared; '' asks for the default one. */
export function namespaceAt(element: XmlElement, prefix: string): string | null {
  if (prefix === 'xml') return XML_NS;
  for (let at = element; ; at = at.parent) {
    const declared = at.declared?.get(prefix);
    if (declared !== undefined) return declared;
    if (at.parent.kind === DOCUMENT) return prefix === '' ? '' : null;
  }
}

/**
 * The expanded name that a QName stands for in the content or an attribute of an element, white space around it apart
 * (XML Schema 1.0 part 2, section 3.2.18); null when its prefix is not declared.
 */
export function qnameAt(element: XmlElement, text: string): Name | null {
  const [first, second] = trimSpace(text).split(':', 2);
  const ns = namespaceAt(element, second === undefined ? '' : first!);
  return ns === null ? null : nameOf(ns, second ?? first!);
}
