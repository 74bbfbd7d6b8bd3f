import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { validationLimits } from '../../src/validation/limits.ts';
import { openPack } from '../../src/validation/packs.ts';
import { compileSchema } from '../../src/validation/schema/compile.ts';
import { Libxml2 } from '../../src/validation/schema/libxml2.ts';
import { isLarge, loadSchema, type SchemaValidator } from '../../src/validation/schema/validate.ts';
import { parseXml } from '../../src/xml/parse.ts';
import { XmlDocument } from '../../src/xml/tree.ts';
import { lastingFolderOf } from './packs-made.ts';
import { SPECIMEN, specimen } from './specimen.ts';

let validator: SchemaValidator;
const folder = lastingFolderOf(SPECIMEN);
beforeAll(async () => {
  validator = await loadSchema(openPack(folder));
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => rmSync(folder, { recursive: true }));

const parse = (text: string): XmlDocument => parseXml(Buffer.from(text));
const wrong = specimen('<titel/>', '<id root="x"/><code/>');

describe('a document judged apart', () => {
  test('has the same findings as one judged here', async () => {
    const document = parse(wrong);
    const here = validator.validate(document);
    expect(here).toHaveLength(2);
    expect(await validator.judgeApart(document)).toEqual(here);
  });

  test('leaves no memory behind in this thread', async () => {
    const before = validator.memoryBytes;
    const large = parse(specimen(`<title>${'a'.repeat(20_000_000)}</title>`));
    expect(isLarge(large)).toBe(true);
    expect(await validator.judge(large)).toEqual([]);
    expect(validator.memoryBytes).toBe(before);
  });

  test('that takes too long is not judged, and its worker is ended', async () => {
    await expect(validator.judgeApart(parse(wrong), 1)).rejects.toMatchObject({
      code: 'validation.out-of-time',
      class: 'not-judged',
    });
  });
});

describe('one validator', () => {
  test('keeps no memory of what it judged', () => {
    const documents = [parse(wrong), parse(specimen('<text ID="a"/>')), parse('<a/>')];
    const judgeAll = () => documents.map((document) => validator.validate(document));
    for (let round = 0; round < 20; round += 1) judgeAll();
    const before = validator.memoryBytes;
    for (let round = 0; round < 2_000; round += 1) judgeAll();
    expect(validator.memoryBytes).toBe(before);
  });

  test('does not blame the document when libxml2 fails, and works again afterwards', async () => {
    const document = parse(wrong);
    vi.spyOn(Libxml2.prototype, 'validate').mockReturnValueOnce(-1);
    const failure = expect.objectContaining({ code: 'validation.engine-failed', class: 'not-judged' });
    expect(() => validator.validate(document)).toThrow(failure);
    expect(() => validator.validate(document)).toThrow(failure);
    expect(await validator.judge(document)).toHaveLength(2);
  });

  test('takes a trap of WebAssembly for a failure of its own', async () => {
    vi.spyOn(Libxml2.prototype, 'parse').mockImplementationOnce(() => {
      throw new Error('unreachable');
    });
    await expect(validator.judge(parse(wrong))).rejects.toMatchObject({ code: 'validation.engine-failed' });
    expect(await validator.judge(parse(wrong))).toHaveLength(2);
  });

  test('does not take memory that ran out for an error of the document', () => {
    vi.spyOn(Libxml2.prototype, 'collect').mockImplementationOnce((_most, action) => ({
      result: action(),
      complaints: [{ code: 2, level: 3, text: 'out of memory', file: null, line: 0, column: 0, path: null }],
    }));
    expect(() => validator.validate(parse(wrong))).toThrow(
      expect.objectContaining({ code: 'validation.engine-failed' }),
    );
    return validator.renew();
  });

  test('says so when libxml2 finds a document not well-formed that our parser took', () => {
    const document = parse(specimen('<title>a</title>'));
    document.utf8.write('b', document.utf8.lastIndexOf('</title>') + 2);
    expect(validator.validate(document)).toEqual([
      expect.objectContaining({
        code: 'xml.disagreement',
        source: 'xml',
        severity: 'error',
        line: 3,
        detail: expect.stringContaining('mismatch'),
      }),
    ]);
  });
});

describe('a schema', () => {
  test('cannot reach a file that it was not given', async () => {
    const libxml2 = await Libxml2.open();
    const main =
      '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:include schemaLocation="FILE"/></xs:schema>';
    for (const file of [
      '/etc/passwd',
      'file:///etc/passwd',
      '/dev/stdin',
      'http://example.org/a.xsd',
      'b.xsd',
    ]) {
      const bytes = new Map([['a.xsd', Buffer.from(main.replace('FILE', file))]]);
      expect(() => compileSchema(libxml2, { main: 'a.xsd', bytes }), file).toThrow(
        expect.objectContaining({ code: 'validation.schema-invalid' }),
      );
    }
  });
});

describe('limits of a document', () => {
  test('documentBytes', async () => {
    const { value } = validationLimits.documentBytes;
    const room = value - Buffer.byteLength(specimen('<title></title>'));
    const document = parse(specimen(`<title>${'a'.repeat(room)}</title>`));
    expect(document.utf8.length).toBe(value);
    expect(await validator.judge(document)).toEqual([]);
    await expect(validator.judge(new XmlDocument(Buffer.alloc(value + 1), 'UTF-8'))).rejects.toMatchObject({
      code: 'validation.document-too-large',
      class: 'not-judged',
    });
  });

  test('documentBytesHere and documentNodesHere', () => {
    const { documentBytesHere, documentNodesHere } = validationLimits;
    const bytes = (size: number) => isLarge(new XmlDocument(Buffer.alloc(size), 'UTF-8'));
    expect([bytes(documentBytesHere.value), bytes(documentBytesHere.value + 1)]).toEqual([false, true]);
    const nodes = (count: number) => isLarge(Object.assign(parse('<a/>'), { size: count }));
    expect([nodes(documentNodesHere.value), nodes(documentNodesHere.value + 1)]).toEqual([false, true]);
  });

  test.each([
    [
      'that libxml2 finds',
      (count: number) => specimen(`<title>${'a'.repeat(3)}</title>${'<value/>'.repeat(count)}`),
    ],
    ['that we find', (count: number) => specimen(`<text>${'<td headers="x"/>'.repeat(count)}</text>`)],
  ])('complaints %s', (_, text) => {
    const { value } = validationLimits.complaints;
    const atCap = validator.validate(parse(text(value)));
    expect(atCap).toHaveLength(value);
    expect(atCap.some(({ code }) => code === 'xsd.too-many')).toBe(false);
    const beyond = validator.validate(parse(text(value + 1)));
    expect(beyond).toHaveLength(value + 1);
    expect(beyond.at(-1)).toMatchObject({ code: 'xsd.too-many', severity: 'error' });
  });

  test('quotedCharacters and detailCharacters', () => {
    const { quotedCharacters, detailCharacters } = validationLimits;
    const found = (length: number) =>
      validator.validate(parse(specimen('', `<id root="${'x'.repeat(length)}"/><code/>`)))[0]!;
    expect(found(quotedCharacters.value).message).toContain(`« ${'x'.repeat(quotedCharacters.value)} »`);
    expect(found(quotedCharacters.value + 1).message).toContain(`« ${'x'.repeat(quotedCharacters.value)}… »`);
    const words = found(0).detail.length;
    expect(found(detailCharacters.value - words).detail).toHaveLength(detailCharacters.value);
    expect(found(detailCharacters.value - words + 1).detail).toHaveLength(detailCharacters.value + 1);
    expect(found(detailCharacters.value - words + 1).detail.endsWith('…')).toBe(true);
  });

  test('apartMs is what a document judged apart gets unless told otherwise', async () => {
    vi.spyOn(globalThis, 'setTimeout');
    await validator.judgeApart(parse(wrong));
    expect(setTimeout).toHaveBeenCalledWith(expect.any(Function), validationLimits.apartMs.value);
  });
});
