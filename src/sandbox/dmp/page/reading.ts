import { parseXml } from '../../../xml/parse.ts';
import { attribute, child, children, descend, foldedText } from '../../../xml/select.ts';
import type { XmlElement } from '../../../xml/tree.ts';
import { clinicalDocument } from '../cda.ts';
import { headOf } from '../cda-head.ts';

/** What the heading of a document says to a reader; null where it says nothing. */
export interface Heading {
  title: string | null;
  /** Authors and their structure. */
  author: string | null;
  version: string | null;
  type: string | null;
}

const NOTHING: Heading = { title: null, author: null, version: null, type: null };

/** Reads the heading of a document; one that is not a readable CDA says nothing. */
export function readHeading(bytes: Buffer): Heading {
  const root = readRoot(headOf(bytes) ?? bytes);
  if (!root) return NOTHING;
  return {
    title: foldedText(child(root, 'title')),
    author: children(root, 'author').map(authorOf).filter(Boolean).join(' ; ') || null,
    version: attribute(child(root, 'versionNumber'), 'value'),
    type: attribute(child(root, 'code'), 'displayName'),
  };
}

/** The ClinicalDocument of some bytes, or null when they are none. */
export function readRoot(bytes: Buffer): XmlElement | null {
  try {
    const document = parseXml(bytes);
    return clinicalDocument(document, false) ?? clinicalDocument(document, true);
  } catch {
    return null;
  }
}

function authorOf(author: XmlElement): string {
  const assigned = child(author, 'assignedAuthor');
  const name = child(child(assigned, 'assignedPerson'), 'name');
  const parts = ['prefix', 'given', 'family'].flatMap((local) => children(name, local).map(foldedText));
  const device = descend(assigned, 'assignedAuthoringDevice', 'softwareName');
  const person = parts.filter(Boolean).join(' ') || foldedText(device);
  const organisation = foldedText(descend(assigned, 'representedOrganization', 'name'));
  return [person, organisation].filter(Boolean).join(', ');
}
