import { describe, expect, test } from 'vitest';
import {
  elementAt,
  elementsIn,
  extensionsIn,
  oidOf,
  timeOf,
  wholeOf,
} from '../../../src/delivery/dmp/revocation/der.ts';

/** An element of DER with a length of one byte, or of two where it takes them. */
function der(tag: number, ...parts: (Buffer | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  const { length } = content;
  const head = length < 0x80 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

describe('DER', () => {
  test('of any length is read to its end, and refused when it is cut or has none', () => {
    const long = der(0x30, der(0x04, 'x'.repeat(300)), der(0x02, Buffer.of(7)));
    expect([...elementsIn(long, wholeOf(long))].map(({ tag, from, to }) => [tag, to - from])).toEqual([
      [0x04, 300],
      [0x02, 1],
    ]);
    expect(() => wholeOf(long.subarray(0, -1))).toThrow('DER is cut at byte 0');
    expect(() => elementAt(Buffer.of(0x30), 0, 1)).toThrow('DER is cut at byte 0');
    expect(elementAt(Buffer.of(0x05, 0), 0, 2)).toEqual({ tag: 5, start: 0, from: 2, to: 2 });
    for (const first of [0x80, 0x85])
      expect(() => elementAt(Buffer.from([0x30, first, 0, 0, 0, 0, 0]), 0, 7)).toThrow('out of bounds');
  });

  test.each([
    ['1.2.840.113549.1.1.11', [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b]],
    ['2.5.29.15', [0x55, 0x1d, 0x0f]],
    ['2.999.3', [0x88, 0x37, 0x03]],
    ['0.9', [0x09]],
  ])('writes the identifier %s', (oid, bytes) => {
    const element = der(0x06, Buffer.from(bytes));
    expect(oidOf(element, wholeOf(element))).toBe(oid);
  });

  test.each([
    [0x17, '260704101112Z', '2026-07-04T10:11:12.000Z'],
    [0x17, '490101000000Z', '2049-01-01T00:00:00.000Z'],
    [0x17, '500101000000Z', '1950-01-01T00:00:00.000Z'],
    [0x18, '20510203040506Z', '2051-02-03T04:05:06.000Z'],
  ])('of tag %i tells the time %s', (tag, text, expected) => {
    const element = der(tag, text);
    expect(new Date(timeOf(element, wholeOf(element))).toISOString()).toBe(expected);
  });

  test.each(['260704101112', '2607041011Z', '260704101112+0200'])('of %s is no time', (text) => {
    const element = der(0x17, text);
    expect(() => timeOf(element, wholeOf(element))).toThrow('DER has no time');
  });

  test('tells of each extension what it is, whether it is critical, and its value', () => {
    const oid = der(0x06, Buffer.of(0x55, 0x1d, 0x0f));
    const value = der(0x04, 'value');
    const all = der(
      0x30,
      der(0x30, oid, der(0x01, Buffer.of(0xff)), value),
      der(0x30, oid, value),
      der(0x30, oid, der(0x01, Buffer.of(0)), value),
    );
    const found = extensionsIn(all, wholeOf(all));
    expect(found.map(({ critical }) => critical)).toEqual([true, false, false]);
    expect(found[0]).toEqual({ oid: '2.5.29.15', critical: true, value: Buffer.from('value') });
  });
});
