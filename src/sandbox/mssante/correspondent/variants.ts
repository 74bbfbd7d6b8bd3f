import { type Member, membersOf, SUBSET, zipOf } from './archive.ts';
import type { MetadataChoices, SentDocument } from './metadata.ts';

/** What a hostile or careless correspondent does with its archive, by name. */
export const ARCHIVE_VARIANTS = {
  traversal: 'a name of the archive climbs out of it',
  absolute: 'a name of the archive is absolute',
  bomb: '64 MB of zeros in 64 KB',
  encrypted: 'the entries are marked as encrypted',
  link: 'the document is a symbolic link',
  'duplicate-name': 'two files have one name',
  'wrong-hash': 'the hash of the metadata is of other bytes',
  'wrong-size': 'the size of the metadata is of other bytes',
  'two-patients': 'two documents of different patients',
  'no-metadata': 'METADATA.XML is missing',
  'metadata-doctype': 'METADATA.XML has a DOCTYPE with an entity',
  'uri-outside': 'a URI of the metadata climbs out of the archive',
  'no-document': 'the document that the metadata name is missing',
  'not-a-cda': 'the document is some other XML',
  'lower-case': 'names in lower case, folder SS000001: odd, and to be taken',
  'no-readme': 'README.TXT is missing: odd, and to be taken',
  truncated: 'the archive stops in the middle',
} as const;

export type ArchiveVariant = keyof typeof ARCHIVE_VARIANTS;

const METADATA = `${SUBSET}/METADATA.XML`;
const BOMB_BYTES = 64 * 1024 * 1024;
const LINK_MODE = 0o120777;

type Change = (members: Member[]) => Member[];

const text = (change: (metadata: string) => string): Change =>
  map(METADATA, ({ name, bytes }) => ({ name, bytes: Buffer.from(change(String(bytes))) }));

function map(name: string, change: (member: Member) => Member): Change {
  return (members) => members.map((one) => (one.name === name ? change(one) : one));
}

function without(fits: (name: string) => boolean): Change {
  return (members) => members.filter(({ name }) => !fits(name));
}

const isDocument = (name: string) => /DOC\d+\.XML$/.test(name);
const documents =
  (change: (member: Member) => Member): Change =>
  (members) =>
    members.map((one) => (isDocument(one.name) ? change(one) : one));

/** Changes to the members, before they are packed. */
const CHANGES: Partial<Record<ArchiveVariant, Change>> = {
  traversal: (members) => [...members, { name: 'AA/AA/EVIL.XML', bytes: Buffer.from('<x/>') }],
  absolute: (members) => [...members, { name: 'AAETC/EVIL.XML', bytes: Buffer.from('<x/>') }],
  bomb: (members) => [...members, { name: `${SUBSET}/BOMB.BIN`, bytes: Buffer.alloc(BOMB_BYTES) }],
  link: documents((one) => ({ ...one, bytes: Buffer.from('/etc/passwd'), mode: LINK_MODE })),
  'duplicate-name': (members) => [...members, members.at(-1)!],
  'wrong-hash': text((metadata) => metadata.replace(/(name="hash">.*?<Value>)[0-9a-f]{4}/s, '$1ffff')),
  'wrong-size': text((metadata) => metadata.replace(/(name="size">.*?<Value>)/s, '$11')),
  'no-metadata': without((name) => name === METADATA),
  'metadata-doctype': text((metadata) =>
    metadata.replace('?>', '?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
  ),
  'uri-outside': text((metadata) => metadata.replace(/(name="URI">.*?<Value>)/s, '$1../../../')),
  'no-document': without(isDocument),
  'not-a-cda': documents((one) => ({ ...one, bytes: Buffer.from('<note xmlns="urn:x">rien</note>') })),
  'lower-case': (members) =>
    members.map(({ name, bytes }) => ({
      bytes,
      name: name.replace('SUBSET01', 'SS000001').replace(/DOC\d+\.XML$/, (one) => one.toLowerCase()),
    })),
  'no-readme': without((name) => name === 'README.TXT'),
};

/** Changes to the packed bytes. */
const BYTES: Partial<Record<ArchiveVariant, (zip: Buffer) => Buffer>> = {
  traversal: (zip) => replaced(zip, 'AA/AA/EVIL.XML', '../../EVIL.XML'),
  absolute: (zip) => replaced(zip, 'AAETC/EVIL.XML', '//etc/EVIL.XML'),
  encrypted: (zip) => markedEncrypted(zip),
  truncated: (zip) => zip.subarray(0, Math.floor(zip.length / 2)),
};

/** The archive of some documents, with what a variant makes of it. */
export async function archiveOf(
  sent: readonly SentDocument[],
  choices: MetadataChoices,
  variant: ArchiveVariant | null,
): Promise<Buffer> {
  const members = membersOf(sent, choices);
  const changed = (variant && CHANGES[variant]?.(members)) ?? members;
  const zip = await zipOf(changed, choices.nowMs);
  return (variant && BYTES[variant]?.(zip)) ?? zip;
}

function replaced(zip: Buffer, from: string, to: string): Buffer {
  return Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1');
}

/** Offset of the flags in a local header and in one of the directory. */
const HEADERS = [
  ['PK\x03\x04', 6],
  ['PK\x01\x02', 8],
] as const;

function markedEncrypted(zip: Buffer): Buffer {
  const marked = Buffer.from(zip);
  for (const [signature, offset] of HEADERS)
    for (
      let at = marked.indexOf(signature, 0, 'latin1');
      at >= 0;
      at = marked.indexOf(signature, at + 1, 'latin1')
    )
      marked[at + offset] = marked[at + offset]! | 1;
  return marked;
}
