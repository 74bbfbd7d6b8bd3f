import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deriveLot } from '../../../src/xds/derive.ts';
import { submitObjectsRequest } from '../../../src/xds/ebxml.ts';
import type { DocumentEntry } from '../../../src/xds/model.ts';
import { type ArchiveInput, metadataXml, writeArchive } from '../../../src/xds/xdm/archive.ts';
import { xdmLimits } from '../../../src/xds/xdm/limits.ts';
import { entryUuid } from '../../../src/xds/xdm/lot.ts';
import { unzip } from '../../../src/xds/xdm/unzip.ts';
import { archiveOf, type Given, sample } from './archives.ts';

const letter = sample('discharge-letter.xml');
const newer = sample('discharge-letter-v2.xml');
const prescription = sample('discharge-prescription.xml');
const OLD = letter.facts.id.root;

const golden = join(import.meta.dirname, 'golden');
const update = process.env.UPDATE_GOLDEN === '1';

async function filesOf(input: ArchiveInput): Promise<Record<string, Buffer>> {
  const { bytes } = await writeArchive(input);
  return Object.fromEntries((await unzip(bytes)).map((member) => [member.name, member.bytes]));
}

/** Local headers of an archive, one after the other. */
function localHeaders(bytes: Buffer) {
  const headers = [];
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50; ) {
    const [flags, method, packed, nameLength, extra] = [
      ...[bytes.readUInt16LE(at + 6), bytes.readUInt16LE(at + 8), bytes.readUInt32LE(at + 18)],
      ...[bytes.readUInt16LE(at + 26), bytes.readUInt16LE(at + 28)],
    ] as [number, number, number, number, number];
    headers.push({ name: bytes.toString('latin1', at + 30, at + 30 + nameLength), flags, method, extra });
    at += 30 + nameLength + extra + packed;
  }
  return headers;
}

describe('the archive', () => {
  test('has the files of the profile, in 8.3 and upper case, the two for people first', async () => {
    const { bytes } = await writeArchive(archiveOf([letter, prescription]));
    const names = localHeaders(bytes).map(({ name }) => name);
    expect(names).toEqual([
      ...['INDEX.HTM', 'README.TXT', 'IHE_XDM/', 'IHE_XDM/SUBSET01/', 'IHE_XDM/SUBSET01/METADATA.XML'],
      ...['IHE_XDM/SUBSET01/DOC00001.XML', 'IHE_XDM/SUBSET01/DOC00002.XML'],
    ]);
    for (const step of names.flatMap((name) => name.split('/')).filter(Boolean))
      expect(step).toMatch(/^[A-Z0-9_]{1,8}(\.[A-Z0-9_]{1,3})?$/);
  });

  test('has sizes before the data, no extra field, deflate alone, nothing behind its end', async () => {
    const { bytes } = await writeArchive(archiveOf([letter]));
    for (const { name, flags, method, extra } of localHeaders(bytes))
      expect([name, flags & ~0x800, method, extra]).toEqual([name, 0, name.endsWith('/') ? 0 : 8, 0]);
    expect(bytes.readUInt32LE(bytes.length - 22)).toBe(0x06054b50);
    expect(bytes.includes(Buffer.from('PK\x06\x06', 'latin1'))).toBe(false);
  });

  test('is the same for the same input, whatever the zone of the machine', async () => {
    const digests = new Set<string>();
    const zone = process.env.TZ;
    for (const tz of ['UTC', 'Pacific/Kiritimati', 'America/Adak']) {
      process.env.TZ = tz;
      const { bytes } = await writeArchive(archiveOf([letter, prescription]));
      digests.add(createHash('sha256').update(bytes).digest('hex'));
    }
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
    expect(digests.size).toBe(1);
  });

  test('holds the bytes of the documents as they were received, and what the metadata say of them', async () => {
    const files = await filesOf(archiveOf([letter, prescription]));
    const { lot } = await writeArchive(archiveOf([letter, prescription]));
    expect(lot.entries.map(({ uri }) => uri)).toEqual(['DOC00001.XML', 'DOC00002.XML']);
    [letter, prescription].forEach(({ bytes }, index) => {
      const { uri, hash, size } = lot.entries[index]!;
      expect(files[`IHE_XDM/SUBSET01/${uri}`]!.equals(bytes)).toBe(true);
      expect(hash).toBe(createHash('sha1').update(bytes).digest('hex'));
      expect(size).toBe(bytes.length);
    });
  });

  test.each(['INDEX.HTM', 'README.TXT', 'METADATA.XML'])('writes %s as was checked by hand', async (file) => {
    const recipients = ['medecin@cabinet.mssante.fr'];
    const files = await filesOf(archiveOf([newer, prescription], 'replace', { recipients }));
    const written = files[file] ?? files[`IHE_XDM/SUBSET01/${file}`]!;
    const path = join(golden, `${file}.golden`);
    if (update) {
      mkdirSync(golden, { recursive: true });
      writeFileSync(path, written);
    }
    expect(written.toString('utf8')).toBe(readFileSync(path, 'utf8'));
  });

  test('does not name the patient where no health software is needed to read it', async () => {
    const files = await filesOf(archiveOf([letter, prescription]));
    const { name, ids, birthTime } = letter.facts.patient!;
    const traits = [...name.family, ...name.given].map(({ value }) => value);
    for (const file of ['INDEX.HTM', 'README.TXT'])
      for (const trait of [...traits, ...ids.map(({ extension }) => extension!), birthTime!])
        expect(files[file]!.toString().toUpperCase()).not.toContain(trait.toUpperCase());
  });

  test('writes README.TXT in ASCII with CRLF, and the same whatever it holds', async () => {
    const one = (await filesOf(archiveOf([letter])))['README.TXT']!;
    const two = (await filesOf(archiveOf([newer, prescription])))['README.TXT']!;
    expect(one.equals(two)).toBe(true);
    expect(one.toString('latin1')).toMatch(/^([ -~]*\r\n)+$/);
    expect(one.toString('latin1')).toContain("  Organisme : Hopital d'essai R&D\r\n");
    expect(one.toString('latin1')).toContain('  NIL : NIL-1\r\n');
  });

  test('leaves out of README.TXT and INDEX.HTM what is not known', async () => {
    const issuer = { name: null, organization: 'CH', address: null, phone: null };
    const product = { name: 'V', version: '1', vendor: null, homologation: null, nil: null };
    const files = await filesOf(archiveOf([letter], 'deposit', { issuer, product }));
    expect(files['README.TXT']!.toString()).not.toMatch(/null|Telephone|Adresse|NIL|Editeur|Homologation/);
    expect(files['INDEX.HTM']!.toString()).toContain('<p>Emetteur : CH</p>');
  });

  test('escapes what the document says in INDEX.HTM', async () => {
    const code = { code: 'x', codeSystem: '1.2', displayName: '<script>"&' };
    const files = await filesOf(archiveOf([{ ...letter, facts: { ...letter.facts, code } }]));
    expect(files['INDEX.HTM']!.toString()).toContain('&lt;script&gt;&quot;&amp; du ');
  });
});

describe('the metadata', () => {
  /** What an archive says differently of a document, by the profile. */
  function alike(entry: DocumentEntry) {
    const { symbolicId: _, uri: __, extra: ___, ...rest } = entry;
    return rest;
  }

  test('say of each document what ITI-41 says', async () => {
    const input = archiveOf([letter, prescription]);
    const dmp = deriveLot(input).lot;
    const { lot } = await writeArchive(input);
    expect(lot.entries.map(alike)).toEqual(dmp.entries.map(alike));
    const { symbolicId: _, ...set } = lot.submissionSet;
    expect(dmp.submissionSet).toMatchObject(set);
  });

  test('stand alone: no envelope, no document, one declaration', async () => {
    const { lot } = await writeArchive(archiveOf([letter]));
    const text = metadataXml(lot).toString();
    expect(text.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<lcm:SubmitObjectsRequest ')).toBe(true);
    expect(text).toBe(`<?xml version="1.0" encoding="UTF-8"?>\n${submitObjectsRequest(lot).text}\n`);
  });

  test('name objects by UUIDs of version 5 that follow from their uniqueIds', async () => {
    const { lot } = await writeArchive(archiveOf([letter, prescription]));
    const ids = [lot.submissionSet, ...lot.entries].map(({ symbolicId }) => symbolicId);
    for (const id of ids)
      expect(id).toMatch(/^urn:uuid:[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(lot.entries[0]!.symbolicId).toBe(entryUuid(OLD));
    // Python: uuid.uuid5(uuid.NAMESPACE_OID, '1.2.250.1.999.1')
    expect(entryUuid('1.2.250.1.999.1')).toBe('urn:uuid:97a8984b-a139-5136-89e7-062947cff33c');
  });

  test('keep the extension of a uniqueId, which the DMP does not take', async () => {
    const id = { root: OLD, extension: '7' };
    const { lot } = await writeArchive(archiveOf([{ ...letter, facts: { ...letter.facts, id } }]));
    expect(lot.entries[0]!.uniqueId).toBe(`${OLD}^7`);
  });

  test('say no action of a new document', async () => {
    const { lot } = await writeArchive(archiveOf([newer]));
    expect([lot.submissionSet.extra, lot.entries[0]!.extra]).toEqual([[], []]);
    expect(lot.associations.map(({ kind }) => kind)).toEqual(['HasMember']);
  });

  test('say C of a replacement, and point to what an archive called the old version', async () => {
    const { lot } = await writeArchive(archiveOf([newer], 'replace'));
    expect(lot.entries[0]!.extra).toEqual([{ name: 'urn:ans:ci-sis:action', values: ['C'] }]);
    expect(lot.associations[1]).toEqual({
      kind: 'RPLC',
      source: lot.entries[0]!.symbolicId,
      target: (await writeArchive(archiveOf([letter]))).lot.entries[0]!.symbolicId,
    });
  });

  test('say C of what replaces alone, when a new document comes beside it', async () => {
    const { lot } = await writeArchive(archiveOf([prescription, newer], 'replace'));
    expect(lot.entries.map(({ extra }) => extra.flatMap(({ values }) => values))).toEqual([[], ['C']]);
  });

  test('say D of a deletion, and nothing of what the deleted document had replaced', async () => {
    const { lot } = await writeArchive(archiveOf([newer], 'delete'));
    expect(lot.entries[0]!.extra).toEqual([{ name: 'urn:ans:ci-sis:action', values: ['D'] }]);
    expect(lot.associations.map(({ kind }) => kind)).toEqual(['HasMember']);
  });

  test('say the action where the settings want it', async () => {
    const action = { name: 'urn:example:action', on: 'submission-set' } as const;
    const { lot } = await writeArchive(archiveOf([newer], 'replace', { action }));
    expect(lot.submissionSet.extra).toEqual([{ name: 'urn:example:action', values: ['C'] }]);
    expect(lot.entries[0]!.extra).toEqual([]);
  });

  test('name the recipients that are given', async () => {
    const recipients = ['a@hopital.mssante.fr', 'b|c@hopital.mssante.fr'];
    const { lot } = await writeArchive(archiveOf([letter], 'deposit', { recipients }));
    const text = metadataXml(lot).toString();
    expect(text).toContain('<rim:Value>||^^Internet^a@hopital.mssante.fr</rim:Value>');
    expect(text).toContain('<rim:Value>||^^Internet^b\\F\\c@hopital.mssante.fr</rim:Value>');
    const silent = await writeArchive(archiveOf([letter]));
    expect(metadataXml(silent.lot).toString()).not.toContain('intendedRecipient');
  });
});

describe('what no archive is made of', () => {
  const many = (count: number): Given[] =>
    Array.from({ length: count }, (_, index) => {
      const id = { root: `${OLD}.${index + 1}`, extension: null };
      return { ...letter, facts: { ...letter.facts, id } };
    });
  const refused = (documents: Given[], operation: 'deposit' | 'replace' = 'deposit') =>
    expect(writeArchive(archiveOf(documents, operation))).rejects;

  test('no document', () => refused([]).toMatchObject({ code: 'xdm.no-document' }));

  test('more documents than the cap', async () => {
    const most = xdmLimits.documents.value;
    await refused(many(most + 1)).toMatchObject({ code: 'xdm.too-many-documents' });
    const { lot } = await writeArchive(archiveOf(many(most)));
    expect(lot.entries.at(-1)!.uri).toBe('DOC00100.XML');
  });

  test('the same document twice', () =>
    refused([letter, letter]).toMatchObject({ code: 'xdm.document-twice' }));

  test('documents of two patients, or of one and of nobody known', async () => {
    await refused([letter, sample('imaging-report.xml')]).toMatchObject({ code: 'xdm.patients-differ' });
    await refused([letter, sample('no-ins.xml')]).toMatchObject({ code: 'xdm.patients-differ' });
  });

  test('other bytes than those of the facts', () =>
    refused([{ ...letter, bytes: Buffer.concat([letter.bytes, Buffer.from('\n')]) }]).toMatchObject({
      code: 'xdm.bytes-of-another-document',
      values: { position: 1 },
    }));

  test('documents beyond the cap together', async () => {
    const most = xdmLimits.unpackedBytes.value;
    const zeros = (bytes: number) => [{ ...letter, bytes: Buffer.alloc(bytes) }];
    await refused(zeros(most + 1)).toMatchObject({ code: 'xdm.unpacked-too-large' });
    await refused(zeros(most)).toMatchObject({ code: 'xdm.bytes-of-another-document' });
  });

  test('an archive beyond the cap', async () => {
    const bytes = randomBytes(xdmLimits.archiveBytes.value);
    const sha1 = createHash('sha1').update(bytes).digest('hex');
    const facts = { ...letter.facts, sha1, size: bytes.length };
    await refused([{ facts, bytes }]).toMatchObject({ code: 'xdm.archive-too-large' });
  });

  test('a replacement of nothing', () =>
    refused([letter], 'replace').toMatchObject({ code: 'xdm.replaced-not-named' }));
});
