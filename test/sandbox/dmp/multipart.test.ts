import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dmpSandboxLimits } from '../../../src/sandbox/dmp/limits.ts';
import { parseMediaType } from '../../../src/sandbox/dmp/media-type.ts';
import { MultipartReader, type Part } from '../../../src/sandbox/dmp/multipart.ts';
import { isViaducError } from '../../../src/words/errors.ts';

function read(boundary: string, bytes: Buffer, chunkBytes = bytes.length || 1): Part[] {
  const reader = new MultipartReader(boundary);
  for (let at = 0; at < bytes.length; at += chunkBytes) reader.push(bytes.subarray(at, at + chunkBytes));
  return reader.end();
}

const bodies = (parts: Part[]): string[] => parts.map((part) => part.body.toString('latin1'));

function malformed(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (isViaducError(error, 'sandbox.multipart-malformed')) return String(error.values.what);
    throw error;
  }
  throw new Error('it was accepted');
}

const part = (body: string, headers = 'Content-ID: <a>'): string => `--b\r\n${headers}\r\n\r\n${body}\r\n`;

describe('a multipart body', () => {
  test('gives its parts, preamble and epilogue left out', () => {
    const parts = read(
      'b',
      Buffer.from(
        `preamble\r\n${part('one')}${part('')}--b\r\n\r\nbare\r\n${part('\r\n--c\r\n')}--b--\r\nepilogue --b\r\n`,
      ),
    );
    expect(bodies(parts)).toEqual(['one', '', 'bare', '\r\n--c\r\n']);
    expect(parts[0]!.headers.get('content-id')).toBe('<a>');
  });

  test('unfolds headers and takes blanks after the boundary', () => {
    const [one] = read(
      'b',
      Buffer.from('--b \t\r\nContent-Type: text/xml;\r\n\tcharset="utf-8"\r\n\r\nx\r\n--b--'),
    );
    expect(one!.headers.get('content-type')).toBe('text/xml; charset="utf-8"');
  });

  test('decodes base64 and nothing else', () => {
    const encoded = (encoding: string, body: string) =>
      Buffer.from(`${part(body, `Content-Transfer-Encoding: ${encoding}`)}--b--`);
    expect(bodies(read('b', encoded('BASE64', 'w6kg\r\nw6A=\r\n')))).toEqual(['\u00c3\u00a9 \u00c3\u00a0']);
    expect(bodies(read('b', encoded('8bit', 'w6k=')))).toEqual(['w6k=']);
    expect(malformed(() => read('b', encoded('base64', 'w6k')))).toBe('base64');
    expect(malformed(() => read('b', encoded('base64', 'w6k?')))).toBe('base64');
    expect(malformed(() => read('b', encoded('quoted-printable', 'a=3Db')))).toBe(
      'Content-Transfer-Encoding',
    );
  });

  test.each([
    ['', 'closing delimiter missing'],
    ['no delimiter at all', 'closing delimiter missing'],
    [part('one'), 'closing delimiter missing'],
    ['--b\r\nContent-ID: <a>\r\n\r\none', 'closing delimiter missing'],
    ['--b\r\nContent-ID: <a>', 'closing delimiter missing'],
    ['--b', 'closing delimiter missing'],
    ['--bc\r\n\r\nx\r\n--bc--', 'delimiter line'],
    [`${part('x', 'no colon')}--b--`, 'part header'],
    [`${part('x', 'Content-ID: <a>\r\ncontent-id: <b>')}--b--`, 'part header'],
  ])('%j is malformed: %s', (text, what) => {
    expect(malformed(() => read('b', Buffer.from(text)))).toBe(what);
    expect(malformed(() => read('b', Buffer.from(text), 1))).toBe(what);
  });

  test.each(['', ' b', 'b ', 'é', 'a\r\nb', 'x'.repeat(71)])('%j is no boundary', (boundary) => {
    expect(malformed(() => new MultipartReader(boundary))).toBe('boundary');
  });

  test('the number of parts has a cap', () => {
    const limit = dmpSandboxLimits.parts.value;
    const many = (count: number) => Buffer.from(`${part('x').repeat(count)}--b--`);
    expect(read('b', many(limit))).toHaveLength(limit);
    expect(malformed(() => read('b', many(limit + 1)))).toBe('too many parts');
  });

  test.each([1, 1000, 1_000_000])('the headers of a part have a cap (chunks of %i bytes)', (chunkBytes) => {
    const limit = dmpSandboxLimits.partHeaderBytes.value;
    // The size counts the line end before the first header.
    const long = (size: number) => Buffer.from(`${part('x', `A: ${'h'.repeat(size - 5)}`)}--b--`);
    expect(read('b', long(limit), chunkBytes)).toHaveLength(1);
    expect(malformed(() => read('b', long(limit + 1), chunkBytes))).toBe('part headers too large');
    const endless = Buffer.from(`--b\r\nA: ${'h'.repeat(limit * 3)}`);
    expect(malformed(() => read('b', endless, chunkBytes))).toBe('part headers too large');
  });

  test('bytes come out as they went in, wherever the chunks are cut', () => {
    const nearBoundary = fc
      .constantFrom('\r\n', '--', 'b', '\r\n--', '-', '\r', '\n', 'x')
      .map((text) => Buffer.from(text));
    const body = fc
      .array(
        fc.oneof(
          nearBoundary,
          fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
        ),
      )
      .map((pieces) => Buffer.concat(pieces))
      .filter(
        (bytes) => !bytes.includes('\r\n--b0und') && !bytes.subarray(0, 8).equals(Buffer.from('--b0und')),
      );
    fc.assert(
      fc.property(
        fc.array(body, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 40 }),
        (all, chunkBytes) => {
          const pieces = all.flatMap((bytes, index) => [
            Buffer.from(`\r\n--b0und\r\nContent-ID: <${index}>\r\n\r\n`),
            bytes,
          ]);
          const parts = read('b0und', Buffer.concat([...pieces, Buffer.from('\r\n--b0und--')]), chunkBytes);
          expect(parts.map((one) => one.body.toString('hex'))).toEqual(
            all.map((bytes) => bytes.toString('hex')),
          );
        },
      ),
    );
  });
});

describe('a media type', () => {
  test.each<[string | undefined, unknown]>([
    ['Text/XML', { type: 'text/xml', parameters: {} }],
    [
      'multipart/related; Boundary="a b;c"; x=1;',
      { type: 'multipart/related', parameters: { boundary: 'a b;c', x: '1' } },
    ],
    ['a/b; c="d\\"e\\\\f"', { type: 'a/b', parameters: { c: 'd"e\\f' } }],
    ['a/b ;c=d', { type: 'a/b', parameters: { c: 'd' } }],
    [undefined, null],
    ['', null],
    ['text', null],
    ['a/b; c', null],
    ['a/b; c="d', null],
    ['a/b; c=1; C=2', null],
  ])('%j', (text, expected) => {
    const read = parseMediaType(text);
    expect(read && { type: read.type, parameters: Object.fromEntries(read.parameters) }).toEqual(expected);
  });
});
