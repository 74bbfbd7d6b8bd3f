import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PackError } from '../../src/validation/errors.ts';
import { compileSchema } from '../../src/validation/schema/compile.ts';
import { readSchema } from '../../src/validation/schema/documents.ts';
import { SchemaValidator } from '../../src/validation/schema/validate.ts';
import { parseXml } from '../../src/xml/parse.ts';
import { CLINICAL_DOCUMENT, folderOf, MAIN, schema } from './packs-made.ts';

/**
 * A schema of ours that uses every construct, and small documents with the verdict of Xerces (JDK 17) on each. `#` stands
 * for the namespace declarations.
 */
const cases = JSON.parse(readFileSync(join(import.meta.dirname, 'schema-structures.json'), 'utf8')) as {
  namespaces: string;
  files: Record<string, string[]>;
  valid: string[];
  invalid: string[];
};

const XSD = ' xmlns:xs="http://www.w3.org/2001/XMLSchema"';

function compiled(files: Readonly<Record<string, string>>, main: string): SchemaValidator {
  const { documents, problems } = readSchema(folderOf(files), main);
  expect(problems).toEqual([]);
  return new SchemaValidator({ schema: 'main', pack: 'made' }, compileSchema(documents, main));
}

test('every construct is judged as Xerces judges it', () => {
  const files = Object.entries(cases.files).map(([path, lines]) => [
    path,
    lines.join('\n').replace('<xs:schema', `<xs:schema${XSD}`),
  ]);
  const validator = compiled(Object.fromEntries(files), 'c/main.xsd');
  const isValid = (text: string) =>
    validator.validate(parseXml(Buffer.from(text.replace('#', ` ${cases.namespaces} `)))).length === 0;
  expect(cases.valid.length).toBeGreaterThan(100);
  expect(cases.invalid.length).toBeGreaterThan(300);
  expect(cases.valid.filter((text) => !isValid(text))).toEqual([]);
  expect(cases.invalid.filter(isValid)).toEqual([]);
});

describe('a schema is refused with file and line', () => {
  const type = (body: string) => `<xs:complexType name="T">${body}</xs:complexType>`;
  const simple = (body: string) => `<xs:simpleType name="S">${body}</xs:simpleType>`;
  test.each([
    ['a misspelt element', '<xs:elment name="x"/>', 'no element of XML Schema'],
    ['a misspelt attribute', '<xs:element nam="x"/>', 'has no attribute nam'],
    ['text', 'text', 'holds text'],
    [
      'children in a wrong order',
      type('<xs:attribute name="a"/><xs:sequence/>'),
      'not those that it may have',
    ],
    ['a missing type', '<xs:element name="x" type="Missing"/>', 'there is no type'],
    ['a missing attribute', type('<xs:attribute ref="missing"/>'), 'there is no attribute'],
    ['a missing group', type('<xs:group ref="missing"/>'), 'there is no group'],
    ['a prefix that is not declared', '<xs:element name="x" type="p:x"/>', 'is not declared'],
    ['a name defined twice', '<xs:element name="x"/><xs:element name="x"/>', 'is defined twice'],
    ['a type that derives from itself', type(extension('T', '')), 'is made of itself'],
    ['a list of itself', simple('<xs:list itemType="S"/>'), 'is made of itself'],
    [
      'a group in itself',
      '<xs:group name="g"><xs:sequence><xs:group ref="g"/></xs:sequence></xs:group><xs:element name="x"><xs:complexType><xs:group ref="g"/></xs:complexType></xs:element>',
      'is made of itself',
    ],
    ['minOccurs above maxOccurs', type('<xs:sequence minOccurs="2"/>'), 'do not go together'],
    [
      'a pattern that is none',
      simple('<xs:restriction base="xs:string"><xs:pattern value="["/></xs:restriction>'),
      'is not valid',
    ],
    [
      'a facet of another type',
      simple('<xs:restriction base="xs:int"><xs:length value="2"/></xs:restriction>'),
      'is not possible for xs:int',
    ],
    [
      'an enumeration of no value',
      simple('<xs:restriction base="xs:int"><xs:enumeration value="x"/></xs:restriction>'),
      'is no value of xs:int',
    ],
    [
      'a fixed value of another type',
      type('<xs:attribute name="a" type="xs:int" fixed="x"/>'),
      'is no value of xs:int',
    ],
    [
      'two particles for one element',
      type('<xs:sequence><xs:element name="a" minOccurs="0"/><xs:element name="a"/></xs:sequence>'),
      'competes',
    ],
    [
      'an element and a wildcard for it',
      type('<xs:sequence><xs:element name="a" minOccurs="0"/><xs:any/></xs:sequence>'),
      'competes',
    ],
    [
      'xs:all in a sequence',
      type('<xs:sequence><xs:group ref="g"/></xs:sequence>').concat(
        '<xs:group name="g"><xs:all/></xs:group>',
      ),
      'may not stand in a group',
    ],
    [
      'a path that is none',
      '<xs:element name="x"><xs:key name="k"><xs:selector xpath="a[1]"/><xs:field xpath="@b"/></xs:key></xs:element>',
      'is no step of a path',
    ],
    ['complex content from simple content', type(extension('xs:int', '')), 'of simple content'],
    [
      'a final base',
      '<xs:complexType name="F" final="#all"/>'.concat(type(extension('F', ''))),
      'allows no extension',
    ],
  ])('%s', (_, body, what) => {
    const folder = folderOf({ [MAIN]: schema(`${CLINICAL_DOCUMENT}\n${body}`) });
    const { documents } = readSchema(folder, MAIN);
    const problems = problemsOf(() => compileSchema(documents, MAIN));
    expect(problems).toContainEqual(
      expect.objectContaining({
        code: 'validation.schema-invalid',
        values: expect.objectContaining({ file: MAIN, what: expect.stringContaining(what) }),
      }),
    );
  });
});

function extension(base: string, body: string): string {
  return `<xs:complexContent><xs:extension base="${base}">${body}</xs:extension></xs:complexContent>`;
}

function problemsOf(action: () => unknown): readonly unknown[] {
  try {
    action();
  } catch (error) {
    if (error instanceof PackError) return error.problems;
    throw error;
  }
  return [];
}
