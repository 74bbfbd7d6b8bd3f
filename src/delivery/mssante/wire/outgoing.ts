import { Readable } from 'node:stream';

const PIECE_BYTES = 64 * 1024;
const END_OF_MAIL = '.\r\n';

/**
 * The bytes of a mail on their way, in pieces so that they leave no faster than they are taken; knows whether the dot that
 * ends a mail may have left. Only the stream into which this one is piped writes that dot.
 */
export class Outgoing extends Readable {
  readonly #raw: Uint8Array;
  #position = 0;
  #whole = false;
  /** The server asked for the mail. */
  begun = false;
  dotMayHaveLeft = false;

  constructor(raw: Uint8Array) {
    super({ highWaterMark: PIECE_BYTES });
    this.#raw = raw;
    this.once('end', () => {
      this.#whole = true;
    });
  }

  override _read(): void {
    const piece = this.#raw.subarray(this.#position, this.#position + PIECE_BYTES);
    this.#position += piece.length;
    this.push(piece.length === 0 ? null : piece);
  }

  override pipe<T extends NodeJS.WritableStream>(target: T, options?: { end?: boolean }): T {
    this.begun = true;
    // Before whoever writes it to the connection. A last line that looks like the dot counts as the dot: rather in doubt.
    target.prependListener('data', (chunk: Buffer) => {
      if (this.#whole && chunk.subarray(-END_OF_MAIL.length).toString('latin1') === END_OF_MAIL)
        this.dotMayHaveLeft = true;
    });
    return super.pipe(target, options);
  }
}
