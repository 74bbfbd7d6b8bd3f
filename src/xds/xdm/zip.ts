import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** A file of an archive, or a folder when it has no bytes; names are 8.3 in US-ASCII. */
export interface Member {
  name: string;
  bytes: Uint8Array | null;
}

/**
 * A ZIP as DICOM PS3.12 annex V has it: deflated, sizes in front of the data, no extra field, no ZIP64. The same members and
 * instant give the same bytes on the same build of Node (its zlib decides how it packs).
 * @param atMs of the archive; its day is written
 */
export async function writeZip(members: readonly Member[], atMs: number): Promise<Buffer> {
  const zip = new ZipFile();
  const whole = buffer(zip.outputStream);
  const options = { mtime: noonOf(atMs), forceDosTimestamp: true };
  for (const { name, bytes } of members) {
    if (bytes === null) zip.addEmptyDirectory(name, { ...options, mode: 0o40755 });
    else
      zip.addBuffer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), name, {
        ...options,
        mode: 0o100644,
      });
  }
  zip.end();
  return whole;
}

/** Times of a ZIP have no zone and yazl writes that of the machine: at noon the day is the same on all of them. */
function noonOf(ms: number): Date {
  const day = new Date(ms);
  return new Date(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate(), 12);
}
