import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MAIL_VARIANTS } from '../../../src/sandbox/mssante/correspondent/letter.ts';
import { mailSandboxErrors } from '../../../src/sandbox/mssante/errors.ts';
import { mailRefusals } from '../../../src/sandbox/mssante/refusals.ts';
import { openArchive } from '../../../src/xds/xdm/open.ts';
import { call } from '../dmp/running.ts';
import { BOX, DOCTOR, fieldsOf, letter, sample, world } from './stage.ts';

const mail = world();
const document = sample().toString('base64');
const control = <T>(method: string, path: string, body?: unknown, status?: number) =>
  call<T>(mail.it.controlUrl, method, `/mssante${path}`, body, status);
const page = async (path = '') => (await fetch(`${mail.it.controlUrl}/mssante/page${path}`)).text();
const sent = (more: object) => control('POST', '/letters', { to: BOX, documents: [document], ...more }, 201);

test('a correspondent sends a document that the reader of the gateway opens without a word', async () => {
  await sent({});
  await sent({ operation: 'C' });
  const mails = await mail.received(BOX, 2);
  const opened = await Promise.all(mails.map((one) => openArchive(one.attachments[0]!.bytes)));
  expect(opened.map(({ findings }) => findings)).toEqual([[], []]);
  const documents = opened.map(({ subsets }) => subsets[0]!.documents[0]!);
  expect(documents.map(({ bytes }) => bytes)).toEqual([sample(), sample()]);
  expect(documents.map(({ action }) => action)).toEqual([null, 'C']);
  expect(documents.map(({ findings }) => findings)).toEqual([[], []]);
  expect(mails[0]!.headers('disposition-notification-to')).toHaveLength(1);
});

test.each(Object.keys(MAIL_VARIANTS))('the letter %s comes into the mailbox', async (variant) => {
  await sent({ variant });
  expect(await mail.received(BOX, 1)).toHaveLength(1);
});

test('a person who reads a mail sends the MDN that it asks for, once', async () => {
  await mail.send(await letter(), { notify: ['NEVER'] });
  await mail.received(DOCTOR, 1);
  const { uid } = mail.it.simulation.boxes.get(DOCTOR)!.inbox.mails[0]!;
  expect(await control('POST', `/mailboxes/${DOCTOR}/${uid}/read`)).toEqual({ mdn: true });
  expect(await control('POST', `/mailboxes/${DOCTOR}/${uid}/read`)).toEqual({ mdn: false });
  const [mdn] = await mail.received(BOX, 1);
  expect(fieldsOf(mdn!)).toContain('manual-action/MDN-sent-manually; displayed');
});

test('shows what was taken and refused, in JSON and as a page', async () => {
  await mail.send(await letter());
  await mail.received(BOX, 1);
  await mail.send(await letter(), { to: 'a@exemple.mssante.fr' }).catch(() => {});
  expect(await control('GET', '/counts')).toEqual({ taken: 1, refused: 1 });
  const { items } = await control<{ items: { steps: { what: string }[] }[] }>('GET', '/mails');
  expect(items[0]!.steps.map(({ what }) => what)).toEqual(['delivered', 'DSN delivered 2.0.0']);
  expect(await page()).toMatch(/ENVID envoi-1[\s\S]*X-MSS-NIL[\s\S]*DSN delivered 2\.0\.0/);
  expect(await page('/boites')).toContain(DOCTOR);
  expect(await page('/refus')).toMatch(/554 5\.7\.1[\s\S]*liste blanche[\s\S]*sandbox\.mail-domain/);
  expect(await control('POST', '/reset')).toEqual({ taken: 0, refused: 0 });
  expect(await page()).toContain('Aucun message.');
});

test('takes faults and states of patients, and refuses what is misspelt', async () => {
  await control('POST', '/faults', { fault: 'no-dsn' }, 201);
  const given = await control<{ items: object[]; known: object }>('GET', '/faults');
  expect(given).toMatchObject({
    items: [{ fault: 'no-dsn', fired: 0 }],
    known: { 'no-dsn': expect.any(String) },
  });
  expect(await control('DELETE', '/faults')).toEqual({ items: [] });
  await control('POST', '/faults', { fault: 'nothing' }, 400);
  await control('PUT', '/patients/236066322083656', { state: 'closed' });
  expect(mail.it.simulation.boxes.patient('236066322083656@patient.mssante.fr')).toBe('closed');
});

test('names what it does not find', async () => {
  const code = (body: unknown) => body as { code: string };
  const get = async (path: string) =>
    code(await (await fetch(`${mail.it.controlUrl}/mssante${path}`)).json()).code;
  expect(await get('/mailboxes/x@y.fr')).toBe('sandbox.mail-no-such-mailbox');
  expect(await get(`/mailboxes/${BOX}/7`)).toBe('sandbox.mail-no-such-mail');
});

test('sends no letter without a CDA (sandbox.mail-no-document)', async () => {
  const documents = [Buffer.from('<note/>').toString('base64')];
  const failure = control('POST', '/letters', { to: BOX, documents }, 201);
  await expect(failure).rejects.toThrow(/422.*sandbox\.mail-no-document/);
});

test('every refusal and every error of the mail world is expected by some test, in both languages', () => {
  const tests = globSync('*.test.ts', { cwd: import.meta.dirname })
    .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
    .join('\n');
  const rows = Object.entries({ ...mailRefusals, ...mailSandboxErrors });
  expect(rows.filter(([code]) => !tests.includes(code)).map(([code]) => code)).toEqual([]);
  for (const [, { message, remedy }] of rows)
    for (const words of [message, remedy]) {
      expect(words.fr).toMatch(/[.}]$/);
      expect(words.en).toMatch(/[.}]$/);
    }
});
