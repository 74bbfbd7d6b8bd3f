import { parseArgs } from 'node:util';
import { isKept } from './mail-fates.ts';
import { mailCrashRounds } from './mail-rounds.ts';
import { seeded } from './random.ts';
import { crashRounds } from './rounds.ts';

/** `npm run test:crash -- --rounds N [--seed S] [--door http|mllp|mail]`: kills the gateway N times under load and tells what became of everything. */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string' },
    door: { type: 'string', default: 'http' },
  },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000);
console.log(`seed ${seed}`);
process.exitCode = values.door === 'mail' ? await mails() : await documents();

async function mails(): Promise<number> {
  const report = await mailCrashRounds(Number(values.rounds), seeded(seed), console.log);
  console.log(JSON.stringify(report, null, 2));
  console.log(isKept(report) ? 'nothing lost, nothing twice' : 'BROKEN');
  return isKept(report) ? 0 : 1;
}

async function documents(): Promise<number> {
  const report = await crashRounds(
    Number(values.rounds),
    seeded(seed),
    console.log,
    values.door === 'mllp' ? 'mllp' : 'http',
  );
  console.log(JSON.stringify(report, null, 2));
  const kept =
    report.lost.length === 0 &&
    report.doubled.length === 0 &&
    report.problems.length === 0 &&
    report.figuresAgree;
  console.log(kept ? 'nothing lost, nothing twice' : 'BROKEN');
  return kept && report.numerator === report.deposited ? 0 : 1;
}
