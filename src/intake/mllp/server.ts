import { createServer, type Server, type Socket } from 'node:net';
import {
  createServer as createTlsServer,
  type SecureContextOptions,
  type TLSSocket,
  type TlsOptions,
  Server as TlsServer,
} from 'node:tls';
import type { Clock } from '../../words/clock.ts';
import { mllpLimits } from '../limits.ts';
import {
  type BrokenEvent,
  Connection,
  type ConnectionTimes,
  type MessageTaker,
  type Taken,
} from './connection.ts';
import type { Peer } from './peers.ts';

/** Answers the messages of one peer. */
export interface Reception {
  take(peer: Peer, bytes: Buffer, turn: Promise<unknown>): Promise<Taken>;
  refuse(peer: Peer, event: BrokenEvent): Buffer | null;
}

export interface MllpServerParts {
  reception: Reception;
  clock: Clock;
  times: ConnectionTimes;
  /** Told of what no answer can tell: a connection too many, one whose certificate is refused. */
  onTrouble(what: string, about: object): void;
}

/** Connections over all ports of this door, and what they may hold together. */
export class MllpServer {
  readonly #parts: MllpServerParts;
  readonly #connections = new Set<Connection>();
  readonly #servers: Server[] = [];
  /** Every socket below the connections: those whose TLS handshake has not ended are no connection yet. */
  readonly #sockets = new Set<Socket>();
  #reading = 0;

  constructor(parts: MllpServerParts) {
    this.#parts = parts;
  }

  /** Opens a port. @returns the port it really has */
  listen(where: { host: string; port: number }, tls: TlsOptions | null = null): Promise<number> {
    const server = tls
      ? createTlsServer(
          { handshakeTimeout: mllpLimits.handshakeMs.value, ...tls, allowHalfOpen: true },
          (socket) => this.#accept(socket, tlsPeer(socket)),
        )
      : createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket, plainPeer(socket)));
    server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: Socket) =>
      this.#parts.onTrouble('a TLS connection failed', { code: error.code, address: socket.remoteAddress }),
    );
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#servers.push(server);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(where.port, where.host, () => {
        const address = server.address();
        resolve(typeof address === 'object' && address ? address.port : where.port);
      });
    });
  }

  /** From now on connections with TLS use this; those that are open go on. */
  renew(tls: SecureContextOptions): void {
    for (const server of this.#servers) if (server instanceof TlsServer) server.setSecureContext(tls);
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Takes no more connections, answers what was read whole; ends within the time given. */
  async close(withinMs: number): Promise<void> {
    const closed = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)));
    const timer = setTimeout(() => {
      for (const connection of this.#connections) connection.destroy();
    }, withinMs);
    await Promise.all([...this.#connections].map((connection) => connection.close()));
    clearTimeout(timer);
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  #accept(socket: Socket, peer: Peer): void {
    if (this.#connections.size >= mllpLimits.connections.value) {
      this.#parts.onTrouble('a connection too many', { address: peer.address });
      socket.destroy();
      return;
    }
    socket.setNoDelay(true);
    const { reception, clock, times } = this.#parts;
    const account = new Account((bytes) => this.#room(bytes));
    const taker: MessageTaker = {
      take: (bytes, turn) => {
        account.settle();
        return reception.take(peer, bytes, turn);
      },
      refuse: (event) => {
        account.settle();
        return reception.refuse(peer, event);
      },
    };
    const connection = new Connection(socket, taker, { clock, times, room: (bytes) => account.take(bytes) });
    this.#connections.add(connection);
    void connection.ended.then(() => {
      account.settle();
      this.#connections.delete(connection);
    });
  }

  #room(bytes: number): boolean {
    if (bytes > 0 && this.#reading + bytes > mllpLimits.readingBytes.value) return false;
    this.#reading += bytes;
    return true;
  }
}

/** Bytes that one connection holds of a frame that has not ended. */
class Account {
  readonly #room: (bytes: number) => boolean;
  #held = 0;

  constructor(room: (bytes: number) => boolean) {
    this.#room = room;
  }

  take(bytes: number): boolean {
    if (!this.#room(bytes)) return false;
    this.#held += bytes;
    return true;
  }

  settle(): void {
    this.#room(-this.#held);
    this.#held = 0;
  }
}

function plainPeer(socket: Socket): Peer {
  return { address: bareAddress(socket.remoteAddress ?? ''), certificate: null };
}

function tlsPeer(socket: TLSSocket): Peer {
  const shown = socket.authorized ? socket.getPeerCertificate() : null;
  const certificate = shown?.fingerprint256
    ? { fingerprint: shown.fingerprint256.replaceAll(':', '').toLowerCase(), name: nameOf(shown.subject.CN) }
    : null;
  return { address: bareAddress(socket.remoteAddress ?? ''), certificate };
}

function nameOf(names: string | string[] | undefined): string {
  return (Array.isArray(names) ? names[0] : names) ?? '';
}

/** An IPv4 address without the prefix of those that came to an IPv6 socket. */
function bareAddress(address: string): string {
  return address.replace(/^::ffff:/, '');
}
