import { describe, expect, test } from 'vitest';
import { decoded } from '../../../../src/delivery/mssante/message/decoded.ts';
import { messageLimits } from '../../../../src/delivery/mssante/message/limits.ts';
import { parseMail } from '../../../../src/delivery/mssante/message/parsed-mail.ts';
import { mail, multipart, PARTNER, TEXT, zip } from './incoming.ts';

const leaf = (encoding: string, content: string) => ({
  fields: new Map([['content-transfer-encoding', [encoding]]]),
  body: Buffer.from(content, 'latin1'),
});
const text = async (headers: string, content: string) =>
  (await parseMail(mail([...PARTNER, ...headers.split('\n')], content))).text;

describe('content', () => {
  test.each([
    ['base64', 'UEsg\r\nYXJj\r\naGl2ZQ==\r\n', 'PK archive'],
    ['BASE64 (of a kind)', 'UEs=\r\nIGE=\r\ncmNoaXZl', 'PK archive'],
    ['quoted-printable', 'PK=20=\r\narch=\nive=3D', 'PK archive='],
    ['quoted-printable', '=ZZ =', '=ZZ ='],
    ['7bit', 'PK =3D', 'PK =3D'],
    ['', 'PK', 'PK'],
  ])('%s %j', (encoding, content, expected) => {
    expect(decoded(leaf(encoding, content)).toString('latin1')).toBe(expected);
  });

  test('base64 in more pieces than any writer makes is refused', () => {
    const most = messageLimits.base64Units.value;
    expect(decoded(leaf('base64', 'AA=='.repeat(most - 1)))).toHaveLength(most - 1);
    expect(() => decoded(leaf('base64', 'AA=='.repeat(most)))).toThrow(
      expect.objectContaining({ code: 'mssante.mail-malformed' }),
    );
  });
});

describe('text', () => {
  test('is read in its charset, an unknown one as UTF-8', async () => {
    const latin =
      'Content-Type: text/plain; charset="iso-8859-1"\nContent-Transfer-Encoding: quoted-printable';
    expect(await text(latin, 'v=E9rifi=E9')).toBe('vérifié');
    expect(await text('Content-Type: text/plain; charset=klingon', 'vérifié')).toBe('vérifié');
    expect(await text('X: y', 'Bonjour')).toBe('Bonjour');
  });

  test('is null when the mail has another form of it only; pages are never read', async () => {
    expect(await text('Content-Type: text/html', '<p>Bonjour</p>')).toBeNull();
    const both = multipart('multipart/alternative', PARTNER, [
      TEXT,
      'Content-Type: text/html\n\n<p>Autre</p>',
    ]);
    expect((await parseMail(both)).text).toBe('Bonjour.');
  });

  test('is cut at its cap', async () => {
    const most = messageLimits.readText.value;
    expect(await text('X: y', 'a'.repeat(most + 1))).toHaveLength(most);
  });
});

describe('parts', () => {
  const names = async (raw: Buffer) => (await parseMail(raw)).parts.map(({ name }) => name);
  const raw = multipart('multipart/mixed', PARTNER, [TEXT, zip('é.pdf'), zip('b.pdf')]).toString();

  test('are told apart by whole lines that are the boundary', async () => {
    expect(await names(Buffer.from(raw))).toEqual(['é.pdf', 'b.pdf']);
    expect(await names(Buffer.from(raw.replace('Bonjour.', '--limite2\r\n x--limite')))).toEqual([
      'é.pdf',
      'b.pdf',
    ]);
    expect(await names(Buffer.from(raw.replaceAll('--limite\r\n', '--limite \t\r\n')))).toEqual([
      'é.pdf',
      'b.pdf',
    ]);
    expect(await names(Buffer.from(raw.replaceAll('\r\n', '\n')))).toEqual(['é.pdf', 'b.pdf']);
  });

  test('what stands behind the last one is none; a last one without end is one', async () => {
    expect(
      await names(Buffer.from(`${raw}\r\n--limite\r\n${zip('c.pdf').replaceAll('\n', '\r\n')}`)),
    ).toHaveLength(2);
    expect(await names(Buffer.from(raw.replace('--limite--', '')))).toHaveLength(2);
  });

  test('names are read in each of their encodings', async () => {
    const named = (disposition: string, type = 'application/pdf') =>
      `Content-Type: ${type}\nContent-Disposition: attachment${disposition}\n\nx`;
    const parts = [
      named(";\n filename*0*=utf-8''%C3%A9t;\n filename*1*=%C3%A9.pdf"),
      named('; filename="=?utf-8?Q?=C3=A9t=C3=A9=2Epdf?="'),
      named('', 'application/pdf; name="été.pdf"'),
      named(''),
    ];
    expect(await names(multipart('multipart/mixed', PARTNER, parts))).toEqual([
      'été.pdf',
      'été.pdf',
      'été.pdf',
      null,
    ]);
  });

  test('a million short lines cost no more memory than their bytes, some times over', async () => {
    const before = process.memoryUsage().rss;
    const { text: body } = await parseMail(mail(PARTNER, 'a\n'.repeat(1_000_000)));
    expect(body).toHaveLength(messageLimits.readText.value - 1);
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  });
});
