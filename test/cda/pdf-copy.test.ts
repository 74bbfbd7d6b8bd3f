import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findClinicalDocument } from '../../src/cda/find.ts';
import { enclosedPdf } from '../../src/cda/pdf-copy.ts';
import { parseXml } from '../../src/xml/parse.ts';
import { absent, EXAMPLES, readExample } from './examples.ts';
import { cda, fileBody, type Parts, section } from './sample.ts';

const PDF = Buffer.from('%PDF-1.4\n%\xe2\xe3 the whole of it\n%%EOF', 'latin1');
const OTHER = Buffer.from('%PDF-1.4\nanother', 'latin1');
const COPY = '<templateId root="1.2.250.1.213.1.1.2.243"/>';
const ADDED = '<templateId root="1.2.250.1.213.1.1.2.37"/>';

function media(bytes: Buffer, mediaType = 'application/pdf') {
  const value = `<value mediaType="${mediaType}" representation="B64">${bytes.toString('base64')}</value>`;
  return `<entry><organizer><component><observationMedia ID="m">${value}</observationMedia></component></organizer></entry>`;
}

function pdfOf(bytes: Uint8Array) {
  const document = parseXml(bytes);
  return enclosedPdf(document, findClinicalDocument(document)!);
}

const pdfOfParts = (parts: Parts) => pdfOf(Buffer.from(cda(parts)));

describe('the PDF of a document', () => {
  test('is its body when that is one, to the byte', () => {
    expect(pdfOfParts(fileBody(PDF.toString('base64')))).toEqual({ from: 'body', bytes: PDF, claim: null });
  });

  test('is that of the copy section, known by template or code, and no other file', () => {
    const copy = { from: 'copy', bytes: PDF, claim: null };
    expect(pdfOfParts(section(COPY + media(PDF)))).toEqual(copy);
    expect(pdfOfParts(section(`<code code="55108-5"/>${media(PDF)}`))).toEqual(copy);
    expect(pdfOfParts(section(ADDED + media(PDF)))).toBeNull();
    const nested = `<component><section>${COPY}${media(PDF)}</section></component>`;
    expect(pdfOfParts(section(ADDED + media(OTHER) + nested))).toEqual(copy);
  });

  test('is only what begins as a PDF, whatever it is called', () => {
    expect(pdfOfParts(fileBody(Buffer.from('{\\rtf1').toString('base64')))).toBeNull();
    expect(pdfOfParts(section(COPY + media(Buffer.from('<html>'))))).toBeNull();
    expect(pdfOfParts(section(COPY + media(Buffer.from('no'), 'image/png') + media(PDF)))?.bytes).toEqual(
      PDF,
    );
    expect(pdfOfParts({ body: '' })).toBeNull();
  });

  test('is found in the samples', () => {
    const folder = join(import.meta.dirname, '..', '..', 'samples', 'documents');
    const found = ['biology-level1', 'biology-level3', 'discharge-letter'].map((name) =>
      pdfOf(readFileSync(join(folder, `${name}.xml`))),
    );
    expect(found.map((one) => one && [one.from, one.claim])).toEqual([['body', '1B'], ['copy', '1B'], null]);
  });
});

describe.skipIf(absent !== '')(`of the official examples${absent}`, () => {
  test('4 have a body of PDF, 16 a copy section', () => {
    const found = EXAMPLES.flatMap(({ file }) => pdfOf(readExample(file)) ?? []);
    expect(found.filter((one) => one.from === 'body')).toHaveLength(4);
    expect(found.filter((one) => one.from === 'copy')).toHaveLength(16);
    for (const { bytes } of found) expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
    expect(
      new Set(found.map(({ bytes }) => createHash('sha256').update(bytes).digest('hex'))).size,
    ).toBeGreaterThan(14);
  });
});
