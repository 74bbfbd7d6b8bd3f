import { attribute, child, children, elementsOf, foldedText, isElement } from '../../xml/select.ts';
import type { XmlDocument, XmlElement } from '../../xml/tree.ts';
import { bodiesOf } from '../body.ts';
import { readCoded } from '../datatypes.ts';
import { bytesOfFile } from '../enclosed.ts';
import { headerGroups, mentionGroups } from './header.ts';
import type { Block, Presentation, Section } from './model.ts';
import { Narrative } from './narrative.ts';
import { patientLine } from './patient.ts';
import { codedWords } from './words.ts';

/**
 * Reads a document for showing it: its header, the narrative of every section, its footnotes. Fetches nothing. Linear in
 * the size of the document.
 * @throws codes of `renderErrors` when a table is beyond the caps
 */
export function present(document: XmlDocument, clinicalDocument: XmlElement): Presentation {
  const narrative = new Narrative(document);
  const type = codedWords(readCoded(child(clinicalDocument, 'code')));
  const title = foldedText(child(clinicalDocument, 'title'));
  return {
    language: languageOf(clinicalDocument),
    title: title ?? type ?? 'Document sans titre',
    type: title && type && title.toLowerCase() !== type.toLowerCase() ? type : null,
    patient: patientLine(clinicalDocument),
    effectiveTime: attribute(child(clinicalDocument, 'effectiveTime'), 'value'),
    header: headerGroups(clinicalDocument),
    mentions: mentionGroups(clinicalDocument),
    sections: bodiesOf(clinicalDocument).flatMap((body) => bodySections(document, body, narrative)),
    footnotes: narrative.footnotes,
  };
}

const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;

function languageOf(clinicalDocument: XmlElement): string {
  const code = attribute(child(clinicalDocument, 'languageCode'), 'code') ?? '';
  return LANGUAGE.test(code) ? code : 'fr';
}

function bodySections(document: XmlDocument, body: XmlElement, narrative: Narrative): Section[] {
  if (isElement(body, 'structuredBody')) return sectionsIn(body, narrative, 1);
  const text = child(body, 'text');
  if (!text) return [];
  return [{ title: null, depth: 1, blocks: fileBlocks(document, text, narrative), sections: [] }];
}

/** The file of an unstructured body: a plain text as it stands, a picture, else a remark on what it is. */
function fileBlocks(document: XmlDocument, text: XmlElement, narrative: Narrative): Block[] {
  const type = attribute(text, 'mediaType') ?? 'text/plain';
  if (type !== 'text/plain' || elementsOf(text).length > 0) return [narrative.media.body(text)];
  return bytesOfFile(document, text)
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => ({
      kind: 'paragraph',
      inlines: [{ kind: 'text', text: line.trim(), look: 0, link: null, revised: null }],
      caption: null,
    }));
}

function sectionsIn(parent: XmlElement, narrative: Narrative, depth: number): Section[] {
  return children(parent, 'component')
    .flatMap((component) => children(component, 'section'))
    .map((section) => ({
      title: foldedText(child(section, 'title')) ?? codedWords(readCoded(child(section, 'code'))),
      depth,
      blocks: children(section, 'text').flatMap((text) => narrative.blocks(text)),
      sections: sectionsIn(section, narrative, depth + 1),
    }));
}
