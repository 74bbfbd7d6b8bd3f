import type { Duplex } from 'node:stream';
import { FrameDecoder, type FrameEvent, frame } from '../../hl7v2/frames.ts';
import type { Clock } from '../../words/clock.ts';
import { mllpLimits } from '../limits.ts';

/** What a connection carries its messages to. */
export interface MessageTaker {
  /**
   * Answers one message; resolves to the bytes of its acknowledgement, or null when it cannot be answered at all.
   * @param turn ends when every message before it on its connection was decided
   */
  take(bytes: Buffer, turn: Promise<unknown>): Promise<Taken>;
  /** Answers what is no whole message from what is left of its beginning. */
  refuse(event: BrokenEvent): Buffer | null;
}

export interface Taken {
  acknowledgement: Buffer | null;
  /** Lets what the message held in memory be counted out. */
  release(): void;
}

export type BrokenEvent = Extract<FrameEvent, { head: Buffer }>;

/** How long a connection may be silent, and a frame be on its way. Milliseconds. */
export interface ConnectionTimes {
  idleMs: number;
  frameMs: number;
}

/**
 * One connection: frames in, acknowledgements out in the same order. Messages are worked on side by side up to a window;
 * beyond it, or while the peer does not read its answers, nothing more is read.
 */
export class Connection {
  readonly #socket: Duplex;
  readonly #taker: MessageTaker;
  readonly #clock: Clock;
  readonly #times: ConnectionTimes;
  readonly #decoder: FrameDecoder;
  readonly #ended: Promise<void>;
  #answers: Promise<unknown> = Promise.resolve();
  #turn: Promise<unknown> = Promise.resolve();
  #inHand = 0;
  #bytesInHand = 0;
  #broken = 0;
  #closing = false;
  #cancelTimer: () => void = () => {};

  constructor(
    socket: Duplex,
    taker: MessageTaker,
    { clock, times, room }: { clock: Clock; times: ConnectionTimes; room: (bytes: number) => boolean },
  ) {
    this.#socket = socket;
    this.#taker = taker;
    this.#clock = clock;
    this.#times = times;
    this.#decoder = new FrameDecoder({ room });
    this.#ended = new Promise((resolve) => socket.once('close', resolve));
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('end', () => this.#stop());
    socket.on('error', () => socket.destroy());
    socket.on('drain', () => this.#regulate());
    socket.once('close', () => this.#cancelTimer());
    this.#watch();
  }

  /** Resolves when the connection is gone. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Messages that were read and not answered yet. */
  get inHand(): number {
    return this.#inHand;
  }

  /** Reads nothing more, answers what was read whole, and ends. */
  async close(): Promise<void> {
    this.#stop();
    await this.#ended;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    if (this.#closing) return;
    for (const event of this.#decoder.push(chunk)) this.#handle(event);
    this.#watch();
    this.#regulate();
  }

  #handle(event: FrameEvent): void {
    if (event.kind === 'frame') {
      this.#begin(event.bytes);
      return;
    }
    this.#broken += 1;
    if (event.kind !== 'stray') this.#answer(Promise.resolve(this.#taker.refuse(event)));
    if (this.#broken >= mllpLimits.brokenFrames.value) this.#stop();
  }

  #begin(bytes: Buffer): void {
    this.#inHand += 1;
    this.#bytesInHand += bytes.length;
    const work = this.#taker.take(bytes, this.#turn);
    this.#turn = work.catch(() => {});
    this.#answer(
      work.then(
        ({ acknowledgement, release }) => {
          this.#inHand -= 1;
          this.#bytesInHand -= bytes.length;
          release();
          return acknowledgement;
        },
        () => {
          this.#socket.destroy();
          return null;
        },
      ),
    );
  }

  /** Writes an answer once every earlier one was written. */
  #answer(ready: Promise<Buffer | null>): void {
    this.#answers = Promise.all([this.#answers, ready]).then(([, bytes]) => {
      if (bytes && this.#socket.writable) this.#socket.write(frame(bytes));
      this.#watch();
      this.#regulate();
    });
  }

  #regulate(): void {
    const { value: mostMessages } = mllpLimits.messagesInHand;
    const { value: mostBytes } = mllpLimits.connectionBytes;
    const full = this.#inHand >= mostMessages || (this.#inHand > 0 && this.#bytesInHand >= mostBytes);
    const wait = this.#closing || full || this.#socket.writableNeedDrain;
    if (wait === this.#socket.isPaused()) return;
    if (wait) this.#socket.pause();
    else {
      this.#socket.resume();
      // The peer could not go on with its frame while nothing was read: its time begins anew.
      this.#timing = 'idle';
      this.#watch();
    }
  }

  /** Only a frame that has begun, or silence, has a deadline: work in hand has its own. */
  #watch(): void {
    if (this.#closing || this.#socket.destroyed) return;
    if (this.#decoder.inside && this.#timing === 'frame') return;
    this.#cancelTimer();
    this.#timing = this.#decoder.inside ? 'frame' : 'idle';
    const ms = this.#timing === 'frame' ? this.#times.frameMs : this.#times.idleMs;
    this.#cancelTimer = this.#clock.after(ms, () => this.#expire());
  }

  #timing: 'idle' | 'frame' = 'idle';

  #expire(): void {
    const waited = this.#socket.isPaused() || (!this.#decoder.inside && this.#inHand > 0);
    if (!waited) this.#stop();
  }

  #stop(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#cancelTimer();
    for (const event of this.#decoder.end()) this.#handle(event);
    void this.#answers.then(() => {
      if (this.#socket.destroyed) return;
      this.#socket.end();
      this.#cancelTimer = this.#clock.after(mllpLimits.goodbyeMs.value, () => this.#socket.destroy());
    });
    this.#regulate();
    // A paused socket never sees the end of its peer.
    void this.#answers.then(() => this.#socket.resume());
  }
}
