import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { type Entry, fromBufferPromise, getFileNameLowLevel, type ZipFile } from 'yauzl';
import { isViaducError } from '../../words/errors.ts';
import { readEndRecord } from './end-record.ts';
import { xdmError } from './errors.ts';
import { xdmLimits } from './limits.ts';
import { judgeNames } from './member-names.ts';

/** A file of an archive that was opened. */
export interface OpenedMember {
  /** As the archive writes it; fit for comparison, never for a file system. */
  name: string;
  bytes: Buffer;
}

/** What the directory says of a member, and where its data stand. */
interface Located {
  entry: Entry;
  name: string;
  /** From 1. */
  position: number;
  headerStart: number;
  dataStart: number;
}

/**
 * The files of a ZIP that somebody else made, in memory. Everything that the directory says is judged before a byte is
 * unpacked; then no file unpacks to more than it announced.
 * @throws ViaducError `xdm.…`
 */
export async function unzip(archive: Uint8Array): Promise<OpenedMember[]> {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.length);
  const most = xdmLimits.archiveBytes.value;
  if (bytes.length > most) throw xdmError('xdm.archive-too-large', { bytes: bytes.length, most });
  const { members: count, directoryStart, directoryEnd } = readEndRecord(bytes);
  if (count > xdmLimits.members.value)
    throw xdmError('xdm.too-many-members', { count, most: xdmLimits.members.value });
  const located = await locate(bytes);
  judgeDirectory(located, directoryEnd - directoryStart);
  judgeNames(located.map(({ name }) => name));
  judgeSizes(located);
  judgePlaces(located, directoryStart);
  const opened: OpenedMember[] = [];
  for (const member of located)
    if (!member.name.endsWith('/')) opened.push({ name: member.name, bytes: await unpack(bytes, member) });
  return opened;
}

async function locate(bytes: Buffer): Promise<Located[]> {
  const located: Located[] = [];
  try {
    const zip = await fromBufferPromise(bytes, { decodeStrings: false, validateEntrySizes: true });
    for await (const entry of zip.eachEntry()) located.push(await locateOne(zip, entry, located.length + 1));
  } catch (error) {
    throw isViaducError(error) ? error : xdmError('xdm.zip-malformed', { what: DIRECTORY }, error);
  }
  return located;
}

/** As many members as are counted fill the directory: another reader may go by its length. */
function judgeDirectory(located: readonly Located[], length: number): void {
  const filled = located.reduce(
    (sum, { entry }) => sum + 46 + entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength,
    0,
  );
  if (filled !== length) throw xdmError('xdm.zip-malformed', { what: MORE });
}

async function locateOne(zip: ZipFile, entry: Entry, position: number): Promise<Located> {
  const { generalPurposeBitFlag: flags, fileNameRaw, extraFields, relativeOffsetOfLocalHeader } = entry;
  judgeKind(entry, position);
  const header = await zip.readLocalFileHeaderPromise(entry, { minimal: false });
  const same =
    header.fileName.equals(fileNameRaw) &&
    header.compressionMethod === entry.compressionMethod &&
    ((header.generalPurposeBitFlag ^ flags) & TELLING) === 0;
  if (!same) throw xdmError('xdm.zip-malformed', { what: TWO_FACES });
  const name = getFileNameLowLevel(flags, fileNameRaw, extraFields, true);
  return { entry, name, position, headerStart: relativeOffsetOfLocalHeader, dataStart: header.fileDataStart };
}

const DIRECTORY = { fr: 'son répertoire ne se lit pas', en: 'its directory cannot be read' };
const MORE = {
  fr: 'son répertoire en contient plus qu’il n’en compte',
  en: 'its directory holds more than it counts',
};
const TWO_FACES = {
  fr: 'son répertoire et ses fichiers se contredisent',
  en: 'its directory and its files contradict each other',
};

/** Bits of an encrypted file and of an encrypted directory; yauzl refuses bit 6, strong encryption, by itself. */
const ENCRYPTED = 0x2001;
/** Bits that change what a reader sees: encryption, and names in UTF-8. */
const TELLING = 0x0801;
const STORED = 0;
const DEFLATED = 8;

function judgeKind(entry: Entry, position: number): void {
  if (entry.generalPurposeBitFlag & ENCRYPTED) throw xdmError('xdm.encrypted', { position });
  const method = entry.compressionMethod;
  if (method !== STORED && method !== DEFLATED) throw xdmError('xdm.packed-otherwise', { position, method });
  if (!isPlain(entry.externalFileAttributes >>> 16)) throw xdmError('xdm.not-a-plain-file', { position });
}

/** Whether a mode of Unix, where the archive gives one, is that of a file or a folder. */
function isPlain(mode: number): boolean {
  const kind = mode & 0o170000;
  return kind === 0 || kind === 0o100000 || kind === 0o040000;
}

function judgeSizes(located: readonly Located[]): void {
  const { memberBytes, unpackedBytes, ratio, ratioFromBytes } = xdmLimits;
  for (const { entry, position } of located) {
    const { uncompressedSize: bytes, compressedSize } = entry;
    if (bytes > memberBytes.value)
      throw xdmError('xdm.member-too-large', { position, bytes, most: memberBytes.value });
    if (bytes >= ratioFromBytes.value && bytes > compressedSize * ratio.value)
      throw xdmError('xdm.packed-too-well', { position, most: ratio.value });
  }
  const total = located.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
  if (total > unpackedBytes.value) throw xdmError('xdm.unpacked-too-large', { most: unpackedBytes.value });
}

/** Each member has its own bytes, in front of the directory. */
function judgePlaces(located: readonly Located[], directoryStart: number): void {
  const sorted = located.toSorted((a, b) => a.headerStart - b.headerStart);
  sorted.forEach(({ entry, dataStart }, index) => {
    const next = sorted[index + 1]?.headerStart ?? directoryStart;
    if (dataStart + entry.compressedSize > next) throw xdmError('xdm.members-overlap');
  });
}

const inflate = promisify(inflateRaw);

async function unpack(bytes: Buffer, { entry, dataStart, position }: Located): Promise<Buffer> {
  const { compressedSize, uncompressedSize } = entry;
  const packed = bytes.subarray(dataStart, dataStart + compressedSize);
  const unpacked =
    entry.compressionMethod === STORED ? packed : await inflated(packed, uncompressedSize, position);
  if (unpacked.length !== uncompressedSize || crc32(unpacked) !== entry.crc32)
    throw xdmError('xdm.member-corrupt', { position });
  return unpacked;
}

async function inflated(packed: Buffer, size: number, position: number): Promise<Buffer> {
  try {
    return await inflate(packed, { maxOutputLength: Math.max(size, 1) });
  } catch (error) {
    throw xdmError('xdm.member-corrupt', { position }, error);
  }
}
