import { hl7v2Limits } from './limits.ts';

const START = 0x0b;
const END = 0x1c;

/** Puts a message in an MLLP frame: 0B, the message, 1C 0D. */
export function frame(message: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(START), message, Buffer.of(END, 0x0d)]);
}

/**
 * What a stream of bytes held:
 * - `frame`: a whole message, without its framing
 * - `broken`: a message that another one cut short; only its beginning is kept
 * - `too-large`: a message beyond the cap, or one that there was no room for, once it has ended; only its beginning is kept
 * - `stray`: bytes between frames that belong to none
 */
export type FrameEvent =
  | { kind: 'frame'; bytes: Buffer }
  | { kind: 'broken' | 'too-large' | 'no-room'; head: Buffer; size: number }
  | { kind: 'stray'; size: number };

export interface FrameLimits {
  /** Bytes of one message. */
  most: number;
  /** Bytes kept of a message that is not kept whole. */
  head: number;
  /** Asks for room for so many more bytes of a frame; false ends its keeping. */
  room(bytes: number): boolean;
}

/**
 * Cuts a stream of bytes into MLLP frames. Each byte is looked at once, however the stream is split; what is kept stays
 * under the cap. Line breaks and spaces between frames are of no account.
 */
export class FrameDecoder {
  readonly #limits: FrameLimits;
  readonly #kept = new Parts();
  #inside = false;
  #size = 0;
  #refused: 'too-large' | 'no-room' | null = null;

  constructor(limits: Partial<FrameLimits> = {}) {
    this.#limits = {
      most: hl7v2Limits.frameBytes.value,
      head: hl7v2Limits.headBytes.value,
      room: () => true,
      ...limits,
    };
  }

  /** Whether a frame has begun and not ended. */
  get inside(): boolean {
    return this.#inside;
  }

  /** Bytes of the frame that has begun: zero between frames. */
  get size(): number {
    return this.#size;
  }

  push(chunk: Buffer): FrameEvent[] {
    const events: FrameEvent[] = [];
    const start = new Finder(chunk, START);
    const end = new Finder(chunk, END);
    for (let at = 0; at < chunk.length; ) {
      const next = this.#inside ? Math.min(start.from(at), end.from(at)) : start.from(at);
      this.#consume(chunk.subarray(at, next), events);
      at = next + 1;
      if (next < chunk.length) this.#mark(chunk[next]!, events);
    }
    return events;
  }

  /** Says that no more bytes come. */
  end(): FrameEvent[] {
    const events = this.#inside ? [this.#cutShort()] : [];
    this.#reset(false);
    return events;
  }

  #consume(part: Buffer, events: FrameEvent[]): void {
    if (this.#inside) {
      this.#keep(part);
      return;
    }
    const size = part.reduce((sum, byte) => (isSpace(byte) ? sum : sum + 1), 0);
    if (size > 0) events.push({ kind: 'stray', size });
  }

  /** A byte that begins or ends a frame. */
  #mark(byte: number, events: FrameEvent[]): void {
    if (this.#inside) events.push(byte === END ? this.#whole() : this.#cutShort());
    this.#reset(byte === START);
  }

  #reset(inside: boolean): void {
    this.#inside = inside;
    this.#kept.clear();
    this.#size = 0;
    this.#refused = null;
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return;
    this.#size += part.length;
    if (this.#refused) return;
    if (this.#size > this.#limits.most) this.#refuse('too-large', part);
    else if (!this.#limits.room(part.length)) this.#refuse('no-room', part);
    else this.#kept.add(part);
  }

  #refuse(why: 'too-large' | 'no-room', part: Buffer): void {
    this.#refused = why;
    this.#kept.add(part);
    const head = this.#head();
    this.#kept.clear();
    this.#kept.add(head);
  }

  #whole(): FrameEvent {
    if (this.#refused) return { kind: this.#refused, head: this.#head(), size: this.#size };
    return { kind: 'frame', bytes: this.#kept.whole() };
  }

  #cutShort(): FrameEvent {
    return { kind: 'broken', head: this.#head(), size: this.#size };
  }

  #head(): Buffer {
    return Buffer.from(this.#kept.whole().subarray(0, this.#limits.head));
  }
}

/** Where a byte stands next in a chunk; never looks at the same place twice. */
class Finder {
  readonly #chunk: Buffer;
  readonly #byte: number;
  #found = -1;

  constructor(chunk: Buffer, byte: number) {
    this.#chunk = chunk;
    this.#byte = byte;
  }

  /** The next place from `at` on, or the length of the chunk. */
  from(at: number): number {
    if (this.#found >= at) return this.#found;
    const found = this.#chunk.indexOf(this.#byte, at);
    this.#found = found < 0 ? this.#chunk.length : found;
    return this.#found;
  }
}

const BLOCK_BYTES = 65_536;
const SMALL_BYTES = 2048;

/** Bytes that came in parts. Small parts are copied together, so that a byte at a time costs no more than its bytes. */
class Parts {
  #parts: Buffer[] = [];
  #block: Buffer | null = null;
  #used = 0;

  add(part: Buffer): void {
    if (part.length >= SMALL_BYTES) {
      this.#flush();
      this.#parts.push(part);
      return;
    }
    if (this.#block && this.#used + part.length > this.#block.length) this.#flush();
    this.#block ??= Buffer.allocUnsafeSlow(this.#parts.length === 0 ? SMALL_BYTES * 2 : BLOCK_BYTES);
    this.#used += part.copy(this.#block, this.#used);
  }

  whole(): Buffer {
    this.#flush();
    if (this.#parts.length !== 1) this.#parts = [Buffer.concat(this.#parts)];
    return this.#parts[0]!;
  }

  clear(): void {
    this.#parts = [];
    this.#block = null;
    this.#used = 0;
  }

  #flush(): void {
    if (this.#block && this.#used > 0) this.#parts.push(this.#block.subarray(0, this.#used));
    this.#block = null;
    this.#used = 0;
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x0d || byte === 0x0a || byte === 0x20 || byte === 0x09 || byte === END;
}
