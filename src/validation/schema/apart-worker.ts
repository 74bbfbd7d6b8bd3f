import { parentPort, workerData } from 'node:worker_threads';
import { isViaducError } from '../../words/errors.ts';
import { compileSchema, type SchemaFiles } from './compile.ts';
import { type Examination, examine } from './examine.ts';
import { Libxml2 } from './libxml2.ts';

/** What the worker is given: one schema and one document. */
export interface Task {
  files: SchemaFiles;
  utf8: Uint8Array;
}

/** What it answers before it ends: the examination, or the reason why there is none. */
export type Answer = { examination: Examination } | { failure: string };

const { files, utf8 } = workerData as Task;

async function answer(): Promise<Answer> {
  try {
    const libxml2 = await Libxml2.open();
    return { examination: examine(libxml2, compileSchema(libxml2, files), utf8) };
  } catch (error) {
    return { failure: isViaducError(error) ? String(error.values.what) : String(error) };
  }
}

parentPort!.postMessage(await answer());
