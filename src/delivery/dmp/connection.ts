import { setImmediate } from 'node:timers/promises';
import type { ConnectionOptions } from 'node:tls';
import { type Dispatcher, Pool } from 'undici';
import { type Clock, systemClock } from '../../words/clock.ts';
import { raise } from './errors.ts';
import { type Failure, failureOf } from './failure.ts';
import { dmpLimits } from './limits.ts';
import type { Body } from './mtom.ts';
import type { ServerGate } from './server-gate.ts';
import { TlsAlerts } from './tls-alerts.ts';

/** Services of the DMP; each has its own path below the base address. */
export type DmpService = 'repository' | 'registry' | 'patients';

export interface DmpConnectionOptions {
  /** Such as `https://host/si-dmp-server/v2/services`. */
  baseUrl: string;
  /** Paths below the base address when they are not `/repository`, `/registry`, `/patients`. */
  paths?: Partial<Record<DmpService, string>>;
  /** Client certificate, key and trust anchors. TLS 1.2 is the least that is spoken. */
  tls?: ConnectionOptions;
  /** One deadline over waiting for a connection, connecting, sending and the whole answer. Milliseconds. */
  timeoutMs: number;
  /** Most connections at once; each is kept open between requests. */
  connections: number;
  /** Longest answer read, bytes; `dmpLimits.answer` unless given. */
  maxAnswerBytes?: number;
  /** Whether a server may be spoken to whose certificate TLS accepted. */
  gate?: ServerGate;
  clock?: Clock;
  /** Told of the Date of each answer, null without one, and of the instants of the request and of the answer's head. */
  onDate?(date: string | null, sentMs: number, receivedMs: number): void;
}

/** What came of one request: an answer of whatever kind, or none. */
export type Exchange =
  | { kind: 'answer'; status: number; contentType: string | null; bytes: Uint8Array; sent: boolean }
  | Failure;

export interface DmpConnection {
  /** URL of a service, for `wsa:To`. */
  urlOf(service: DmpService): string;
  /**
   * Sends one request and reads the whole answer. Never retries and never throws: what goes wrong is the result, and
   * `sent` says whether the last byte of the request had been handed over.
   */
  exchange(service: DmpService, body: Body, signal?: AbortSignal): Promise<Exchange>;
  /** Ends when the exchanges under way have ended. */
  close(): Promise<void>;
}

/**
 * A pool of connections to one DMP for one client certificate.
 * @throws ViaducError `delivery.dmp-address`
 */
export function openDmpConnection(options: DmpConnectionOptions): DmpConnection {
  const base = baseOf(options.baseUrl);
  const alerts = new TlsAlerts();
  const pool = poolOf(base, alerts, options);
  const urlOf = (service: DmpService) => `${base.href}${options.paths?.[service] ?? `/${service}`}`;
  return {
    urlOf,
    exchange: (service, body, signal) => exchange({ pool, alerts }, urlOf(service), body, options, signal),
    close: () => pool.close(),
  };
}

function baseOf(text: string): { origin: string; href: string } {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) throw raise('delivery.dmp-address', { reason: text });
  return { origin: url.origin, href: url.href.replace(/\/+$/, '') };
}

/** Kept shorter than the idle time of usual servers: a request on a connection that they just closed would be in doubt. */
const KEEP_ALIVE_MS = 4_000;

function poolOf(
  { origin }: { origin: string },
  alerts: TlsAlerts,
  { tls, timeoutMs, connections, gate }: DmpConnectionOptions,
): Pool {
  const connect = alerts.watching({ minVersion: 'TLSv1.2', ...tls, timeout: timeoutMs });
  return new Pool(origin, {
    connections,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // The one deadline of an exchange covers these; undici's own would say the same thing in other words.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: gate ? gate.guarding(connect) : connect,
  });
}

async function exchange(
  { pool, alerts }: { pool: Pool; alerts: TlsAlerts },
  url: string,
  body: Body,
  { timeoutMs, clock = systemClock, maxAnswerBytes = dmpLimits.answer.value, onDate }: DmpConnectionOptions,
  signal?: AbortSignal,
): Promise<Exchange> {
  const sending = new Sending(body.chunks);
  const deadline = new AbortController();
  const cancel = clock.after(timeoutMs, () => deadline.abort(new Error(`no answer within ${timeoutMs} ms`)));
  const signals = signal ? AbortSignal.any([signal, deadline.signal]) : deadline.signal;
  const received: Uint8Array[] = [];
  let status: number | null = null;
  const begunMs = clock.now();
  try {
    const answer = await request(pool, url, body, sending, signals);
    status = answer.statusCode;
    onDate?.(headerOf(answer, 'date'), begunMs, clock.now());
    const bytes = await readAll(answer.body, received, maxAnswerBytes);
    if (bytes === null) return tooLarge(status, sending, received, maxAnswerBytes);
    return {
      kind: 'answer',
      status,
      contentType: headerOf(answer, 'content-type'),
      bytes,
      sent: sending.complete,
    };
  } catch (error) {
    const cause = signals.aborted ? signals.reason : alerts.behind(error);
    return failureOf(cause, sending.complete, status, Buffer.concat(received));
  } finally {
    cancel();
  }
}

function request(
  pool: Pool,
  url: string,
  { contentType, length }: Body,
  sending: Sending,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const { pathname, search } = new URL(url);
  const headers = {
    'content-type': contentType,
    'content-length': String(length),
    accept: 'multipart/related, application/soap+xml',
  };
  return pool.request({
    method: 'POST',
    path: `${pathname}${search}`,
    headers,
    body: sending as unknown as Dispatcher.DispatchOptions['body'],
    signal,
  });
}

/** Hands over the pieces of a body, and knows whether the last one has been handed over to a living connection. */
class Sending implements AsyncIterable<Uint8Array> {
  readonly #chunks: readonly Uint8Array[];
  complete = false;

  constructor(chunks: readonly Uint8Array[]) {
    this.#chunks = chunks;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (const chunk of this.#chunks.slice(0, -1)) yield chunk;
    // A connection that was lost asks for the next piece before it says so; one turn later the exchange has been judged.
    await setImmediate();
    this.complete = true;
    yield this.#chunks.at(-1)!;
  }
}

/** All bytes of an answer, or null when there are more than `most`; `received` holds what came in every case. */
async function readAll(
  body: AsyncIterable<Uint8Array>,
  received: Uint8Array[],
  most: number,
): Promise<Uint8Array | null> {
  let size = 0;
  for await (const chunk of body) {
    received.push(chunk.subarray(0, most - size));
    size += chunk.length;
    if (size > most) return null;
  }
  return Buffer.concat(received);
}

function tooLarge(status: number, { complete }: Sending, received: Uint8Array[], limit: number): Failure {
  return {
    kind: 'failure',
    code: 'delivery.dmp-answer-too-large',
    values: { limit },
    sent: complete,
    status,
    raw: Buffer.concat(received),
  };
}

function headerOf({ headers }: Dispatcher.ResponseData, name: string): string | null {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
