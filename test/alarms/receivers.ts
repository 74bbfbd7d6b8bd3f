import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { authorityFiles } from '../../src/sandbox/certificates/folder.ts';
import { certificates } from '../gateway/certificates.ts';

/** What something outside received, one by one. */
export class Received<T> {
  readonly all: T[] = [];
  #waiting: { count: number; resolve(): void }[] = [];

  take(one: T): void {
    this.all.push(one);
    for (const { resolve } of this.#waiting.filter(({ count }) => this.all.length >= count)) resolve();
    this.#waiting = this.#waiting.filter(({ count }) => this.all.length < count);
  }

  /** Ends when so many have come. */
  async until(count: number): Promise<T[]> {
    if (this.all.length < count) await new Promise<void>((resolve) => this.#waiting.push({ count, resolve }));
    return this.all;
  }
}

export interface Posted {
  headers: IncomingHttpHeaders;
  body: string;
}

/** An HTTP server that keeps what is posted to it and answers as told: 200 unless statuses are queued. */
export async function httpReceiver() {
  const received = new Received<Posted>();
  const statuses: number[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.statusCode = statuses.shift() ?? 200;
    response.end('a word that nobody keeps');
    received.take({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ...{ received, statuses, url: `http://127.0.0.1:${port}/hook` },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface Mailed {
  from: string;
  to: string[];
  secure: boolean;
  user: string | null;
  text: string;
}

/** The authority of the relay below. */
export const relayAuthority = authorityFiles(certificates).root.certificate;

/** A mail relay with a certificate of the sandbox. */
export async function mailRelay(options: SMTPServerOptions = {}) {
  const received = new Received<Mailed>();
  /** Answers to the next recipients, instead of taking them. */
  const refusals: number[] = [];
  const { server: files } = authorityFiles(certificates);
  const server = new SMTPServer({
    ...{ cert: readFileSync(files.certificate), key: readFileSync(files.key), authOptional: true },
    onRcptTo(_address, _session, done) {
      const responseCode = refusals.shift();
      done(responseCode === undefined ? null : Object.assign(new Error('no'), { responseCode }));
    },
    onAuth({ username = '', password }, _session, done) {
      if (password === 'right') done(null, { user: username });
      else done(Object.assign(new Error('no'), { responseCode: 535 }));
    },
    onData(stream, { envelope, secure, user }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : '';
        const to = envelope.rcptTo.map(({ address }) => address);
        const text = Buffer.concat(chunks).toString('utf8');
        done();
        received.take({ from, to, secure, user: typeof user === 'string' ? user : null, text });
      });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return { received, refusals, port, close: () => new Promise<void>((resolve) => server.close(resolve)) };
}
