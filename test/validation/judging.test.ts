import { rmSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { validationLimits } from '../../src/validation/limits.ts';
import { openPack } from '../../src/validation/packs.ts';
import { loadSchema } from '../../src/validation/schema/validate.ts';
import { parseXml } from '../../src/xml/parse.ts';
import { XmlDocument } from '../../src/xml/tree.ts';
import { folderOf, lastingFolderOf, MAIN, schema } from './packs-made.ts';
import { SPECIMEN, specimen } from './specimen.ts';

const folder = lastingFolderOf(SPECIMEN);
const validator = loadSchema(openPack(folder));
afterAll(() => rmSync(folder, { recursive: true }));

const parse = (text: string): XmlDocument => parseXml(Buffer.from(text));

describe('one validator', () => {
  test('keeps nothing of what it judged', () => {
    const documents = [
      parse(specimen('<titel/>', '<id root="x"/><code/>')),
      parse(specimen('<text ID="a"/>')),
      parse('<a/>'),
    ];
    const judgeAll = () => documents.map((document) => validator.validate(document));
    const first = judgeAll();
    for (let round = 0; round < 100; round += 1) expect(judgeAll()).toEqual(first);
  });

  test('judges a large document in a time that grows with its size', () => {
    const rows = (count: number) => parse(specimen(`<text>${'<td headers="a"/>'.repeat(count)}</text>`));
    const timed = (document: XmlDocument) => {
      const began = performance.now();
      validator.validate(document);
      return performance.now() - began;
    };
    const [small, large] = [rows(20_000), rows(200_000)];
    timed(small);
    const best = (document: XmlDocument) => Math.min(timed(document), timed(document), timed(document));
    expect(best(large) / best(small)).toBeLessThan(50);
  });
});

describe('limits of a document', () => {
  test('documentBytes', () => {
    const { value } = validationLimits.documentBytes;
    const room = value - Buffer.byteLength(specimen('<title></title>'));
    const document = parse(specimen(`<title>${'a'.repeat(room)}</title>`));
    expect(document.utf8.length).toBe(value);
    expect(validator.validate(document)).toEqual([]);
    expect(() => validator.validate(new XmlDocument(Buffer.alloc(value + 1), 'UTF-8'))).toThrow(
      expect.objectContaining({ code: 'validation.document-too-large', class: 'not-judged' }),
    );
  });

  test.each([
    ['of elements', (count: number) => specimen(`<title/>${'<value/>'.repeat(count)}`)],
    ['of references', (count: number) => specimen(`<text>${'<td headers="x"/>'.repeat(count)}</text>`)],
  ])('complaints %s', (_, text) => {
    const { value } = validationLimits.complaints;
    const atCap = validator.validate(parse(text(value)));
    expect(atCap).toHaveLength(value);
    expect(atCap.some(({ code }) => code === 'xsd.too-many')).toBe(false);
    const beyond = validator.validate(parse(text(value + 1)));
    expect(beyond).toHaveLength(value + 1);
    expect(beyond.at(-1)).toMatchObject({ code: 'xsd.too-many', severity: 'error' });
  });

  test('quotedCharacters and detailCharacters', () => {
    const { quotedCharacters, detailCharacters } = validationLimits;
    const found = (length: number) =>
      validator.validate(parse(specimen('', `<id root="${'x'.repeat(length)}"/><code/>`)))[0]!;
    expect(found(quotedCharacters.value).message).toContain(`« ${'x'.repeat(quotedCharacters.value)} »`);
    expect(found(quotedCharacters.value + 1).message).toContain(`« ${'x'.repeat(quotedCharacters.value)}… »`);
    const name = (length: number) =>
      validator.validate(parse(specimen(`<titel/>`).replaceAll('titel', 't'.repeat(length))))[0]!.detail;
    const words = name(1).length - 1;
    expect(name(detailCharacters.value - words)).toHaveLength(detailCharacters.value);
    expect(name(detailCharacters.value - words + 1)).toHaveLength(detailCharacters.value + 1);
    expect(name(detailCharacters.value - words + 1).endsWith('…')).toBe(true);
  });
});

describe('limits of a schema', () => {
  const repeated = (most: number) =>
    schema(`<xs:element name="ClinicalDocument"><xs:complexType><xs:sequence>
<xs:element name="a" maxOccurs="${most}"/></xs:sequence></xs:complexType></xs:element>`);

  test('modelPositions', () => {
    const { value } = validationLimits.modelPositions;
    const judged = loadSchema(openPack(folderOf({ [MAIN]: repeated(value) })));
    const document = (count: number) =>
      parse(`<ClinicalDocument xmlns="urn:hl7-org:v3">${'<a/>'.repeat(count)}</ClinicalDocument>`);
    expect(judged.validate(document(value))).toEqual([]);
    expect(judged.validate(document(value + 1))).toHaveLength(1);
    expect(() => loadSchema(openPack(folderOf({ [MAIN]: repeated(value + 1) })))).toThrow(
      expect.objectContaining({ code: 'validation.schema-invalid' }),
    );
  });
});
