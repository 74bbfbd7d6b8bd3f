import type { DocumentFacts } from '../words/document.ts';
import { HL7_NS } from '../xml/names.ts';
import { attribute, child, children, descendants, isElement } from '../xml/select.ts';
import type { XmlDocument, XmlElement } from '../xml/tree.ts';
import { describeFile } from './enclosed.ts';

/** Every body of the document, `structuredBody` or `nonXMLBody`; a sound document has exactly one. */
export function bodiesOf(clinicalDocument: XmlElement): XmlElement[] {
  return children(clinicalDocument, 'component').flatMap((component) => [
    ...children(component, 'structuredBody'),
    ...children(component, 'nonXMLBody'),
  ]);
}

export function describeBody(document: XmlDocument, body: XmlElement | null): DocumentFacts['body'] {
  if (!body) return { kind: 'absent' };
  if (isElement(body, 'structuredBody')) return { kind: 'structured' };
  const text = child(body, 'text');
  return {
    kind: 'file',
    mediaType: attribute(text, 'mediaType'),
    representation: attribute(text, 'representation'),
    ...(text ? { file: describeFile(document, text) } : {}),
  };
}

/**
 * The level of a document: 1 for a file or no body, 3 for a structured body in which at least one entry holds a coded
 * clinical statement, 2 otherwise. An entry that only shows an image or a file is not coded.
 */
export function levelOf(body: XmlElement | null): DocumentFacts['level'] {
  if (!body || !isElement(body, 'structuredBody')) return 1;
  for (const element of descendants(body)) if (isElement(element, 'entry') && isCoded(element)) return 3;
  return 2;
}

/** Elements whose `code` makes a clinical statement a coded one; a medicine is coded by its product. */
const CODED: ReadonlySet<string> = new Set([
  'act',
  'encounter',
  'manufacturedLabeledDrug',
  'manufacturedMaterial',
  'observation',
  'organizer',
  'procedure',
  'substanceAdministration',
  'supply',
]);

function isCoded(entry: XmlElement): boolean {
  for (const element of descendants(entry)) {
    const { ns, local } = element.name;
    if (ns === HL7_NS && CODED.has(local) && attribute(child(element, 'code'), 'code')) return true;
  }
  return false;
}
