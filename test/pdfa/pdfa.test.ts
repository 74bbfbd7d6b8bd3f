import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';
import { afterAll, describe, expect, test } from 'vitest';
import { writePdf } from '../../src/cda/render/pdf.ts';
import { absent, EXAMPLES, readExample } from '../cda/examples.ts';
import { presented } from '../cda/render/shown.ts';
import { brokenRules, withoutVera } from './judge.ts';

if (withoutVera) console.log(`skipped: judgement by veraPDF (${withoutVera})`);

const folder = mkdtempSync(join(tmpdir(), 'viaduc-pdfa-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function written(documents: Record<string, Buffer>): Promise<string[]> {
  const files: string[] = [];
  for (const [name, bytes] of Object.entries(documents)) {
    const file = join(folder, `${files.length}-${name.replace(/\W/g, '_')}.pdf`);
    writeFileSync(file, (await writePdf(presented(bytes))).bytes);
    files.push(file);
  }
  return files;
}

function samples(): Record<string, Buffer> {
  const from = join(import.meta.dirname, '..', '..', 'samples', 'documents');
  const names = readdirSync(from).filter((name) => name !== 'not-well-formed.xml');
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(from, name))]));
}

describe.skipIf(withoutVera)('PDF/A-1b as veraPDF reads it', () => {
  test('is kept by the samples as they are rendered', async () => {
    const files = await written(samples());
    expect(brokenRules(files)).toEqual(Object.fromEntries(files.map((file) => [file, []])));
  }, 300_000);

  test.skipIf(absent !== '')(
    `is kept by the official examples${absent}`,
    async () => {
      const files = await written(Object.fromEntries(EXAMPLES.map(({ file }) => [file, readExample(file)])));
      expect(files).toHaveLength(94);
      expect(brokenRules(files)).toEqual(Object.fromEntries(files.map((file) => [file, []])));
    },
    300_000,
  );

  test('is not kept by a file that is none, which it tells', async () => {
    const file = join(folder, 'plain.pdf');
    writeFileSync(file, await plain());
    expect(brokenRules([file])[file]!.length).toBeGreaterThan(3);
  }, 300_000);
});

/** A page without metadata, output intent or anything else that PDF/A asks for. */
async function plain(): Promise<Buffer> {
  const document = new PDFDocument();
  document.text('nothing but text in a font that is not embedded');
  document.end();
  return buffer(document);
}
