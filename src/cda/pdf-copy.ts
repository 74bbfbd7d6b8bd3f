import { attribute, child, children, descendants, isElement } from '../xml/select.ts';
import type { XmlDocument, XmlElement } from '../xml/tree.ts';
import { bodiesOf } from './body.ts';
import { bytesOfFile, describe } from './enclosed.ts';

/** The PDF that a document brings of itself. */
export interface EnclosedPdf {
  /** The body of a level-1 document, or the section "copie du document" of a structured one. */
  from: 'body' | 'copy';
  /** As the document encloses it, to the byte. */
  bytes: Buffer;
  /** Part and level of PDF/A that it claims, such as `1B`; a claim is no proof. */
  claim: string | null;
}

/** Template of the section that holds the PDF copy of a structured document (CI-SIS, Ségur wave 2), and its LOINC code. */
const COPY_TEMPLATE = '1.2.250.1.213.1.1.2.243';
const COPY_CODE = '55108-5';

/**
 * The PDF that is the whole document for a reader: that of the body, or that of the copy section. Null when there is none,
 * or when what is called one does not begin as a PDF does. Files that are joined to a document are not copies of it.
 */
export function enclosedPdf(document: XmlDocument, clinicalDocument: XmlElement): EnclosedPdf | null {
  const body = bodiesOf(clinicalDocument)[0];
  if (!body) return null;
  const text = isElement(body, 'nonXMLBody') ? child(body, 'text') : null;
  if (text) return pdfIn(document, text, 'body');
  for (const section of descendants(body)) {
    if (!isElement(section, 'section') || !isCopySection(section)) continue;
    for (const value of mediaIn(section)) {
      const pdf = pdfIn(document, value, 'copy');
      if (pdf) return pdf;
    }
  }
  return null;
}

export function isCopySection(section: XmlElement): boolean {
  return (
    children(section, 'templateId').some((one) => attribute(one, 'root') === COPY_TEMPLATE) ||
    attribute(child(section, 'code'), 'code') === COPY_CODE
  );
}

function mediaIn(section: XmlElement): XmlElement[] {
  const media = [...descendants(section)].filter((one) => isElement(one, 'observationMedia'));
  return media.flatMap((one) => children(one, 'value'));
}

function pdfIn(document: XmlDocument, data: XmlElement, from: EnclosedPdf['from']): EnclosedPdf | null {
  const bytes = bytesOfFile(document, data);
  const { form, claim } = describe([bytes]);
  return form === 'pdf' ? { from, bytes, claim } : null;
}
