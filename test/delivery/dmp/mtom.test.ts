import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dmpLimits } from '../../../src/delivery/dmp/limits.ts';
import {
  type Body,
  includeHref,
  parseContentType,
  readParts,
  unwrap,
  writeMtom,
} from '../../../src/delivery/dmp/mtom.ts';
import { isViaducError } from '../../../src/words/errors.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const whole = ({ chunks }: Body) => Buffer.concat(chunks);
const ACTION = 'urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b';

function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (isViaducError(error, 'delivery.multipart-unreadable')) return String(error.values.reason);
    throw error;
  }
  throw new Error('it was read');
}

describe('writer', () => {
  const bytes = Buffer.from([0, 13, 10, 45, 45, 255]);
  const message = writeMtom({
    root: '<a/>',
    action: ACTION,
    boundary: 'b1',
    parts: [{ contentId: 'doc-1@viaduc', contentType: 'application/octet-stream', bytes }],
  });

  test('Content-Type has every parameter that ITI-41 requires', () => {
    expect(message.contentType).toBe(
      `multipart/related; boundary="b1"; type="application/xop+xml"; start="<root-b1@viaduc>"; start-info="application/soap+xml"; action="${ACTION}"`,
    );
  });

  test('parts stand one after the other, lines ended by CR LF, binary', () => {
    expect(whole(message).toString('latin1')).toBe(
      [
        '--b1',
        'Content-Type: application/xop+xml; charset=UTF-8; type="application/soap+xml"',
        'Content-Transfer-Encoding: binary',
        'Content-ID: <root-b1@viaduc>',
        '',
        '<a/>',
        '--b1',
        'Content-Type: application/octet-stream',
        'Content-Transfer-Encoding: binary',
        'Content-ID: <doc-1@viaduc>',
        '',
        '\u0000\r\n--\u00ff',
        '--b1--',
        '',
      ].join('\r\n'),
    );
  });

  test('the length is in bytes and exact, also beyond ASCII', () => {
    const accented = writeMtom({ root: '<a>é€</a>', action: ACTION, parts: [] });
    expect(accented.length).toBe(whole(accented).length);
  });

  test('the bytes of a document are handed on, not copied', () => {
    expect(message.chunks).toContain(bytes);
  });

  test('two messages never share a boundary', () => {
    const types = [1, 2].map(() => writeMtom({ root: '<a/>', action: ACTION, parts: [] }).contentType);
    expect(types[0]).not.toBe(types[1]);
  });

  test('a Content-ID is escaped in the href of its Include as RFC 2392 says', () => {
    expect(includeHref('doc-1@viaduc')).toBe('cid:doc-1@viaduc');
    expect(includeHref('a b%é@x')).toBe('cid:a%20b%25%C3%A9@x');
  });
});

describe('reader', () => {
  const boundary = 'uuid:3f';
  const message = (...parts: string[]) =>
    Buffer.from(`${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--`, 'latin1');
  const declared = `multipart/related; type="application/xop+xml"; boundary="${boundary}"; start="<root>"`;

  test('takes the part that start names, wherever it stands', () => {
    const bytes = message('Content-ID: <other>\r\n\r\n<b/>', 'CONTENT-ID: <root>\r\n\r\n<a/>');
    expect(text(unwrap(declared, bytes))).toBe('<a/>');
    expect(text(unwrap(declared.replace('<root>', 'root'), bytes))).toBe('<a/>');
    expect(text(unwrap(`multipart/related; boundary="${boundary}"`, bytes))).toBe('<b/>');
    expect(text(unwrap(declared.replace('<root>', '<none>'), bytes))).toBe('<b/>');
  });

  test.each([
    ['plain SOAP', 'application/soap+xml', '<a/>'],
    ['no Content-Type', null, '<a/>'],
    ['XML that calls itself multipart', 'multipart/related; boundary=x', ' \n<a/>'],
  ])('%s is its own envelope', (_, contentType, body) => {
    expect(text(unwrap(contentType, Buffer.from(body)))).toBe(body);
  });

  test('multipart that calls itself XML is read all the same', () => {
    const bytes = Buffer.concat([Buffer.from('\r\n'), message('Content-ID: <root>\r\n\r\n<a/>')]);
    expect(text(unwrap('text/xml', bytes))).toBe('<a/>');
  });

  test('a preamble, an epilogue, blanks behind a boundary and bare line feeds are allowed', () => {
    const bytes = Buffer.from(
      `preamble\n--${boundary} \t\nContent-ID: <root>\n\n<a/>\n--${boundary}--\nepilogue`,
    );
    expect(text(unwrap(declared, bytes))).toBe('<a/>');
  });

  test('a part without headers begins at once', () => {
    expect(text(unwrap(declared, message('\r\n<a/>')))).toBe('<a/>');
  });

  test('folded headers and base64 are read', () => {
    const part = `Content-Type: application/xop+xml;\r\n  charset=UTF-8\r\nContent-Transfer-Encoding: Base64\r\n\r\nPGEv\r\nPg==`;
    const [read] = readParts(boundary, message(part));
    expect([read!.contentType, text(read!.bytes)]).toEqual(['application/xop+xml; charset=UTF-8', '<a/>']);
  });

  test('a longer boundary that begins the same is content', () => {
    const inner = `--${boundary}-2`;
    expect(text(unwrap(declared, message(`\r\n<a>\r\n${inner}\r\n</a>`)))).toBe(`<a>\r\n${inner}\r\n</a>`);
  });

  test('a boundary in the middle of a line is content', () => {
    const content = `<a>x--${boundary}\r\n</a>`;
    expect(text(unwrap(declared, message(`\r\n${content}`)))).toBe(content);
  });

  test.each([
    ['truncated', `--${boundary}\r\n\r\n<a/>\r\n`, 'truncated: no closing boundary'],
    [
      'cut inside the closing boundary',
      `--${boundary}\r\n\r\n<a/>\r\n--${boundary.slice(0, -1)}`,
      'truncated: no closing boundary',
    ],
    ['of another boundary', '--other\r\n\r\n<a/>\r\n--other--', 'boundary not found'],
    ['empty', '', 'boundary not found'],
    ['closed at once', `--${boundary}--`, 'boundary not found'],
    [
      'without an end to its headers',
      `--${boundary}\r\nContent-ID: <a>\r\n--${boundary}--`,
      'a part without an end to its headers',
    ],
    [
      'of an unknown encoding',
      `--${boundary}\r\nContent-Transfer-Encoding: x-uu\r\n\r\nx\r\n--${boundary}--`,
      'unknown Content-Transfer-Encoding',
    ],
  ])('a message that is %s is refused', (_, body, reason) => {
    expect(refusal(() => unwrap(declared, Buffer.from(body)))).toBe(reason);
  });

  test('multipart without a boundary is refused', () => {
    expect(refusal(() => unwrap('multipart/related', Buffer.from('--x\r\n')))).toBe('no boundary');
  });

  test('parts are read up to their cap and refused beyond', () => {
    const most = dmpLimits.parts.value;
    const many = (count: number) => message(...Array.from({ length: count }, () => '\r\n<a/>'));
    expect(readParts(boundary, many(most))).toHaveLength(most);
    expect(refusal(() => readParts(boundary, many(most + 1)))).toBe(`more than ${most} parts`);
  });

  test('parameters are read quoted or bare, in any case and order', () => {
    const { type, parameters } = parseContentType(
      'Multipart/Related;START="<a;b>" ; Boundary=uuid:1;type="application/xop+xml";x="a\\"b"',
    );
    expect(type).toBe('multipart/related');
    expect(Object.fromEntries(parameters)).toEqual({
      start: '<a;b>',
      boundary: 'uuid:1',
      type: 'application/xop+xml',
      x: 'a"b',
    });
  });
});

describe('properties', () => {
  const boundaryOf = ({ contentType }: Body) => parseContentType(contentType).parameters.get('boundary')!;
  const nasty = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .array(fc.constantFrom('--', '\r\n', '\n', '--viaduc-', 'Content-ID: <x>', '\r\n\r\n', 'é'))
      .map((all) => {
        return new Uint8Array(Buffer.from(all.join('')));
      }),
  );

  test('what is written is read back byte for byte', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(nasty, { maxLength: 5 }), (root, documents) => {
        const parts = documents.map((bytes, index) => ({
          contentId: `doc-${index}@viaduc`,
          contentType: 'application/octet-stream',
          bytes,
        }));
        const message = writeMtom({ root, action: ACTION, parts });
        const read = readParts(boundaryOf(message), whole(message));
        expect(read.map(({ bytes }) => Buffer.from(bytes))).toEqual(
          [Buffer.from(root), ...documents].map((bytes) => Buffer.from(bytes)),
        );
        expect(read.slice(1).map(({ contentId }) => contentId)).toEqual(
          parts.map(({ contentId }) => contentId),
        );
        expect(message.length).toBe(whole(message).length);
      }),
    );
  });

  test('a message cut anywhere before its closing boundary is never read', () => {
    const message = writeMtom({
      root: '<a/>',
      action: ACTION,
      boundary: 'b1',
      parts: [{ contentId: 'x', contentType: 'text/xml', bytes: Buffer.from('<b/>\r\n') }],
    });
    const bytes = whole(message);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - '--\r\n'.length - 1 }), (length) => {
        expect(refusal(() => readParts('b1', bytes.subarray(0, length)))).not.toBe('');
      }),
    );
  });

  test('no answer makes the reader fail otherwise than by its own error', () => {
    fc.assert(
      fc.property(
        nasty,
        fc.option(fc.constantFrom('multipart/related; boundary="viaduc-"', 'text/xml')),
        (bytes, type) => {
          try {
            unwrap(type, bytes);
          } catch (error) {
            expect(isViaducError(error, 'delivery.multipart-unreadable')).toBe(true);
          }
        },
      ),
    );
  });
});
