import { readFacts } from '../../src/cda/facts.ts';
import type { DocumentFacts } from '../../src/words/document.ts';
import { parseXml } from '../../src/xml/parse.ts';

/** Parts of a small CDA by name, in the order of the header. A part replaced by '' is left out. */
const PARTS = {
  id: '<id root="1.2.250.1.999.1.1"/>',
  code: '<code code="11490-0" codeSystem="2.16.840.1.113883.6.1" displayName="Lettre de liaison"/>',
  title: '<title>Lettre</title>',
  effectiveTime: '<effectiveTime value="20240131093000+0100"/>',
  recordTarget:
    '<recordTarget><patientRole><id root="1.2.250.1.213.1.4.10" extension="279035121518989"/></patientRole></recordTarget>',
  author:
    '<author><time value="20240131093000+0100"/><assignedAuthor><id root="1.2.250.1.71.4.2.1" extension="801234567897"/></assignedAuthor></author>',
  related: '',
  documentationOf: '',
  componentOf: '',
  body: '<component><structuredBody><component><section><text>Bonjour</text></section></component></structuredBody></component>',
};

export type Parts = Partial<Record<keyof typeof PARTS, string>>;

export function cda(parts: Parts = {}): string {
  const all = Object.values({ ...PARTS, ...parts }).filter((part) => part !== '');
  return `<ClinicalDocument xmlns="urn:hl7-org:v3">\n${all.join('\n')}\n</ClinicalDocument>`;
}

export function read(text: string) {
  const bytes = Buffer.from(text);
  return readFacts(parseXml(bytes), bytes);
}

export function factsOf(parts: Parts): DocumentFacts {
  const { facts } = read(cda(parts));
  if (!facts) throw new Error('the document has no usable id');
  return facts;
}

/** A document whose structured body is one section with this content. */
export function section(content: string): Parts {
  return {
    body: `<component><structuredBody><component><section>${content}</section></component></structuredBody></component>`,
  };
}

export function fileBody(
  text: string,
  attributes = 'mediaType="application/pdf" representation="B64"',
): Parts {
  return { body: `<component><nonXMLBody><text ${attributes}>${text}</text></nonXMLBody></component>` };
}
