import { createHash } from 'node:crypto';

const CHUNK_BYTES = 65_536;
/** Longest piece that is gathered with others before it is hashed. */
const SHORT = 8192;

const SPACE = 0x20;
const AMPERSAND = 0x26;
const LT = 0x3c;

/** Some bytes of a document, from `start` up to `end`. */
export interface Slice {
  bytes: Uint8Array;
  start: number;
  end: number;
}

/**
 * SHA-256 over many short pieces and a few very long ones. Pieces are gathered in one buffer, since handing each to the
 * platform costs more than hashing it; a file of 50 MB passes through that buffer and is never held a second time.
 */
export class GatheringDigest {
  readonly #hash = createHash('sha256');
  readonly #gathered = Buffer.allocUnsafe(CHUNK_BYTES);
  #length = 0;

  /** Adds a byte that no XML text can hold, so that no text passes for structure. */
  mark(byte: number): void {
    this.#makeRoom(1);
    this.#gathered[this.#length] = byte;
    this.#length += 1;
  }

  /** Adds a few bytes as they are. */
  bytes(bytes: Uint8Array): void {
    if (bytes.length > SHORT) {
      this.#flush();
      this.#hash.update(bytes);
      return;
    }
    this.#makeRoom(bytes.length);
    for (let index = 0; index < bytes.length; index += 1)
      this.#gathered[this.#length + index] = bytes[index]!;
    this.#length += bytes.length;
  }

  /** Adds a text as UTF-8. */
  text(text: string): void {
    if (text.length > SHORT) {
      this.#flush();
      this.#hash.update(text);
      return;
    }
    this.#makeRoom(text.length * 3);
    const end = writeAscii(text, this.#gathered, this.#length);
    this.#length = end >= 0 ? end : this.#length + this.#gathered.write(text, this.#length);
  }

  /**
   * Adds a text, white space at its ends dropped and inside it folded to one blank, or all of it dropped when `packed`.
   * @param slice the text as it stands in the document, in UTF-8
   * @param value gives the text itself, asked for when the bytes hold references or CDATA sections
   */
  folded(slice: Slice, packed: boolean, value: () => string): void {
    this.#foldAll(isPlain(slice) ? slice : whole(Buffer.from(value())), packed);
  }

  #foldAll(slice: Slice, packed: boolean): void {
    const { bytes } = slice;
    const [start, end] = [firstOther(slice), endOfOthers(slice)];
    if (end - start > SHORT && isUnbroken(bytes.subarray(start, end))) {
      this.bytes(bytes.subarray(start, end));
      return;
    }
    let pending = false;
    for (let from = start; from < end; from += SHORT) {
      const to = Math.min(from + SHORT, end);
      this.#makeRoom(to - from + 1);
      this.#length = packed
        ? pack(bytes, from, to, this.#gathered, this.#length)
        : fold(bytes, from, to, this.#gathered, this.#length, pending);
      pending = bytes[to - 1]! <= SPACE;
    }
  }

  /** The digest in lower-case hexadecimal; nothing can be added afterwards. */
  hex(): string {
    this.#flush();
    return this.#hash.digest('hex');
  }

  #makeRoom(bytes: number): void {
    if (this.#length + bytes > CHUNK_BYTES) this.#flush();
  }

  #flush(): void {
    this.#hash.update(this.#gathered.subarray(0, this.#length));
    this.#length = 0;
  }
}

/** Copies a text and gives the offset after it, or -1 when it is not all ASCII. */
function writeAscii(text: string, to: Uint8Array, at: number): number {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) return -1;
    to[at + index] = code;
  }
  return at + text.length;
}

function whole(bytes: Uint8Array): Slice {
  return { bytes, start: 0, end: bytes.length };
}

/** In XML text every character up to the blank is white space. */
function firstOther({ bytes, start, end }: Slice): number {
  let at = start;
  while (at < end && bytes[at]! <= SPACE) at += 1;
  return at;
}

function endOfOthers({ bytes, start, end }: Slice): number {
  let at = end;
  while (at > start && bytes[at - 1]! <= SPACE) at -= 1;
  return at;
}

const WHITE_SPACE = [SPACE, 0x0a, 0x0d, 0x09];

/** Whether a text holds no white space, as most files in Base64: it is hashed where it stands. The platform searches it. */
function isUnbroken(bytes: Uint8Array): boolean {
  return !WHITE_SPACE.some((byte) => bytes.includes(byte));
}

/** Whether a text stands for itself. A long one is searched by the platform, which is faster than a loop from there on. */
function isPlain({ bytes, start, end }: Slice): boolean {
  if (end - start > SHORT) {
    const text = bytes.subarray(start, end);
    return !text.includes(AMPERSAND) && !text.includes(LT);
  }
  for (let at = start; at < end; at += 1) {
    if (bytes[at] === AMPERSAND || bytes[at] === LT) return false;
  }
  return true;
}

function pack(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): number {
  let next = at;
  for (let index = start; index < end; index += 1) {
    const byte = from[index]!;
    to[next] = byte;
    if (byte > SPACE) next += 1;
  }
  return next;
}

/** A blank is written before what follows it, so that white space at the end of the text leaves nothing. */
function fold(
  from: Uint8Array,
  start: number,
  end: number,
  to: Uint8Array,
  at: number,
  pending: boolean,
): number {
  let next = at;
  let gap = pending;
  for (let index = start; index < end; index += 1) {
    const byte = from[index]!;
    if (byte > SPACE) {
      if (gap) to[next++] = SPACE;
      to[next++] = byte;
    }
    gap = byte <= SPACE;
  }
  return next;
}
