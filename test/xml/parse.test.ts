import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { XmlError } from '../../src/xml/errors.ts';
import { xmlLimits } from '../../src/xml/limits.ts';
import { parseXml } from '../../src/xml/parse.ts';
import { attribute, child, elementsOf, pathOf, placeOf, textOf } from '../../src/xml/select.ts';
import type { XmlDocument } from '../../src/xml/tree.ts';
import { xml } from '../../src/xml/writer.ts';

const parse = (text: string): XmlDocument => parseXml(Buffer.from(text));

function refusal(bytes: string | Uint8Array): XmlError {
  try {
    parseXml(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
  } catch (error) {
    if (error instanceof XmlError) return error;
    throw error;
  }
  throw new Error('the document was accepted');
}

describe('a well-formed document', () => {
  test('keeps names, text and positions', () => {
    const document = parse(
      '<?xml version="1.0"?>\r\n<a xmlns="urn:x" b="1">\r\n  <c>é &amp; <![CDATA[<d>]]>!</c>\r\n</a>',
    );
    const c = child(document.root, 'c', 'urn:x')!;
    expect(textOf(c)).toBe('é & <d>!');
    expect(attribute(document.root, 'b')).toBe('1');
    expect(placeOf(document, c)).toEqual({ line: 3, column: 3, location: '/a/c' });
  });

  test('normalises line ends in text and white space in attributes', () => {
    const document = parse('<a b="1\r\n2\t3&#10;4">x\r\ny\rz&#13;</a>');
    expect(attribute(document.root, 'b')).toBe('1 2 3\n4');
    expect(textOf(document.root)).toBe('x\ny\nz\r');
  });

  test('resolves namespaces by scope and gives attributes without prefix none', () => {
    const document = parse(
      '<a xmlns="u" xmlns:p="v" p:x="1" x="2"><p:b xmlns="" xmlns:p="w"><c/></p:b><c/></a>',
    );
    const [b, c] = elementsOf(document.root);
    expect([document.root, b!, elementsOf(b!)[0]!, c!].map((one) => one.name.ns)).toEqual([
      'u',
      'w',
      '',
      'u',
    ]);
    expect(attribute(document.root, 'x', 'v')).toBe('1');
    expect(attribute(document.root, 'x')).toBe('2');
  });

  test('numbers siblings of the same name only', () => {
    const document = parse('<a><b/><c/><b/></a>');
    expect(elementsOf(document.root).map(pathOf)).toEqual(['/a/b', '/a/c', '/a/b[2]']);
  });

  test('counts columns in characters, not bytes', () => {
    const document = parse('<a>é€𝄞<b/></a>');
    expect(placeOf(document, elementsOf(document.root)[0]!)).toMatchObject({ line: 1, column: 8 });
  });
});

describe('encodings', () => {
  const text = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?><a b="é">œuvre</a>`;
  const utf16be = (body: string) => Buffer.from(body, 'utf16le').swap16();

  test.each([
    ['UTF-8', Buffer.from(text('utf-8'))],
    ['UTF-8 with BOM', Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), Buffer.from(text('UTF-8'))])],
    ['UTF-8 undeclared', Buffer.from('<a b="é">œuvre</a>')],
    ['UTF-16LE with BOM', Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text('UTF-16'), 'utf16le')])],
    ['UTF-16BE with BOM', Buffer.concat([Buffer.of(0xfe, 0xff), utf16be(text('UTF-16'))])],
    ['UTF-16BE without BOM', utf16be(text('UTF-16BE'))],
    ['ISO-8859-15', Buffer.from(text('ISO-8859-15').replace('œ', '\u00bd'), 'latin1')],
  ])('%s is read as declared', (_, bytes) => {
    const { root } = parseXml(bytes);
    expect([attribute(root, 'b'), textOf(root)]).toEqual(['é', 'œuvre']);
  });

  test('ISO-8859-1 is not taken for windows-1252', () => {
    const bytes = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>\u0095</a>', 'latin1');
    expect(textOf(parseXml(bytes).root)).toBe('\u0095');
  });

  test('bytes that are not in the declared encoding are named with their place', () => {
    const error = refusal(Buffer.from('<?xml version="1.0" encoding="UTF-8"?>\n<a>caf\u00e9</a>', 'latin1'));
    expect(error).toMatchObject({
      code: 'xml.bytes-not-in-encoding',
      line: 2,
      column: 7,
      values: { byte: '0xE9', encoding: 'UTF-8' },
    });
  });

  test('a declaration that contradicts the byte order mark is refused', () => {
    const bytes = Buffer.concat([
      Buffer.of(0xef, 0xbb, 0xbf),
      Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a/>'),
    ]);
    expect(refusal(bytes).code).toBe('xml.encoding-conflict');
    expect(refusal('<?xml version="1.0" encoding="UTF-16"?><a/>').code).toBe('xml.encoding-conflict');
  });

  test('an unknown encoding is refused by name', () => {
    expect(refusal('<?xml version="1.0" encoding="EBCDIC-FR"?><a/>')).toMatchObject({
      code: 'xml.encoding-unsupported',
      values: { encoding: 'EBCDIC-FR' },
    });
  });

  test('a lone surrogate in UTF-16 is refused', () => {
    expect(refusal(Buffer.from('\ufeff<a>\ud800</a>', 'utf16le')).code).toBe('xml.bytes-not-in-encoding');
  });
});

describe('what is not well formed is refused with its place', () => {
  test.each([
    ['', 'xml.empty', 1, 1],
    ['   ', 'xml.not-well-formed', 1, 4],
    ['hello', 'xml.not-well-formed', 1, 1],
    ['<a>\n<b></a>', 'xml.not-well-formed', 2, 4],
    ['<a>\n', 'xml.not-well-formed', 2, 1],
    ['<a b="1', 'xml.not-well-formed', 1, 7],
    ['<a b="1"c="2"/>', 'xml.not-well-formed', 1, 9],
    ['<a b=1/>', 'xml.not-well-formed', 1, 6],
    ['<a b/>', 'xml.not-well-formed', 1, 4],
    ['<a b="1" b="2"/>', 'xml.not-well-formed', 1, 10],
    ['<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>', 'xml.not-well-formed', 1, 36],
    ['<a b="<"/>', 'xml.not-well-formed', 1, 7],
    ['<a>&nbsp;</a>', 'xml.not-well-formed', 1, 4],
    ['<a>\n &#0;</a>', 'xml.not-well-formed', 2, 2],
    ['<a>&</a>', 'xml.not-well-formed', 1, 4],
    ['<a>]]></a>', 'xml.not-well-formed', 1, 4],
    ['<a>\u0001</a>', 'xml.not-well-formed', 1, 4],
    ['<a b="\u0001"/>', 'xml.not-well-formed', 1, 7],
    ['<a>\uffff</a>', 'xml.not-well-formed', 1, 4],
    ['<a/><b/>', 'xml.not-well-formed', 1, 5],
    ['<a/>text', 'xml.not-well-formed', 1, 5],
    ['<p:a/>', 'xml.not-well-formed', 1, 2],
    ['<a p:b="1"/>', 'xml.not-well-formed', 1, 4],
    ['<a xmlns:p=""/>', 'xml.not-well-formed', 1, 4],
    ['<a xmlns:xml="urn:x"/>', 'xml.not-well-formed', 1, 4],
    ['<a:b:c/>', 'xml.not-well-formed', 1, 2],
    ['<1a/>', 'xml.not-well-formed', 1, 2],
    ['<a><!-- -- --></a>', 'xml.not-well-formed', 1, 9],
    ['<a><!-- </a>', 'xml.not-well-formed', 1, 4],
    ['<a><![CDATA[ </a>', 'xml.not-well-formed', 1, 4],
    ['<a><?xml version="1.0"?></a>', 'xml.not-well-formed', 1, 4],
    [' <?xml version="1.0"?><a/>', 'xml.not-well-formed', 1, 2],
    ['<?xml version="1.0" standalone="maybe"?><a/>', 'xml.not-well-formed', 1, 1],
    ['<a/ >', 'xml.not-well-formed', 1, 3],
    ['</a>', 'xml.not-well-formed', 1, 2],
    ['<!DOCTYPE a><a/>', 'xml.doctype-refused', 1, 1],
    ['<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', 'xml.doctype-refused', 1, 1],
    ['<a><!DOCTYPE b></a>', 'xml.doctype-refused', 1, 4],
  ])('%j', (text, code, line, column) => {
    expect(refusal(text)).toMatchObject({ code, line, column });
  });

  test('depth is accepted at its cap and refused beyond', () => {
    const nested = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth);
    expect(() => parse(nested(xmlLimits.depth.value))).not.toThrow();
    expect(refusal(nested(xmlLimits.depth.value + 1)).code).toBe('xml.too-deep');
  });
});

describe('documents made to take long', () => {
  const many = (count: number, piece: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => piece(index)).join('');

  test('by names that differ or that hash alike are read, every name as it is', () => {
    const alike = (index: number) =>
      [...index.toString(2).padStart(12, '0')].map((bit) => (bit === '0' ? 'Aa' : 'BB')).join('');
    for (const name of [alike, (index: number) => `n${index}`]) {
      const { root } = parse(`<a>${many(4096, (index) => `<${name(index)} ${name(index)}=""/>`)}</a>`);
      const read = elementsOf(root).map((one) => [one.name.local, one.attributes[0]!.name.local]);
      expect(read).toEqual(Array.from({ length: 4096 }, (_, index) => [name(index), name(index)]));
    }
  });

  test('by attributes of one element are read, and one that stands twice is found', () => {
    const attributes = many(1000, (index) => ` a${index}="1"`);
    expect(parse(`<a${attributes}/>`).root.attributes).toHaveLength(1000);
    expect(refusal(`<a${attributes} a7="1"/>`)).toMatchObject({ line: 1, column: 4 + attributes.length });
  });

  test('by namespaces are read up to the limit', () => {
    const { value } = xmlLimits.scopes;
    const declared = (count: number) => `<a>${many(count, (index) => `<b xmlns:p="u${index}"/>`)}</a>`;
    expect(elementsOf(parse(declared(value)).root)).toHaveLength(value);
    expect(refusal(declared(value + 1)).code).toBe('xml.too-many-namespaces');
  });

  test('a blank in a namespace does not make two declarations of one', () => {
    const { root } = parse('<a><p:b xmlns:p="u q v"/><q:b xmlns:p="u" xmlns:q="v"/></a>');
    expect(elementsOf(root).map(({ name }) => name.ns)).toEqual(['u q v', 'v']);
  });
});

describe('properties', () => {
  const anyText = fc
    .string({ unit: 'binary' })
    .map((text) => text.toWellFormed().replace(/[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ''));

  test('what the writer writes is read back', () => {
    fc.assert(
      fc.property(anyText, anyText, (attributeValue, text) => {
        const { root } = parse(xml`<a b="${attributeValue}">${text}</a>`.text);
        expect([attribute(root, 'b'), textOf(root)]).toEqual([attributeValue, text]);
      }),
    );
  });

  test('no bytes make the parser fail otherwise than by an XmlError', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '/',
      'a',
      'a:b',
      ' ',
      '"',
      "'",
      '=',
      '&',
      ';',
      '&#1',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?',
      '?>',
      'xmlns',
      'é',
      '\u0000',
      '\ufffe',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(pieces).map((all) => Buffer.from(all.join(''))),
          fc.uint8Array(),
        ),
        (bytes) => {
          try {
            parseXml(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(XmlError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
