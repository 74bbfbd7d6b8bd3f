import { open } from 'node:fs/promises';
import { Agent, request } from 'undici';
import { whiteListError } from './errors.ts';
import { whiteListLimits } from './limits.ts';

/** Where the list is published. */
export interface ListSource {
  /** The bytes of the present publication. @throws ViaducError `mssante.white-list-unreachable` */
  read(): Promise<Buffer>;
  close(): Promise<void>;
}

/**
 * @param place path of a file, or https address
 * @param authorities PEM; those of the platform when not given
 * @throws ViaducError `mssante.white-list-source`
 */
export function listSource(place: string, authorities?: string): ListSource {
  if (/^https:/i.test(place) && URL.canParse(place)) return fromAddress(place, authorities);
  if (place.trim() === '' || /^[a-z][a-z0-9+.-]+:/i.test(place))
    throw whiteListError('mssante.white-list-source');
  return { read: () => readFile(place).catch(unreachable), close: async () => {} };
}

/** TLS is always verified; a redirection is no answer. */
function fromAddress(place: string, authorities: string | undefined): ListSource {
  const agent = new Agent({ connect: { minVersion: 'TLSv1.2', ...(authorities && { ca: authorities }) } });
  const read = async () => {
    const signal = AbortSignal.timeout(whiteListLimits.waitMs.value);
    const { statusCode, body } = await request(place, { dispatcher: agent, signal });
    if (statusCode !== 200) {
      await body.dump();
      throw new Error(`HTTP ${statusCode}`);
    }
    return gathered(body);
  };
  return { read: () => read().catch(unreachable), close: () => agent.destroy() };
}

async function readFile(path: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    return await gathered(handle.createReadStream({ autoClose: false }));
  } finally {
    await handle.close();
  }
}

async function gathered(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > whiteListLimits.bytes.value) throw new Error(`more than ${whiteListLimits.bytes.value} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function unreachable(error: unknown): never {
  const { code, message, name } = error as NodeJS.ErrnoException;
  const reason = name === 'TimeoutError' ? 'time-out' : typeof code === 'string' ? code : message;
  throw whiteListError('mssante.white-list-unreachable', { reason }, error);
}
