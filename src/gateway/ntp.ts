import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import type { Clock } from '../words/clock.ts';
import type { Incidents } from '../words/incident.ts';
import type { Config } from './config.ts';
import { gatewayError } from './errors.ts';

/** A server of time, asked over UDP. */
export interface NtpServer {
  host: string;
  port: number;
}

const PACKET_BYTES = 48;
/** First byte: no warning, version 4, client. */
const CLIENT = 0x23;
const SERVER_MODE = 4;
const NOT_SYNCHRONISED = 3;
/** Seconds between the epochs of NTP (1900) and of Unix. */
const EPOCH_SECONDS = 2_208_988_800;
const ANSWER_WITHIN_MS = 3_000;

/**
 * By how much a server's clock is ahead of ours, milliseconds, by one question of SNTP (RFC 4330).
 * @throws ViaducError `gateway.ntp-unreachable` when it does not answer, or does not know the time itself
 */
export async function askNtp(server: NtpServer, clock: Clock): Promise<number> {
  const place = `${server.host}:${server.port}`;
  try {
    const { address, family } = await lookup(server.host);
    return await ask({ ...server, host: address }, family === 6 ? 'udp6' : 'udp4', clock);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw gatewayError('gateway.ntp-unreachable', { place, reason: code ?? message }, error);
  }
}

function ask({ host, port }: NtpServer, family: 'udp4' | 'udp6', clock: Clock): Promise<number> {
  const socket = createSocket(family);
  // Any eight bytes will do: the answer brings them back, and nobody learns our time from them.
  const mark = randomBytes(8);
  const question = Buffer.alloc(PACKET_BYTES);
  question[0] = CLIENT;
  mark.copy(question, 40);
  return new Promise<number>((done, failed) => {
    const cancel = clock.after(ANSWER_WITHIN_MS, () => end(() => failed(new Error('no answer'))));
    const end = (act: () => void) => {
      cancel();
      socket.close();
      act();
    };
    const sentAt = clock.now();
    socket.once('error', (error) => end(() => failed(error)));
    socket.on('message', (answer) => {
      if (answer.length < PACKET_BYTES || !answer.subarray(24, 32).equals(mark)) return;
      const complaint = complaintAbout(answer);
      end(() => (complaint ? failed(new Error(complaint)) : done(aheadBy(answer, sentAt, clock.now()))));
    });
    socket.connect(port, host, () => socket.send(question));
  });
}

function complaintAbout(answer: Buffer): string | null {
  if ((answer[0]! & 7) !== SERVER_MODE) return 'the answer is not that of a server';
  if (answer[1] === 0) return `the server refuses: ${answer.toString('latin1', 12, 16).trim()}`;
  return answer[0]! >> 6 === NOT_SYNCHRONISED || answer[1]! > 15 ? 'the server does not know the time' : null;
}

/** Halfway between our two instants stands what lies halfway between its two. */
function aheadBy(answer: Buffer, sentMs: number, receivedMs: number): number {
  return (instantAt(answer, 32) + instantAt(answer, 40) - sentMs - receivedMs) / 2;
}

function instantAt(answer: Buffer, offset: number): number {
  const seconds = answer.readUInt32BE(offset);
  // The era that began in 2036 counts from zero again (RFC 4330, 3).
  const since1900 = seconds < 0x80_00_00_00 ? seconds + 2 ** 32 : seconds;
  return (since1900 - EPOCH_SECONDS + answer.readUInt32BE(offset + 4) / 2 ** 32) * 1000;
}

/** What a signature bears: beyond, an alarm; a VIHF dated wrongly is refused. Milliseconds. */
export const SKEW_ALARM_MS = 5_000;
const ASK_EVERY_MS = 3_600_000;

/** Asks the configured server every hour, and raises an alarm while the clocks differ. */
export function watchClock({ ntp }: Config, clock: Clock, incidents: Incidents): () => void {
  if (!ntp) return () => {};
  let cancel = () => {};
  const look = () => {
    cancel = clock.after(ASK_EVERY_MS, look);
    // A server that does not answer says nothing of our clock.
    askNtp(ntp, clock).then(
      (ms) => raiseSkew(ms, incidents),
      () => {},
    );
  };
  look();
  return () => cancel();
}

function raiseSkew(aheadMs: number, incidents: Incidents): void {
  const incident = { kind: 'clock-skew', subject: 'ntp', establishment: null } as const;
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  if (Math.abs(aheadMs) < SKEW_ALARM_MS) incidents.close(incident);
  else incidents.open({ ...incident, severity: 'call-now', role: 'it', facts: { seconds } });
}
