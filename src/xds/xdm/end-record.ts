import { xdmError } from './errors.ts';

const SIGNATURE = 0x06054b50;
const BYTES = 22;
const ZIP64_LOCATOR = 0x07064b50;
const ZIP64_LOCATOR_BYTES = 20;

/** What the last record of a ZIP says of its directory. */
export interface EndRecord {
  members: number;
  /** Offsets: the directory ends where this record begins. */
  directoryStart: number;
  directoryEnd: number;
}

/**
 * The end record of a ZIP (APPNOTE 4.3.16), alone at the end, without ZIP64, on one disk: whatever admits of two readings is
 * refused, since the mail's filter and we must see the same files.
 * @throws ViaducError `xdm.not-a-zip`, `xdm.zip-malformed`
 */
export function readEndRecord(bytes: Buffer): EndRecord {
  const at = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (at < 0 || at + BYTES > bytes.length || bytes.readUInt32LE(at) !== SIGNATURE)
    throw xdmError('xdm.not-a-zip');
  if (at + BYTES + bytes.readUInt16LE(at + 20) !== bytes.length) throw malformed(TRAILER);
  if (at >= ZIP64_LOCATOR_BYTES && bytes.readUInt32LE(at - ZIP64_LOCATOR_BYTES) === ZIP64_LOCATOR)
    throw malformed(ZIP64);
  const members = bytes.readUInt16LE(at + 10);
  const [disk, directoryDisk] = [bytes.readUInt16LE(at + 4), bytes.readUInt16LE(at + 6)];
  if (disk !== 0 || directoryDisk !== 0 || bytes.readUInt16LE(at + 8) !== members) throw malformed(DISKS);
  const directoryStart = bytes.readUInt32LE(at + 16);
  if (directoryStart + bytes.readUInt32LE(at + 12) !== at) throw malformed(DIRECTORY);
  return { members, directoryStart, directoryEnd: at };
}

function malformed(what: { fr: string; en: string }): Error {
  return xdmError('xdm.zip-malformed', { what });
}

const TRAILER = { fr: 'des octets suivent sa fin', en: 'bytes follow its end' };
const ZIP64 = { fr: 'elle est en ZIP64', en: 'it is in ZIP64' };
const DISKS = { fr: 'elle est en plusieurs volumes', en: 'it has several volumes' };
const DIRECTORY = { fr: 'son répertoire n’est pas à sa place', en: 'its directory is not in its place' };
