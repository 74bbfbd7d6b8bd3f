import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase64 } from '../../src/hl7v2/base64.ts';

describe('base64', () => {
  test('gives back every byte, with padding and without', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        const bare = text.replace(/=+$/, '');
        expect(decodeBase64(Buffer.from(text))).toEqual({ bytes: Buffer.from(bytes), repaired: [] });
        expect(decodeBase64(Buffer.from(bare))).toEqual({
          bytes: Buffer.from(bytes),
          repaired: bare === text ? [] : ['padding'],
        });
      }),
    );
  });

  // The platform's decoder passes over most of these and takes the first two for signs.
  test.each([...'-_=!.\\é\u0000'])('refuses %j wherever it stands, and says where', (sign) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.nat(), (bytes, at) => {
        const text = Buffer.from(bytes).toString('base64').replace(/=+$/, '');
        const place = at % text.length;
        const data = Buffer.from(`${text.slice(0, place)}${sign}${text.slice(place)}`, 'latin1');
        expect(() => decodeBase64(data)).toThrow(`${place + 1}`);
      }),
    );
  });

  test('leaves out white space, and says so', () => {
    expect(decodeBase64(Buffer.from('QUJD\r\nREVG\n'))).toEqual({
      bytes: Buffer.from('ABCDEF'),
      repaired: ['line-breaks'],
    });
  });

  test('forgives a last character that is part of no byte only where a cut text is expected', () => {
    expect(() => decodeBase64(Buffer.from('QUJDR'))).toThrow();
    expect(decodeBase64(Buffer.from('QUJDR'), true)).toEqual({
      bytes: Buffer.from('ABC'),
      repaired: ['last-character'],
    });
  });
});
