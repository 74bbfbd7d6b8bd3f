import { describe, expect, test } from 'vitest';
import { messageLimits } from '../../../../src/delivery/mssante/message/limits.ts';
import {
  documentMail,
  dsn,
  mail,
  mdn,
  multipart,
  OPTIONS,
  PARTNER,
  read,
  SUBJECT,
  TEXT,
  TO_CABINET,
  zip,
} from './incoming.ts';

const kindOf = async (raw: Buffer) => {
  const { kind, reason } = await read(raw);
  return [kind, reason];
};
const enclosing = (inner: Buffer) =>
  `Content-Type: message/rfc822\nContent-Disposition: attachment\n\n${inner}`.replaceAll(
    'limite',
    'dans-limite',
  );
const q = (text: string) => `Subject: =?utf-8?B?${Buffer.from(text).toString('base64')}?=`;

describe('what a mail is', () => {
  test('a report, before anything else, even when it encloses an archive', async () => {
    const whole = `Content-Type: message/rfc822\n\n${documentMail()}`;
    expect(
      await kindOf(dsn([...TO_CABINET, 'Action: relayed', 'Status: 2.0.0'], { returned: whole })),
    ).toEqual(['dsn', 'delivery-report']);
    expect(await kindOf(mdn(['Disposition: automatic-action/MDN-sent-automatically; processed']))).toEqual([
      'mdn',
      'disposition-report',
    ]);
  });

  test.each([
    q('[KO Intégration système !][902] XDM/1.0/DDM+Lettre'),
    q('[KO Intégration système\u00a0!] [902] XDM/1.0/DDM+Lettre'),
    'Subject: [KO Integration systeme ! ] XDM/1.0/DDM+Lettre',
    q('[Erreur d’intégration !][902] XDM/1.0/DDM+Lettre'),
  ])('a mail of error, by its subject: %s', async (subject) => {
    expect(await kindOf(mail([...PARTNER, subject], 'Erreur'))).toEqual(['ko', 'error-subject']);
  });

  test('a bounce in no known form', async () => {
    const text = 'Boîte inconnue.';
    expect(await kindOf(mail(['Return-Path: <>', 'From: x@medecin.mssante.fr'], text))).toEqual([
      'bounce',
      'null-sender',
    ]);
    expect(await kindOf(mail(['From: Mail <MAILER-DAEMON@operateur.fr>'], text))).toEqual([
      'bounce',
      'mail-system',
    ]);
    expect(await kindOf(mail(['From: postmaster@operateur.fr'], text))).toEqual(['bounce', 'mail-system']);
  });

  test('to be kept apart when its sender is not of the trust space, in From as in Return-Path', async () => {
    const from = (sender: string, path: string) =>
      documentMail([TEXT, zip()], [])
        .toString()
        .replace(/^Return-Path: .*$/m, path && `Return-Path: <${path}>`)
        .replace(/^From: .*$/m, sender && `From: ${sender}`)
        .replace(/^\r\n/, '');
    const good = 'labo@medecin.mssante.fr';
    const kinds = async (sender: string, path: string) => kindOf(Buffer.from(from(sender, path)));
    expect(await kinds('x@medecin.mssante.fr.evil.fr', good)).toEqual(['quarantine', 'sender-not-trusted']);
    expect(await kinds(`${good}, x@evil.fr`, good)).toEqual(['quarantine', 'several-senders']);
    expect(await kinds(`"${good}" <x@evil.fr>`, good)).toEqual(['quarantine', 'sender-not-trusted']);
    expect(await kinds(good, 'x@evil.fr')).toEqual(['quarantine', 'return-path-not-trusted']);
    expect(await kindOf(mail(['Return-Path: <labo@medecin.mssante.fr>']))).toEqual([
      'quarantine',
      'no-sender',
    ]);
    expect(await kinds(good.toUpperCase(), good)).toEqual(['document', 'archive']);
  });

  test('from a patient, whatever it carries', async () => {
    const raw = documentMail().toString().replaceAll('labo@medecin', '236066322083656@patient');
    expect(await kindOf(Buffer.from(raw))).toEqual(['patient', 'from-a-patient']);
  });

  test.each([
    ['IHE_XDM.zip', 'application/zip'],
    ['IHE_XDM.ZIP', 'application/octet-stream'],
    ['ihe_xdm.zip', 'application/x-zip-compressed'],
    ['courrier.zip', 'application/octet-stream'],
    ['courrier', 'application/x-zip-compressed'],
  ])('a document when it carries %s as %s', async (name, type) => {
    const { kind, archive } = await read(documentMail([TEXT, zip(name, type)]));
    expect(kind).toBe('document');
    expect([Buffer.from(archive!.bytes).toString(), archive!.forwarded]).toEqual(['PK archive', false]);
  });

  test.each(['TR: ', 'Fwd: ', 'Re: ', 'RE: TR : '])(
    'a document that was forwarded, by the subject %j too',
    async (prefix) => {
      const raw = documentMail([TEXT, zip('autre.zip')], [q(`${prefix}${SUBJECT}`)]);
      expect(await kindOf(raw)).toEqual(['document', 'archive']);
    },
  );

  test('a document when the archive is one mail further down, not two', async () => {
    const once = multipart('multipart/mixed', [...PARTNER, 'Subject: TR'], [TEXT, enclosing(documentMail())]);
    const { kind, archive, mail: outer } = await read(once);
    expect([kind, archive?.forwarded, outer.enclosed[0]?.messageId]).toEqual([
      'document',
      true,
      '<1@medecin.mssante.fr>',
    ]);
    const twice = multipart('multipart/mixed', [...PARTNER, 'Subject: TR'], [TEXT, enclosing(once)]);
    expect(await kindOf(twice)).toEqual(['human', 'nothing-to-integrate']);
  });

  test('for a person when it has several archives, announces one that is not there, or is an ordinary mail', async () => {
    expect(await kindOf(documentMail([TEXT, zip(), zip('ihe_xdm.ZIP')]))).toEqual([
      'human',
      'several-archives',
    ]);
    const both = multipart('multipart/mixed', PARTNER, [zip(), enclosing(documentMail())]);
    expect(await kindOf(both)).toEqual(['human', 'several-archives']);
    expect(await kindOf(documentMail([TEXT]))).toEqual(['human', 'archive-missing']);
    expect(await kindOf(documentMail([TEXT, zip('a.zip')], ['Subject: Bonjour']))).toEqual([
      'human',
      'nothing-to-integrate',
    ]);
  });
});

test('what later steps need is read', async () => {
  const headers = [
    ...[
      'In-Reply-To: <b@c.fr>',
      'References: <a@b.fr>\r\n <b@c.fr>',
      'Auto-Submitted: No (by hand)',
      q(SUBJECT),
    ],
    'Disposition-Notification-To: Labo <labo@medecin.mssante.fr>',
  ];
  const { mail: found, doubts } = await read(documentMail([TEXT, zip()], headers));
  expect(doubts).toEqual([]);
  expect(found).toMatchObject({
    from: ['labo@medecin.mssante.fr'],
    returnPath: 'labo@medecin.mssante.fr',
    messageId: '<1@medecin.mssante.fr>',
    answers: ['<b@c.fr>', '<a@b.fr>'],
    notifyTo: ['labo@medecin.mssante.fr'],
    autoSubmitted: 'no',
    subject: SUBJECT,
    text: 'Bonjour.',
    reportType: null,
  });
});

test('what is doubtful about the origin is said, of a report too', async () => {
  const good = dsn([...TO_CABINET, 'Action: relayed', 'Status: 2.0.0']);
  expect((await read(good)).doubts).toEqual(['sender-not-trusted']);
  const forged = good.toString().replace('Return-Path: <>', 'Return-Path: <x@evil.fr>');
  expect((await read(Buffer.from(forged))).doubts).toEqual([
    'sender-not-trusted',
    'return-path-differs',
    'report-with-sender',
  ]);
  const pathless = documentMail()
    .toString()
    .replace(/^Return-Path.*\r\n/, '');
  expect((await read(Buffer.from(pathless))).doubts).toEqual(['no-return-path']);
});

describe('caps', () => {
  const { mailHeaders, mimeDepth, parts, mail: whole } = messageLimits;
  const reads = async (raw: Buffer) =>
    read(raw).then(
      () => 'read',
      (error: { code: string }) => error.code,
    );

  test('size', async () => {
    const head = mail(PARTNER);
    const exact = Buffer.concat([head, Buffer.alloc(whole.value - head.length, 'a')]);
    expect(await reads(exact)).toBe('read');
    expect(await reads(Buffer.concat([exact, Buffer.from('a')]))).toBe('mssante.mail-too-long');
  });

  test('headers, of all parts together', async () => {
    const padded = (bytes: number) => mail([`From: ${'a'.repeat(bytes - 6)}`]);
    expect(await reads(padded(mailHeaders.value))).toBe('read');
    expect(await reads(padded(mailHeaders.value + 1))).toBe('mssante.mail-malformed');
  });

  test('parts', async () => {
    const raw = (count: number) =>
      documentMail(Array.from({ length: count }, (_, index) => zip(`${index}.pdf`)));
    expect(await reads(raw(parts.value))).toBe('read');
    expect(await reads(raw(parts.value + 1))).toBe('mssante.mail-malformed');
  });

  test('depth', async () => {
    const nested = (depth: number): string =>
      depth === 0
        ? TEXT
        : `Content-Type: multipart/mixed; boundary=b${depth}\n\n--b${depth}\n${nested(depth - 1)}\n--b${depth}--`;
    const raw = (depth: number) =>
      mail(
        PARTNER.concat(nested(depth).split('\n\n')[0]!),
        nested(depth).split('\n\n').slice(1).join('\n\n'),
      );
    expect(await reads(raw(mimeDepth.value - 1))).toBe('read');
    expect(await reads(raw(mimeDepth.value + 1))).toBe('mssante.mail-malformed');
  });
});

test('a domain of the trust space is compared in its A-labels', async () => {
  const raw = documentMail().toString().replaceAll('@medecin.mssante.fr', '@hôpital.mssante.fr');
  const seen: string[] = [];
  const { readMail } = await import('../../../../src/delivery/mssante/message/read.ts');
  const isTrusted = (domain: string) => seen.push(domain) > 0;
  expect((await readMail(Buffer.from(raw), { ...OPTIONS, isTrusted })).kind).toBe('document');
  expect([...new Set(seen)]).toEqual(['xn--hpital-ixa.mssante.fr']);
});
