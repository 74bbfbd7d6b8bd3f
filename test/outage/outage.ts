import { parseArgs } from 'node:util';
import { simulateOutage } from './simulation.ts';

/** `npm run test:outage -- [--hours N] [--documents N] [--chains N] [--seed S]`: an outage on a simulated clock, and what became of everything. */
const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '48' },
    documents: { type: 'string', default: '20000' },
    chains: { type: 'string', default: '300' },
    live: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
  },
});
const report = await simulateOutage(
  {
    ...{ outageHours: Number(values.hours), documents: Number(values.documents) },
    ...{ chains: Number(values.chains), livePerMinute: Number(values.live), seed: Number(values.seed) },
  },
  console.log,
);
console.log(JSON.stringify(report, null, 2));
const ended = Object.keys(report.states).every((state) => state.startsWith('final'));
const once = report.alarms.join() === 'opened destination-down dmp,closed destination-down dmp';
const kept = report.doubled + report.disordered + report.missing + report.leftOver + report.errors === 0;
const fine = ended && once && kept && report.slowestLiveSeconds <= 60;
console.log(fine ? 'nothing parked, nothing doubled, order kept, live in time' : 'BROKEN');
process.exitCode = fine ? 0 : 1;
