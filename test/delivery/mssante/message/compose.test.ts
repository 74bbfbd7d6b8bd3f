import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { compose, type OutgoingMail } from '../../../../src/delivery/mssante/message/compose.ts';
import { encodedSize } from '../../../../src/delivery/mssante/message/size.ts';
import type { DocumentFacts, PatientFacts } from '../../../../src/words/document.ts';
import { factsOf, ID, LETTER, outgoing, PATIENT_BOX, toPatient } from './outgoing.ts';
import { readByPython } from './python.ts';

const text = async (change: Partial<OutgoingMail> = {}) =>
  (await compose(outgoing(change))).toString('latin1');
const header = (mail: string, name: string) =>
  new RegExp(`^${name}: (.*(?:\r\n[ \t].*)*)`, 'm')
    .exec(mail.split('\r\n\r\n')[0]!)?.[1]
    ?.replace(/\r\n/g, '');
const withCode = (facts: DocumentFacts, displayName: string) => ({
  ...facts,
  code: { ...facts.code!, displayName },
});
const attached = (facts: DocumentFacts) => [{ facts, pdf: Buffer.from('%PDF') }];

const ORIGINAL = '<aa0e1c52-7d1b-4c6e-9a3f-2b6d5e4c1a91@ch-essai.mssante.fr>';
const GOLDEN: [file: string, mail: OutgoingMail][] = [
  ['deposit-professional', outgoing({ readingReceipt: true, replyTo: 'secretariat@ch-essai.mssante.fr' })],
  ['deposit-patient', toPatient()],
  ['replace-professional', outgoing({ operation: 'replace', inReplyTo: ORIGINAL })],
  ['replace-patient', toPatient({ operation: 'replace', inReplyTo: ORIGINAL, patientMayAnswer: false })],
  ['delete-professional', outgoing({ operation: 'delete', inReplyTo: ORIGINAL })],
  ['delete-patient', toPatient({ operation: 'delete', inReplyTo: ORIGINAL, patientMayAnswer: false })],
];

test.each(GOLDEN)('the mail %s is this one, to the byte, and the same each time', async (file, mail) => {
  const golden = readFileSync(join(import.meta.dirname, 'golden', `${file}.eml`));
  expect((await compose(mail)).toString('latin1')).toBe(golden.toString('latin1'));
});

test('an organisation gets the mail of a professional', async () => {
  const recipient = { ...outgoing().recipient, class: 'organization' as const };
  expect(await text({ recipient })).toBe(await text());
});

describe('as Python reads it', () => {
  const archive = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7) % 256));
  const pdf = Buffer.concat([Buffer.from('%PDF'), archive]);
  const accented = withCode(LETTER, 'CR d’examens œuvrés, « épreuve »');
  const mail = outgoing({
    ...{ archive, accents: true, documents: [{ facts: accented, pdf }], readingReceipt: true },
    body: 'Bonjour,\nvoilà.\n.\nFrom moi',
  });

  test('headers, text, archive and PDF come out as they went in', async () => {
    const read = readByPython([await compose(mail)])?.[0];
    if (!read) return;
    const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    const headers = Object.fromEntries(read.headers);
    expect(read.defects).toEqual([]);
    expect(headers).toMatchObject({
      From: 'Hôpital d’essai <viaduc@ch-essai.mssante.fr>',
      To: 'cabinet@medecin.mssante.fr',
      Subject: 'XDM/1.0/DDM+CR d’examens œuvrés, « épreuve » TCHITCHI CATARINA 21/06/1936',
      'Message-ID': `<${ID}@ch-essai.mssante.fr>`,
      'Disposition-Notification-To': 'viaduc@ch-essai.mssante.fr',
      Date: 'Wed, 25 Nov 2026 09:30:05 +0000',
      'X-MSS-CODECDA': '11490-0',
      'X-MSS-INS': 'O',
      'X-MSS-NIL': 'NIL-1',
    });
    expect(
      read.parts.map(({ type, name, disposition, sha256 }) => [type, name, disposition, sha256]),
    ).toEqual([
      ['text/plain', null, null, sha256(Buffer.from('Bonjour,\r\nvoilà.\r\n.\r\nFrom moi\r\n'))],
      ['application/zip', 'IHE_XDM.zip', 'attachment', sha256(archive)],
      [
        'application/pdf',
        '20260914_CR d’examens œuvrés, « épreuve »_TCHITCHI_CATARINA.pdf',
        'attachment',
        sha256(pdf),
      ],
    ]);
    expect(read.parts[0]).toMatchObject({ encoding: 'quoted-printable', params: { charset: 'utf-8' } });
  });

  test('and as postal-mime does', async () => {
    const { subject, attachments, text: body } = await PostalMime.parse(await compose(mail));
    expect(subject).toBe('XDM/1.0/DDM+CR d’examens œuvrés, « épreuve » TCHITCHI CATARINA 21/06/1936');
    expect(body?.trimEnd()).toBe('Bonjour,\nvoilà.\n.\nFrom moi');
    expect(attachments.map(({ filename }) => filename)).toEqual([
      'IHE_XDM.zip',
      '20260914_CR d’examens œuvrés, « épreuve »_TCHITCHI_CATARINA.pdf',
    ]);
  });
});

describe('subject', () => {
  test('is US-ASCII and begins with the mark; the label has 40 characters', async () => {
    const facts = withCode(LETTER, 'Épreuve d’effort : « très » longue, et œdème du poumon');
    expect(header(await text({ documents: attached(facts) }), 'Subject')).toBe(
      "XDM/1.0/DDM+Epreuve d'effort : ' tres ' longue, et o TCHITCHI CATARINA 21/06/1936",
    );
  });

  test('counts several documents, and leaves out a birth date that has no day', async () => {
    const partial = { ...LETTER, patient: { ...LETTER.patient!, birthTime: '1936' } };
    expect(header(await text({ documents: [...attached(LETTER), ...attached(LETTER)] }), 'Subject')).toBe(
      'XDM/1.0/DDM+2 documents TCHITCHI CATARINA 21/06/1936',
    );
    expect(header(await text({ documents: attached(partial) }), 'Subject')).toMatch(/TCHITCHI CATARINA$/);
  });

  test('never shows what a reader would decode as another text', async () => {
    const facts = withCode(LETTER, '=?UTF-8?Q?XX?=');
    expect(header(await text({ documents: attached(facts) }), 'Subject')).not.toContain('=?');
  });
});

describe('marks', () => {
  const ins = async (facts: DocumentFacts) => header(await text({ documents: attached(facts) }), 'X-MSS-INS');
  const patient = LETTER.patient!;

  test('X-MSS-INS is N without INS, without a trait, or with a matricule of 20 digits', async () => {
    expect(await ins(factsOf('no-ins.xml'))).toBe('N');
    expect(await ins({ ...LETTER, patient: { ...patient, birthTime: null } })).toBe('N');
    expect(await ins({ ...LETTER, patient: { ...patient, gender: null } })).toBe('N');
    const ids = [{ root: '1.2.250.1.213.1.4.10', extension: '23606632208365623606' }];
    expect(await ins({ ...LETTER, patient: { ...patient, ids } })).toBe('N');
    expect(await ins({ ...LETTER, patient: { ...patient, birthPlace: null } })).toBe('O');
  });

  test('X-MSS-CODECDA holds one code for each document', async () => {
    const report = { ...LETTER, code: { ...LETTER.code!, code: '18748-4' } };
    const documents = [...attached(LETTER), ...attached(report)];
    expect(header(await text({ documents }), 'X-MSS-CODECDA')).toBe('11490-0,18748-4');
  });

  test('X-MSS-MES ends the exchange for a patient only', async () => {
    expect(header(await text({ patientMayAnswer: false }), 'X-MSS-MES')).toBeUndefined();
    const mail = (await compose(toPatient({ patientMayAnswer: false }))).toString();
    expect(header(mail, 'X-MSS-MES')).toBe('FIN');
  });
});

describe('what is refused', () => {
  test('documents of two patients, by INS, and by name where there is none', async () => {
    const other = {
      ...LETTER.patient!,
      ids: [{ root: '1.2.250.1.213.1.4.10', extension: '279035121518989' }],
    };
    const nameless = { ...LETTER.patient!, ids: [] };
    const twin = { ...nameless, birthTime: '19360622' };
    const pair = (a: PatientFacts, b: PatientFacts) =>
      outgoing({ documents: [a, b].flatMap((patient) => attached({ ...LETTER, patient })) });
    await expect(compose(pair(LETTER.patient!, other))).rejects.toMatchObject({
      code: 'mssante.patients-differ',
    });
    await expect(compose(pair(nameless, twin))).rejects.toMatchObject({ code: 'mssante.patients-differ' });
    await expect(compose(pair(nameless, nameless))).resolves.toBeInstanceOf(Buffer);
  });

  test('no document', async () => {
    await expect(compose(outgoing({ documents: [] }))).rejects.toMatchObject({ code: 'mssante.no-document' });
  });

  test('an address of which a header could make two', async () => {
    const recipient = { address: 'a@b.fr, c@d.fr', class: 'professional' as const };
    await expect(compose(outgoing({ recipient }))).rejects.toMatchObject({
      code: 'mssante.address-malformed',
    });
    await expect(compose(outgoing({ replyTo: 'a@b.fr\r\nBcc: c@d.fr' }))).rejects.toMatchObject({
      code: 'mssante.address-malformed',
    });
  });
});

describe('size', () => {
  const limits = { setting: null, operator: null, patient: null };

  test('a mail at its limit is made, one byte more is refused by the name of the lowest limit', async () => {
    const { length } = await compose(outgoing());
    const made = compose(outgoing({ limits: { setting: length, operator: length + 1, patient: 0 } }));
    await expect(made).resolves.toHaveLength(length);
    for (const of of ['setting', 'operator', 'patient'] as const) {
      const tight = { setting: length + 5, operator: length + 5, patient: length + 5, [of]: length - 1 };
      await expect(compose(outgoing({ limits: tight }))).rejects.toMatchObject({
        code: `mssante.too-large-for-${of}`,
        values: { bytes: length, most: length - 1 },
      });
    }
  });

  test('what cannot fit is refused before it is encoded, by a size that the mail then has at least', async () => {
    const archive = Buffer.alloc(1_000_000, 1);
    const mail = outgoing({ archive, limits: { ...limits, patient: 1_368_421 } });
    const least = encodedSize(archive.length) + encodedSize(14);
    await expect(compose(mail)).rejects.toMatchObject({ values: { bytes: least } });
    const { length } = await compose({ ...mail, limits });
    expect(length - least).toBeGreaterThan(0);
    expect(length - least).toBeLessThan(4_000);
  });
});

test('the address of the patient stands in no header but To', async () => {
  const mail = (await compose(toPatient())).toString();
  expect(mail.split(PATIENT_BOX)).toHaveLength(2);
});
