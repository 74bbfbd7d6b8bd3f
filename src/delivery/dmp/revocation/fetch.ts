import { readFile } from 'node:fs/promises';
import { request } from 'undici';
import { raise } from '../errors.ts';
import { dmpLimits } from '../limits.ts';

/** What is sent to a responder; without it the address is read. */
export interface Question {
  contentType: string;
  bytes: Uint8Array;
}

/** How revocation is asked for: reads a place within a deadline and a size. */
export type Fetch = (place: string, maxBytes: number, question?: Question) => Promise<Buffer>;

/**
 * Reads addresses and files.
 * @param allowed which addresses may be asked; a sandbox asks this machine only
 */
export function fetcher(allowed: (url: URL) => boolean): Fetch {
  return async (place, maxBytes, question) => {
    const url = /^https?:/i.test(place) ? URL.parse(place) : null;
    if (!url) return fromFile(place, maxBytes);
    if (!allowed(url)) throw unreachable(place, 'nothing leaves this machine in a sandbox');
    try {
      return await fromAddress(url, maxBytes, question);
    } catch (error) {
      throw unreachable(place, reasonOf(error), error);
    }
  };
}

async function fromFile(path: string, maxBytes: number): Promise<Buffer> {
  const bytes = await readFile(path).catch((error) => {
    throw unreachable(path, reasonOf(error), error);
  });
  if (bytes.length > maxBytes) throw unreachable(path, `more than ${maxBytes} bytes`);
  return bytes;
}

async function fromAddress(url: URL, maxBytes: number, question?: Question): Promise<Buffer> {
  const { statusCode, body } = await request(url, {
    signal: AbortSignal.timeout(dmpLimits.revocationWait.value),
    ...(question && {
      method: 'POST',
      headers: { 'content-type': question.contentType },
      body: question.bytes,
    }),
  });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxBytes) throw new Error(`more than ${maxBytes} bytes`);
  }
  if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`);
  return Buffer.concat(chunks);
}

function unreachable(place: string, reason: string, cause?: unknown) {
  return raise('delivery.revocation-unreachable', { place, reason }, cause);
}

function reasonOf(error: unknown): string {
  const { code, message, cause } = error as NodeJS.ErrnoException;
  if (cause instanceof Error) return reasonOf(cause);
  return typeof code === 'string' ? code : message;
}
