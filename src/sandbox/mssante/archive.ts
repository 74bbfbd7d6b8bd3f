import { type Entry, fromBuffer, type ZipFile } from 'yauzl';
import { mailSandboxLimits } from './limits.ts';
import { type Reason, reason } from './refusals.ts';

/** Files of an archive by their whole name. */
export type Files = ReadonlyMap<string, Buffer>;

/** Opens an archive in memory; what is wrong with it is the reason. */
export async function openArchive(bytes: Buffer): Promise<Files | Reason> {
  try {
    return await readAll(await open(bytes));
  } catch (error) {
    return reason('sandbox.mail-archive-unreadable', { why: whyOf(error) });
  }
}

/** The library's words may quote a name of the archive; only their beginning is kept. */
function whyOf(error: unknown): string {
  return (error instanceof Error ? error.message : 'ZIP').split(/[:"]/, 1)[0]!.slice(0, 80);
}

function open(bytes: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    const options = { lazyEntries: true, strictFileNames: true, validateEntrySizes: true };
    fromBuffer(bytes, options, (error, zip) => (zip ? resolve(zip) : reject(error)));
  });
}

async function readAll(zip: ZipFile): Promise<Files> {
  if (zip.entryCount > mailSandboxLimits.archiveEntries.value) throw new Error('too many entries');
  const files = new Map<string, Buffer>();
  let left = mailSandboxLimits.archiveBytes.value;
  for await (const entry of entriesOf(zip)) {
    judgeEntry(entry, left);
    if (files.has(entry.fileName)) throw new Error('a name stands twice');
    const bytes = entry.fileName.endsWith('/') ? Buffer.alloc(0) : await inflate(zip, entry);
    left -= bytes.length;
    files.set(entry.fileName, bytes);
  }
  return files;
}

const ENCRYPTED = 1;
const LINK = 0o120000;
const KIND = 0o170000;

function judgeEntry(entry: Entry, left: number): void {
  if (entry.generalPurposeBitFlag & ENCRYPTED) throw new Error('an entry is encrypted');
  if (((entry.externalFileAttributes >>> 16) & KIND) === LINK) throw new Error('an entry is a link');
  const most = Math.min(left, mailSandboxLimits.entryBytes.value);
  if (entry.uncompressedSize > most) throw new Error('an entry is too large');
}

function entriesOf(zip: ZipFile): AsyncIterable<Entry> {
  return {
    async *[Symbol.asyncIterator]() {
      for (let entry = await next(zip); entry; entry = await next(zip)) yield entry;
    },
  };
}

function next(zip: ZipFile): Promise<Entry | null> {
  return new Promise((resolve, reject) => {
    zip.removeAllListeners('entry').removeAllListeners('end').removeAllListeners('error');
    zip.once('entry', resolve).once('error', reject);
    zip.once('end', () => resolve(null));
    zip.readEntry();
  });
}

function inflate(zip: ZipFile, entry: Entry): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (!stream) return reject(error);
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.once('error', reject).once('end', () => resolve(Buffer.concat(parts)));
    });
  });
}
