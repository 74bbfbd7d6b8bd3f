import { parseArgs } from 'node:util';
import { seeded } from '../crash/random.ts';
import { fuzzFrames } from './frames.ts';

/** `npm run test:fuzz -- --frames N [--seed S]`: spoilt frames against a live port. */
const { values } = parseArgs({
  options: { frames: { type: 'string', default: '10000' }, seed: { type: 'string' } },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000);
console.log(`seed ${seed}`);
const report = await fuzzFrames(Number(values.frames), seeded(seed), console.log);
console.log(JSON.stringify(report, null, 2));
const sound = report.wrong.length === 0 && report.problems.length === 0;
console.log(sound ? 'every complete frame answered, the ledger is sound' : 'BROKEN');
process.exitCode = sound ? 0 : 1;
