import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFacts } from '../../src/cda/facts.ts';
import { parseXml } from '../../src/xml/parse.ts';
import { cda, factsOf, fileBody, type Parts, section } from './sample.ts';

const digest = (parts: Parts) => factsOf(parts).contentSha256;
const digestOf = (content: string) => digest(section(content));

describe('two bodies that say the same have the same digest', () => {
  test.each([
    [
      'identifiers',
      '<entry><act><id root="1"/><code code="1"/></act></entry>',
      '<entry><act><code code="1"/></act></entry>',
    ],
    [
      'times',
      '<entry><act><effectiveTime value="2024"/><author><time value="2024"/></author></act></entry>',
      '<entry><act><effectiveTime><low value="2023"/></effectiveTime><author/></act></entry>',
    ],
    ['birth times', '<subject><birthTime value="1979"/></subject>', '<subject/>'],
    ['layout', '<text>\n  Une   phrase\n</text>', '<text>Une phrase</text>'],
    ['order of attributes', '<code code="1" codeSystem="2"/>', '<code codeSystem="2" code="1"/>'],
    ['prefixes', '<text xmlns="urn:hl7-org:v3">a</text>', '<p:text xmlns:p="urn:hl7-org:v3">a</p:text>'],
    ['comments', '<text>a<!-- b --></text>', '<text>a</text>'],
    ['ways of writing a character', '<text>é &amp; <![CDATA[<]]></text>', '<text>&#233; &#38; &lt;</text>'],
    [
      'names of images',
      '<text><renderMultiMedia referencedObject="i1"/></text><entry><observationMedia ID="i1"/></entry>',
      '<text><renderMultiMedia referencedObject="i2"/></text><entry><observationMedia ID="i2"/></entry>',
    ],
    [
      'names of anchors',
      '<text><content ID="a1">x</content></text><entry><act><text><reference value="#a1"/></text></act></entry>',
      '<text><content ID="z9">x</content></text><entry><act><text><reference value="#z9"/></text></act></entry>',
    ],
  ])('apart from %s', (_, one, other) => {
    expect(digestOf(one)).toBe(digestOf(other));
  });

  test('whatever the header says', () => {
    const other = {
      title: '<title>Autre</title>',
      effectiveTime: '<effectiveTime value="2020"/>',
      id: '<id root="1.2"/>',
    };
    expect(digest(other)).toBe(digest({}));
  });
});

describe('two bodies that differ have different digests', () => {
  const dose = (inner: string) =>
    `<entry><substanceAdministration>${inner}</substanceAdministration></entry>`;
  test.each([
    ['a word', '<text>gauche</text>', '<text>droite</text>'],
    [
      'a value',
      '<entry><observation><value value="1"/></observation></entry>',
      '<entry><observation><value value="2"/></observation></entry>',
    ],
    ['a template', '<templateId root="1"/>', '<templateId root="2"/>'],
    ['where text stands', '<text>a</text><text/>', '<text/><text>a</text>'],
    ['structure', '<text><content>a</content>b</text>', '<text>a<content>b</content></text>'],
    ['a namespace', '<x xmlns="urn:a"/>', '<x xmlns="urn:b"/>'],
    ['words joined', '<text>a b</text>', '<text>ab</text>'],
    [
      'which anchor is meant',
      '<text><br ID="a"/><br ID="b"/><u value="#a"/></text>',
      '<text><br ID="a"/><br ID="b"/><u value="#b"/></text>',
    ],
    [
      'the rhythm of a treatment',
      dose('<effectiveTime><period value="8" unit="h"/></effectiveTime>'),
      dose('<effectiveTime><period value="12" unit="h"/></effectiveTime>'),
    ],
    [
      'its length',
      dose('<effectiveTime><comp><width value="7"/></comp></effectiveTime>'),
      dose('<effectiveTime><comp><width value="5"/></comp></effectiveTime>'),
    ],
  ])('by %s', (_, one, other) => {
    expect(digestOf(one)).not.toBe(digestOf(other));
  });

  test('a file and the same bytes said to be another kind of file', () => {
    expect(digest(fileBody('YQ==', 'mediaType="application/pdf"'))).not.toBe(
      digest(fileBody('YQ==', 'mediaType="text/plain"')),
    );
  });
});

test('a document without body has the digest of nothing', () => {
  expect(digest({ body: '' })).toBe(createHash('sha256').digest('hex'));
});

describe('long texts', () => {
  const base64 = 'QUJDREVG'.repeat(30_000);
  const inLines = (length: number, end: string) => base64.match(new RegExp(`.{1,${length}}`, 'g'))!.join(end);

  test('a file is the same whatever its lines', () => {
    const expected = digest(fileBody(base64));
    expect(digest(fileBody(`\n${inLines(76, '\n')}\n`))).toBe(expected);
    expect(digest(fileBody(inLines(64, '\r\n')))).toBe(expected);
    expect(digest(fileBody(`<![CDATA[${base64}]]>`))).toBe(expected);
    expect(digest(fileBody(base64.replace('QUJD', 'QUJE')))).not.toBe(expected);
  });

  test('text folds alike on every side of the lengths at which it is read in pieces', () => {
    const words = fc.array(fc.constantFrom('a', 'bb', 'é', '𝄞', '&amp;'), { minLength: 1, maxLength: 40 });
    const space = fc.constantFrom(' ', '\n', '\t ', '\r\n   ');
    fc.assert(
      fc.property(words, space, fc.constantFrom(1, 60, 400, 3000), (some, gap, times) => {
        const text = Array.from({ length: times }, () => some).flat();
        expect(digestOf(`<text>${gap}${text.join(gap)}${gap}</text>`)).toBe(
          digestOf(`<text>${text.join(' ')}</text>`),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('a file of 50 MB is read without a copy of it', () => {
    const bytes = Buffer.from(cda(fileBody('QUJD'.repeat(19).concat('\n').repeat(880_000))));
    expect(bytes.length).toBeGreaterThan(50_000_000 * (4 / 3));
    const before = held();
    const document = parseXml(bytes);
    const { facts } = readFacts(document, bytes);
    expect(held() - before).toBeLessThan(bytes.length / 2);
    expect([facts?.size, document.utf8.length]).toEqual([bytes.length, bytes.length]);
  });
});

function held(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
