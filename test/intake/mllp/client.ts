import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** One segment of an acknowledgement, cut by hand: this client shares no code with what it tests. */
export interface AckError {
  place: string;
  condition: string;
  severity: string;
  code: string;
  diagnostic: string;
  user: string;
}

export interface Ack {
  bytes: Buffer;
  text: string;
  code: string;
  controlId: string;
  acknowledged: string;
  event: string;
  errors: AckError[];
}

export function readAck(bytes: Buffer): Ack {
  const text = bytes.toString('utf8');
  const segments = text
    .split('\r')
    .filter(Boolean)
    .map((line) => line.split('|'));
  const msh = segments.find(([name]) => name === 'MSH') ?? [];
  const msa = segments.find(([name]) => name === 'MSA') ?? [];
  const errors = segments
    .filter(([name]) => name === 'ERR')
    .map((err) => ({
      place: err[2] ?? '',
      condition: (err[3] ?? '').split('^')[0]!,
      severity: err[4] ?? '',
      code: (err[5] ?? '').split('^')[0]!,
      diagnostic: err[7] ?? '',
      user: err[8] ?? '',
    }));
  return {
    ...{ bytes, text, errors },
    code: msa[1] ?? '',
    acknowledged: msa[2] ?? '',
    controlId: msh[9] ?? '',
    event: msh[8] ?? '',
  };
}

/** A sender on a socket: what it writes, and the acknowledgements in the order in which they come. */
export class MllpClient {
  readonly socket: Socket;
  readonly acks: Ack[] = [];
  #buffer = Buffer.alloc(0);
  #waiting: (() => void)[] = [];
  closed = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, chunk]);
      for (let end = this.#buffer.indexOf('\x1c\r'); end >= 0; end = this.#buffer.indexOf('\x1c\r')) {
        this.acks.push(readAck(this.#buffer.subarray(1, end)));
        this.#buffer = this.#buffer.subarray(end + 2);
      }
      this.#wake();
    });
    socket.on('close', () => {
      this.closed = true;
      this.#wake();
    });
    socket.on('error', () => {});
  }

  static async open(address: string): Promise<MllpClient> {
    const [host, port] = address.split(':') as [string, string];
    const socket = connect(Number(port), host);
    await once(socket, 'connect');
    return new MllpClient(socket);
  }

  write(...messages: (Buffer | string)[]): void {
    for (const message of messages)
      this.socket.write(Buffer.concat([Buffer.of(0x0b), Buffer.from(message), Buffer.of(0x1c, 0x0d)]));
  }

  /** The acknowledgement number `index`, or the last one when the connection is closed before it comes. */
  async ack(index: number, withinMs = 20_000): Promise<Ack> {
    const deadline = Date.now() + withinMs;
    while (this.acks.length <= index && !this.closed && Date.now() < deadline)
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        setTimeout(resolve, Math.max(1, deadline - Date.now())).unref();
      });
    const found = this.acks[index];
    if (!found) throw new Error(`acknowledgement ${index} did not come (${this.closed ? 'closed' : 'open'})`);
    return found;
  }

  /** Sends one message and waits for its acknowledgement. */
  async send(message: Buffer | string): Promise<Ack> {
    const index = this.acks.length;
    this.write(message);
    return this.ack(index);
  }

  async whenClosed(): Promise<void> {
    if (!this.closed) await once(this.socket, 'close');
  }

  close(): void {
    this.socket.destroy();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
