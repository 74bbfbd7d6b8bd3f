import type { IncomingMessage } from 'node:http';
import { raise } from './errors.ts';
import { dmpSandboxLimits } from './limits.ts';
import { type MediaType, parseMediaType } from './media-type.ts';
import { MultipartReader, type Part } from './multipart.ts';

/** The body of a request: the parts of a multipart message, or the bytes of any other. */
export interface Received {
  type: MediaType;
  parts: Part[] | null;
  body: Buffer | null;
}

/** The peer closed the connection before the end of its request: there is nobody to answer. */
export class PeerGone extends Error {}

/**
 * Reads the body of a request, up to the cap.
 * @throws ViaducError `sandbox.message-too-large`, `sandbox.media-type` or `sandbox.multipart-malformed`
 * @throws PeerGone
 */
export async function receive(request: IncomingMessage): Promise<Received> {
  const type = parseMediaType(request.headers['content-type']);
  if (!type || request.headers['content-encoding']) throw await refused(request);
  if (type.type !== 'multipart/related') return { type, parts: null, body: await receiveBytes(request) };
  return { type, parts: await receiveParts(request, type), body: null };
}

async function refused(request: IncomingMessage): Promise<Error> {
  await drain(request, () => {});
  const type =
    `${request.headers['content-type'] ?? '-'} ${request.headers['content-encoding'] ?? ''}`.trim();
  return raise('sandbox.media-type', { type, expected: 'multipart/related, application/soap+xml' });
}

async function receiveBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await drain(request, (chunk) => chunks.push(chunk));
  return Buffer.concat(chunks);
}

async function receiveParts(request: IncomingMessage, type: MediaType): Promise<Part[]> {
  const reading = { reader: null as MultipartReader | null, failure: null as unknown };
  const guarded = (action: () => void): void => {
    try {
      if (!reading.failure) action();
    } catch (error) {
      reading.failure = error;
    }
  };
  guarded(() => {
    reading.reader = new MultipartReader(type.parameters.get('boundary') ?? '');
  });
  await drain(request, (chunk) => guarded(() => reading.reader!.push(chunk)));
  if (reading.failure) throw reading.failure;
  return reading.reader!.end();
}

/** Gives every chunk to `take` until the end; a fault found on the way is told afterwards, so that the peer can read it. */
function drain(request: IncomingMessage, take: (chunk: Buffer) => void): Promise<void> {
  const limit = dmpSandboxLimits.messageBytes.value;
  return new Promise((resolve, reject) => {
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) take(chunk);
      else reject(raise('sandbox.message-too-large', { limit }));
    });
    request.on('end', resolve);
    request.on('error', () => reject(new PeerGone()));
    request.on('close', () => {
      if (!request.complete) reject(new PeerGone());
    });
  });
}
