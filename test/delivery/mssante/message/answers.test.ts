import { expect, test } from 'vitest';
import { type MdnInput, writeKo, writeMdn } from '../../../../src/delivery/mssante/message/answers.ts';
import { readKo } from '../../../../src/delivery/mssante/message/ko.ts';
import { mayAnswer } from '../../../../src/delivery/mssante/message/may-answer.ts';
import { readMdn } from '../../../../src/delivery/mssante/message/mdn.ts';
import { parseMail } from '../../../../src/delivery/mssante/message/parsed-mail.ts';
import { documentMail, dsn, mdn, read, SUBJECT, TEXT, TO_CABINET, zip } from './incoming.ts';
import { AT_MS, ID } from './outgoing.ts';
import { readByPython } from './python.ts';

const DNT = 'Disposition-Notification-To: <labo@medecin.mssante.fr>';
const asking = (...headers: string[]) =>
  documentMail([TEXT, zip()], [`Subject: ${SUBJECT}`, DNT, ...headers]);
const answer = async (raw: Buffer) => mayAnswer(await read(raw), ['viaduc@ch-essai.mssante.fr']);

async function input(change: Partial<MdnInput> = {}): Promise<MdnInput> {
  const raw = change.raw ?? asking();
  return {
    ...{
      id: ID,
      atMs: AT_MS,
      to: 'labo@medecin.mssante.fr',
      raw,
      errors: [],
      nil: 'NIL-1',
      product: 'Viaduc; 1.0',
    },
    mailbox: { address: 'viaduc@ch-essai.mssante.fr', displayName: 'Hôpital d’essai' },
    original: await parseMail(raw),
    ...change,
  };
}

const ERRORS = [
  { code: '902', label: 'Identifiant de patient inconnu', position: 1 },
  { code: '905', label: 'Traits incomplets : prénom^x', position: 2 },
];

test('an MDN of success has the subject of the mail, three parts, and the whole mail in the third', async () => {
  const given = await input();
  const raw = await writeMdn(given);
  const found = readByPython([raw])?.[0];
  if (found) {
    const headers = Object.fromEntries(found.headers);
    expect([found.type, found.reportType, found.defects]).toEqual([
      'multipart/report',
      'disposition-notification',
      [],
    ]);
    expect(headers).toMatchObject({
      Subject: SUBJECT,
      'Auto-Submitted': 'auto-replied',
      'X-MSS-NIL': 'NIL-1',
    });
    expect([headers.From, headers.To, headers['In-Reply-To']]).toEqual([
      'Hôpital d’essai <viaduc@ch-essai.mssante.fr>',
      'labo@medecin.mssante.fr',
      '<1@medecin.mssante.fr>',
    ]);
    expect(headers).not.toHaveProperty('Disposition-Notification-To');
    expect(found.parts.map(({ type }) => type)).toEqual([
      'text/plain',
      'message/disposition-notification',
      'message/rfc822',
    ]);
  }
  const { parts } = await parseMail(raw);
  expect(Buffer.from(parts[1]!.bytes).equals(given.raw)).toBe(true);
  expect(Buffer.from(parts[0]!.bytes).toString().trimEnd().split(/\r?\n/)).toEqual([
    'Reporting-UA: Viaduc; 1.0',
    'Final-Recipient: rfc822;viaduc@ch-essai.mssante.fr',
    'Original-Message-ID: <1@medecin.mssante.fr>',
    'Disposition: automatic-action/MDN-sent-automatically; processed',
  ]);
});

test('an MDN of failure names each document that failed, in the form that every draft reads', async () => {
  const back = await parseMail(await writeMdn(await input({ errors: ERRORS })));
  expect(back.subject).toBe(`[KO Intégration système !][902] ${SUBJECT}`);
  expect(back.text).toContain(
    '- document 1 : 902 Identifiant de patient inconnu\n- document 2 : 905 Traits incomplets : prénom',
  );
  expect(readMdn(back)).toMatchObject({
    disposition: 'processed',
    result: 'error',
    errors: [
      { code: '902', label: 'Identifiant de patient inconnu' },
      { code: '905', label: 'Traits incomplets : prenom x' },
    ],
    originalMessageId: '<1@medecin.mssante.fr>',
    finalRecipient: 'viaduc@ch-essai.mssante.fr',
  });
});

test('Original-Recipient is repeated when the mail has it', async () => {
  const raw = asking('Original-Recipient: rfc822;service@ch-essai.mssante.fr');
  const back = await parseMail(await writeMdn(await input({ raw })));
  expect(readMdn(back)?.originalRecipient).toBe('service@ch-essai.mssante.fr');
});

test('no label and no subject makes a field of its own', async () => {
  const errors = [{ code: '9', label: 'a\r\nDisposition: x; displayed\r\n\r\nError: b', position: null }];
  const original = {
    messageId: '<a@b.fr>\r\nBcc: x@y.fr',
    subject: 'a\r\nBcc: x@y.fr',
    originalRecipient: 'a\r\nError: b',
  };
  const back = await parseMail(await writeMdn(await input({ errors, original })));
  expect(readMdn(back)?.errors).toEqual([{ code: '906', label: 'a Disposition: x; displayed Error: b' }]);
  const head = (await writeKo(await input({ errors, original }))).toString().split('\r\n\r\n')[0];
  expect(head).not.toMatch(/^Bcc/m);
});

test('a KO mail is known as one again, with the mail that it is about', async () => {
  const raw = await writeKo(await input({ errors: ERRORS, to: 'erreurs@ch-essai.mssante.fr' }));
  const found = readByPython([raw])?.[0];
  if (found)
    expect([found.defects, found.parts.map(({ type, name }) => [type, name])]).toEqual([
      [],
      [
        ['text/plain', null],
        ['message/rfc822', 'message_original.eml'],
      ],
    ]);
  expect(readKo(await parseMail(raw))).toEqual({
    code: '902',
    label: 'Identifiant de patient inconnu',
    about: ['<1@medecin.mssante.fr>'],
  });
});

test('the same input gives the same bytes, and bytes beyond ASCII come back as they were', async () => {
  const raw = Buffer.concat([asking(), Buffer.from('é\xff', 'latin1')]);
  const given = await input({ raw, errors: ERRORS });
  const written = await writeMdn(given);
  expect(written.equals(await writeMdn(given))).toBe(true);
  expect(written.includes(raw)).toBe(true);
});

test.each([
  ['it is asked for by the one envelope sender', asking(), { to: 'labo@medecin.mssante.fr' }],
  ['nobody asks', documentMail(), { no: 'not-asked' }],
  [
    'another than the envelope sender asks',
    documentMail([zip()], ['Disposition-Notification-To: x@medecin.mssante.fr']),
    { no: 'address-differs' },
  ],
  [
    'several are to get it',
    asking('Disposition-Notification-To: x@medecin.mssante.fr'),
    { no: 'several-addresses' },
  ],
  [
    'the envelope sender is not known',
    Buffer.from(
      asking()
        .toString()
        .replace(/^Return-Path.*\r\n/, ''),
    ),
    { no: 'no-return-path' },
  ],
  ['a machine wrote', asking('Auto-Submitted: auto-generated'), { no: 'automatic' }],
  ['a person says that he wrote', asking('Auto-Submitted: no'), { to: 'labo@medecin.mssante.fr' }],
  [
    'it would come to ourselves',
    Buffer.from(asking().toString().replaceAll('labo@medecin.mssante.fr', 'VIADUC@ch-essai.mssante.fr')),
    { no: 'own-address' },
  ],
  [
    'the sender is null',
    Buffer.from(
      asking()
        .toString()
        .replace(/^Return-Path.*/, 'Return-Path: <>'),
    ),
    { no: 'not-a-document' },
  ],
  ['it is a DSN', dsn([...TO_CABINET, 'Action: relayed']), { no: 'not-a-document' }],
  ['it is an MDN', mdn(['Disposition: a/b; processed'], [DNT]), { no: 'not-a-document' }],
])('an MDN may go out or not: %s', async (_, raw, expected) => {
  expect(await answer(raw)).toEqual(expected);
});
