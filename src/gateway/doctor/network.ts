import { lookup } from 'node:dns/promises';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { connect } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type KeyPair, tlsOf } from '../../delivery/dmp/credentials/keyring.ts';
import { failureOf } from '../../delivery/dmp/failure.ts';
import { doctorLimits } from './limits.ts';
import { found, type Line, named, ok } from './line.ts';

/** How one structure would reach the DMP. */
export interface Way {
  url: URL;
  /** PEM; null: the authorities of the platform. */
  anchors: string | null;
  pair: KeyPair | null;
}

/** The way to the DMP, step by step; what a step needs is looked at before it, and the first that fails ends it. */
export async function lookAtNetwork(way: Way): Promise<Line[]> {
  const lines: Line[] = [];
  for (const step of [resolved, reached, secured]) {
    const made = await step(way);
    lines.push(...made);
    if (made.some(({ level, code }) => level === 'error' && code !== 'doctor.clock-skew')) break;
  }
  return lines;
}

async function resolved({ url }: Way): Promise<Line[]> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  try {
    const addresses = (await lookup(host, { all: true })).map(({ address }) => address).join(', ');
    return [ok('network', `${host} se résout en ${addresses}`, `${host} resolves to ${addresses}`)];
  } catch (error) {
    return [found('network', 'error', 'doctor.name-unresolved', { host, reason: reasonOf(error) })];
  }
}

function reached({ url }: Way): Promise<Line[]> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  return new Promise((done) => {
    const socket = connect({ host, port });
    const end = (line: Line) => {
      socket.destroy();
      done([line]);
    };
    const failed = (reason: string) =>
      end(found('network', 'error', 'doctor.unreachable', { host, port, reason }));
    socket.setTimeout(doctorLimits.connectMs.value, () => failed('timeout'));
    socket.once('error', (error) => failed(reasonOf(error)));
    socket.once('connect', () =>
      end(ok('network', `${host}:${port} accepte les connexions`, `${host}:${port} accepts connections`)),
    );
  });
}

/** One request without content: the handshake with our certificate, the server's certificate, and its clock. */
function secured({ url, anchors, pair }: Way): Promise<Line[]> {
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
    call.once('error', (error) => done([refused(error)]));
    call.once('response', (answer) => {
      answer.resume();
      const handshake = secure ? shaken(answer.socket as TLSSocket, pair) : unencrypted();
      done([handshake, skew(answer.headers.date, sentAt, Date.now())]);
    });
    call.end();
  });
}

function refused(error: unknown): Line {
  const { code, values } = failureOf(error, false, null, new Uint8Array());
  return named('network', 'error', code, values);
}

function shaken(socket: TLSSocket, pair: KeyPair | null): Line {
  const { valid_to } = socket.getPeerCertificate();
  const until = valid_to ? new Date(valid_to).toISOString().slice(0, 10) : '?';
  const how = `${socket.getProtocol()}, ${socket.getCipher().name}`;
  const [fr, en] = pair
    ? ['notre certificat accepté', 'our certificate accepted']
    : ['sans certificat client', 'without a client certificate'];
  return ok(
    'network',
    `TLS établi (${how}), ${fr} ; certificat du serveur valable jusqu'au ${until}`,
    `TLS established (${how}), ${en}; certificate of the server valid until ${until}`,
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
