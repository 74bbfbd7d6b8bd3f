import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPack, type Pack } from '../../src/validation/packs.ts';
import { compileSchema } from '../../src/validation/schema/compile.ts';
import { Components } from '../../src/validation/schema/components.ts';
import { examine } from '../../src/validation/schema/examine.ts';
import { Libxml2 } from '../../src/validation/schema/libxml2.ts';
import { Proof } from '../../src/validation/schema/proof.ts';
import { SchemaReport } from '../../src/validation/schema/report.ts';
import { checkTyped } from '../../src/validation/schema/typed-checks.ts';
import { SchemaTypes } from '../../src/validation/schema/types.ts';
import { parseXml } from '../../src/xml/parse.ts';
import type { XmlDocument } from '../../src/xml/tree.ts';
import { type Case, exampleCases, missing, mutantCases, packFolder } from '../conformance/cases.ts';
import { lastingFolderOf } from './packs-made.ts';
import { SPECIMEN, specimen } from './specimen.ts';

// What defends "nothing unchecked looks checked" here: whatever is proved valid, libxml2 and Xerces hold valid too.

const MAIN = 'infrastructure/cda/CDA.xsd';
const folder = lastingFolderOf({ ...SPECIMEN, [MAIN]: SPECIMEN[MAIN]!.replace('"lax"', '"skip"') });
const { proved, parsed, agrees } = toolsOf(openPack(folder));
let libxml2: Libxml2;
let compiled: number;

beforeAll(async () => {
  libxml2 = await Libxml2.open();
  const { main, documents } = openPack(folder).schema;
  const bytes = new Map([...documents].map(([path, document]) => [path, document.bytes]));
  compiled = compileSchema(libxml2, { main, bytes });
});
afterAll(() => rmSync(folder, { recursive: true }));

function toolsOf({ schema: { documents, main } }: Pack) {
  const components = new Components(documents, main);
  const [proof, types] = [new Proof(components), new SchemaTypes(components)];
  return {
    /** As a validator does: our own checks first, then the proof. */
    proved(document: XmlDocument): boolean {
      const report = new SchemaReport(document, { schema: 'CDA', pack: 'specimen' });
      checkTyped(document, types, report);
      return report.isEmpty && proof.isValid(document);
    },
    parsed(text: string | Buffer): XmlDocument | null {
      try {
        return parseXml(Buffer.from(text));
      } catch {
        return null;
      }
    },
    agrees: ({ utf8 }: XmlDocument) => examine(libxml2, compiled, utf8),
  };
}

describe('is given for', () => {
  test.each([
    ['the least document', specimen('')],
    ['everything optional', specimen('<title>a</title><telecom value="tel:1"/><telecom/><text>b</text>')],
    [
      'types chosen by xsi:type',
      specimen('<value xsi:type="INT" value=" 1 "/><value xsi:type="ST">a</value>'),
    ],
    ['a type that inherits its content', specimen('<value xsi:type="ED">a<reference value="b"/>c</value>')],
    [
      'a narrative with identifiers',
      specimen('<text ID="a">x<content ID="é">y</content><footnoteRef IDREF="a"/></text>'),
    ],
    ['elements that nobody looks into', specimen('<e:unknown any="1"><more/></e:unknown>')],
    ['comments, instructions and CDATA sections', specimen('<!-- a --><?b c?><text><![CDATA[d]]></text>')],
  ])('%s', (_, text) => {
    expect(proved(parsed(text)!)).toBe(true);
  });
});

describe('is not given for', () => {
  test.each([
    ['an unknown root', '<Other xmlns="urn:hl7-org:v3"/>'],
    ['a missing attribute', specimen('').replace(' moodCode="EVN"', '')],
    ['another value than the fixed one', specimen('').replace('moodCode', 'classCode="X" moodCode')],
    ['an unknown attribute', specimen('', '<id root="1" foo="2"/><code/>')],
    ['a prohibited attribute', specimen('<value xsi:type="ST" mediaType="a"/>')],
    ['a value against its pattern', specimen('', '<id root="a"/><code/>')],
    ['a value that is too short', specimen('', '<id root="1" extension=""/><code/>')],
    ['a value out of its list', specimen('', '<id root="1"/><code code="C"/>')],
    ['a number that is none', specimen('<value xsi:type="INT" value="1.0"/>')],
    ['a number that is too large', specimen('<value xsi:type="INT" value="2147483648"/>')],
    ['a missing element', specimen('', '<id root="1"/>')],
    ['an element too many', specimen('<title/><title/>')],
    ['an element that comes too late', specimen('<text/><title/>')],
    ['an element of no namespace under a wildcard for others', specimen('<x xmlns=""/>')],
    ['an abstract type', specimen('<value/>')],
    ['a chosen type that is not derived', specimen('<value xsi:type="II" root="1"/>')],
    ['a chosen type that does not exist', specimen('<value xsi:type="XX"/>')],
    ['xsi:nil', specimen('<title xsi:nil="true"/>')],
    ['text between elements', specimen('a')],
    ['white space in an empty type', specimen('<telecom> </telecom>')],
    ['an element where only text may be', specimen('<title><reference/></title>')],
    ['an identifier used twice', specimen('<text ID="a"><content ID="a"/></text>')],
    ['a reference to nothing', specimen('<text><footnoteRef IDREF="a"/></text>')],
  ])('%s', (_, text) => {
    expect(proved(parsed(text)!)).toBe(false);
  });
});

const PIECES = [
  '<title>a</title>',
  '<title/>',
  '<telecom value="tel:1"/>',
  '<value xsi:type="INT" value="1"/>',
  '<value xsi:type="ED">a<reference/></value>',
  '<value xsi:type="SC" code="a">b</value>',
  '<text ID="a">b<content/><td headers="a"/></text>',
  '<e:note refersTo="a"/>',
  '<!-- a -->',
  ' ',
];

const SCRAPS = [
  '<',
  '>',
  '&',
  '"',
  '=',
  ' ',
  '\n',
  '/',
  '&amp;',
  '&#32;',
  ']]>',
  '<![CDATA[',
  '--',
  'é',
  '\u0000',
  'a:',
];

test('is only given for what libxml2 holds well-formed and valid, whatever was cut out or put in', () => {
  const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 5 });
  const damage = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(4),
    put: fc.constantFrom('', ...SCRAPS),
  });
  let given = 0;
  fc.assert(
    fc.property(pieces, fc.array(damage, { maxLength: 2 }), (body, damages) => {
      const text = damages.reduce(
        (whole, { at, cut, put }) => {
          const from = Math.floor(at * whole.length);
          return whole.slice(0, from) + put + whole.slice(from + cut);
        },
        specimen(body.join('')),
      );
      const document = parsed(text);
      if (!document || !proved(document)) return;
      given += 1;
      expect(agrees(document)).toMatchObject({ wellFormed: true, complaints: [] });
    }),
    { numRuns: 3000 },
  );
  expect(given).toBeGreaterThan(100);
});

test.skipIf(missing !== null)(
  `is given for most official examples and for no mutant that Xerces refuses${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    const official = toolsOf(openPack(packFolder));
    const of = (cases: readonly Case[]) =>
      cases.map(({ truth, read }) => {
        const document = official.parsed(read());
        return { valid: truth.xsd === 0, given: document !== null && official.proved(document) };
      });
    expect(of(exampleCases()).filter(({ given }) => given).length).toBeGreaterThanOrEqual(90);
    expect(of(mutantCases()).filter(({ valid, given }) => given && !valid)).toEqual([]);
  },
);
