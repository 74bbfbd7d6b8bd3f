import { describe, expect, test } from 'vitest';
import { cda, type DepositParts, deposit, freshOid, mtom, query, refsOf, statusOf } from './requests.ts';
import { running } from './running.ts';

const dmp = running();
const page = async (path: string) => {
  const response = await fetch(`${dmp.adminUrl}${path}`);
  return { status: response.status, headers: response.headers, text: await response.text() };
};

const AUTHOR =
  '<author><assignedAuthor><assignedPerson><name><given>Anne</given><family>DURAND</family></name></assignedPerson><representedOrganization><name>CH DEMO</name></representedOrganization></assignedAuthor></author>';
const NARRATIVE =
  '<component><structuredBody><component><section><title>Conclusion</title><text><paragraph>Bilan &lt;normal&gt;</paragraph><table><thead><tr><th>Acte</th></tr></thead><tbody><tr><td colspan="2" onclick="x()">Suite</td></tr></tbody></table><list listType="ordered"><item>Un</item></list><script>alert(1)</script><linkHtml href="javascript:x()">lien</linkHtml></text><component><section><title>Détail</title><text>Dessous</text></section></component></section></component></structuredBody></component>';

function document(uniqueId: string, body: string): string {
  return cda({ uniqueId })
    .replace('<recordTarget>', '<versionNumber value="2"/><recordTarget>')
    .replace('</recordTarget>', `</recordTarget>${AUTHOR}`)
    .replace(/<component>.*<\/component>/s, body);
}

async function put(body: string, parts: DepositParts = {}): Promise<string> {
  const uniqueId = freshOid();
  const reply = await dmp.send(mtom(deposit({ ...parts, uniqueId, document: document(uniqueId, body) })));
  expect(statusOf(reply)).toBe('Success');
  return uniqueId;
}

describe('the page of the DMP', () => {
  test('lists documents with title, author, date in France, status and visibility', async () => {
    const uniqueId = await put(NARRATIVE);
    const { text, headers } = await page('/');
    expect(text).toContain(`<a href="/page/documents/${uniqueId}">Compte rendu</a>`);
    expect(text).toContain('Anne DURAND, CH DEMO');
    expect(text).toContain('15/07/2026 10:30');
    expect(text).toContain('en vigueur');
    expect(text).toContain('patient et professionnels');
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self'/);
  });

  test('shows the narrative, nested and escaped, without anything that could act', async () => {
    const address = `/page/documents/${await put(NARRATIVE)}`;
    expect((await page(address)).text).toContain(`<iframe sandbox src="${address}/lecture"`);
    const { text, headers } = await page(`${address}/lecture`);
    expect(headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
    expect(text).toContain('<h2>Conclusion</h2><div class="texte"><p>Bilan &lt;normal&gt;</p><table>');
    expect(text).toContain('<td colspan="2">Suite</td>');
    expect(text).toContain('<ol><li>Un</li></ol>');
    expect(text).toContain('<h3>Détail</h3>');
    expect(text).not.toMatch(/<script|onclick|javascript:/);
  });

  test('shows a PDF as one, and keeps any other file from being a page', async () => {
    const file = (mediaType: string, text: string) =>
      `<component><nonXMLBody><text mediaType="${mediaType}" representation="B64">${Buffer.from(text).toString('base64')}</text></nonXMLBody></component>`;
    const pdf = await put(file('application/pdf', '%PDF-1.4'));
    expect((await page(`/page/documents/${pdf}`)).text).toContain('title="Document PDF"');
    const opened = await page(`/page/documents/${pdf}/fichier`);
    expect([opened.headers.get('content-type'), opened.text]).toEqual(['application/pdf', '%PDF-1.4']);
    const html = await page(`/page/documents/${await put(file('text/html', '<script>'))}/fichier`);
    expect(html.headers.get('content-type')).toBe('application/octet-stream');
    expect(html.headers.get('content-disposition')).toBe('attachment');
  });

  test('joins the versions of a document', async () => {
    const first = await put(NARRATIVE);
    const [replaces] = refsOf(await dmp.send(query(first)));
    const second = await put(NARRATIVE, { replaces: replaces! });
    const [old, next] = [await page(`/page/documents/${first}`), await page(`/page/documents/${second}`)];
    expect(old.text).toContain('remplacé</span>');
    expect(old.text).toContain(`<dt>Remplacé par</dt><dd><a href="/page/documents/${second}">`);
    expect(next.text).toContain(`<dt>Remplace</dt><dd><a href="/page/documents/${first}">`);
  });

  test('lists patients with the state of their DMP, and their documents alone', async () => {
    const uniqueId = await put(NARRATIVE);
    const { text } = await page('/page/patients');
    expect(text).toContain('fermé : à la demande du patient');
    expect(text).toContain('aucun DMP');
    const [own = ''] = /\/page\?patient=279035121518989[^"]+/.exec(text) ?? [];
    expect((await page(own)).text).toContain(uniqueId);
    const [other = ''] = /\/page\?patient=297022A02077878[^"]+/.exec(text) ?? [];
    expect((await page(other)).text).toContain('Aucun document.');
  });

  test('lists refusals with every reason and what to do', async () => {
    expect((await page('/page/refus')).text).toContain('Aucune demande refusée.');
    await dmp.send(mtom(deposit({ document: '<a/>' })));
    const { text } = await page('/page/refus');
    expect(text).toContain('<strong>InvalidDocumentContent</strong>');
    expect(text).toContain('sandbox.content-unreadable');
  });

  test('an unknown document, and what is no place in the list', async () => {
    expect((await page('/page/documents/1.2.3')).status).toBe(404);
    expect((await page('/page/documents/1.2.3/fichier')).status).toBe(404);
    expect((await page('/page?avant=x&patient=a&patient=b')).status).toBe(200);
    expect((await page('/page/style.css')).headers.get('content-type')).toMatch(/^text\/css/);
  });
});
