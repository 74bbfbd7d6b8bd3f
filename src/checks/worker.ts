import { parentPort, workerData } from 'node:worker_threads';
import { PackError } from '../validation/errors.ts';
import type { Question } from './checked.ts';
import { Judge, type JudgeSetup } from './judge.ts';

/** What a worker says first: that it can judge, or what is wrong with the packs, which as errors would not survive the way. */
export type Opened =
  | { ready: true }
  | { ready: false; problems: [code: string, values: PackError['values']][] };

// One document at a time: the pool sends the next when this one is answered.
const port = parentPort!;
const judge = await Judge.open(workerData as JudgeSetup).catch((error: unknown) => {
  if (!(error instanceof PackError)) throw error;
  return error.problems.map(({ code, values }): [string, PackError['values']] => [code, values]);
});
if (judge instanceof Judge) {
  port.on('message', async (question: Question) => port.postMessage(await judge.judge(question)));
  port.postMessage({ ready: true } satisfies Opened);
} else port.postMessage({ ready: false, problems: judge } satisfies Opened);
