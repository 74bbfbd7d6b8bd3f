import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';
import { type DmpCounts, sample } from '../gateway/running.ts';
import { ADMIN_TOKEN, type SpawnedGateway, spawnDmp, spawnGateway } from '../gateway/spawned.ts';
import { quantile, type Usage, usageOf } from './processes.ts';
import { least, most, type Row } from './row.ts';

export interface PipelineOptions {
  seconds: number;
  /** Documents a second to send; null for as many as the senders get acknowledged. */
  rate: number | null;
  senders: number;
  packs: string | null;
  /** Faults that the simulator plays, and its delay. */
  faults?: object[];
  label?: string;
}

/**
 * The whole way over HTTP: a level-3 biology report of 130 KB, each with an identifier of its own, taken in, checked, made
 * durable, deposited in the simulator, finished. Gateway, simulator and load generator are processes of one machine.
 */
export async function pipeline({
  seconds,
  rate,
  senders,
  packs,
  faults = [],
  label = 'HTTP to DMP',
}: PipelineOptions): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'viaduc-bench-'));
  const dmp = await spawnDmp(folder);
  const gateway = await spawnGateway({
    folder,
    dmp: dmp.dmp,
    variables: packs ? { VIADUC_PACKS: packs } : {},
  });
  const pool = new Pool(gateway.endpoints.http, { connections: senders });
  try {
    await load(pool, { seconds: Math.min(5, seconds), rate, senders });
    if (faults.length > 0)
      await fetch(`${dmp.admin}/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(faults),
      });
    const pids = { gateway: gateway.child.pid!, dmp: dmp.child.pid!, load: process.pid };
    const before = usages(pids);
    const began = performance.now();
    const memory = watchMemory(pids.gateway);
    const { acknowledged, latencies } = await load(pool, { seconds, rate, senders });
    await drained(gateway);
    const elapsed = (performance.now() - began) / 1000;
    const after = usages(pids);
    const peak = memory.stop();
    const counts = (await (await fetch(`${dmp.admin}/counts`)).json()) as DmpCounts;
    const cpu = (name: keyof typeof pids) =>
      ((after[name]?.cpuMs ?? Number.NaN) - (before[name]?.cpuMs ?? Number.NaN)) / acknowledged;
    const sorted = latencies.toSorted((a, b) => a - b);
    return [
      {
        what: `${label}: documents delivered`,
        figure: acknowledged / elapsed,
        unit: '/s',
        goal: least(160),
        note: `${acknowledged} in ${elapsed.toFixed(1)} s, ${senders} senders${rate ? `, ${rate}/s asked` : ''}`,
      },
      { what: `${label}: acknowledgement p50`, figure: quantile(sorted, 0.5), unit: 'ms', goal: null },
      { what: `${label}: acknowledgement p99`, figure: quantile(sorted, 0.99), unit: 'ms', goal: most(100) },
      { what: `${label}: CPU of the gateway`, figure: cpu('gateway'), unit: 'ms/document', goal: most(9) },
      { what: `${label}: CPU of the simulator`, figure: cpu('dmp'), unit: 'ms/document', goal: null },
      { what: `${label}: CPU of the load generator`, figure: cpu('load'), unit: 'ms/document', goal: null },
      {
        what: `${label}: resident memory of the gateway, peak`,
        figure: peak / 2 ** 20,
        unit: 'MB',
        goal: most(400),
      },
      { what: `${label}: double deposits`, figure: counts.doubleDeposits.length, unit: '', goal: most(0) },
    ];
  } finally {
    await pool.close();
    await gateway.end();
    await dmp.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

function usages<K extends string>(pids: Record<K, number>): Record<K, Usage | null> {
  return Object.fromEntries(
    Object.entries<number>(pids).map(([name, pid]) => [name, usageOf(pid)]),
  ) as Record<K, Usage | null>;
}

function watchMemory(pid: number): { stop(): number } {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, usageOf(pid)?.residentBytes ?? 0);
  }, 200);
  return {
    stop() {
      clearInterval(timer);
      return peak;
    },
  };
}

/** The sample with the digits of its identifier replaced, in place: the load generator does nothing else to it. */
class Report {
  readonly #bytes = sample('biology-level3.xml');
  readonly #at: number;
  readonly #digits: number;
  #next = BigInt(Date.now()) * 1_000_000n;

  constructor() {
    const [whole, id] = /<id root="2\.25\.(\d+)"\/>/.exec(this.#bytes.toString('latin1'))!;
    this.#at = this.#bytes.indexOf(whole!) + '<id root="2.25.'.length;
    this.#digits = id!.length;
  }

  take(): Buffer {
    this.#next += 1n;
    const copy = Buffer.from(this.#bytes);
    copy.write(`1${this.#next.toString().padStart(this.#digits - 1, '0')}`, this.#at, 'latin1');
    return copy;
  }
}

const report = new Report();

async function load(
  pool: Pool,
  { seconds, rate, senders }: { seconds: number; rate: number | null; senders: number },
): Promise<{ acknowledged: number; latencies: number[] }> {
  const latencies: number[] = [];
  const began = performance.now();
  let started = 0;
  const sender = async () => {
    while (performance.now() - began < seconds * 1000) {
      const turn = started;
      started += 1;
      const at = rate === null ? performance.now() : began + (turn / rate) * 1000;
      const wait = at - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      await submit(pool);
      latencies.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: senders }, sender));
  return { acknowledged: latencies.length, latencies };
}

async function submit(pool: Pool): Promise<void> {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/xml' };
  const answer = await pool.request({
    method: 'POST',
    path: '/api/submissions?to=dmp',
    headers,
    body: report.take(),
  });
  const body = await answer.body.text();
  if (answer.statusCode !== 202 && answer.statusCode !== 200)
    throw new Error(`answered ${answer.statusCode}: ${body}`);
}

/** Waits until no submission is open any more. */
async function drained(gateway: SpawnedGateway): Promise<void> {
  for (;;) {
    const { body } = await gateway.call('/api/submissions?state=open&limit=1');
    if (body.items.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
