import type { Socket } from 'node:net';
import { buildConnector, errors } from 'undici';

/**
 * Remembers why the other side ended a TLS connection. Under TLS 1.3 the alert that refuses a client certificate comes after
 * the handshake; undici sees it, then reports the end of the connection that follows instead.
 */
export class TlsAlerts {
  readonly #byLocalPort = new Map<number, Error>();

  /** A connector whose connections are watched. */
  watching(options: buildConnector.BuildOptions): buildConnector.connector {
    const connect = buildConnector(options);
    return (target, done) =>
      connect(target, (...result) => {
        const [, socket] = result;
        if (socket) this.#watch(socket);
        done(...result);
      });
  }

  #watch(socket: Socket): void {
    const { localPort } = socket;
    if (localPort === undefined) return;
    socket.once('error', (error) => this.#byLocalPort.set(localPort, error));
    // Whoever was using the connection is told before the next turn begins; after it the port may be another's.
    socket.once('close', () => setImmediate(() => this.#byLocalPort.delete(localPort)));
  }

  /** The first error of the connection on which an exchange failed, else the error itself. */
  behind(error: unknown): unknown {
    const port = error instanceof errors.SocketError ? error.socket?.localPort : undefined;
    return (port === undefined ? undefined : this.#byLocalPort.get(port)) ?? error;
  }
}
