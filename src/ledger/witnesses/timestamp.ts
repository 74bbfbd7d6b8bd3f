import { ledgerLimits } from '../limits.ts';
import { type Seal, sealDigest } from '../seal.ts';
import { stampQuery, stampTime } from '../timestamp.ts';
import { appendSynced, sealLine } from './file.ts';
import type { RemoteWitness } from './remote.ts';

export interface TimestampOptions {
  /** Address of the authority's service (RFC 3161, section 3.4: over HTTP). */
  url: string;
  /** File outside the data folder that keeps the stamps; each line is a seal with its stamp. */
  path: string;
  everyMs: number;
}

/**
 * A time stamping authority (RFC 3161): it signs that the newest seal of each chain existed at its instant, so that nobody can
 * make another past later, not even with the key of the seals. The stamps are kept in a file that is a witness too.
 */
export function timestampWitness({ url, path, everyMs }: TimestampOptions): RemoteWitness {
  return {
    name: `timestamp ${url}`,
    everyMs,
    async take(seals) {
      for (const seal of seals) keep(path, seal, await stamp(url, seal));
    },
  };
}

async function stamp(url: string, seal: Seal): Promise<Buffer> {
  const { der, nonce } = await stampQuery(sealDigest(seal));
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
    body: new Uint8Array(der),
    redirect: 'error',
    signal: AbortSignal.timeout(ledgerLimits.witnessSeconds.value * 1000),
  });
  if (!answer.ok) throw new Error(`HTTP status ${answer.status}`);
  const bytes = await within(answer, ledgerLimits.timestampBytes.value);
  await stampTime(bytes, sealDigest(seal), nonce);
  return bytes;
}

/** The body of an answer, as long as it stays below a length in bytes. */
async function within(answer: Response, most: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.length;
    if (size > most) throw new Error(`the answer is longer than ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function keep(path: string, seal: Seal, answer: Buffer): void {
  const line = { ...JSON.parse(sealLine(seal)), timestamp: answer.toString('base64') };
  appendSynced(path, `${JSON.stringify(line)}\n`);
}
