import { existsSync, readdirSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { PackError } from '../validation/errors.ts';
import { isViaducError, type ViaducError } from '../words/errors.ts';
import type { PublishedSet } from '../xds/published-set.ts';
import type { Question } from './checked.ts';
import { Judge, type JudgeSetup } from './judge.ts';

/** What a worker says first: that it can judge, or what is wrong with the packs, which as errors would not survive the way. */
export type Opened =
  | {
      ready: true;
      /** Whether rules were compiled here and are now kept: the memory that this took stays with the thread. */
      compiled: boolean;
    }
  | { ready: false; problems: [code: string, values: PackError['values']][] };

/** Value sets that take the place of the former ones; not answered. */
export interface NewValueSets {
  valueSets: readonly PublishedSet[];
}

// One document at a time: the pool sends the next when this one is answered.
const port = parentPort!;
const setup = workerData as JudgeSetup;
const keptBefore = keptIn(setup.rules.cache);
const judge = await opened(workerData as JudgeSetup).catch((error: unknown) => {
  if (!isViaducError(error)) throw error;
  const problems: readonly ViaducError[] = error instanceof PackError ? error.problems : [error];
  return problems.map(({ code, values }): [string, PackError['values']] => [code, values]);
});
if (judge instanceof Judge) {
  port.on('message', async (told: Question | NewValueSets) => {
    if ('valueSets' in told) judge.takeValueSets(told.valueSets);
    else port.postMessage(await judge.judge(told));
  });
  const compiled = keptIn(setup.rules.cache) > keptBefore;
  port.postMessage({ ready: true, compiled } satisfies Opened);
} else port.postMessage({ ready: false, problems: judge } satisfies Opened);

/** @throws ViaducError also when no pack holds the only Schematrons that will be asked for */
async function opened(setup: JudgeSetup): Promise<Judge> {
  const judge = await Judge.open(setup);
  if (setup.rules.only) judge.rulebook.require(setup.rules.only);
  return judge;
}

/** How many files a cache holds. */
function keptIn(cache: string | null): number {
  return cache === null || !existsSync(cache) ? 0 : readdirSync(cache, { recursive: true }).length;
}
