import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** What a listener does with a message: the acknowledgement code it answers, nothing, or a cut of the connection. */
export type Reaction =
  | ('AA' | 'AE' | 'AR' | 'silence' | 'cut' | 'other-id' | 'garbage' | 'half')
  /** An acknowledgement with an ERR segment, from its third field on. */
  | { code: string; err: string };

/** A receiving application as a vendor would write one, apart from our own code: splits frames by hand, answers by a script. */
export class Listener {
  readonly messages: string[] = [];
  readonly reactions: Reaction[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #waiting: { count: number; done(): void }[] = [];

  constructor(tls: TlsOptions | null = null) {
    const accept = (socket: Socket) => this.#accept(socket);
    this.#server = tls ? createTlsServer(tls, accept) : createServer(accept);
  }

  async listen(port = 0): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return (this.#server.address() as { port: number }).port;
  }

  /** Ends when so many messages came in all. */
  received(count: number): Promise<void> {
    if (this.messages.length >= count) return Promise.resolve();
    return new Promise((done) => this.#waiting.push({ count, done }));
  }

  /** MSH-10 of each message, in the order of arrival. */
  get ids(): string[] {
    return this.messages.map((message) => message.split('\r')[0]!.split('|')[9]!);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8');
      for (let end = text.indexOf('\x1c\r'); end >= 0; end = text.indexOf('\x1c\r')) {
        this.#take(socket, text.slice(text.indexOf('\x0b') + 1, end));
        text = text.slice(end + 2);
      }
    });
  }

  #take(socket: Socket, message: string): void {
    this.messages.push(message);
    const reaction = this.reactions.shift() ?? 'AA';
    const id = message.split('\r')[0]!.split('|')[9]!;
    const ack = (code: string, about: string) =>
      `\x0bMSH|^~\\&|DPI|HOP|PFI|HOP|20260701100000||ACK^Z01^ACK|R${this.messages.length}|T|2.6|||||FRA|UNICODE UTF-8\rMSA|${code}|${about}\r\x1c\r`;
    if (typeof reaction === 'object')
      socket.write(ack(reaction.code, id).replace('\r\x1c', `\rERR|||${reaction.err}\r\x1c`));
    else if (reaction === 'cut') socket.destroy();
    else if (reaction === 'other-id') socket.write(ack('AA', 'another'));
    else if (reaction === 'garbage') socket.write('\x0bnot a message\x1c\r');
    else if (reaction === 'half') socket.write(ack('AA', id).slice(0, 40));
    else if (reaction !== 'silence') socket.write(ack(reaction, id));
    for (const { done } of this.#waiting.filter(({ count }) => this.messages.length >= count)) done();
    this.#waiting = this.#waiting.filter(({ count }) => this.messages.length < count);
  }
}
