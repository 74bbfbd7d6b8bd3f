import { describe, expect, test } from 'vitest';
import { cdaLimits } from '../../../src/cda/limits.ts';
import { blocksOf, htmlOf } from './shown.ts';

const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAAAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

function entry(bytes: Buffer, id = 'm', type = 'image/png') {
  const value = `<value mediaType="${type}" representation="B64">${bytes.toString('base64')}</value>`;
  return `<entry><observationMedia ID="${id}">${value}</observationMedia></entry>`;
}

/** A PNG by its first bytes; nothing else of it is sound. */
function pngHead(width: number, height: number, bytes = 40): Buffer {
  const head = Buffer.alloc(bytes);
  head.write('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');
  head.writeUInt32BE(width, 16);
  head.writeUInt32BE(height, 20);
  return head;
}

describe('a hostile narrative', () => {
  test.each([
    '<script>alert(1)</script>',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
    '<content ID="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">a</content><linkHtml href="#&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">b</linkHtml>',
    '<img src="x" onerror="alert(1)"/>',
    '<table><tr><td align="&quot; onclick=&quot;alert(1)">a</td></tr></table>',
    '<iframe src="http://example.org/"/><object data="x"/><style>body { display: none }</style>',
  ])('puts no markup of its own into the page: %s', (text) => {
    const html = htmlOf(text);
    expect(html).not.toMatch(/<script|<iframe|<object|<img|\son\w+="/i);
    expect(html.match(/<style/g)).toHaveLength(1);
  });

  test.each([
    'javascript:alert(1)',
    ' JavaScript:alert(1)',
    'java&#10;script:alert(1)',
    'data:text/html,a',
    'file:///etc/passwd',
    '//example.org/x',
    'rapport.pdf',
    'http://',
  ])('makes no link of %s, which is shown as text', (href) => {
    const html = htmlOf(`<linkHtml href="${href}">le lien</linkHtml>`);
    expect(html).not.toContain('href=');
    expect(html).toContain('<span class="address">(');
  });

  test('may link to the web only, marked, without a referrer', () => {
    const html = htmlOf('<linkHtml href="https://example.org/?a=1&amp;b=%22">le lien</linkHtml>');
    expect(html).toContain(
      '<a class="web" href="https://example.org/?a=1&amp;b=%22" target="_blank" rel="noopener noreferrer nofollow external">',
    );
  });

  test('makes nothing be fetched: the page forbids it, and pictures are inside it', () => {
    const html = htmlOf(
      '<renderMultiMedia referencedObject="m far"/>',
      `${entry(GIF)}<entry><observationMedia ID="far"><value mediaType="image/png"><reference value="http://example.org/a.png"/></value></observationMedia></entry>`,
    );
    expect(html).toMatch(
      /Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[\w+/=]+'; img-src data:/,
    );
    expect([...html.matchAll(/src="([^"]{0,22})/g)].map(([, src]) => src)).toEqual([
      'data:image/gif;base64,',
    ]);
    expect(html).toContain('[fichier hors du document : http://example.org/a.png]');
  });

  test('names pictures that are none, too large or missing, and shows them not', () => {
    const { picturePixels, pictureBytes } = cdaLimits;
    const side = Math.sqrt(picturePixels.value);
    const shown = (bytes: Buffer) => blocksOf('<renderMultiMedia referencedObject="m"/>', entry(bytes))[0]!;
    expect(shown(pngHead(side, side)).kind).toBe('picture');
    expect(shown(pngHead(side, side + 1))).toMatchObject({ kind: 'remark', text: 'image trop grande : m' });
    expect(shown(pngHead(9, 9, pictureBytes.value)).kind).toBe('picture');
    expect(shown(pngHead(9, 9, pictureBytes.value + 1))).toMatchObject({ text: 'image trop lourde : m' });
    expect(shown(pngHead(0, 9))).toMatchObject({ text: 'image vide : m' });
    expect(shown(Buffer.from('<svg onload="alert(1)"/>')).kind).toBe('remark');
    expect(blocksOf('<renderMultiMedia referencedObject="nul"/>')[0]).toMatchObject({
      text: 'média introuvable dans le document : nul',
    });
  });

  test('shows no more pictures than a page may weigh', () => {
    const bytes = pngHead(9, 9, 10_000_000);
    const most = cdaLimits.picturesBytes.value / bytes.length;
    const text = '<renderMultiMedia referencedObject="m"/>'.repeat(most + 1);
    expect(blocksOf(text, entry(bytes)).map(({ kind }) => kind)).toEqual([
      ...Array(most).fill('picture'),
      'remark',
    ]);
  });

  test('of 10,000 rows is written in time', () => {
    const rows = Array.from({ length: 10_000 }, (_, row) => `<tr><td>${row}</td><td>a</td><td>b</td></tr>`);
    const before = process.cpuUsage();
    const html = htmlOf(`<table><tbody>${rows.join('')}</tbody></table>`);
    const { user, system } = process.cpuUsage(before);
    expect(html.match(/<tr>/g)).toHaveLength(10_000);
    expect(user + system).toBeLessThan(3_000_000);
  });
});
