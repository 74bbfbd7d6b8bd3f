import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPack } from '../../src/validation/packs.ts';
import { loadSchema, type SchemaValidator } from '../../src/validation/schema/validate.ts';
import type { Finding } from '../../src/words/findings.ts';
import { parseXml } from '../../src/xml/parse.ts';
import { lastingFolderOf } from './packs-made.ts';
import { SPECIMEN, specimen } from './specimen.ts';

let validator: SchemaValidator;
const folder = lastingFolderOf(SPECIMEN);
const pack = openPack(folder);
beforeAll(() => {
  validator = loadSchema(pack);
});
afterAll(() => rmSync(folder, { recursive: true }));

const judge = (text: string | Buffer): Finding[] =>
  validator.validate(parseXml(typeof text === 'string' ? Buffer.from(text) : text));

const places = (text: string): string[] =>
  judge(text).map(({ code, line, column, location }) => `${code} ${line}:${column} ${location}`);

describe('a valid document', () => {
  test.each([
    ['without anything optional', specimen('')],
    [
      'with a type chosen by xsi:type',
      specimen('<value xsi:type="INT" value="1"/><value xsi:type="ST">a</value>'),
    ],
    [
      'with another prefix',
      specimen('')
        .replace('xmlns=', 'xmlns:c=')
        .replaceAll(/<(\/?)(\w)/g, '<$1c:$2'),
    ],
    [
      'with identifiers and references, forward ones too',
      specimen('<text><footnoteRef IDREF="a"/><content ID="a">x</content><td headers=" a a "/></text>'),
    ],
    ['with unknown elements of another namespace', specimen('<e:unknown><e:more a="1"/></e:unknown>')],
    ['with white space around a chosen type', specimen('<value xsi:type="\n  INT\t" value="1"/>')],
    ['with a namespace that is no URI', specimen('<p:x xmlns:p="é è"/>')],
    [
      'with an empty CDATA section in an empty element',
      specimen('', '<id root="1.2"><![CDATA[]]></id><code/>'),
    ],
    ['with a CDATA section of blanks between elements', specimen('<![CDATA[  ]]>')],
    [
      'that names a schema of its own, which is not read',
      specimen('').replace('moodCode', 'xsi:schemaLocation="urn:hl7-org:v3 /etc/passwd" moodCode'),
    ],
  ])('%s has no finding', (_, text) => {
    expect(judge(text)).toEqual([]);
  });
});

describe('each kind of error', () => {
  test.each([
    ['an unknown root', '\n<Other xmlns="urn:hl7-org:v3"/>', 'xsd.root-unknown 2:1 /Other'],
    ['an unexpected element', specimen('<titel/>'), 'xsd.element-unexpected 3:1 /ClinicalDocument/titel'],
    [
      'an element that comes too late',
      specimen('<text/><title/>'),
      'xsd.element-unexpected 3:8 /ClinicalDocument/title',
    ],
    [
      'an element where none may be',
      specimen('', '<id root="1"><x/></id><code/>'),
      'xsd.element-not-allowed 2:14 /ClinicalDocument/id/x',
    ],
    ['a missing element', specimen('', '<id root="1"/>'), 'xsd.element-missing 1:1 /ClinicalDocument'],
    [
      'an attribute that is not allowed',
      specimen('', '<id root="1"  foo="2"/><code/>'),
      'xsd.attribute-not-allowed 2:15 /ClinicalDocument/id/@foo',
    ],
    ['a missing attribute', specimen('', '  <id/><code/>'), 'xsd.attribute-missing 2:3 /ClinicalDocument/id'],
    [
      'a value that is not in the list',
      specimen('', '<id root="1"/><code code="C"/>'),
      'xsd.value-not-in-list 2:21 /ClinicalDocument/code/@code',
    ],
    [
      'a value of the wrong form',
      specimen('', '<id root="urn:oid:1"/><code/>'),
      'xsd.value-wrong-form 2:5 /ClinicalDocument/id/@root',
    ],
    [
      'a value that is too short',
      specimen('', '<id root="1" extension=""/><code/>'),
      'xsd.value-out-of-bounds 2:14 /ClinicalDocument/id/@extension',
    ],
    [
      'a value of the wrong type',
      specimen('<value xsi:type="INT" value="1.0"/>'),
      'xsd.value-wrong-type 3:23 /ClinicalDocument/value/@value',
    ],
    [
      'a value that is fixed',
      specimen('').replace('mood', 'classCode="ACT" mood'),
      'xsd.value-not-fixed 1:116 /ClinicalDocument/@classCode',
    ],
    [
      'an unknown type',
      specimen('<value xsi:type="PQQ"/>'),
      'xsd.type-unknown 3:8 /ClinicalDocument/value/@type',
    ],
    [
      'a type that is not derived',
      specimen('<title xsi:type="INT"/>'),
      'xsd.type-not-allowed 3:8 /ClinicalDocument/title/@type',
    ],
    ['a type that is not chosen', specimen('<value/>'), 'xsd.type-missing 3:1 /ClinicalDocument/value'],
    [
      'text where none may be',
      specimen('', '<id root="1"/> \n a<code/>'),
      'xsd.text-not-allowed 2:15 /ClinicalDocument/text()[2]',
    ],
    [
      'text in an empty element',
      specimen('', '<id root="1">a</id><code/>'),
      'xsd.text-not-allowed 2:14 /ClinicalDocument/id/text()',
    ],
    [
      'a nil that is not allowed',
      specimen('<title xsi:nil="true"/>'),
      'xsd.nil-not-allowed 3:8 /ClinicalDocument/title/@nil',
    ],
    [
      'an identifier used twice',
      specimen('<text ID="a"><content ID="a"/></text>'),
      'xsd.identifier-twice 3:23 /ClinicalDocument/text/content/@ID',
    ],
    [
      'a reference to no identifier',
      specimen('<text><footnoteRef IDREF="b"/></text>'),
      'xsd.reference-dangling 3:20 /ClinicalDocument/text/footnoteRef/@IDREF',
    ],
    [
      'a wrong URI',
      specimen('<telecom value="tel:"/>'),
      'xsd.value-wrong-type 3:10 /ClinicalDocument/telecom/@value',
    ],
    [
      'an element in a type that is text only',
      specimen('<title>a<reference/></title>'),
      'xsd.element-not-allowed 3:9 /ClinicalDocument/title/reference',
    ],
  ])('%s is found at its place', (_, text, expected) => {
    expect(places(text)).toContain(expected);
  });

  test.each([
    ['declared', specimen('<title xsi:nil="x"/>'), '3:8 /ClinicalDocument/title/@nil'],
    ['not declared', specimen('<e:x xsi:nil="x"/>'), '3:6 /ClinicalDocument/x/@nil'],
  ])('xsi:nil must be a boolean on an element that is %s', (_, text, place) => {
    expect(places(text)).toEqual([`xsd.value-wrong-type ${place}`]);
  });

  test('is said once', () => {
    const text = specimen('<value xsi:type="INT" value="x"/>', '<id root="x"/><code code="C"/>a b');
    expect(places(text)).toEqual([
      'xsd.value-wrong-form 2:5 /ClinicalDocument/id/@root',
      'xsd.value-not-in-list 2:21 /ClinicalDocument/code/@code',
      'xsd.text-not-allowed 2:31 /ClinicalDocument/text()[2]',
      'xsd.value-wrong-type 3:23 /ClinicalDocument/value/@value',
    ]);
  });

  test('says in both languages what was expected', () => {
    const [finding] = judge(specimen('<titel/>'));
    expect(finding).toMatchObject({
      severity: 'error',
      source: 'xsd',
      schema: 'CDA',
      pack: pack.id,
      message:
        "L'élément titel n'est pas attendu à cet endroit ; attendu : title, telecom, value, text, un élément quelconque.",
      detail:
        'The element titel is not expected here; expected: title, telecom, value, text, any other element.',
      remedy: { fr: expect.any(String), en: expect.any(String) },
    });
  });

  test.each([
    [
      '',
      '<id root="1"/><code code="C"/>',
      "code/@code : la valeur « C » n'est pas dans la liste ; attendu : A, B.",
    ],
    ['', '<id root="x"/><code/>', "id/@root : la valeur « x » n'a pas la forme attendue : [0-9.]+."],
    [
      '',
      '<id root="1" extension=""/><code/>',
      'id/@extension : la valeur «  » sort des limites : longueur minimale 1.',
    ],
    [
      '<value xsi:type="INT" value="a"/>',
      undefined,
      "value/@value : « a » n'est pas une valeur du type xs:int.",
    ],
    ['', '<id root="1"/>', 'Il manque un élément dans ClinicalDocument ; attendu : code.'],
    [
      '<text ID="a"><content ID="a"/></text>',
      undefined,
      "content/@ID : l'identifiant « a » est déjà pris à la ligne 3.",
    ],
  ])('%j %j reads well', (rest, second, message) => {
    expect(judge(specimen(rest, second)).map((one) => one.message)).toContain(message);
  });
});

describe('places', () => {
  test('are those of the document as received, whatever its encoding', () => {
    const text = `<?xml version="1.0" encoding="ENCODING"?>${specimen('<title>é€</title>€é<x/>', '<id root="é"/><code/>')}`;
    const codings: [string, Buffer][] = [
      ['UTF-8', Buffer.from(text.replace('ENCODING', 'UTF-8'))],
      ['UTF-16', Buffer.from(`\ufeff${text.replace('ENCODING', 'UTF-16')}`, 'utf16le')],
      [
        'ISO-8859-15',
        Buffer.from(text.replace('ENCODING', 'ISO-8859-15').replaceAll('€', '\u00a4'), 'latin1'),
      ],
      ['ISO-8859-1', Buffer.from(text.replace('ENCODING', 'ISO-8859-1').replaceAll('€', 'e'), 'latin1')],
    ];
    for (const [encoding, bytes] of codings) {
      const found = judge(bytes).map(({ code, line, column }) => `${encoding} ${code} ${line}:${column}`);
      expect(found).toEqual([
        `${encoding} xsd.value-wrong-form 2:5`,
        `${encoding} xsd.text-not-allowed 3:18`,
        `${encoding} xsd.element-unexpected 3:20`,
      ]);
    }
  });

  test('count siblings by name, prefixes and foreign elements between them', () => {
    const text = specimen(
      '<telecom/><!-- c --><telecom value="x:"/><p:telecom xmlns:p="urn:hl7-org:v3" value="y:"/>',
    );
    expect(places(text)).toEqual([
      'xsd.value-wrong-type 3:30 /ClinicalDocument/telecom[2]/@value',
      'xsd.value-wrong-type 3:78 /ClinicalDocument/telecom[3]/@value',
    ]);
  });

  test('of an element that stands too late, and of what is wrong in it', () => {
    const text = specimen(
      '<value xsi:type="INT" value="1"/><e:a/><value xsi:type="INT" foo="1"/>',
      '<id root="1"/><code/>\n<p:value xmlns:p="urn:hl7-org:v3" xsi:type="INT" bar="1"/>',
    );
    expect(places(text)).toEqual([
      'xsd.attribute-not-allowed 3:50 /ClinicalDocument/value/@bar',
      'xsd.element-unexpected 4:40 /ClinicalDocument/value[3]',
      'xsd.attribute-not-allowed 4:62 /ClinicalDocument/value[3]/@foo',
    ]);
  });
});

describe('identifiers and references', () => {
  test.each([
    ['IDREFS, one by one', '<text ID="a"><renderMultiMedia referencedObject="a b\n c"/></text>', 2],
    ['a list type of our own', '<text ID="a"><td headers="a b"/></text>', 1],
    ['the content of an element', '<text ID="a"><anchor> a </anchor><anchor>b</anchor></text>', 1],
    ['a type chosen by xsi:type', '<text xsi:type="Narrative" ID="a"><content ID="a"/></text>', 1],
    ['an element met through a wildcard', '<e:note refersTo="nobody"/>', 1],
    ['a substitute in its group', '<e:note><e:note refersTo="nobody"/></e:note>', 1],
    ['a global attribute met through a wildcard', '<e:note e:id="x"/><e:note e:id="x"/>', 1],
    ['a wildcard below an unknown element', '<e:x><e:note refersTo="nobody"/></e:x>', 1],
    ['nothing below a wildcard that skips', '<e:closed><e:note refersTo="nobody"/></e:closed>', 0],
    ['nothing that only looks like one', '<e:x ID="a"/><e:x ID="a" IDREF="b"/>', 0],
    ['nothing in an empty list of our own type', '<text><td headers=""/></text>', 0],
    ['identifiers with blanks around them', '<text ID=" a "><td headers="a"/></text>', 0],
  ])('covers %s', (_, rest, count) => {
    const codes = judge(specimen(rest)).map(({ code }) => code);
    expect(codes).toEqual(
      Array(count).fill(expect.stringMatching(/^xsd\.(identifier-twice|reference-dangling)$/)),
    );
  });

  test.each(['referencedObject=""', 'referencedObject=" "', 'styleCode=""'])(
    'in a list may not be none: %s',
    (list) => {
      expect(places(specimen(`<text><renderMultiMedia ${list}/></text>`))).toEqual([
        `xsd.value-wrong-type 3:25 /ClinicalDocument/text/renderMultiMedia/@${list.split('=')[0]}`,
      ]);
    },
  );

  test('that are not names are of the wrong type', () => {
    expect(places(specimen('<text ID="1a"/>'))).toEqual([
      'xsd.value-wrong-type 3:7 /ClinicalDocument/text/@ID',
    ]);
  });

  test('of one document are not those of the next', () => {
    const text = specimen('<text ID="a"/>');
    expect([judge(text), judge(text)]).toEqual([[], []]);
  });
});

describe('types that are text only', () => {
  test.each([
    ['by restriction', '<title><reference/></title>', 1],
    ['by extension of such a type', '<value xsi:type="SC"><x/></value>', 1],
    ['not when the elements are still allowed', '<value xsi:type="ED">a<reference/></value>', 0],
    ['chosen in the place of one that allows elements', '<value xsi:type="ST">a<reference/></value>', 1],
  ])('%s', (_, rest, count) => {
    expect(judge(specimen(rest)).map(({ code }) => code)).toEqual(
      Array(count).fill('xsd.element-not-allowed'),
    );
  });
});
