import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Where the record of a body stands: a file below the data folder, and its place in it. */
export interface BodyPlace {
  file: string;
  offset: number;
  /** Bytes of the record's encrypted content. */
  length: number;
}

/**
 * Record of a body in its file: `VBOD`, the 16 bytes of its identifier, the length of the encrypted content as 32-bit
 * big endian, the content. A record that was cut short by a crash is never named by an event: it is garbage, not a body.
 */
const MAGIC = Buffer.from('VBOD');
export const HEADER_BYTES = MAGIC.length + 16 + 4;

/** Appends encrypted bodies to monthly files, one per establishment and retention class, and syncs them. */
export class BodyFiles {
  readonly #folder: string;
  readonly #open = new Map<string, { handle: number; end: number; dirty: boolean }>();
  /** Files to which nothing is appended any more: what is left of them is being copied elsewhere. */
  readonly #retired: Set<string>;

  constructor(folder: string, retired: readonly string[] = []) {
    this.#folder = folder;
    this.#retired = new Set(retired);
  }

  /** Appends nothing more to a file; what comes for its month goes to another. */
  retire(file: string): void {
    this.#retired.add(file);
    const open = this.#open.get(file);
    if (open) closeSync(open.handle);
    this.#open.delete(file);
  }

  /** Writes a record; it is durable only after `sync`. `at` is the instant that names the month. */
  append(establishment: string, retention: string, at: string, id: string, sealed: Uint8Array): BodyPlace {
    const file = this.#nameOf(join('bodies', establishment, `${at.slice(0, 7)}.${retention}`));
    const open = this.#file(file);
    const header = Buffer.alloc(HEADER_BYTES);
    MAGIC.copy(header);
    Buffer.from(id.replaceAll('-', ''), 'hex').copy(header, MAGIC.length);
    header.writeUInt32BE(sealed.length, HEADER_BYTES - 4);
    open.dirty = true;
    writeFully(open.handle, Buffer.concat([header, sealed]), open.end);
    const place = { file, offset: open.end, length: sealed.length };
    open.end += HEADER_BYTES + sealed.length;
    return place;
  }

  #nameOf(stem: string): string {
    let file = `${stem}.bodies`;
    for (let again = 2; this.#retired.has(file); again += 1) file = `${stem}.${again}.bodies`;
    return file;
  }

  /** Makes everything appended so far durable. */
  sync(): void {
    for (const open of this.#open.values()) {
      if (open.dirty) fdatasyncSync(open.handle);
      open.dirty = false;
    }
  }

  close(): void {
    this.sync();
    for (const { handle } of this.#open.values()) closeSync(handle);
    this.#open.clear();
  }

  #file(file: string): { handle: number; end: number; dirty: boolean } {
    const known = this.#open.get(file);
    if (known) return known;
    const path = join(this.#folder, file);
    const isNew = !existsSync(path);
    mkdirSync(dirname(path), { recursive: true });
    const handle = openSync(path, isNew ? 'w+' : 'r+', 0o640);
    if (isNew) syncFolder(dirname(path));
    const opened = { handle, end: fstatSync(handle).size, dirty: false };
    this.#open.set(file, opened);
    return opened;
  }
}

/** A new file survives a power loss only when its folder is synced too. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

function writeFully(handle: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(handle, bytes, done, bytes.length - done, position + done);
}

/** Reads the encrypted content of a body, or null when the file or the record is not what it should be. */
export function readBody(folder: string, id: string, place: BodyPlace): Buffer | null {
  const path = join(folder, place.file);
  if (!existsSync(path)) return null;
  const handle = openSync(path, 'r');
  try {
    const record = Buffer.alloc(HEADER_BYTES + place.length);
    const read = readSync(handle, record, 0, record.length, place.offset);
    const same =
      read === record.length &&
      record.toString('hex', MAGIC.length, MAGIC.length + 16) === id.replaceAll('-', '');
    const length = record.readUInt32BE(HEADER_BYTES - 4);
    return same && record.subarray(0, MAGIC.length).equals(MAGIC) && length === place.length
      ? record.subarray(HEADER_BYTES)
      : null;
  } finally {
    closeSync(handle);
  }
}
