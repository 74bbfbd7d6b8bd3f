import { describe, expect, test } from 'vitest';
import { mentionedIds, quotedIds, readDsn } from '../../../../src/delivery/mssante/message/dsn.ts';
import { readKo } from '../../../../src/delivery/mssante/message/ko.ts';
import { readMdn } from '../../../../src/delivery/mssante/message/mdn.ts';
import { parseMail } from '../../../../src/delivery/mssante/message/parsed-mail.ts';
import { SMTP_CODES, smtpCodeOf } from '../../../../src/delivery/mssante/message/smtp-codes.ts';
import {
  dsn,
  MESSAGE_ID,
  mail,
  mdn,
  multipart,
  PARTNER,
  RETURNED,
  SUBJECT,
  TEXT,
  TO_CABINET,
} from './incoming.ts';
import { ID } from './outgoing.ts';

const dsnOf = async (raw: Buffer) => readDsn(await parseMail(raw));
const mdnOf = async (raw: Buffer) => readMdn(await parseMail(raw));
const koOf = async (raw: Buffer) => readKo(await parseMail(raw));
const cabinet = 'cabinet@medecin.mssante.fr';
const known = {
  envelopeId: ID,
  originalMessageId: MESSAGE_ID,
  originalRecipient: cabinet,
  finalRecipient: cabinet,
};

describe('DSN', () => {
  test.each([
    [['Action: relayed', 'Status: 2.0.0', 'Remote-MTA: dns; dovecot'], 'relayed', '2.0.0', null],
    [
      ['Action: delivered', 'Status: 2.0.0', 'Diagnostic-Code: smtp; 250 2.0.0 Saved'],
      'delivered',
      '2.0.0',
      null,
    ],
    [['Action: expanded', 'Status: 2.1.5'], 'expanded', '2.1.5', null],
    [
      ['Action: FAILED (bad)', 'Status: 5.1.1', 'Diagnostic-Code: smtp; 550 5.1.1 <x>: User\n    unknown'],
      'failed',
      '5.1.1',
      '550',
    ],
    [
      ['Action: delayed', 'Status: 4.4.1', 'Diagnostic-Code: X-Postfix; connect to mx: Connection timed out'],
      'delayed',
      '4.4.1',
      '441',
    ],
  ])('%j is read', async (lines, action, status, smtpCode) => {
    expect(await dsnOf(dsn([...TO_CABINET, ...lines]))).toEqual([{ ...known, action, status, smtpCode }]);
  });

  test('several recipients, each with its own fate; a block without one is passed over', async () => {
    const blocks = [
      ...[...TO_CABINET, 'Action: relayed', 'Status: 2.0.0', ''],
      ...[
        'Final-Recipient: rfc822; b@medecin.mssante.fr',
        'Action: failed',
        'Status: 5.2.2',
        '',
        'Action: pending',
        '',
      ],
    ];
    const read = await dsnOf(dsn(blocks));
    expect(read?.map(({ finalRecipient, action, smtpCode }) => [finalRecipient, action, smtpCode])).toEqual([
      [cabinet, 'relayed', null],
      ['b@medecin.mssante.fr', 'failed', '552'],
    ]);
  });

  test('of Exchange: no envelope identifier, the mail itself comes back', async () => {
    const returned = `Content-Type: message/rfc822\n\n${RETURNED}\nBonjour.`;
    const block = [
      'Final-Recipient: rfc822;x@medecin.mssante.fr',
      'Action: failed',
      'Status: 5.1.10',
      'Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found',
    ];
    expect(await dsnOf(dsn(block, { returned, envelope: '' }))).toEqual([
      {
        ...{ envelopeId: null, originalMessageId: MESSAGE_ID, originalRecipient: null },
        ...{ finalRecipient: 'x@medecin.mssante.fr', action: 'failed', status: '5.1.10', smtpCode: '550' },
      },
    ]);
  });

  test('a text of a mail system is none; what it names leads to the mail', async () => {
    const free = mail(
      [
        'Return-Path: <>',
        'From: postmaster@operateur.fr',
        `In-Reply-To: ${MESSAGE_ID}`,
        'References: <a@b.fr>',
      ],
      `Votre message <c@d.fr> n'a pas été remis. <b>`,
    );
    const found = await parseMail(free);
    expect(readDsn(found)).toBeNull();
    expect(mentionedIds(found)).toEqual([MESSAGE_ID, '<a@b.fr>']);
    expect(quotedIds(found)).toEqual([MESSAGE_ID, '<a@b.fr>', '<c@d.fr>']);
  });

  test('a report without a word on a recipient is none, and a part that lies in another mail is not looked at', async () => {
    expect(await dsnOf(dsn(['Status: 5.0.0']))).toBeNull();
    expect(await dsnOf(dsn([...TO_CABINET, 'Action: constructor']))).toBeNull();
    const inner = dsn([...TO_CABINET, 'Action: failed']);
    expect(
      await dsnOf(multipart('multipart/mixed', PARTNER, [TEXT, `Content-Type: message/rfc822\n\n${inner}`])),
    ).toBeNull();
  });

  test.each([
    ['5.1.1', 'smtp; 550 no', '550'],
    ['5.0.0', 'smtp; 552-too much', '552'],
    ['5.1.1', 'smtp; 599 odd', '550'],
    ['5.1.1', 'smtp; 5501 odd', '550'],
    ['5.1.10', null, '550'],
    ['5.1.2', null, '512'],
    ['5.1.3', null, '553'],
    ['4.2.2', null, '422'],
    ['5.2.2', null, '552'],
    ['5.2.3', null, '523'],
    ['5.3.4', null, '523'],
    ['4.4.2', null, '442'],
    ['5.4.4', null, '512'],
    ['5.4.7', null, '420'],
    ['5.7.1', null, '541'],
    ['4.7.1', null, '451'],
    ['4.4.1', 'X-Postfix; connect to mx[192.0.2.1]:25: Connection refused', '111'],
    ['4.4.1', 'X-Postfix; connect to mx: No route to host', '101'],
    ['5.9.9', null, '554'],
    [null, null, '554'],
  ])('status %s with diagnostic %s is code %s of the table', (status, diagnostic, code) => {
    expect(smtpCodeOf(status, diagnostic)).toBe(code);
    expect(Object.keys(SMTP_CODES)).toContain(code);
  });
});

describe('MDN', () => {
  const ORIGINAL = `Original-Message-ID: ${MESSAGE_ID}`;
  const said = (what: string) => `Disposition: automatic-action/MDN-sent-automatically; ${what}`;
  const read = {
    originalMessageId: MESSAGE_ID,
    originalRecipient: null,
    finalRecipient: 'labo@medecin.mssante.fr',
  };

  test.each(['displayed', 'processed', 'dispatched', 'deleted'])('%s is a reading', async (type) => {
    const disposition = type;
    expect(await mdnOf(mdn([ORIGINAL, said(type)]))).toEqual({
      ...read,
      disposition,
      result: 'read',
      errors: [],
    });
  });

  const UNKNOWN = { code: '902', label: 'Identifiant de patient inconnu' };
  test.each([
    [
      'the field Error',
      [said('processed/error'), 'Error: 902^Identifiant de patient inconnu^messageErrorCondition| E^Error'],
    ],
    [
      'what follows the disposition',
      [said('processed/Error: 902^Identifiant de patient inconnu^messageErrorCondition| E^')],
    ],
    [
      'the field Error, although the disposition is silent',
      [said('processed'), 'Error: 902^Identifiant de patient\n inconnu'],
    ],
  ])('an error is told by %s', async (_, fields) => {
    expect(await mdnOf(mdn([ORIGINAL, ...fields]))).toMatchObject({
      ...read,
      result: 'error',
      errors: [UNKNOWN],
    });
  });

  test('several errors, one a document', async () => {
    const found = await mdnOf(mdn([said('processed/ERROR'), 'Error: 902^A', 'Error: 905^B']));
    expect(found?.errors).toEqual([
      { code: '902', label: 'A' },
      { code: '905', label: 'B' },
    ]);
  });

  test('without a code it is that of the subject, else 906', async () => {
    const subject = ['Subject: [KO Integration systeme !][904] XDM/1.0/DDM+X'];
    expect((await mdnOf(mdn([said('deleted/error')], subject)))?.errors).toEqual([
      { code: '904', label: null },
    ]);
    expect((await mdnOf(mdn([said('processed/failure'), 'Error: no such patient'])))?.errors).toEqual([
      { code: '906', label: 'no such patient' },
    ]);
    expect((await mdnOf(mdn([said('failed')])))?.result).toBe('error');
  });

  test('a reader who denies it says neither', async () => {
    expect(await mdnOf(mdn(['Disposition: manual-action/MDN-sent-manually; denied']))).toMatchObject({
      result: 'unclear',
    });
  });

  test('without Original-Message-ID the mail that comes back tells; without a disposition there is no MDN', async () => {
    expect((await mdnOf(mdn([said('processed')])))?.originalMessageId).toBe(MESSAGE_ID);
    expect(
      (await mdnOf(mdn([`Original-Message-ID: ${MESSAGE_ID.slice(1, -1)}`, said('processed')])))
        ?.originalMessageId,
    ).toBe(MESSAGE_ID);
    expect(await mdnOf(mdn([ORIGINAL]))).toBeNull();
    expect(await mdnOf(mdn([ORIGINAL, 'Disposition: processed']))).toBeNull();
  });
});

describe('mail of error', () => {
  const ko = (subject: string, text: string) =>
    multipart(
      'multipart/mixed',
      [...PARTNER, `Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=`],
      [
        `Content-Type: text/plain; charset=utf-8\n\n${text}`,
        `Content-Type: message/rfc822\nContent-Disposition: attachment; filename="message_original.eml"\n\n${RETURNED}\nBonjour.`,
      ],
    );

  test.each([
    [`[KO Intégration système !][902] ${SUBJECT}`, '902 : Identifiant inconnu', '902', 'Identifiant inconnu'],
    [
      `[Erreur d’intégration !][902] ${SUBJECT}`,
      'Erreur 902^Identifiant inconnu^x',
      '902',
      'Identifiant inconnu',
    ],
    [
      `[KO Intégration système\u202f! ] ${SUBJECT}`,
      'Bonjour,\n\nCode 905 - Traits incomplets',
      '905',
      'Traits incomplets',
    ],
    [`[KO Integration systeme !] ${SUBJECT}`, 'Bonjour', '906', null],
    [`[KO Intégration système !][902] ${SUBJECT}`, '905 : autre', '902', null],
  ])('%s with %j', async (subject, text, code, label) => {
    expect(await koOf(ko(subject, text))).toEqual({ code, label, about: [MESSAGE_ID] });
  });

  test('an answer to one is none', async () => {
    expect(await koOf(ko(`RE: [KO Intégration système !][902] ${SUBJECT}`, '902'))).toBeNull();
  });
});
