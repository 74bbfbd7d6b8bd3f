import { cpus, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { pack } from '../gateway/running.ts';
import { large } from './large.ts';
import { pipeline } from './pipeline.ts';
import { ready } from './ready.ts';
import { type Row, reached } from './row.ts';

const { values, positionals } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '60' },
    senders: { type: 'string', default: '16' },
    rate: { type: 'string' },
    events: { type: 'string', default: '1000000' },
  },
  allowPositionals: true,
});

const seconds = Number(values.seconds);
const rate = values.rate === undefined ? null : Number(values.rate);
const senders = Number(values.senders);

/** The rows of the plan that are measured so far, by the name that chooses them. */
const BENCHES: Readonly<Record<string, () => Promise<Row[]>>> = {
  pipeline: () => pipeline({ seconds, rate, senders, packs: pack }),
  slow: () =>
    pipeline({
      ...{ seconds, rate: rate ?? 8, senders, packs: pack, label: 'DMP of 1.5 s with 1 % of faults' },
      faults: [
        { match: { path: 'repository' }, fault: 'store-then-reset', every: 100 },
        { match: { path: 'repository' }, fault: 'delay', delayMs: 1500, every: 1 },
      ],
    }),
  large: () => large(pack),
  ready: () => ready(Number(values.events)),
};

const chosen = positionals.length > 0 ? positionals : Object.keys(BENCHES);
const rows: Row[] = [];
for (const name of chosen) {
  const bench = BENCHES[name];
  if (!bench) throw new Error(`no bench named ${name}: ${Object.keys(BENCHES).join(', ')}`);
  rows.push(...(await bench()));
}

const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  system: release(),
  node: process.versions.node,
};
const edition = pack ? 'TestContenuCDA-3-0' : 'no pack';
if (values.json)
  console.log(
    JSON.stringify({ machine, edition, rows: rows.map((row) => ({ ...row, reached: reached(row) })) }),
  );
else {
  console.log(
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, Linux ${machine.system}, Node ${machine.node}, ${edition}\n`,
  );
  for (const row of rows) console.log(lineOf(row));
}

function lineOf(row: Row): string {
  const goal = row.goal ? `${row.goal.at === 'least' ? '≥' : '≤'} ${row.goal.figure}` : '';
  const met = reached(row);
  return `${row.what.padEnd(62)} ${row.figure.toFixed(row.figure < 10 ? 2 : 0).padStart(8)} ${row.unit.padEnd(12)} ${goal.padEnd(8)} ${met === null ? ' ' : met ? '✓' : '✗'}  ${row.note ?? ''}`;
}
