import { connect, type Socket } from 'node:net';

const START = 0x0b;
const END = 0x1c;

/** Cuts what comes from a socket into the messages between 0B and 1C 0D. */
export class Deframer {
  #rest = Buffer.alloc(0);

  take(chunk: Buffer): Buffer[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const messages: Buffer[] = [];
    for (let end = this.#rest.indexOf(END); end >= 0; end = this.#rest.indexOf(END)) {
      const start = this.#rest.lastIndexOf(START, end);
      messages.push(this.#rest.subarray(start + 1, end));
      this.#rest = this.#rest.subarray(end + 1);
    }
    return messages;
  }
}

export function framed(message: Buffer): Buffer {
  return Buffer.concat([Buffer.of(START), message, Buffer.of(END, 0x0d)]);
}

interface Waiting {
  resolve: (acknowledgement: Buffer) => void;
  reject: (error: Error) => void;
}

/** One connection of a sender: acknowledgements come in the order of the messages. */
export class Line {
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];
  readonly #deframer = new Deframer();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      for (const message of this.#deframer.take(chunk)) this.#waiting.shift()?.resolve(message);
    });
    socket.on('error', () => {});
    socket.on('close', () => this.#fail());
  }

  /** @throws Error when nobody listens there */
  static open({ host, port }: { host: string; port: number }): Promise<Line> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, host);
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Line(socket));
      });
    });
  }

  /** Sends a message. Resolves to its acknowledgement, rejects when the connection ends before. */
  send(message: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error('the connection is closed'));
      this.#waiting.push({ resolve, reject });
      this.#socket.write(framed(message));
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #fail(): void {
    for (const { reject } of this.#waiting.splice(0)) reject(new Error('the connection was closed'));
  }
}

/** `host:port`, with or without brackets around an IPv6 address. */
export function addressOf(text: string): { host: string; port: number } {
  const [, host, port] = /^\[?([^\]]*?)\]?:(\d{1,5})$/.exec(text) ?? [];
  if (!host || !port) throw new TypeError(`'${text}' is no host:port`);
  return { host, port: Number(port) };
}
