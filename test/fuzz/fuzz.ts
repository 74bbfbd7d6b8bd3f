import { parseArgs } from 'node:util';
import { seeded } from '../crash/random.ts';
import { fuzzFrames } from './frames.ts';

/** From how many frames on growth is judged, and how much of it is the engine's own. Megabytes of resident memory. */
const JUDGED_FRAMES = 10_000;
const MOST_GROWTH_MB = 100;

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
const growth = report.memory.after - report.memory.before;
// A short run ends before the engine has settled: its growth says nothing.
const leaks = report.frames >= JUDGED_FRAMES && growth > MOST_GROWTH_MB;
console.log(`memory after the first tenth and at the end: ${growth >= 0 ? '+' : ''}${growth} MB`);
if (leaks) console.log(`MEMORY GROWS by more than ${MOST_GROWTH_MB} MB`);
process.exitCode = sound && !leaks ? 0 : 1;
