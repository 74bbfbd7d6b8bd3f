import type { X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { connect } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type KeyPair, tlsOf } from '../../delivery/dmp/credentials/keyring.ts';
import { failureOf } from '../../delivery/dmp/failure.ts';
import type { Revocation } from '../../delivery/dmp/revocation/revocation.ts';
import { chainOf } from '../../delivery/dmp/server-gate.ts';
import { doctorLimits } from './limits.ts';
import { found, type Line, named, ok, type Topic } from './line.ts';
import { lookAtServer } from './server.ts';

/** How the structures would reach the DMP. */
export interface Way {
  url: URL;
  /** PEM; null: the authorities of the platform. */
  anchors: string | null;
  /** By FINESS. Empty: without a client certificate. */
  pairs: ReadonlyMap<string, KeyPair>;
  /** Null: not asked about. */
  revocation: Revocation | null;
}

/**
 * The way to the DMP, step by step; what a step needs is looked at before it, and the first that fails ends it. The handshake
 * is made with the certificate of every structure.
 */
export async function lookAtNetwork(way: Way): Promise<Line[]> {
  const lines: Line[] = [];
  for (const step of [resolved, reached]) {
    const made = await step(way);
    lines.push(...made);
    if (made.some(({ level }) => level === 'error')) return lines;
  }
  const pairs = way.pairs.size > 0 ? [...way.pairs] : [[null, null] as const];
  const handshakes = await Promise.all(pairs.map(([finess, pair]) => shake(way, finess, pair)));
  const [first] = handshakes.flatMap(({ answered }) => answered ?? []);
  return [
    ...lines,
    ...handshakes.map(({ line }) => line),
    ...(first ? [first.clock, ...(await lookAtServer(first.chain, way.revocation))] : []),
  ];
}

async function resolved({ url }: Way): Promise<Line[]> {
  return [await lookAtName('network', placeOf(url).host)];
}

async function reached({ url }: Way): Promise<Line[]> {
  const { host, port } = placeOf(url);
  return [await lookAtPort('network', host, port)];
}

function placeOf(url: URL): { host: string; port: number } {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { host, port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)) };
}

export async function lookAtName(topic: Topic, host: string): Promise<Line> {
  try {
    const addresses = (await lookup(host, { all: true })).map(({ address }) => address).join(', ');
    return ok(topic, `${host} se résout en ${addresses}`, `${host} resolves to ${addresses}`);
  } catch (error) {
    return found(topic, 'error', 'doctor.name-unresolved', { host, reason: reasonOf(error) });
  }
}

export function lookAtPort(topic: Topic, host: string, port: number): Promise<Line> {
  return new Promise((done) => {
    const socket = connect({ host, port });
    const end = (line: Line) => {
      socket.destroy();
      done(line);
    };
    const failed = (reason: string) =>
      end(found(topic, 'error', 'doctor.unreachable', { host, port, reason }));
    socket.setTimeout(doctorLimits.connectMs.value, () => failed('timeout'));
    socket.once('error', (error) => failed(reasonOf(error)));
    socket.once('connect', () =>
      end(ok(topic, `${host}:${port} accepte les connexions`, `${host}:${port} accepts connections`)),
    );
  });
}

/** What a handshake came to, and what the answer to the first request showed. */
interface Handshake {
  line: Line;
  answered: { clock: Line; chain: X509Certificate[] } | null;
}

/** One request without content: the handshake with a certificate of ours, the server's certificate, and its clock. */
function shake({ url, anchors }: Way, finess: string | null, pair: KeyPair | null): Promise<Handshake> {
  const secure = url.protocol === 'https:';
  const tls = {
    ...(anchors === null ? {} : { ca: anchors }),
    ...(pair && tlsOf(pair)),
    minVersion: 'TLSv1.2' as const,
  };
  const options = { method: 'HEAD', timeout: doctorLimits.connectMs.value, agent: false as const };
  return new Promise((done) => {
    const sentAt = Date.now();
    const call = secure ? tlsRequest(url, { ...options, ...tls }) : plainRequest(url, options);
    call.once('timeout', () => call.destroy(new Error('timeout')));
    call.once('error', (error) => done({ line: refused(error, finess), answered: null }));
    call.once('response', (answer) => {
      answer.resume();
      const clock = skew(answer.headers.date, sentAt, Date.now());
      const chain = secure ? chainOf(answer.socket as TLSSocket) : [];
      const line = secure ? shaken(answer.socket as TLSSocket, finess) : unencrypted();
      done({ line, answered: { clock, chain } });
    });
    call.end();
  });
}

function refused(error: unknown, finess: string | null): Line {
  const { code, values } = failureOf(error, false, null, new Uint8Array());
  const line = named('network', 'error', code, values);
  const { fr, en } = line.message;
  return finess === null
    ? line
    : { ...line, message: { fr: `structure ${finess} : ${fr}`, en: `structure ${finess}: ${en}` } };
}

function shaken(socket: TLSSocket, finess: string | null): Line {
  const how = `${socket.getProtocol()}, ${socket.getCipher().name}`;
  if (finess === null)
    return ok(
      'network',
      `TLS établi (${how}), sans certificat client`,
      `TLS established (${how}), without a client certificate`,
    );
  return ok(
    'network',
    `structure ${finess} : TLS établi (${how}), notre certificat accepté`,
    `structure ${finess}: TLS established (${how}), our certificate accepted`,
  );
}

function unencrypted(): Line {
  return found('network', 'warning', 'doctor.not-encrypted');
}

/** The HTTP Date of an answer lies between the request and the answer, give or take its own second. */
export function skew(date: string | undefined, sentMs: number, receivedMs: number): Line {
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs)) return found('network', 'warning', 'doctor.clock-unknown');
  const late = theirs > receivedMs ? theirs - receivedMs : Math.min(0, theirs + 1000 - sentMs);
  const seconds = Math.round(late / 1000);
  const { skewWarnSeconds, skewErrorSeconds } = doctorLimits;
  if (Math.abs(seconds) <= skewWarnSeconds.value)
    return ok('network', "l'horloge s'accorde avec celle du DMP", 'the clock agrees with that of the DMP');
  const level = Math.abs(seconds) > skewErrorSeconds.value ? 'error' : 'warning';
  return found('network', level, 'doctor.clock-skew', { seconds: Math.abs(seconds) });
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
