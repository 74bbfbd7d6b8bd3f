import { describe, expect, test } from 'vitest';
import {
  APPLICATION,
  BOX,
  DOCTOR,
  FULL,
  fieldsOf,
  foreign,
  GUARDED,
  letter,
  PATIENT,
  world,
} from './stage.ts';

const mail = world();
const text = (raw: Buffer, change: (text: string) => string) =>
  Buffer.from(change(raw.toString('latin1')), 'latin1');
const header = (name: string, value: string | null) => (raw: Buffer) =>
  text(raw, (all) =>
    all.replace(
      new RegExp(`^${name}: .*\r\n(?:[ \t].*\r\n)*`, 'm'),
      value === null ? '' : `${name}: ${value}\r\n`,
    ),
  );

test('takes a mail with a document, puts it into the mailbox and reports its delivery', async () => {
  const answer = await mail.send(await letter());
  expect(answer.accepted).toEqual([DOCTOR]);
  const [dsn] = await mail.received(BOX, 1);
  expect(dsn!.headers('content-type')[0]).toMatch(/^multipart\/report; report-type=delivery-status/);
  expect(dsn!.headers('return-path')).toEqual(['<>']);
  expect(fieldsOf(dsn!)).toMatch(
    /Original-Envelope-Id: envoi-1\r?\n[\s\S]*Action: delivered\r?\nStatus: 2\.0\.0/,
  );
  expect(fieldsOf(dsn!)).toContain(`Original-Recipient: rfc822;${DOCTOR}`);
  const [kept] = await mail.received(DOCTOR, 1);
  expect(kept!.attachments.map(({ name }) => name)).toEqual(['IHE_XDM.zip', 'document1.pdf']);
  expect(mail.refused()).toEqual([]);
});

test('relays a mail to a patient, who answers by MDN', async () => {
  await mail.send(await letter({ to: PATIENT }), { to: PATIENT });
  const [dsn, mdn] = await mail.received(BOX, 2);
  expect(fieldsOf(dsn!)).toContain('Action: relayed');
  expect(fieldsOf(mdn!)).toContain('Disposition: automatic-action/MDN-sent-automatically; displayed');
  expect(fieldsOf(mdn!)).toContain('Original-Message-ID: <');
});

test('an application answers that it processed a mail, and nothing where nothing is asked', async () => {
  await mail.send(await letter({ to: APPLICATION }), { to: APPLICATION });
  const [, mdn] = await mail.received(BOX, 2);
  expect(fieldsOf(mdn!)).toMatch(/; processed\r?\n/);
  expect(mdn!.attachments.at(-1)!.type).toBe('message/rfc822');
  await mail.send(await letter({ to: APPLICATION, receipt: false }), {
    to: APPLICATION,
    notify: ['FAILURE'],
  });
  await mail.received(APPLICATION, 2);
  expect(mail.it.simulation.boxes.get(BOX)!.inbox.mails).toHaveLength(2);
});

test('what cannot be delivered comes back: closed, unknown and full mailboxes', async () => {
  const { boxes } = mail.it.simulation;
  boxes.setPatient('236066322083656', 'closed');
  await mail.send(await letter({ to: PATIENT }), { to: PATIENT });
  await mail.received(BOX, 1);
  boxes.setPatient('236066322083656', 'unknown');
  await mail.send(await letter({ to: PATIENT }), { to: PATIENT });
  await mail.received(BOX, 2);
  await mail.send(await letter({ to: FULL }), { to: FULL });
  const bounces = (await mail.received(BOX, 3)).map(fieldsOf);
  expect(bounces.map((one) => /Status: (.*)/.exec(one)?.[1])).toEqual(['5.2.1', '5.1.1', '5.2.2']);
  expect(bounces.every((one) => one.includes('Action: failed'))).toBe(true);
  expect(bounces[2]).toContain('Diagnostic-Code: smtp; 552 5.2.2');
});

const REFUSED: [code: string, answer: number, sending: Parameters<typeof mail.send>[1]][] = [
  ['sandbox.mail-certificate', 421, { files: null }],
  ['sandbox.mail-sender', 553, { files: foreign }],
  ['sandbox.mail-sender', 553, { from: DOCTOR }],
  ['sandbox.mail-sender', 553, { from: GUARDED }],
  ['sandbox.mail-login', 535, { from: GUARDED, auth: { user: GUARDED, pass: 'faux' } }],
  ['sandbox.mail-domain', 554, { to: 'a@exemple.mssante.fr' }],
  ['sandbox.mail-mailbox-unknown', 550, { to: 'personne@ch.bac-a-sable.mssante.fr' }],
  ['sandbox.mail-patient-address', 553, { to: '236066322083657@patient.mssante.fr' }],
  ['sandbox.mail-patient-address', 553, { to: '2360663220836@patient.mssante.fr' }],
  ['sandbox.mail-several-users', 554, { to: [PATIENT, DOCTOR] }],
];

test.each(REFUSED)('refuses with %s (%i): %o', async (code, responseCode, sending) => {
  const failure = await mail.send(await letter(), sending).catch((error: unknown) => error);
  expect(failure).toMatchObject({ responseCode, response: expect.stringContaining(code) });
});

test('a mailbox with a password is opened by it', async () => {
  const raw = await letter({ from: GUARDED });
  const auth = { user: GUARDED, pass: 'mot-de-passe' };
  expect(await mail.send(raw, { from: GUARDED, auth })).toMatchObject({ accepted: [DOCTOR] });
});

test('refuses a session without TLS (sandbox.mail-needs-tls), and TLS before 1.2', async () => {
  const raw = await letter();
  const old = mail.send(raw, {
    tls: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' },
  });
  await expect(old).rejects.toThrow(/protocol version|alert/);
  const { createTransport } = await import('nodemailer');
  const bare = createTransport({ host: '127.0.0.1', port: mail.it.smtpPort, ignoreTLS: true });
  const plain = bare.sendMail({ envelope: { from: BOX, to: DOCTOR }, raw });
  await expect(plain).rejects.toMatchObject({
    responseCode: 530,
    response: expect.stringContaining('sandbox.mail-needs-tls'),
  });
});

const CONTENT: [code: string, make: () => Promise<Buffer>][] = [
  ['sandbox.mail-header', async () => header('X-MSS-NIL', null)(await letter())],
  ['sandbox.mail-header', async () => header('Message-ID', 'sans-chevrons')(await letter())],
  ['sandbox.mail-from', async () => letter({ variant: 'spoofed-sender' })],
  ['sandbox.mail-subject', async () => header('Subject', 'Compte rendu XDM/1.0/DDM')(await letter())],
  [
    'sandbox.mail-archive-name',
    async () => text(await letter(), (all) => all.replaceAll('IHE_XDM.zip', 'archive.zip')),
  ],
  ['sandbox.mail-archive-name', () => letter({ variant: 'two-archives' })],
  ['sandbox.mail-archive-name', () => letter({ variant: 'no-archive' })],
  ['sandbox.mail-archive-unreadable', () => letter({ variant: 'traversal' })],
  ['sandbox.mail-archive-unreadable', () => letter({ variant: 'absolute' })],
  ['sandbox.mail-archive-unreadable', () => letter({ variant: 'bomb' })],
  ['sandbox.mail-archive-unreadable', () => letter({ variant: 'encrypted' })],
  ['sandbox.mail-archive-unreadable', () => letter({ variant: 'link' })],
  ['sandbox.mail-archive-unreadable', () => letter({ variant: 'duplicate-name' })],
  ['sandbox.mail-archive-unreadable', () => letter({ variant: 'truncated' })],
  ['sandbox.mail-archive-layout', () => letter({ variant: 'no-metadata' })],
  ['sandbox.mail-archive-layout', () => letter({ variant: 'no-readme' })],
  ['sandbox.mail-entry-name', () => letter({ variant: 'lower-case' })],
  ['sandbox.mail-metadata', () => letter({ variant: 'metadata-doctype' })],
  ['sandbox.mail-uri', () => letter({ variant: 'uri-outside' })],
  ['sandbox.mail-uri', () => letter({ variant: 'no-document' })],
  ['sandbox.mail-size-differs', () => letter({ variant: 'wrong-size' })],
  ['sandbox.mail-hash-differs', () => letter({ variant: 'wrong-hash' })],
  ['sandbox.mail-not-cda', () => letter({ variant: 'not-a-cda' })],
  ['sandbox.mail-several-patients', () => letter({ variant: 'two-patients' })],
  ['sandbox.mail-codecda', async () => header('X-MSS-CODECDA', '11502-2')(await letter())],
  ['sandbox.mail-ins', async () => header('X-MSS-INS', 'N')(await letter())],
  ['sandbox.mail-pdf', async () => text(await letter(), (all) => all.replace('JVBERi0x', 'AAAAAAAA'))],
];

test.each(CONTENT)('refuses content with %s', async (code, make) => {
  const failure = await mail.send(await make()).catch((error: unknown) => error);
  expect(failure).toMatchObject({ responseCode: 554, response: expect.stringContaining(code) });
  expect(mail.refused()).toContain(code);
  expect(mail.it.simulation.journal.counts()).toEqual({ taken: 0, refused: 1 });
});

test('refuses a mail whose slots are gone, or whose uniqueId is of another document', async () => {
  const { archiveOf } = await import('../../../src/sandbox/mssante/correspondent/variants.ts');
  const { judgeArchive } = await import('../../../src/sandbox/mssante/archive-checks.ts');
  const { openArchive } = await import('../../../src/sandbox/mssante/archive.ts');
  const { readCda } = await import('../../../src/sandbox/mssante/cda.ts');
  const { sample } = await import('./stage.ts');
  const bytes = sample();
  const sent = [{ name: 'DOC00001.XML', bytes, cda: { ...readCda(bytes)!, id: '2.25.1' } }];
  const zip = await archiveOf(sent, { operation: 'new', nowMs: 0, serial: 1 }, null);
  const files = new Map((await openArchive(zip)) as ReadonlyMap<string, Buffer>);
  expect(judgeArchive(files).reasons.map(({ code }) => code)).toEqual(['sandbox.mail-document-id']);
  const place = 'IHE_XDM/SUBSET01/METADATA.XML';
  files.set(place, Buffer.from(String(files.get(place)).replace('name="hash"', 'name="other"')));
  expect(judgeArchive(files).reasons[0]).toMatchObject({
    code: 'sandbox.mail-slot',
    values: { slot: 'hash' },
  });
});

test('refuses the document of another patient (sandbox.mail-other-patient)', async () => {
  const other = '279035121518989@patient.mssante.fr';
  const failure = mail.send(await letter({ to: other }), { to: other });
  await expect(failure).rejects.toMatchObject({
    response: expect.stringContaining('sandbox.mail-other-patient'),
  });
});

test('refuses a mail that cannot be read (sandbox.mail-unreadable)', async () => {
  const deep = Array.from(
    { length: 40 },
    (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`,
  );
  const failure = mail.send(Buffer.from(deep.join('')));
  await expect(failure).rejects.toMatchObject({
    response: expect.stringContaining('sandbox.mail-unreadable'),
  });
});

const SIZES = { sizeLimit: 60_000, patientSizeLimit: 50_000 };

describe('sizes', () => {
  const small = world(SIZES);

  test.each([
    [DOCTOR, SIZES.sizeLimit],
    [PATIENT, SIZES.patientSizeLimit],
  ])(
    'a mail to %s of %i bytes is taken, one byte more is answered 552 (sandbox.mail-too-large)',
    async (to, limit) => {
      const raw = await letter({ to });
      const of = (bytes: number) =>
        Buffer.concat([raw, Buffer.alloc(bytes - raw.length - 2, 'x'), Buffer.from('\r\n')]);
      expect(await small.send(of(limit), { to })).toMatchObject({ accepted: [to] });
      const over = small.send(of(limit + 1), { to });
      await expect(over).rejects.toMatchObject({
        responseCode: 552,
        response: expect.stringContaining('5.3.4'),
      });
    },
  );
});
