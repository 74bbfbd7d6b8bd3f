import { describe, expect, test } from 'vitest';
import type { EnclosedFile } from '../../src/words/document.ts';
import { factsOf, fileBody } from './sample.ts';

const B64 = 'representation="B64"';

function fileOf(text: string, attributes = `mediaType="application/pdf" ${B64}`): EnclosedFile | undefined {
  const { body } = factsOf(fileBody(text, attributes));
  return body.kind === 'file' ? body.file : undefined;
}

const packed = (bytes: Buffer | string) => Buffer.from(bytes as string, 'latin1').toString('base64');
const inLines = (text: string) => text.replace(/.{76}/g, '$&\r\n');
const XMP = '<rdf:Description pdfaid:part="1" pdfaid:conformance="B"/>';

describe('a file in a document', () => {
  test.each<[string, EnclosedFile['form']]>([
    ['%PDF-1.4\n', 'pdf'],
    ['\xef\xbb\xbf\n%PDF-1.7', 'pdf'],
    ['\xff\xd8\xff\xe0', 'jpeg'],
    ['II*\0', 'tiff'],
    ['MM\0*', 'tiff'],
    ['{\\rtf1', 'rtf'],
    ['PK\x03\x04', 'zip'],
    ['\xd0\xcf\x11\xe0', 'other'],
    ['<html/>', 'other'],
  ])('%j is of form %s', (bytes, form) => {
    expect(fileOf(packed(bytes))).toEqual({ form, claim: null });
  });

  test('is empty without bytes, and where the document only refers to it', () => {
    expect(fileOf('')?.form).toBe('empty');
    expect(fileOf('  \n ')?.form).toBe('empty');
    expect(fileOf('<reference value="rapport.pdf"/>')?.form).toBe('empty');
  });

  test('is read as it stands when it is not Base64', () => {
    expect(fileOf('%PDF-1.4', 'mediaType="application/pdf"')?.form).toBe('pdf');
    expect(fileOf(packed('%PDF-1.4'), 'mediaType="application/pdf"')?.form).toBe('other');
  });

  test('may come in lines', () => {
    expect(fileOf(inLines(packed(`%PDF-1.4\n${'x'.repeat(300)}${XMP}`)))).toEqual({
      form: 'pdf',
      claim: '1B',
    });
  });
});

describe('a claim of PDF/A', () => {
  const claimOf = (xmp: string, before = 0) => fileOf(packed(`%PDF-1.4\n${'x'.repeat(before)}${xmp}`))?.claim;

  test.each([
    [XMP, '1B'],
    ["<rdf:Description pdfaid:conformance='A' pdfaid:part='1'/>", '1A'],
    ['<pdfaid:part>1</pdfaid:part>\n<pdfaid:conformance>B</pdfaid:conformance>', '1B'],
    ['<pdfaid:conformance>U</pdfaid:conformance><pdfaid:part>3</pdfaid:part>', '3U'],
    ['<pdfaid:part>4</pdfaid:part>', '4'],
    ['pdfaid:part', null],
    ['', null],
  ])('of %j is %s', (xmp, claim) => {
    expect(claimOf(xmp)).toBe(claim);
  });

  test('is found wherever it lies, across the pieces in which a large file is read too', () => {
    const piece = (1 << 20) * 0.75;
    for (const before of [piece - 60, piece - 25, piece - 9, piece, 3 * piece])
      expect(claimOf(XMP, before), String(before)).toBe('1B');
  });
});
