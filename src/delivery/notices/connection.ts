import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { FrameDecoder, frame } from '../../hl7v2/frames.ts';
import { Hl7Message } from '../../hl7v2/message.ts';
import type { Clock } from '../../words/clock.ts';
import { noticeLimits } from './limits.ts';

/** What came of sending a message. `code` is one of `noticeErrors`. */
export type Acknowledged =
  | { result: 'taken'; answer: string }
  | { result: 'refused' | 'later'; code: string; answer: string; fault?: Fault }
  | { result: 'none'; code: string };

/** What an acknowledgement says is wrong (ERR): ERR-3.1 and ERR-5.1. An application error has condition 207. */
export interface Fault {
  condition: string;
  code: string;
}

/** Where a connection goes. `tls` null: plain. */
export interface Where {
  host: string;
  port: number;
  tls: ConnectionOptions | null;
}

/**
 * An MLLP client: one connection, kept open, one message under way at a time. An acknowledgement counts when its MSA-2 is the
 * MSH-10 of that message; anything else is no answer. After a silence the connection is closed, so that an answer that comes
 * late is never taken for one of the next message.
 */
export class MllpClient {
  readonly #where: Where;
  readonly #clock: Clock;
  #socket: Socket | null = null;

  constructor(where: Where, clock: Clock) {
    this.#where = where;
    this.#clock = clock;
  }

  async send(message: Buffer, controlId: string, timeoutMs: number): Promise<Acknowledged> {
    const socket = this.#socket ?? this.#open();
    this.#socket = socket;
    const answer = await new Exchange(socket, controlId).run(frame(message), this.#clock, timeoutMs);
    if (answer.result === 'none') this.close();
    return answer;
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }

  #open(): Socket {
    const { host, port, tls } = this.#where;
    const socket = tls ? connectTls({ host, port, ...tls }) : connect({ host, port });
    socket.setNoDelay(true);
    // Between two messages nobody listens: what breaks then is opened again for the next one.
    socket.on('error', () => {});
    socket.once('close', () => {
      if (this.#socket === socket) this.#socket = null;
    });
    return socket;
  }
}

/** One message and the wait for its acknowledgement. */
class Exchange {
  readonly #socket: Socket;
  readonly #controlId: string;
  readonly #decoder = new FrameDecoder({ most: noticeLimits.acknowledgementBytes.value });

  constructor(socket: Socket, controlId: string) {
    this.#socket = socket;
    this.#controlId = controlId;
  }

  run(bytes: Buffer, clock: Clock, timeoutMs: number): Promise<Acknowledged> {
    const socket = this.#socket;
    return new Promise((resolve) => {
      const end = (answer: Acknowledged) => {
        cancel();
        socket.off('data', read).off('error', fail).off('close', closed);
        resolve(answer);
      };
      const read = (chunk: Buffer) => {
        const answer = this.#read(chunk);
        if (answer) end(answer);
      };
      const fail = (error: NodeJS.ErrnoException) => end({ result: 'none', code: codeOf(error, socket) });
      const closed = () => end({ result: 'none', code: 'notice.no-answer' });
      const cancel = clock.after(timeoutMs, () =>
        end({ result: 'none', code: socket.connecting ? 'notice.unreachable' : 'notice.no-answer' }),
      );
      socket.on('data', read).on('error', fail).on('close', closed);
      socket.write(bytes);
    });
  }

  #read(chunk: Buffer): Acknowledged | null {
    for (const event of this.#decoder.push(chunk)) {
      const answer = event.kind === 'frame' ? answerIn(event.bytes, this.#controlId) : null;
      if (answer) return answer;
    }
    return null;
  }
}

/** What an acknowledgement says of our message; null when it is none, or of another. */
function answerIn(bytes: Buffer, controlId: string): Acknowledged | null {
  const message = parsed(bytes);
  const msa = message?.first('MSA');
  if (!message || !msa || msa.text(2) !== controlId) return null;
  const answer = message.header.text(10);
  switch (msa.text(1).toUpperCase()) {
    case 'AA':
    case 'CA':
      return { result: 'taken', answer };
    case 'AE':
    case 'CE':
      return { result: 'refused', code: 'notice.refused', answer, ...faultIn(message) };
    case 'AR':
    case 'CR':
      return { result: 'later', code: 'notice.answered-later', answer, ...faultIn(message) };
    default:
      return null;
  }
}

/** The application error of an acknowledgement, else the first error. */
function faultIn(message: Hl7Message): { fault?: Fault } {
  const faults = message.segments
    .filter(({ name }) => name === 'ERR')
    .map((err): Fault => ({ condition: err.text(3, 1).trim(), code: err.text(5, 1).trim() }));
  const fault = faults.find(({ condition }) => condition === '207') ?? faults[0];
  return fault ? { fault } : {};
}

function parsed(bytes: Buffer): Hl7Message | null {
  try {
    return Hl7Message.parse(bytes);
  } catch {
    return null;
  }
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
]);

function codeOf({ code = '' }: NodeJS.ErrnoException, socket: Socket): string {
  if (UNREACHABLE.has(code)) return 'notice.unreachable';
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_|SELF_|UNABLE_|ERR_OSSL|EPROTO)/.test(code)) return 'notice.tls';
  return socket.connecting ? 'notice.unreachable' : 'notice.no-answer';
}
