import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { resumeMail } from '../../../src/intake/mailbox/commands.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { unzip } from '../../../src/xds/xdm/unzip.ts';
import { writeZip } from '../../../src/xds/xdm/zip.ts';
import { openTestLedger, scratch } from '../../ledger/making.ts';
import { DEPOSIT } from '../../xds/discharge-letter.ts';
import { type Given, sample } from '../../xds/xdm/archives.ts';
import { forge } from '../../xds/xdm/forge.ts';
import { archive, arrive, DeskStage, mailOf } from './stage.ts';

const letter = sample('discharge-letter.xml');
const newer = sample('discharge-letter-v2.xml');
const METADATA = 'IHE_XDM/SUBSET01/METADATA.XML';
const DOCUMENT = 'IHE_XDM/SUBSET01/DOC00001.XML';
const INS = '236066322083656';

let folder: string;
let ledger: Ledger;
let stage: DeskStage;

beforeEach(async () => {
  folder = scratch();
  ledger = await openTestLedger(folder, { nowMs: Date.now() });
  stage = new DeskStage(ledger, null);
});

afterEach(async () => {
  await stage.desk.stop();
  await ledger.close();
  rmSync(folder, { recursive: true });
});

/** An archive whose files say something else; hash and size are no longer promised, so that nothing else is wrong. */
async function changed(change: (text: string) => string, names = [METADATA, DOCUMENT]): Promise<Buffer> {
  const members = await unzip(await archive([letter]));
  const edited = members.map(({ name, bytes }) => {
    const text = bytes.toString();
    const bare =
      name === METADATA ? text.replace(/<rim:Slot name="(?:hash|size)">.*?<\/rim:Slot>/g, '') : text;
    return { name, bytes: names.includes(name) ? Buffer.from(change(bare)) : Buffer.from(bare) };
  });
  return writeZip(edited, 0);
}

const withoutIns = (text: string) =>
  text
    .replace(/<id root="1\.2\.250\.1\.213\.1\.4\.10"[^>]*>/, '')
    .replace(/<rim:ExternalIdentifier [^>]*58a6f841.*?<\/rim:ExternalIdentifier>/, '');

test.each<[string, string, () => Promise<Buffer>]>([
  ['xdm.not-a-zip', 'it', async () => Buffer.from('no archive')],
  ['xdm.size-differs', 'it', () => tampered()],
  ['received.replaced-not-named', 'it', () => changed((text) => action(text, 'C'), [METADATA])],
  ['received.ins-missing', 'identity', () => changed(withoutIns)],
  ['received.ins-incomplete', 'identity', () => changed((text) => text.replace(/<birthTime [^>]*>/, ''))],
  [
    'xdm.patients-differ',
    'identity',
    () => changed((text) => text.replaceAll(INS, '279035121518989'), [DOCUMENT]),
  ],
])('a mail is set aside for %s, for the role %s', async (code, role, made) => {
  const mail = await arrive(ledger, mailOf(await made()));
  await stage.desk.sort();
  const sorted = await ledger.of('one').integrations.sorted(mail);
  expect(sorted).toMatchObject({ outcome: 'set-aside', code });
  const { items } = await ledger.of('one').work({ limit: 10 });
  expect(items).toEqual([expect.objectContaining({ id: `mail:${mail}`, role, code, mail })]);
  expect(await ledger.of('one').integrations.ofMail(mail)).toEqual([]);
});

/** The archive with one byte more in its document. */
async function tampered(): Promise<Buffer> {
  const members = await unzip(await archive([letter]));
  return writeZip(
    members.map(({ name, bytes }) => ({
      name,
      bytes:
        name === DOCUMENT
          ? Buffer.from(bytes.toString().replace('</ClinicalDocument>', ' </ClinicalDocument>'))
          : bytes,
    })),
    0,
  );
}

function action(text: string, value: string): string {
  const slot = `<rim:Slot name="urn:ans:ci-sis:action"><rim:ValueList><rim:Value>${value}</rim:Value></rim:ValueList></rim:Slot>`;
  return text.replace(/(<rim:ExtrinsicObject [^>]*>)/, `$1${slot}`);
}

test('an archive that could harm is set aside, and the next mail is sorted', async () => {
  const bomb = forge([{ name: '../../etc/passwd', data: Buffer.from('x') } as never]);
  const first = await arrive(ledger, mailOf(bomb));
  const second = await arrive(ledger, mailOf(await archive([letter])));
  await stage.desk.sort();
  const view = ledger.of('one').integrations;
  const { outcome, why } = (await view.sorted(first))!;
  expect(outcome).toBe('set-aside');
  expect(why?.fr).toMatch(/^Le nom du fichier n° 1 de l’archive est refusé : [^{]+\.$/);
  expect((await view.sorted(second))?.outcome).toBe('handed-on');
});

test('a mail for which no software was named is taken up again once one is', async () => {
  await stage.desk.stop();
  stage = new DeskStage(ledger, null, { consumerOf: () => null });
  const mail = await arrive(ledger, mailOf(await archive([letter])));
  await stage.desk.sort();
  const sorted = (await ledger.of('one').integrations.sorted(mail))!;
  expect(sorted.code).toBe('received.no-consumer');
  const asked = { by: 'somebody', reason: 'the software is there' };
  await resumeMail({ ledger, clock: { now: Date.now } }, 'one', { id: mail, sorted }, asked);
  expect((await ledger.of('one').work({ limit: 10 })).items).toEqual([]);
  await stage.desk.stop();
  stage = new DeskStage(ledger, null);
  await stage.desk.sort();
  expect((await ledger.of('one').integrations.sorted(mail))?.outcome).toBe('handed-on');
  const again = resumeMail(
    { ledger, clock: { now: Date.now } },
    'one',
    { id: mail, sorted: { outcome: 'handed-on' } },
    asked,
  );
  await expect(again).rejects.toMatchObject({ code: 'received.not-set-aside' });
});

test('what a person must read is work for a person, and ordinary receipts are none', async () => {
  for (const kind of ['human', 'patient', 'quarantine', 'dsn'] as const)
    await arrive(ledger, Buffer.from(`kind ${kind}`), kind);
  const { items } = await ledger.of('one').work({ limit: 10 });
  expect(items.map(({ cause }) => cause)).toEqual(['mail-to-read', 'mail-to-read', 'mail-not-trusted']);
});

test('flags come from the metadata; a replacement with others says that they change', async () => {
  const flags = (maskedToProfessionals: boolean) => ({
    ...{ maskedToProfessionals, hiddenFromPatient: false, hiddenFromRepresentatives: true, change: false },
  });
  const made = (document: Given, operation: 'deposit' | 'replace', masked: boolean) =>
    archive([document], operation, { request: { ...DEPOSIT, operation, visibility: flags(masked) } });
  await arrive(ledger, mailOf(await made(letter, 'deposit', false)));
  const same = await arrive(ledger, mailOf(await made(newer, 'replace', false)));
  const other = await arrive(ledger, mailOf(await made(newer, 'replace', true)));
  await stage.desk.sort();
  const [kept] = await ledger.of('one').integrations.ofMail(same);
  const [changing] = await ledger.of('one').integrations.ofMail(other);
  expect(kept!.content.visibility).toEqual(flags(false));
  expect(changing!.content.visibility).toEqual({ ...flags(true), change: true });
});
