import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BUILT_INS } from '../../src/validation/schema/built-ins.ts';
import { XSD_NS } from '../../src/validation/schema/documents.ts';
import { nameOf } from '../../src/xml/names.ts';
import { parseXml } from '../../src/xml/parse.ts';

/**
 * What Xerces (JDK 17) says of each value as the text of an element of each built-in type. Made by validating
 * `<c:TYPE xmlns:c="urn:c" xmlns:x="urn:x">VALUE</c:TYPE>` by a schema that declares an element for each type.
 */
const table = JSON.parse(readFileSync(join(import.meta.dirname, 'schema-values.json'), 'utf8')) as {
  values: string[];
  taken: Record<string, string[]>;
};

const { root } = parseXml(Buffer.from('<a xmlns:x="urn:x"/>'));

describe('a built-in type takes what Xerces takes', () => {
  test.each(Object.entries(table.taken))('%s', (name, taken) => {
    const type = BUILT_INS.get(nameOf(XSD_NS, name))!;
    expect(table.values.filter((value) => type.faultOf(value, root) === null)).toEqual(taken);
  });
});

test('every built-in type of the specification is known', () => {
  // A reference needs something to refer to: schema.test.ts has such documents.
  const others = ['anySimpleType', 'ENTITIES', 'NOTATION', 'IDREF', 'IDREFS'];
  const known = [...BUILT_INS.keys()].map(({ local }) => local);
  expect(known.sort()).toEqual([...Object.keys(table.taken), ...others].sort());
});
