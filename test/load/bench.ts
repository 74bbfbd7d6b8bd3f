import { cpus, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { pack } from '../gateway/running.ts';
import { dmpSecurity } from './dmp-security.ts';
import { dmpTls } from './dmp-tls.ts';
import { large } from './large.ts';
import { pipeline } from './pipeline.ts';
import { ready } from './ready.ts';
import { type Row, reached } from './row.ts';
import { validation } from './validation.ts';

const { values, positionals } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '60' },
    senders: { type: 'string', default: '16' },
    rate: { type: 'string', default: '160' },
    events: { type: 'string', default: '1000000' },
    /** Folder for CPU profiles of the gateway, one for each of its threads. */
    profile: { type: 'string' },
    /** Flags of Node for the gateway, to compare them: `--flags="--max-semi-space-size=8"`. */
    flags: { type: 'string', default: '' },
  },
  allowPositionals: true,
});

const shared = {
  ...{ seconds: Number(values.seconds), packs: pack, profile: values.profile ?? null },
  flags: values.flags.split(' ').filter((flag) => flag !== ''),
};
const rate = Number(values.rate);

/** The rows of the plan that are measured so far, by the name that chooses them. */
const BENCHES: Readonly<Record<string, () => Promise<Row[]>>> = {
  pipeline: () => pipeline({ ...shared, label: 'HTTP to DMP', load: { rate } }),
  mllp: () => pipeline({ ...shared, label: 'MLLP to DMP', door: 'mllp', load: { rate } }),
  'mllp-saturated': () =>
    pipeline({
      ...{ ...shared, label: 'MLLP, as much as it takes', door: 'mllp' },
      load: { senders: Number(values.senders) },
    }),
  saturated: () =>
    pipeline({ ...shared, label: 'as much as it takes', load: { senders: Number(values.senders) } }),
  slow: () =>
    pipeline({
      ...{ ...shared, label: 'DMP of 1.5 s, 1 % of faults', load: { rate } },
      faults: [
        { match: { path: 'repository' }, fault: 'store-then-reset', every: 100 },
        { match: { path: 'repository' }, fault: 'delay', delayMs: 1500, every: 1 },
      ],
      // The wait for the answer and some more, at the rate asked.
      deliveriesAtOnce: Math.min(256, Math.ceil(rate * 1.6)),
    }),
  large: () => large(pack),
  'dmp-security': dmpSecurity,
  'dmp-tls': dmpTls,
  validation: () => validation(pack),
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
  return `${row.what.padEnd(62)} ${row.figure.toFixed(row.figure < 20 ? 2 : 0).padStart(8)} ${row.unit.padEnd(12)} ${goal.padEnd(8)} ${met === null ? ' ' : met ? '✓' : '✗'}  ${row.note ?? ''}`;
}
