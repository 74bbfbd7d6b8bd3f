import { expect, test } from 'vitest';
import { LongLine } from '../../src/xml/long-line.ts';
import { parseXml } from '../../src/xml/parse.ts';
import { placeOf } from '../../src/xml/select.ts';

const PIECES = ['a', 'é', '€', '😀'];

test('a column counts UTF-16 code units, wherever marks fall among longer characters', () => {
  const text = Array.from({ length: 5_000 }, (_, at) => PIECES[(at * 7) % 4]!.repeat(1 + (at % 3))).join('');
  const utf8 = Buffer.from(`before\n${text}`);
  const line = new LongLine(utf8, 'before\n'.length);
  const characters = Array.from(text);
  let [offset, units] = ['before\n'.length, 0];
  const places = characters.map((one) => {
    const place = { offset, units };
    offset += Buffer.byteLength(one);
    units += one.length;
    return place;
  });
  for (const { offset: at, units: wanted } of [...places, ...places.toReversed()])
    expect(line.unitsBefore(at)).toBe(wanted);
});

test('places in a document that is one line cost no more than as many in lines of their own', () => {
  const spent = (between: string) => {
    const document = parseXml(Buffer.from(`<a>${`<b>é</b>${between}`.repeat(20_000)}</a>`));
    const began = process.threadCpuUsage();
    for (const one of document.elements.slice(1)) document.placeOf(one.start);
    return process.threadCpuUsage(began).user;
  };
  spent('');
  expect(spent('')).toBeLessThan(20 * spent('\n') + 20_000);
});

test('each line has its own columns', () => {
  const document = parseXml(Buffer.from('<é>\n <b/><c/>\n  <d/></é>'));
  const places = document.elements.map((one) => placeOf(document, one));
  expect(places.map(({ line, column }) => [line, column])).toEqual([
    [1, 1],
    [2, 2],
    [2, 6],
    [3, 3],
  ]);
});
