import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { TLSSocket } from 'node:tls';
import { isViaducError, type ViaducError } from '../../words/errors.ts';
import { type Answer, asMultipart, asPlain, isFailure, type Outcome, writeFault } from './answer.ts';
import { raise } from './errors.ts';
import type { ScriptedFault } from './faults.ts';
import { dmpSandboxLimits } from './limits.ts';
import { DENIED_PATHS, type Endpoint, OPERATIONS, PATHS } from './operations.ts';
import { type Ending, PLAYS, playStraight, type Stage } from './playing.ts';
import { PeerGone, receive } from './receive.ts';
import type { Simulation } from './simulation.ts';
import type { MutualTls } from './tls.ts';
import { asFault, type Prepared, prepare } from './transaction.ts';

const DEFAULT_DELAY_MS = 1000;

/** The HTTP server of the DMP's services, not yet listening; with `tls`, clients must show a certificate. */
export function createDmpServer(simulation: Simulation, tls: MutualTls | null): Server {
  const listener: RequestListener = (request, response) => {
    void serve(request, response, simulation);
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  server.requestTimeout = dmpSandboxLimits.receiveMs.value;
  server.keepAliveTimeout = dmpSandboxLimits.keepAliveMs.value;
  return server;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  simulation: Simulation,
): Promise<void> {
  const endpoint = PATHS.get((request.url ?? '').split('?')[0]!);
  try {
    end(response, await answer(endpoint, request, simulation));
  } catch (error) {
    if (error instanceof PeerGone) return void response.destroy();
    const fault = asFault(error);
    if (fault.code === 'sandbox.message-too-large') response.setHeader('connection', 'close');
    end(response, faultAnswer(endpoint ?? 'registry', fault, null));
  }
}

async function answer(
  endpoint: Endpoint | undefined,
  request: IncomingMessage,
  simulation: Simulation,
): Promise<Ending> {
  if (request.method !== 'POST') throw raise('sandbox.method-refused', { method: request.method ?? '-' });
  if (!endpoint) throw noService(request.url ?? '-');
  const received = await receive(request).catch((error: unknown) => {
    if (isViaducError(error)) simulation.journal.refused(UNREAD, [], error);
    throw error;
  });
  const prepared = prepare(endpoint, received, simulation, structureOf(request));
  simulation.journal.request(prepared.seen);
  const rule = simulation.faults.next({ endpoint, ...prepared.seen });
  if (rule) simulation.journal.scripted(rule.fault);
  return play(endpoint, prepared, rule, simulation);
}

function noService(path: string): ViaducError {
  const operation = DENIED_PATHS.get(path.split('?')[0]!);
  return operation ? raise('sandbox.right-denied', { operation }) : raise('sandbox.path-unknown', { path });
}

/** OU of the certificate that the peer showed. */
function structureOf({ socket }: IncomingMessage): string | null {
  if (!(socket instanceof TLSSocket)) return null;
  const { subject } = socket.getPeerCertificate();
  const unit: unknown = subject?.OU;
  return typeof unit === 'string' ? unit : null;
}

const UNREAD = { transaction: null, messageId: null, uniqueIds: [] };

async function play(
  endpoint: Endpoint,
  prepared: Prepared,
  rule: ScriptedFault | null,
  simulation: Simulation,
): Promise<Ending> {
  try {
    const stage = stageOf(endpoint, prepared, rule?.delayMs ?? DEFAULT_DELAY_MS, simulation);
    return await (rule ? PLAYS[rule.fault](stage) : playStraight(stage));
  } catch (error) {
    const fault = asFault(error);
    simulation.journal.refused(prepared.seen, [], fault);
    return faultAnswer(endpoint, fault, prepared.seen.messageId);
  }
}

function stageOf(endpoint: Endpoint, prepared: Prepared, delayMs: number, simulation: Simulation): Stage {
  const { clock, store } = simulation;
  return {
    endpoint,
    delayMs,
    relatesTo: prepared.seen.messageId,
    process: () => judge(prepared, simulation),
    unprocessed: (problems) => ({ ...blank(endpoint, prepared), problems, found: [] }),
    write: (status, text) => write(endpoint, status, text),
    wait: (ms) => new Promise((resolve) => clock.after(ms, resolve)),
    async drift() {
      for (const uniqueId of prepared.seen.uniqueIds) store.renew(uniqueId);
      await store.settled();
    },
  };
}

async function judge(prepared: Prepared, { store, journal }: Simulation): Promise<Outcome> {
  const outcome = await prepared.process();
  if (isFailure(outcome)) journal.refused(prepared.seen, outcome.problems);
  await store.settled();
  return outcome;
}

/** The frame of an answer to a request that is not processed, read or not. */
function blank(endpoint: Endpoint, { seen }: Prepared): Omit<Outcome, 'problems' | 'found'> {
  const operation = OPERATIONS.find((one) =>
    seen.transaction ? one.transaction === seen.transaction : one.endpoint === endpoint,
  )!;
  return { ...operation, relatesTo: seen.messageId ?? '' };
}

function faultAnswer(endpoint: Endpoint, fault: ViaducError, relatesTo: string | null): Answer {
  return write(endpoint, fault.entry.status ?? 500, writeFault(fault, relatesTo));
}

function write(endpoint: Endpoint, status: number, text: string): Answer {
  return endpoint === 'repository' ? asMultipart(status, text) : asPlain(status, text);
}

function end(response: ServerResponse, ending: Ending): void {
  if (ending === 'silence') return;
  if (ending === 'reset') return void response.socket?.resetAndDestroy();
  const { status, contentType, body } = ending;
  response.writeHead(status, { 'content-type': contentType, 'content-length': body.length }).end(body);
}
