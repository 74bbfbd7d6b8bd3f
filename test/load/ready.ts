import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKeys } from '../../src/ledger/keys.ts';
import { type PackedAppend, SqliteWriter } from '../../src/ledger/sqlite/writer.ts';
import { spawnGateway } from '../gateway/spawned.ts';
import { accepted, finished, sending, T0 } from '../ledger/making.ts';
import { quantile } from './processes.ts';
import { most, type Row } from './row.ts';

/** From the start of the process to 200 on /health/ready, on a ledger of so many events, the first start not counted. */
export async function ready(events: number): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'viaduc-bench-'));
  try {
    fill(folder, events);
    const times: number[] = [];
    for (let start = 0; start < 4; start += 1) {
      const began = performance.now();
      const gateway = await spawnGateway({ folder, dmp: 'http://127.0.0.1:9/none' });
      if ((await gateway.call('/health/ready', { token: null })).status === 200)
        times.push(performance.now() - began);
      await gateway.end();
    }
    const sorted = times.slice(1).toSorted((a, b) => a - b);
    return [
      {
        what: `ready, ${events.toLocaleString('en')} events, second start`,
        figure: quantile(sorted, 0.5) / 1000,
        unit: 's',
        goal: most(2),
        note: `${sorted.length} starts, ${(sorted[0]! / 1000).toFixed(2)}–${(sorted.at(-1)! / 1000).toFixed(2)} s`,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Delivered submissions of three events each, written by the ledger's own writer. */
function fill(folder: string, events: number): void {
  const data = join(folder, 'data');
  mkdirSync(data, { recursive: true });
  const keys = openKeys(join(folder, 'data.key'), true);
  const product = { name: 'Viaduc', version: '0' };
  const writer = new SqliteWriter({
    folder: data,
    keys,
    environment: 'sandbox',
    product,
    establishments: ['@gateway', 'demo'],
    witnesses: [],
    nowMs: T0,
  });
  for (let written = 0; written < events; written += 3 * GROUP)
    writer.appendGroup(Array.from({ length: GROUP }, delivered));
  writer.seal(T0);
  writer.close();
}

const GROUP = 250;

function delivered(): PackedAppend {
  const data = accepted();
  const { id } = data.deliveries[0]!;
  const made = [
    { type: 'submission.accepted' as const, data },
    sending(id),
    finished(id, data.documents[0]!.uniqueId),
  ];
  const events = made.map(({ type, data: content }) => ({
    type,
    data: content,
    subject: null,
    personal: null,
  }));
  return { establishment: 'demo', nowMs: T0, expect: {}, lease: null, keepLease: false, events, bodies: [] };
}
