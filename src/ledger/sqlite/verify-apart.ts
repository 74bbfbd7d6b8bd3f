import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ChainReport } from '../verify.ts';

export interface Verification {
  folder: string;
  keyFile: string;
  witnessFiles: readonly string[];
  establishment: string;
}

/**
 * Verifies one chain of a ledger that is being written, in a thread of its own: a ledger of years takes minutes to read,
 * and nobody who sends a document waits for it.
 */
export async function verifyApart(workerData: Verification): Promise<ChainReport> {
  const worker = new Worker(new URL('./verify-worker.ts', import.meta.url), {
    workerData,
    name: 'verification',
  });
  try {
    const [report] = (await once(worker, 'message')) as [ChainReport];
    return report;
  } finally {
    await worker.terminate();
  }
}
