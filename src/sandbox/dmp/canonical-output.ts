/** Bytes that are written piece by piece: as many as there are, in one place. */
export class CanonicalOutput {
  readonly #source: Buffer;
  #bytes: Buffer;
  #length = 0;

  constructor(source: Buffer) {
    this.#source = source;
    this.#bytes = Buffer.allocUnsafe(source.length + (source.length >> 2) + 1024);
  }

  /** Copies a stretch of the source as it is. */
  copy(from: number, to: number): void {
    this.#room(to - from);
    if (to - from > FEW) this.#source.copy(this.#bytes, this.#length, from, to);
    else for (let at = from; at < to; at += 1) this.#bytes[this.#length + at - from] = this.#source[at]!;
    this.#length += to - from;
  }

  /** Writes a text; `code` is its first character where it is but one of ASCII. */
  write(text: string): void {
    this.#room(text.length * MOST_PER_UNIT);
    if (text.length === 1 && text < '\x80') {
      this.#bytes[this.#length] = text.charCodeAt(0);
      this.#length += 1;
    } else this.#length += this.#bytes.write(text, this.#length);
  }

  written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe((this.#length + more) * 2);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Below this a loop is faster than a call out of JavaScript. */
const FEW = 48;
/** Bytes of UTF-8 for one UTF-16 code unit. */
const MOST_PER_UNIT = 3;
