import { Worker } from 'node:worker_threads';
import { validationError } from '../errors.ts';
import type { Answer, Task } from './apart-worker.ts';
import type { SchemaFiles } from './compile.ts';
import type { Examination } from './examine.ts';

/**
 * Examines one document in a worker thread of its own, which ends with it: this thread stays free, and the memory goes
 * back to the system, which that of WebAssembly in a thread that lives on never does.
 * @param withinMs wall time after which the worker is ended
 * @throws ViaducError `validation.out-of-time` or `validation.engine-failed`
 */
export function examineApart(files: SchemaFiles, utf8: Uint8Array, withinMs: number): Promise<Examination> {
  const { promise, resolve, reject } = Promise.withResolvers<Examination>();
  const workerData: Task = { files, utf8 };
  const worker = new Worker(new URL('./apart-worker.ts', import.meta.url), { workerData });
  const timer = setTimeout(
    () => reject(validationError('validation.out-of-time', { limit: withinMs })),
    withinMs,
  );
  worker.once('message', (answer: Answer) => {
    if ('examination' in answer) resolve(answer.examination);
    else reject(validationError('validation.engine-failed', { what: answer.failure }));
  });
  worker.once('error', (error: Error) =>
    reject(validationError('validation.engine-failed', { what: error.message }, error)),
  );
  worker.once('exit', (code) =>
    reject(validationError('validation.engine-failed', { what: `exit ${code}` })),
  );
  return promise.finally(() => {
    clearTimeout(timer);
    return worker.terminate();
  });
}
