import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/words/findings.ts';
import { writeArchive } from '../../../src/xds/xdm/archive.ts';
import { xdmLimits } from '../../../src/xds/xdm/limits.ts';
import { type OpenedDocument, openArchive } from '../../../src/xds/xdm/open.ts';
import { unzip } from '../../../src/xds/xdm/unzip.ts';
import { writeZip } from '../../../src/xds/xdm/zip.ts';
import { archiveOf, type Given, sample } from './archives.ts';

const letter = sample('discharge-letter.xml');
const newer = sample('discharge-letter-v2.xml');
const prescription = sample('discharge-prescription.xml');

const METADATA = 'IHE_XDM/SUBSET01/METADATA.XML';
const DOCUMENT = 'IHE_XDM/SUBSET01/DOC00001.XML';

type Files = Record<string, Buffer>;

async function filesOf(documents: Given[], operation: 'deposit' | 'replace' | 'delete' = 'deposit') {
  const { bytes } = await writeArchive(archiveOf(documents, operation));
  return Object.fromEntries((await unzip(bytes)).map((member) => [member.name, member.bytes])) as Files;
}

async function open(files: Files) {
  const members = Object.entries(files).map(([name, bytes]) => ({ name, bytes }));
  return openArchive(await writeZip(members, 0));
}

/** The archive of the letter with another METADATA.XML; every text that is to be replaced must be there. */
async function edited(...edits: [from: string | RegExp, to: string][]): Promise<Files> {
  const files = await filesOf([letter]);
  const text = edits.reduce((before, [from, to]) => {
    const after = before.replace(from, to);
    expect(after).not.toBe(before);
    return after;
  }, files[METADATA]!.toString());
  return { ...files, [METADATA]: Buffer.from(text) };
}

async function only(files: Files): Promise<OpenedDocument> {
  return (await open(files)).subsets[0]!.documents[0]!;
}

const brief = (findings: Finding[]) => findings.map(({ code, severity }) => `${severity} ${code}`);

const slot = (name: string) => new RegExp(`<rim:Slot name="${name}">.*?</rim:Slot>`);
const identifier = (scheme: string) =>
  new RegExp(`<rim:ExternalIdentifier [^>]*${scheme}.*?</rim:ExternalIdentifier>`);

describe('an archive of ours', () => {
  test.each([
    ['deposit', null],
    ['replace', 'C'],
    ['delete', 'D'],
  ] as const)('of a %s says the action %s and has nothing against it', async (operation, action) => {
    const { subsets, findings } = await open(await filesOf([newer], operation));
    expect([findings, subsets[0]!.documents[0]!.findings]).toEqual([[], []]);
    expect(subsets[0]!.documents[0]!.action).toBe(action);
  });

  test('gives each document with its entry, bytes and header', async () => {
    const { subsets } = await open(await filesOf([letter, prescription]));
    expect(subsets.map(({ folder }) => folder)).toEqual(['IHE_XDM/SUBSET01']);
    const documents = subsets[0]!.documents;
    expect(documents.map(({ bytes }) => bytes)).toEqual([letter.bytes, prescription.bytes]);
    expect(documents.map(({ facts }) => facts!.id)).toEqual([letter.facts.id, prescription.facts.id]);
    expect(documents.map(({ entry }) => entry.uri)).toEqual(['DOC00001.XML', 'DOC00002.XML']);
  });
});

describe('archives of others', () => {
  test('names in lower case, another folder, files of more', async () => {
    const files = await filesOf([letter]);
    const { findings, subsets } = await open({
      'index.htm': files['INDEX.HTM']!,
      'Readme.txt': files['README.TXT']!,
      'ihe_xdm/ss000001/metadata.xml': files[METADATA]!,
      'ihe_xdm/ss000001/doc00001.xml': files[DOCUMENT]!,
      'IHE_XDM/SS000001/CDA-FO.XSL': Buffer.from('<x/>'),
      'VIEWER/AUTORUN.INF': Buffer.from(''),
    });
    expect([findings, subsets[0]!.documents[0]!.findings]).toEqual([[], []]);
  });

  test('several lots', async () => {
    const [one, two] = [await filesOf([letter]), await filesOf([prescription])];
    const { subsets, findings } = await open({
      ...one,
      'IHE_XDM/SUBSET02/METADATA.XML': two[METADATA]!,
      'IHE_XDM/SUBSET02/DOC00001.XML': two[DOCUMENT]!,
    });
    expect([subsets.length, findings]).toEqual([2, []]);
  });

  test('a file elsewhere in the archive, percent-coded', async () => {
    const files = await edited(['>DOC00001.XML<', '>../../SHARED/A%20B.XML<']);
    const document = await only({ ...files, 'SHARED/A B.XML': letter.bytes });
    expect([document.findings, document.bytes]).toEqual([[], letter.bytes]);
  });

  test('without the two files for people: told, and opened', async () => {
    const { [METADATA]: metadata, [DOCUMENT]: document } = await filesOf([letter]);
    const { findings } = await open({ [METADATA]: metadata!, [DOCUMENT]: document! });
    expect(brief(findings)).toEqual(['warning xdm.root-file-missing', 'warning xdm.root-file-missing']);
    expect(findings.map(({ detail }) => detail)).toEqual([
      'INDEX.HTM is missing at the root of the archive.',
      'README.TXT is missing at the root of the archive.',
    ]);
  });

  test('a submission set that a classification of its own marks', async () => {
    const node = /<rim:Classification [^>]*classificationNode="[^"]*"\/>/;
    const text = (await filesOf([letter]))[METADATA]!.toString();
    const [mark] = node.exec(text)!;
    const files = await edited([node, ''], ['</rim:RegistryPackage>', `</rim:RegistryPackage>${mark}`]);
    expect((await only(files)).findings).toEqual([]);
  });

  test('a hash in capitals', async () => {
    const files = await edited([letter.facts.sha1, letter.facts.sha1.toUpperCase()]);
    expect((await only(files)).findings).toEqual([]);
  });

  test('a PDF with an entry of its own is a warning', async () => {
    const files = await edited(
      ['mimeType="text/xml"', 'mimeType="application/pdf"'],
      [slot('hash'), ''],
      [slot('size'), ''],
    );
    const document = await only({ ...files, [DOCUMENT]: Buffer.from('%PDF-1.4') });
    expect(brief(document.findings)).toContain('warning xdm.not-a-cda');
    expect(document.facts).toBeNull();
  });
});

describe('the action', () => {
  const said = (name: string, value: string) =>
    `<rim:Slot name="${name}"><rim:ValueList><rim:Value>${value}</rim:Value></rim:ValueList></rim:Slot>`;
  const onDocument = (slots: string): [RegExp, string] => [/(<rim:ExtrinsicObject [^>]*>)/, `$1${slots}`];
  const onLot = (slots: string): [RegExp, string] => [/(<rim:RegistryPackage [^>]*>)/, `$1${slots}`];

  test.each([
    ['of the volet on the document', onDocument(said('action', 'C')), 'C'],
    ['as a URN on the lot', onLot(said('urn:example:Action', ' d ')), 'D'],
  ] as const)('%s', async (_, edit, action) => {
    const document = await only(await edited(edit));
    expect([document.action, document.findings]).toEqual([action, []]);
  });

  test.each([
    ['of another letter', onDocument(said('action', 'X'))],
    ['that contradicts itself', onDocument(said('action', 'C') + said('urn:x:action', 'D'))],
  ])('%s is an error, and none is taken', async (_, edit) => {
    const document = await only(await edited(edit));
    expect(brief(document.findings)).toEqual(['error xdm.action-unknown']);
    expect(document.action).toBeNull();
  });
});

describe('a document that is not what the metadata say', () => {
  test('other bytes', async () => {
    const files = await filesOf([letter]);
    const document = await only({ ...files, [DOCUMENT]: Buffer.concat([letter.bytes, Buffer.from('\n')]) });
    expect(brief(document.findings)).toEqual(['error xdm.size-differs', 'error xdm.hash-differs']);
    expect(document.findings[0]).toMatchObject({
      source: 'mssante',
      line: 2,
      location: '/SubmitObjectsRequest/RegistryObjectList/ExtrinsicObject',
      detail: `The file has ${letter.bytes.length + 1} bytes, its metadata announce ${letter.bytes.length}.`,
    });
  });

  test.each<[string, [string | RegExp, string][], string[]]>([
    ['no URI', [[slot('URI'), '']], ['error xdm.attribute-missing']],
    [
      'a URI that leaves the archive',
      [['>DOC00001.XML<', '>../../../etc/passwd<']],
      ['error xdm.uri-refused'],
    ],
    ['an absolute URI', [['>DOC00001.XML<', '>/etc/passwd<']], ['error xdm.uri-refused']],
    ['an address', [['>DOC00001.XML<', '>https://example.org/a<']], ['error xdm.uri-refused']],
    ['a URI that cannot be decoded', [['>DOC00001.XML<', '>%zz<']], ['error xdm.uri-refused']],
    ['a URI that leads nowhere', [['>DOC00001.XML<', '>DOC00002.XML<']], ['error xdm.file-missing']],
    [
      'neither hash nor size',
      [
        [slot('hash'), ''],
        [slot('size'), ''],
      ],
      ['warning xdm.attribute-missing', 'warning xdm.attribute-missing'],
    ],
    [
      'no uniqueId',
      [[identifier('2e82c1f6-a085-4c72-9da3-8640a32e42ab'), '']],
      ['error xdm.attribute-missing'],
    ],
    [
      'no patient',
      [[identifier('58a6f841-87b3-4a3e-92fd-a8ffeff98427'), '']],
      ['warning xdm.attribute-missing'],
    ],
    [
      'another uniqueId',
      [[`value="${letter.facts.id.root}"`, 'value="1.2.3"']],
      ['error xdm.header-differs'],
    ],
    [
      'another type',
      [[`nodeRepresentation="${letter.facts.code!.code}"`, 'nodeRepresentation="1-8"']],
      ['error xdm.header-differs'],
    ],
    [
      'another title',
      [
        [
          /<rim:Name><rim:LocalizedString value="[^"]*"\/><\/rim:Name>(?=<rim:Classification id="of-[^"]*" objectType="[^"]*" classificationScheme="urn:uuid:93606bcf)/,
          '<rim:Name><rim:LocalizedString value="Autre"/></rim:Name>',
        ],
      ],
      ['warning xdm.header-differs'],
    ],
  ])('%s', async (_, edits, expected) => {
    expect(brief((await only(await edited(...edits))).findings)).toEqual(expected);
  });

  test('another patient: told of the document and of the archive', async () => {
    const scheme = '58a6f841-87b3-4a3e-92fd-a8ffeff98427';
    const files = await edited([new RegExp(`(${scheme}" value=")\\d+`), '$1279035121518989']);
    const { subsets, findings } = await open(files);
    expect(brief(subsets[0]!.documents[0]!.findings)).toEqual(['error xdm.header-differs']);
    expect(brief(findings)).toEqual(['error xdm.patients-differ']);
  });

  test('the same document twice', async () => {
    const files = await edited([/(<rim:ExtrinsicObject .*<\/rim:ExtrinsicObject>)/, '$1$1']);
    const { findings, subsets } = await open(files);
    expect(brief(findings)).toEqual(['error xdm.document-twice']);
    const [first, second] = subsets[0]!.documents;
    expect([first!.findings, brief(second!.findings), second!.bytes]).toEqual([
      [],
      ['error xdm.file-twice'],
      null,
    ]);
  });

  test.each([
    ['no XML', Buffer.from('hello')],
    ['XML of another kind', Buffer.from('<a/>')],
    ['a DOCTYPE', Buffer.from('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>')],
  ])('%s instead of a CDA', async (_, bytes) => {
    const document = await only({ ...(await filesOf([letter])), [DOCUMENT]: bytes });
    expect(brief(document.findings)).toContain('error xdm.not-a-cda');
  });
});

describe('archives refused as a whole', () => {
  const refused = async (files: Files) => expect(open(files)).rejects;

  test('none of METADATA.XML', async () => {
    const { [METADATA]: _, ...files } = await filesOf([letter]);
    await (await refused(files)).toMatchObject({ code: 'xdm.no-metadata' });
  });

  test('METADATA.XML at another depth', async () => {
    const { [METADATA]: metadata, ...files } = await filesOf([letter]);
    await (await refused({ ...files, 'METADATA.XML': metadata! })).toMatchObject({ code: 'xdm.no-metadata' });
  });

  test('a DOCTYPE in METADATA.XML, with its place', async () => {
    const files = await edited(['?>\n', '?>\n<!DOCTYPE x [<!ENTITY a "b">]>']);
    await (await refused(files)).toMatchObject({
      code: 'xdm.metadata-unreadable',
      message:
        'METADATA.XML cannot be read: line 2, column 1: The document holds a DOCTYPE declaration, which is refused.',
    });
  });

  test.each<[string, [string | RegExp, string][]]>([
    [
      'another root',
      [
        ['<lcm:SubmitObjectsRequest', '<lcm:RemoveObjectsRequest'],
        ['</lcm:SubmitObjectsRequest', '</lcm:RemoveObjectsRequest'],
      ],
    ],
    ['no submission set', [[/classificationNode="[^"]*"/, 'classificationNode="urn:uuid:0"']]],
    ['no list', [[/<rim:RegistryObjectList>.*<\/rim:RegistryObjectList>/, '']]],
    ['two submission sets', [[/(<rim:RegistryPackage .*<\/rim:RegistryPackage>)/, '$1$1']]],
  ])('%s', async (_, edits) => {
    await (await refused(await edited(...edits))).toMatchObject({ code: 'xdm.metadata-of-other-kind' });
  });

  test('a lot without document', async () => {
    const files = await edited([/<rim:ExtrinsicObject .*<\/rim:ExtrinsicObject>/, '']);
    await (await refused(files)).toMatchObject({ code: 'xdm.no-entry' });
  });

  test('as many documents as the cap are read, one more is not', async () => {
    const most = xdmLimits.entries.value;
    const of = (count: number) =>
      edited([/(<rim:ExtrinsicObject .*<\/rim:ExtrinsicObject>)/, '$1'.repeat(count)]);
    expect((await open(await of(most))).subsets[0]!.documents).toHaveLength(most);
    await (await refused(await of(most + 1))).toMatchObject({
      code: 'xdm.too-many-documents',
      values: { count: most + 1, most },
    });
  });

  test('as many lots as the cap are read, one more is not', async () => {
    const most = xdmLimits.lots.value;
    const { [METADATA]: metadata } = await filesOf([letter]);
    const of = (count: number): Files =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`IHE_XDM/SET${index}/METADATA.XML`, metadata!]),
      );
    expect((await open(of(most))).subsets).toHaveLength(most);
    await (await refused(of(most + 1))).toMatchObject({
      code: 'xdm.too-many-lots',
      values: { count: most + 1, most },
    });
  });

  test('METADATA.XML at its cap is read, one byte more is not', async () => {
    const files = await filesOf([letter]);
    const most = xdmLimits.metadataBytes.value;
    const fill = (bytes: number) => {
      const space = bytes - files[METADATA]!.length - '<!---->'.length;
      const noise = randomBytes(space).toString('hex').slice(0, space);
      return Buffer.concat([files[METADATA]!, Buffer.from(`<!--${noise}-->`)]);
    };
    const stored = (bytes: Buffer) => open({ ...files, [METADATA]: bytes });
    expect((await stored(fill(most))).findings).toEqual([]);
    await expect(stored(fill(most + 1))).rejects.toMatchObject({ code: 'xdm.metadata-too-large' });
  });
});
