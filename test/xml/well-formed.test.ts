import fc from 'fast-check';
import { XmlDocument as Libxml2Document, ParseOption, XmlParseError } from 'libxml2-wasm';
import { expect, test } from 'vitest';
import { parseXml } from '../../src/xml/parse.ts';
import { specimen } from '../validation/specimen.ts';

// An independent judge of well-formedness: what our parser takes, libxml2 takes too.

const PIECES = [
  '<title a="b" c=\'d\'>e &amp; f</title>',
  '<p:a xmlns:p="urn:p" p:b="&#233;"><p:c/></p:a>',
  '<text>é<![CDATA[ <x> ]]>y</text>',
  '<!-- a -->',
  '<?b c?>',
  ' \r\n\t',
];

const SCRAPS = [
  ...[
    '<',
    '>',
    '&',
    '"',
    "'",
    '=',
    ' ',
    '\n',
    '/',
    '!',
    '?',
    ':',
    ';',
    '-',
    '[',
    'x',
    '.',
    '1',
    'é',
    '\u0000',
  ],
  ...[
    '\ufffe',
    '€',
    '&amp;',
    '&#32;',
    '&#x0;',
    '&nbsp;',
    ']]>',
    '<![CDATA[',
    '--',
    '-->',
    '<!--',
    '<?',
    '?>',
  ],
  ...[
    'a:',
    ':b',
    'xmlns=""',
    ' xmlns:a=""',
    ' xmlns:xml="urn:x"',
    ' xml:a="b"',
    ' a="c"',
    '</title>',
    '<a/>',
  ],
];

const OPTIONS = ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_HUGE;

function isTakenByLibxml2(bytes: Buffer): boolean {
  try {
    using document = Libxml2Document.fromBuffer(bytes, { option: OPTIONS });
    return document !== null;
  } catch (error) {
    if (!(error instanceof XmlParseError)) throw error;
    // A namespace that is no URI is against advice, not against the rules (Namespaces in XML 1.0, section 2.2).
    return error.details.every(({ message }) => /^xmlns.* is not (?:a valid URI|absolute)/.test(message));
  }
}

function isTakenByUs(bytes: Buffer): boolean {
  try {
    parseXml(bytes);
    return true;
  } catch {
    return false;
  }
}

test('what our parser takes, libxml2 takes, whatever was cut out or put in', () => {
  const damage = fc.record({
    at: fc.nat(1000).map((thousandths) => thousandths / 1000),
    cut: fc.nat(4),
    put: fc.constantFrom('', ...SCRAPS),
  });
  const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 5 });
  let taken = 0;
  let refused = 0;
  fc.assert(
    fc.property(pieces, fc.array(damage, { maxLength: 2 }), (body, damages) => {
      const whole = specimen(body.join(''));
      const text = damages.reduce((rest, { at, cut, put }) => {
        const from = Math.floor(at * rest.length);
        return rest.slice(0, from) + put + rest.slice(from + cut);
      }, whole);
      const bytes = Buffer.from(text);
      const ours = isTakenByUs(bytes);
      const theirs = isTakenByLibxml2(bytes);
      if (ours) taken += 1;
      if (!theirs) refused += 1;
      if (ours) expect(theirs, text).toBe(true);
    }),
    { numRuns: 3000 },
  );
  expect(taken).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(100);
});
