import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { certifiedFiness } from '../identity.ts';
import { mailSandboxLimits } from '../limits.ts';
import type { MailSimulation } from '../simulation.ts';
import { COMMANDS, capabilities, login, WITH_UID } from './commands.ts';
import { argumentsOf, CommandReader } from './lines.ts';
import { ImapSession } from './session.ts';

/** A small strict IMAP4rev1 server over the mailboxes of the world, with STARTTLS where certificates are there. */
export class ImapServer {
  readonly #simulation: MailSimulation;
  readonly #tls: TlsOptions | null;
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  constructor(simulation: MailSimulation, tls: TlsOptions | null) {
    this.#simulation = simulation;
    this.#tls = tls;
    this.#server = createServer((socket) => this.#accept(socket));
    this.#server.maxConnections = mailSandboxLimits.connections.value;
  }

  async listen(port: number, host: string): Promise<number> {
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    this.#open.add(socket);
    socket.setTimeout(mailSandboxLimits.imapIdleMs.value, () => socket.destroy());
    const connection = new Connection(
      new ImapSession(this.#simulation, socket, this.#tls === null),
      this.#tls,
    );
    socket.once('close', () => {
      this.#open.delete(socket);
      connection.session.leave();
    });
    connection.greet();
  }
}

/** Reads the commands of one client, one after the other. */
class Connection {
  readonly session: ImapSession;
  readonly #tls: TlsOptions | null;
  #reader = this.#newReader();
  #last: Promise<void> = Promise.resolve();
  /** Takes the next line instead of a command: an answer to AUTHENTICATE. */
  #awaited: ((line: string) => void) | null = null;

  constructor(session: ImapSession, tls: TlsOptions | null) {
    this.session = session;
    this.#tls = tls;
  }

  greet(): void {
    this.#listen();
    this.session.untagged(`OK [CAPABILITY ${capabilities(this.session)}] Bac a sable`);
  }

  #newReader(): CommandReader {
    return new CommandReader(() => this.session.write('+ Go on\r\n'));
  }

  #listen(): void {
    const { socket } = this.session;
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes: Buffer) => {
      try {
        for (const line of this.#reader.add(bytes)) this.#last = this.#last.then(() => this.#line(line));
      } catch {
        socket.end('* BYE Line too long\r\n');
      }
    });
  }

  async #line(line: string): Promise<void> {
    const { session } = this;
    if (this.#awaited) return this.#awaited(line);
    if (session.idling !== null) return this.#endIdle(line);
    const [, tag = '', word = '', rest = ''] = /^(\S+) (\S+) ?(.*)$/s.exec(line) ?? [];
    if (!/^[^\s(){%*"\\+]+$/.test(tag)) return session.untagged('BAD Tag and command are wanted');
    const name = word.toUpperCase();
    const special = this.#special(name, tag, rest);
    if (special) return;
    const completion = await this.#run(name, rest);
    if (completion === '') return;
    if (!/^(FETCH|STORE|SEARCH)$/.test(name)) session.tellChanges();
    session.write(`${tag} ${completion}\r\n`);
  }

  async #run(name: string, rest: string): Promise<string> {
    const args = argumentsOf(rest);
    if (!args) return 'BAD Brackets or quotes do not match';
    if (name !== 'UID') return this.#command(name, args, false);
    const [inner, ...others] = args;
    const word = String(inner).toUpperCase();
    return WITH_UID.has(word) ? this.#command(word, others, true) : 'BAD Unknown command after UID';
  }

  async #command(
    name: string,
    args: ReturnType<typeof argumentsOf> & object,
    byUid: boolean,
  ): Promise<string> {
    const row = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!row) return 'BAD Unknown command';
    if (row.needs !== 'nothing' && !this.session.box) return 'BAD Not entered';
    if (row.needs === 'folder' && !this.session.folder) return 'BAD No mailbox is selected';
    return row.run(this.session, args, byUid);
  }

  /** Commands that change how the connection is read. */
  #special(name: string, tag: string, rest: string): boolean {
    const { session } = this;
    if (name === 'LOGOUT') {
      session.untagged('BYE Good bye');
      session.socket.end(`${tag} OK Done\r\n`);
    } else if (name === 'STARTTLS') this.#startTls(tag);
    else if (name === 'AUTHENTICATE') this.#authenticate(tag, rest);
    else if (name === 'IDLE' && session.folder) {
      session.write('+ idling\r\n');
      session.idling = tag;
      session.tellChanges();
    } else return false;
    return true;
  }

  #endIdle(line: string): void {
    const { session } = this;
    session.write(`${session.idling} ${/^done$/i.test(line) ? 'OK Done' : 'BAD DONE is wanted'}\r\n`);
    session.idling = null;
  }

  #authenticate(tag: string, rest: string): void {
    const [mechanism = '', initial] = rest.split(' ');
    const { session } = this;
    const answer = (text: string) => {
      this.#awaited = null;
      session.write(`${tag} ${authenticate(session, mechanism.toUpperCase(), text)}\r\n`);
    };
    if (!session.secure || session.box) session.write(`${tag} NO [PRIVACYREQUIRED] STARTTLS first\r\n`);
    else if (initial !== undefined) answer(initial);
    else {
      this.#awaited = answer;
      session.write('+ \r\n');
    }
  }

  #startTls(tag: string): void {
    const { session } = this;
    if (!this.#tls || session.secure) {
      session.write(`${tag} BAD TLS is there, or cannot be\r\n`);
      return;
    }
    const plain = session.socket;
    plain.removeAllListeners('data');
    plain.write(`${tag} OK Begin TLS\r\n`);
    const upgrade = createTlsServer(this.#tls, (secured) => {
      session.socket = secured;
      session.certified = certifiedFiness(secured);
      session.secure = true;
      this.#reader = this.#newReader();
      this.#listen();
    });
    upgrade.on('tlsClientError', () => plain.destroy());
    upgrade.emit('connection', plain);
  }
}

/** Separates the fields of XOAUTH2. */
const CONTROL_A = String.fromCharCode(1);

/** SASL PLAIN (RFC 4616) and XOAUTH2, in base64. */
function authenticate(session: ImapSession, mechanism: string, text: string): string {
  const decoded = Buffer.from(text, 'base64').toString('utf8');
  if (mechanism === 'PLAIN') {
    const [, user = '', password = ''] = decoded.split('\0');
    return login(session, user, { password });
  }
  const [user = '', bearer = ''] = decoded.split(CONTROL_A);
  const token = /^auth=Bearer (.*)$/i.exec(bearer)?.[1];
  if (mechanism === 'XOAUTH2' && token !== undefined)
    return login(session, user.replace(/^user=/, ''), { token });
  return 'NO [CANNOT] Mechanism refused';
}
