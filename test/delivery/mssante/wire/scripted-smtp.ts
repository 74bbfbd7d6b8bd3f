import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { SubmissionServer } from '../../../../src/delivery/mssante/wire/smtp.ts';

export type Moment =
  | 'connection'
  | 'ehlo'
  | 'starttls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'body'
  | 'dot'
  | 'quit';

export interface Script {
  /** Answers in place of the usual ones; null for none at all. */
  answers?: Partial<Record<Moment, string | null>>;
  /** The connection is cut when this comes: the command was read and is not answered. */
  cut?: Moment;
  /** The connection is cut right after the answer to this was written. */
  cutAfter?: Moment;
  /** Lines of EHLO beside those that are always there. */
  extensions?: string[];
}

const USUAL: Record<Moment, string | null> = {
  connection: '220 scripted ESMTP',
  ehlo: '250 HELP',
  starttls: '220 go ahead',
  auth: '235 2.7.0 welcome',
  mail: '250 2.1.0 ok',
  rcpt: '250 2.1.5 ok',
  data: '354 go on',
  body: null,
  dot: '250 2.0.0 Ok: queued as 4XyZ12',
  quit: '221 bye',
};

/** A mail server that answers what it is told, and goes away when it is told; it keeps what it read. */
export class ScriptedSmtp implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #script: Script;
  readonly commands: string[] = [];
  /** What came between 354 and the dot, as it was on the wire. */
  body = '';
  sawDot = false;

  private constructor(script: Script) {
    this.#script = script;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async start(script: Script = {}): Promise<ScriptedSmtp> {
    const scripted = new ScriptedSmtp(script);
    scripted.#server.listen(0, '127.0.0.1');
    await once(scripted.#server, 'listening');
    return scripted;
  }

  get access(): SubmissionServer {
    const { port } = this.#server.address() as AddressInfo;
    return {
      host: '127.0.0.1',
      port,
      tls: 'none',
      auth: { kind: 'none', user: 'gateway' },
      helloName: 'gateway.example',
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    let rest = '';
    let inBody = false;
    socket.on('data', (chunk) => {
      rest += chunk.toString('latin1');
      for (;;) {
        if (inBody) {
          if (this.#script.cut === 'body') return void socket.destroy();
          if (this.#script.answers?.body) {
            let last = '';
            socket.removeAllListeners('data').on('data', (more) => {
              last = `${last}${more.subarray(-5).toString('latin1')}`.slice(-5);
              this.sawDot = last === '\r\n.\r\n';
            });
            this.#answer(socket, 'body');
            return;
          }
          const end = `\r\n${rest}`.indexOf('\r\n.\r\n');
          this.body = end < 0 ? rest : rest.slice(0, end);
          if (end < 0) return;
          rest = rest.slice(end + 3);
          inBody = false;
          this.sawDot = true;
          this.#answer(socket, 'dot');
          continue;
        }
        const end = rest.indexOf('\r\n');
        if (end < 0) return;
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        this.commands.push(line);
        const moment = line.split(' ')[0]!.toLowerCase() as Moment;
        if (!this.#answer(socket, moment)) return;
        inBody = moment === 'data' && (this.#script.answers?.data ?? '3').startsWith('3');
      }
    });
    this.#answer(socket, 'connection');
  }

  #answer(socket: Socket, moment: Moment): boolean {
    const { answers, cut, cutAfter, extensions = ['DSN', 'AUTH PLAIN XOAUTH2', 'STARTTLS'] } = this.#script;
    if (cut === moment) {
      socket.destroy();
      return false;
    }
    const answer = answers?.[moment] === undefined ? USUAL[moment] : answers[moment];
    const listed = moment === 'ehlo' && answer?.startsWith('250');
    const before = listed ? ['250-scripted', ...extensions.map((one) => `250-${one}`)] : [];
    if (answer) socket.write([...before, answer, ''].join('\r\n'));
    if (cutAfter === moment) socket.end(() => socket.destroy());
    return true;
  }
}
