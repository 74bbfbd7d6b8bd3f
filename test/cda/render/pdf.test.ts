import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, describe, expect, test } from 'vitest';
import { cdaLimits } from '../../../src/cda/limits.ts';
import { writePdf } from '../../../src/cda/render/pdf.ts';
import { parseXml } from '../../../src/xml/parse.ts';
import { absent, EXAMPLES, readExample } from '../examples.ts';
import { faultsOf, pagesOf, squeezed, withoutReaders } from './programs.ts';
import { narrative, presented, saidIn } from './shown.ts';

const folder = mkdtempSync(join(tmpdir(), 'viaduc-pdf-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pdfOf = (text: string, entries = '') => writePdf(narrative(text, entries));

/** Whether a text stands on a page, or begins on one and ends on the next. */
function stands(said: string, pages: readonly string[]): boolean {
  if (pages.some((page) => page.includes(said))) return true;
  return pages.some((page, index) => {
    const next = pages[index + 1] ?? '';
    for (let cut = said.length - 1; cut > 0; cut -= 1)
      if (page.includes(said.slice(0, cut)) && next.includes(said.slice(cut))) return true;
    return false;
  });
}

function image(bytes: Buffer, id = 'm') {
  const value = `<value mediaType="image/png" representation="B64">${bytes.toString('base64')}</value>`;
  return `<entry><observationMedia ID="${id}">${value}</observationMedia></entry>`;
}

const SHOW = '<renderMultiMedia referencedObject="m"/>';

describe.skipIf(absent !== '' || withoutReaders !== '')(
  `the official examples${absent}${withoutReaders}`,
  () => {
    test.each(EXAMPLES)('$file: nothing that the narrative says is missing in the PDF', async ({ file }) => {
      const bytes = readExample(file);
      const { bytes: pdf, missing } = await writePdf(presented(bytes));
      const pages = pagesOf(pdf);
      const lost = saidIn(parseXml(bytes)).filter((said) => !stands(squeezed(said), pages));
      expect(lost).toEqual([]);
      expect(missing).toEqual([]);
      const written = join(folder, 'one.pdf');
      writeFileSync(written, pdf);
      expect(faultsOf(written)).toBe('');
    });
  },
);

describe('a PDF', () => {
  test('has the same bytes for the same document, and holds nothing that acts', async () => {
    const page = narrative('a<linkHtml href="https://example.org/x">b</linkHtml><footnote>c</footnote>');
    const [one, two] = [await writePdf(page), await writePdf(page)];
    expect(one.bytes.equals(two.bytes)).toBe(true);
    expect(one.bytes.toString('latin1')).not.toMatch(
      /\/(JavaScript|JS|Launch|URI|OpenAction|AA|EmbeddedFile|GoToR)\b/,
    );
  });

  test('says that it is tagged PDF/A-1b in the language of the document, and names no patient outside its pages', async () => {
    const text = (await pdfOf('a')).bytes.toString('latin1');
    expect(text).toMatch(/<pdfaid:part>1<\/pdfaid:part>\s*<pdfaid:conformance>B</);
    expect(text).toContain('/Marked true');
    expect(text).toContain('/Lang (fr)');
    expect(text).not.toContain('279035121518989');
  });

  test.skipIf(withoutReaders !== '')(`shows every kind of block${withoutReaders}`, async () => {
    const png = PNG.sync.write(new PNG({ width: 4, height: 4 }));
    const text = `<list listType="ordered"><caption>Titre</caption><item>un<list><item>sous</item></list></item></list>
      <table><caption>Légende</caption><thead><tr><th>H</th></tr></thead><tbody><tr><td>c<table><tr><td>x</td><td>y</td></tr></table></td></tr></tbody></table>
      <paragraph>CO<sub>2</sub> ≤ 5 µmol → <content revised="delete">ôté</content></paragraph>${SHOW}note<footnote>au pied</footnote>`;
    const [page] = pagesOf((await pdfOf(text, image(png))).bytes);
    for (const said of [
      'Titre',
      '1.un',
      '•sous',
      'Légende',
      'H',
      'x|y',
      'CO2≤5µmol→ôté',
      'note[1]',
      '[1]aupied',
    ])
      expect(page).toContain(said);
  });

  test('tells which characters it cannot draw, and draws U+FFFD for them', async () => {
    expect((await pdfOf('a 漢 b')).missing).toEqual(['漢']);
  });

  test.skipIf(withoutReaders !== '')(
    `repeats the head of a table on each page, and divides a row that is higher than a page${withoutReaders}`,
    async () => {
      const long = Array.from({ length: 150 }, (_, line) => `ligne${line}.`).join('<br/>');
      const rows = Array.from({ length: 120 }, (_, row) => `<tr><td>r${row}.</td><td>b</td></tr>`).join('');
      const spanning = `<tr><td rowspan="2">${long}</td><td>court</td></tr><tr><td>fin.</td></tr>`;
      const { bytes } = await pdfOf(
        `<table><thead><tr><th>Entête</th><th>B</th></tr></thead><tbody>${rows}${spanning}</tbody></table>`,
      );
      const pages = pagesOf(bytes);
      expect(pages.length).toBeGreaterThan(4);
      expect(pages.slice(0, -1).every((page) => page.includes('Entête'))).toBe(true);
      const all = pages.join('');
      for (const said of ['r0.', 'r119.', 'ligne0.', 'ligne149.', 'court', 'fin.'])
        expect(all.split(said)).toHaveLength(2);
    },
  );

  test.skipIf(withoutReaders !== '')(
    `leaves no heading at the foot of a page without what it heads${withoutReaders}`,
    async () => {
      const inner = `<component><section><title>Radiologie</title><component><section><title>Actes</title><text><table><thead><tr><th>Date</th></tr></thead><tbody><tr><td>un acte</td></tr></tbody></table></text></section></component></section></component>`;
      for (let lines = 40; lines < 62; lines += 1) {
        const { bytes } = await pdfOf('a<br/>'.repeat(lines), inner);
        const pages = pagesOf(bytes);
        const page = pages.find((one) => one.includes('Radiologie'))!;
        for (const said of ['Actes', 'Date', 'unacte']) expect(page).toContain(said);
      }
    },
  );

  test('puts pictures with transparency on white, and names those that are damaged', async () => {
    const clear = new PNG({ width: 2, height: 2 });
    clear.data.fill(0);
    const shown = await pdfOf(SHOW, image(PNG.sync.write(clear)));
    const text = shown.bytes.toString('latin1');
    expect(text).toContain('/Subtype /Image');
    expect(text).not.toContain('/SMask');
    const damaged = PNG.sync.write(clear).subarray(0, 45);
    expect((await pdfOf(SHOW, image(damaged))).bytes.toString('latin1')).not.toContain('/Subtype /Image');
  });

  test(`has at most ${cdaLimits.pages.value} pages`, async () => {
    const lines = (count: number) => '<br/>'.repeat(count);
    const perPage = 61;
    await expect(pdfOf(`a${lines(perPage * (cdaLimits.pages.value + 1))}b`)).rejects.toMatchObject({
      code: 'cda.render-too-many-pages',
    });
    expect((await pdfOf(`a${lines(perPage * 10)}b`)).pages).toBeGreaterThan(8);
  });
});
