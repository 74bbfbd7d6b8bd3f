import { parseArgs } from 'node:util';
import { seeded } from './random.ts';
import { crashRounds } from './rounds.ts';

/** `npm run test:crash -- --rounds N [--seed S]`: kills the gateway N times under load and tells what became of everything. */
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '200' }, seed: { type: 'string' } },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000);
console.log(`seed ${seed}`);
const report = await crashRounds(Number(values.rounds), seeded(seed), console.log);
console.log(JSON.stringify(report, null, 2));
const kept =
  report.lost.length === 0 &&
  report.doubled.length === 0 &&
  report.problems.length === 0 &&
  report.figuresAgree;
console.log(kept ? 'nothing lost, nothing twice' : 'BROKEN');
process.exitCode = kept && report.numerator === report.deposited ? 0 : 1;
