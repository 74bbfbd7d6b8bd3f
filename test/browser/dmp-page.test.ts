import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DmpSimulator, startDmpSimulator } from '../../src/sandbox/dmp/simulator.ts';
import {
  altered,
  cda,
  deposit,
  freshOid,
  mtom,
  query,
  refsOf,
  send,
  statusOf,
} from '../sandbox/dmp/requests.ts';
import { openBrowser, withoutBrowser } from './chromium.ts';

if (withoutBrowser && process.env.CI) throw new Error('Chromium is not installed');
if (withoutBrowser) console.log(`test/browser${withoutBrowser}`);

/** What the browser gives to functions that run in it. */
interface Shown {
  parentElement: Shown | null;
}
declare const document: { documentElement: { scrollWidth: number } };
declare function getComputedStyle(element: Shown): { color: string; backgroundColor: string };

const NARRATIVE =
  '<component><structuredBody><component><section><title>Conclusion</title><text><paragraph>Bilan normal</paragraph><paragraph>&lt;script&gt;document.title = "acted"&lt;/script&gt;</paragraph></text></section></component></structuredBody></component>';

describe.skipIf(withoutBrowser !== '')(`the page of the simulated DMP, in a browser${withoutBrowser}`, () => {
  let dmp: DmpSimulator;
  let browser: Browser;
  const complaints: string[] = [];

  beforeAll(async () => {
    dmp = await startDmpSimulator();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await dmp?.close();
  });

  async function put(title: string, change: Partial<{ replaces: string; hidden: string }> = {}) {
    const uniqueId = freshOid();
    const document = cda({ uniqueId })
      .replace('Compte rendu', title)
      .replace(/<component>.*<\/component>/s, NARRATIVE);
    const made = deposit({ uniqueId, document, ...(change.replaces && { replaces: change.replaces }) });
    const lot = change.hidden ? hiding(made, change.hidden) : made;
    expect(statusOf(await send(dmp.url, mtom(lot)))).toBe('Success');
    return uniqueId;
  }

  /** Adds a code of confidentiality to that of the document. */
  const hiding = (made: ReturnType<typeof deposit>, code: string) =>
    altered(
      made,
      /<rim:Classification id="Doc01-confidentialityCode-N"[\s\S]*?<\/rim:Classification>/,
      (one) =>
        one! +
        one!
          .replace('-N"', '-H"')
          .replace('nodeRepresentation="N"', `nodeRepresentation="${code}"`)
          .replace('2.16.840.1.113883.5.25', '1.2.250.1.213.1.1.4.13'),
    );

  async function open(path: string, width = 1280): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(dmp.adminUrl + path);
    return page;
  }

  test('a document is found in the list and read in a frame, with its style and nothing that acts', async () => {
    await put('Lettre lue');
    const page = await open('/');
    await page.getByRole('link', { name: 'Lettre lue' }).click();
    await page.getByRole('heading', { name: 'Lettre lue' }).waitFor();
    const frame = page.frameLocator('iframe[title="Texte du document"]');
    await frame.getByRole('heading', { name: 'Conclusion' }).waitFor();
    expect(await frame.locator('p').allTextContents()).toEqual([
      'Bilan normal',
      '<script>document.title = "acted"</script>',
    ]);
    const background = await frame.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);
    expect(background).toBe('rgb(255, 255, 255)');
    expect(await page.title()).toBe('Lettre lue — DMP simulé');
    await page.close();
  });

  test('what a reader does not see is not in its list', async () => {
    const first = await put('Version une');
    const [replaces] = refsOf(await send(dmp.url, query(first)));
    await put('Version deux', { replaces: replaces! });
    await put('Cachée au patient', { hidden: 'INVISIBLE_PATIENT' });
    await put('Masquée aux professionnels', { hidden: 'MASQUE_PS' });
    const page = await open('/page');
    const titles = async () => page.locator('td[data-nom="Document"] a').allTextContents();
    expect(await titles()).toEqual(expect.arrayContaining(['Version une', 'Cachée au patient']));
    await page.getByRole('link', { name: 'Vu par le patient' }).click();
    expect(await titles()).toContain('Masquée aux professionnels');
    expect(await titles()).not.toContain('Cachée au patient');
    expect(await titles()).not.toContain('Version une');
    await page.getByRole('link', { name: 'Vu par un professionnel' }).click();
    expect(await titles()).toContain('Cachée au patient');
    expect(await titles()).not.toContain('Masquée aux professionnels');
    await page.close();
  });

  test('a patient has a card with the state of the DMP, above its documents', async () => {
    const page = await open('/page/patients');
    await page.getByRole('link', { name: 'NESSI MICHELANGELO ANTHONY' }).click();
    await page.getByRole('heading', { name: 'NESSI MICHELANGELO ANTHONY' }).waitFor();
    expect(await page.locator('dd').allTextContents()).toEqual([
      'né le 07/08/2010',
      '110086322083060',
      'fermé : à la demande du patient',
    ]);
    await page.close();
  });

  test('every link can be told from what is behind it', async () => {
    const page = await open('/page');
    const unreadable = await page.locator('a').evaluateAll((links) => {
      const light = (color: string) => {
        const [red = 0, green = 0, blue = 0] = (color.match(/\d+(\.\d+)?/g) ?? []).map((part) => {
          const share = Number(part) / 255;
          return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      const behind = (element: Shown): string => {
        const { backgroundColor } = getComputedStyle(element);
        return backgroundColor === 'rgba(0, 0, 0, 0)' && element.parentElement
          ? behind(element.parentElement)
          : backgroundColor;
      };
      return links
        .map((link) => [light(getComputedStyle(link).color), light(behind(link))].sort())
        .filter(([dark, bright]) => (bright! + 0.05) / (dark! + 0.05) < 4.5).length;
    });
    expect(unreadable).toBe(0);
    await page.close();
  });

  test.each(['/page', '/page/patients', '/page/refus'])('%s fits a telephone', async (path) => {
    const page = await open(path, 360);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await page.close();
  });

  test('the browser had nothing to complain of', () => {
    expect(complaints).toEqual([]);
  });
});
