import { Worker } from 'node:worker_threads';
import { keeping } from './keeping-made.ts';
import { openTestLedger } from './making.ts';

// Run by itself: sweeps the ledger of a folder and kills its own process at one step. Steps are what the writer's thread
// is asked to do and what it answers to that, in turn. Without a step it sweeps to its end and prints how many there were.

const [folder, nowMs, killAt] = [process.argv[2]!, Number(process.argv[3]), Number(process.argv[4] ?? 0)];
let step = 0;
let sweeping = false;

function atStep(): void {
  if (!sweeping) return;
  step += 1;
  if (step === killAt) process.kill(process.pid, 'SIGKILL');
}

const ask = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (this: Worker, ...given: Parameters<typeof ask>) {
  atStep();
  return ask.apply(this, given);
} as typeof ask;
const hear = Worker.prototype.emit;
Worker.prototype.emit = function (this: Worker, ...given: Parameters<typeof hear>) {
  if (given[0] === 'message') atStep();
  return hear.apply(this, given);
} as typeof hear;

const ledger = await openTestLedger(folder);
sweeping = true;
await keeping(ledger, nowMs).sweep();
await keeping(ledger, nowMs + 3_600_000).sweep();
sweeping = false;
await ledger.close();
console.log(step);
