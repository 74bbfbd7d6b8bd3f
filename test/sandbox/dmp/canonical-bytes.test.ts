import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalBytes } from '../../../src/sandbox/dmp/canonical-bytes.ts';
import { canonicalize } from '../../../src/xml/canonical.ts';
import { XmlError } from '../../../src/xml/errors.ts';
import { parseXml } from '../../../src/xml/parse.ts';
import { repository, shared } from '../../gateway/running.ts';

/** The same form by way of a tree, which libxml2 judges in test/xml; undefined for what is not well-formed. */
function byTree(text: Buffer | string): string | undefined {
  let written = '';
  try {
    canonicalize(parseXml(Buffer.from(text)), (piece) => {
      written += piece;
    });
  } catch (error) {
    if (error instanceof XmlError) return undefined;
    throw error;
  }
  return written;
}

const fromBytes = (text: Buffer | string): string | undefined =>
  canonicalBytes(Buffer.from(text))?.toString();

describe('the canonical form made from bytes is the one made from a tree', () => {
  test.each([
    '<a/>',
    '\ufeff<?xml version="1.0" encoding="utf-8"?>\r\n\r\n<a\r\n/>\n',
    '<?x y?><!--c--><a ><?p?><?q  r ?><!-- e\r\n --></a ><!--d--><?z?>',
    '<a xmlns:z="u:a" xmlns:b="u:z" b:i="1" z:j="2" k="3" c="4"/>',
    '<a xmlns="u"><b xmlns="u"><c xmlns=""><d xmlns=""/></c></b></a>',
    '<p:a xmlns:p="u:1"><p:b xmlns:p="u:2"><p:c xmlns:p="u:2" p:x="1"/></p:b><p:d/></p:a>',
    '<a xml:lang="fr" lang="x" xmlns:xml="http://www.w3.org/XML/1998/namespace"/>',
    '<a><![CDATA[<&>]]><![CDATA[]]>\r\n\r<![CDATA[]]]]><![CDATA[>]]></a>',
    `<a b='"&#9;&#10;&#13;&lt;>&apos;'\tc = "&amp;&#xe9;\r\n\n\t'"  d="é€😀">&quot;&apos;&#13;&gt;&#x1F600; é</a>`,
    '<aa ab="1" a="2" abc="3"/>',
  ])('%j', (text) => {
    expect(fromBytes(text)).toBe(byTree(text));
  });

  test('for documents of any shape', () => {
    fc.assert(
      fc.property(element, (text) => {
        expect(fromBytes(text)).toBe(byTree(text));
      }),
      { numRuns: 500 },
    );
  });

  const folders = {
    samples: join(repository, 'samples', 'documents'),
    'official examples': shared && join(shared, 'ans'),
  };

  test.each(Object.entries(folders))('for every document of the %s', (name, folder) => {
    if (!folder) return console.log(`skipped: the ${name} are absent`);
    const files = globSync('**/*.xml', { cwd: folder }).filter((file) => /^[^/]*$|ExemplesCDA/.test(file));
    expect(files.length).toBeGreaterThan(5);
    const differing = files.filter((file) => {
      const bytes = readFileSync(join(folder, file));
      return fromBytes(bytes) !== byTree(bytes);
    });
    expect(differing).toEqual([]);
  });
});

const chunk = fc.constantFrom(
  'a',
  ' ',
  '\n',
  '\r\n',
  '\r',
  '\t',
  '>',
  '&lt;',
  '&amp;',
  '&#13;',
  '&#xA;',
  'é',
  '😀',
  "'",
  '&quot;',
);
const value = fc.array(chunk, { maxLength: 6 }).map((all) => all.join(''));
const attributes = fc
  .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'ab', 'p:a', 'q:a', 'xml:a', 'xmlns', 'xmlns:q'), value), {
    selector: ([name]) => name,
    maxLength: 5,
  })
  .map((all) => all.map(([name, text]) => ` ${name}="${name.startsWith('xmlns') ? 'u:1' : text}"`).join(''));
const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
  element: fc
    .tuple(fc.constantFrom('e', 'p:e', 'q:e'), attributes, tie('content'), fc.constantFrom('', ' ', '\n'))
    .map(([name, given, content, space]) => {
      const bound = ' xmlns:p="u:2"';
      const declared = given.includes('xmlns:q') ? bound : `${bound} xmlns:q="u:3"`;
      const start = `<${name}${given}${declared}${space}`;
      return content === '' ? `${start}/>` : `${start}>${content}</${name}${space}>`;
    }),
  content: fc
    .array(
      fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        value,
        fc.constantFrom('<!--c\r-->', '<?i d?>', '<![CDATA[<&>\r\n]]>'),
        tie('element'),
      ),
      { maxLength: 5 },
    )
    .map((all) => all.join('')),
}));

test.each([
  ['another encoding', '<?xml version="1.0" encoding="ISO-8859-1"?><a/>'],
  ['UTF-16', Buffer.from('<a/>', 'utf16le')],
  ['a DTD', '<!DOCTYPE a><a/>'],
  ['tags that do not match', '<a><b></a></b>'],
  ['a tag that is not closed', '<a><b></b>'],
  ['two roots', '<a/><b/>'],
  ['text outside the root', '<a/>b'],
  ['no root', '<!--c-->'],
  ['nothing', ''],
  ['a prefix that is not bound', '<p:a/>'],
  ['an entity that is not of XML', '<a>&eacute;</a>'],
  ['a reference without end', '<a>& </a>'],
  ['a character that is none', '<a>&#x110000;</a>'],
  ['an attribute without quotes', '<a b=1/>'],
  ['attributes without space between', '<a b="1"c="2"/>'],
  ['less-than in an attribute', '<a b="<"/>'],
  ['a comment without end', '<a><!-- </a>'],
  ['a tag cut short', '<a b="1'],
])('%s is left to a parser', (_, text) => {
  expect(fromBytes(text)).toBeUndefined();
});
