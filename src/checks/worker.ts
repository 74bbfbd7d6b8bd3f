import { parentPort, workerData } from 'node:worker_threads';
import type { Question } from './checked.ts';
import { Judge, type JudgeSetup } from './judge.ts';

// One document at a time: the pool sends the next when this one is answered.
const port = parentPort!;
const judge = await Judge.open(workerData as JudgeSetup);
port.on('message', async (question: Question) => port.postMessage(await judge.judge(question)));
port.postMessage('ready');
