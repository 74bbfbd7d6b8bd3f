import { descendants, isElement } from '../xml/select.ts';
import type { XmlDocument, XmlElement } from '../xml/tree.ts';

const XSLT_NS = 'http://www.w3.org/1999/XSL/Transform';

/**
 * The ClinicalDocument (namespace urn:hl7-org:v3) of an XML document: its root, or the first one inside a style sheet
 * when the root is of the XSLT namespace (self-presenting document). Null when there is none.
 */
export function findClinicalDocument(document: XmlDocument): XmlElement | null {
  return clinicalDocumentsOf(document).next().value ?? null;
}

/** Every ClinicalDocument at a place where one is looked for; a sound document has exactly one. */
export function* clinicalDocumentsOf(document: XmlDocument): Generator<XmlElement, undefined> {
  const { root } = document;
  if (isElement(root, 'ClinicalDocument')) yield root;
  if (root.name.ns !== XSLT_NS) return;
  for (const element of descendants(root)) if (isElement(element, 'ClinicalDocument')) yield element;
}
