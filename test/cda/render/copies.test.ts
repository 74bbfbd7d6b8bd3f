import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Copies, type CopiesOptions } from '../../../src/cda/render/copies.ts';
import { writeHtml } from '../../../src/cda/render/html.ts';
import { writePdf } from '../../../src/cda/render/pdf.ts';
import { cda, fileBody, section } from '../sample.ts';
import { presented } from './shown.ts';

let opened: Copies[];
let threads: Worker[];
const onWorker = (worker: Worker) => void threads.push(worker);
beforeEach(() => {
  opened = [];
  threads = [];
  process.on('worker', onWorker);
});
afterEach(async () => {
  process.off('worker', onWorker);
  await Promise.all(opened.map((copies) => copies.close()));
});

function open(options: CopiesOptions = {}): Copies {
  const copies = new Copies(options);
  opened.push(copies);
  return copies;
}

const LETTER = Buffer.from(
  cda(section('<text><paragraph>Évolution favorable : 5 µmol/L.</paragraph></text>')),
);

function tableOf(rows: number): Buffer {
  const row = '<tr><td>Sodium</td><td>140</td><td>mmol/L</td><td>136 à 145</td></tr>';
  return Buffer.from(cda(section(`<text><table><tbody>${row.repeat(rows)}</tbody></table></text>`)));
}

function pdfClaiming(level: string): string {
  const claim = `<pdfaid:part>1</pdfaid:part><pdfaid:conformance>${level}</pdfaid:conformance>`;
  return Buffer.from(`%PDF-1.4\n${claim}\n%%EOF`).toString('base64');
}

const enclosed = {
  body: Buffer.from(cda(fileBody(pdfClaiming('A')))),
  copy: Buffer.from(
    cda(
      section(
        `<code code="55108-5"/><text>copie</text><entry><observationMedia><value mediaType="application/pdf" representation="B64">${pdfClaiming('B')}</value></observationMedia></entry>`,
      ),
    ),
  ),
};

describe('the copy of a document', () => {
  test.each([
    ['body', '1A'],
    ['copy', '1B'],
  ] as const)('is the PDF of its %s, to the byte, with what it claims', async (from, claim) => {
    const { bytes, ...told } = await open().pdf(enclosed[from]);
    expect(told).toEqual({ from, claim, missing: [] });
    expect(bytes.toString('base64')).toBe(pdfClaiming(claim[1]!));
  });

  test('is laid out when there is none, the same as without a thread', async () => {
    const copies = open();
    const { bytes, ...told } = await copies.pdf(LETTER);
    expect(told).toEqual({ from: 'rendered', claim: '1B', missing: [] });
    expect(bytes.equals((await writePdf(presented(LETTER))).bytes)).toBe(true);
    expect(await copies.html(LETTER)).toBe(writeHtml(presented(LETTER)));
    expect(threads).toHaveLength(1);
  });

  test('leaves the bytes of the document as they were, and the thread of the caller free', async () => {
    const document = tableOf(2_000);
    const before = Buffer.from(document);
    const [own, all] = [process.threadCpuUsage(), process.cpuUsage()];
    await open().pdf(document);
    const [ownUsed, allUsed] = [process.threadCpuUsage(own), process.cpuUsage(all)];
    expect(document.equals(before)).toBe(true);
    expect(ownUsed.user).toBeLessThan(allUsed.user / 5);
  });
});

describe('what cannot be laid out', () => {
  test('within its time ends its thread, and the next document is answered by another', async () => {
    const copies = open({ budgetMs: 1_500 });
    const late = copies.pdf(tableOf(12_000));
    const next = copies.html(LETTER);
    await expect(late).rejects.toMatchObject({ code: 'cda.render-out-of-time', values: { seconds: 1.5 } });
    expect(await next).toContain('Évolution');
    expect(threads).toHaveLength(2);
  });

  test('within its memory ends its thread, and the next document is answered by another', async () => {
    const copies = open({ megabytes: 40 });
    await expect(copies.pdf(tableOf(10_000))).rejects.toMatchObject({
      code: 'cda.render-out-of-memory',
      values: { megabytes: 40 },
    });
    expect(await copies.html(LETTER)).toContain('Évolution');
  });

  test('for a reason of its own is told by its code, and its thread goes on', async () => {
    const copies = open();
    const wide = cda(section(`<text><table><tr>${'<td>a</td>'.repeat(101)}</tr></table></text>`));
    await expect(copies.pdf(Buffer.from(wide))).rejects.toMatchObject({
      ...{ name: 'ViaducError', code: 'cda.render-too-many-columns', class: 'permanent' },
    });
    await expect(copies.html(Buffer.from('<a>'))).rejects.toMatchObject({
      code: expect.stringMatching(/^xml\./),
    });
    await expect(copies.pdf(Buffer.from('<a/>'))).rejects.toMatchObject({ code: 'cda.not-a-cda' });
    await copies.html(LETTER);
    expect(threads).toHaveLength(1);
  });
});

describe('threads', () => {
  test('are no more than allowed, however many wait', async () => {
    const copies = open({ threads: 2 });
    await Promise.all(Array.from({ length: 6 }, () => copies.html(LETTER)));
    expect(threads).toHaveLength(2);
  });

  test('end when nothing is asked of them, and come back', async () => {
    const copies = open({ idleMs: 20 });
    await copies.html(LETTER);
    await once(threads[0]!, 'exit');
    expect(await copies.html(LETTER)).toContain('Évolution');
    expect(threads).toHaveLength(2);
  });

  test('end with what they do when all is closed', async () => {
    const copies = open();
    const asked = [copies.pdf(tableOf(5_000)), copies.pdf(LETTER)];
    const ends = Promise.allSettled(asked);
    await copies.close();
    for (const end of await ends) expect(end).toMatchObject({ reason: { code: 'cda.render-stopped' } });
    await expect(copies.html(LETTER)).rejects.toMatchObject({ code: 'cda.render-stopped' });
  });
});
