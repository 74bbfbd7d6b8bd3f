import { HL7_NS } from '../../xml/names.ts';
import { attribute, child, children, descendants } from '../../xml/select.ts';
import { INSTRUCTION, type XmlDocument, type XmlElement } from '../../xml/tree.ts';

/** What of a document says which rules are meant for it. */
export interface RulesHeader {
  templates: { root: string; extension: string | null }[];
  code: string | null;
  /** 1: a file in nonXMLBody; 2 or 3: structured. */
  level: 1 | 2 | 3;
  /** File names without ending of the Schematrons that the document itself names in processing instructions. */
  named: string[];
}

/** Reads it from a tree; the ClinicalDocument may stand in a style sheet. */
export function rulesHeader(
  document: XmlDocument,
  clinicalDocument: XmlElement,
  level: RulesHeader['level'],
): RulesHeader {
  return {
    templates: children(clinicalDocument, 'templateId').flatMap((one) => {
      const root = attribute(one, 'root');
      return root === null ? [] : [{ root, extension: attribute(one, 'extension') }];
    }),
    code: attribute(child(clinicalDocument, 'code'), 'code'),
    level,
    named: namedSchematrons(document),
  };
}

/**
 * Schematrons that a document names before its root: `<?xml-model href="…"?>` (ISO/IEC 19757-11) and what the editor
 * oXygen writes, `<?oxygen SCHSchema="…"?>`. Only the file name is read; nothing is fetched.
 */
export function namedSchematrons(document: XmlDocument): string[] {
  return document.children.flatMap((node) => {
    if (node.kind !== INSTRUCTION) return [];
    const pseudo = node.target === 'oxygen' ? 'SCHSchema' : node.target === 'xml-model' ? 'href' : null;
    const found =
      pseudo && new RegExp(`\\b${pseudo}\\s*=\\s*["']([^"']*?)([^"'/\\\\]+)\\.sch["']`).exec(node.value);
    return found ? [found[2]!] : [];
  });
}

/** The ClinicalDocument of an example: the root, or the first one inside a style sheet. */
export function clinicalDocumentIn(document: XmlDocument): XmlElement | null {
  const named = (one: XmlElement) => one.name.ns === HL7_NS && one.name.local === 'ClinicalDocument';
  if (named(document.root)) return document.root;
  for (const element of descendants(document)) if (named(element)) return element;
  return null;
}
