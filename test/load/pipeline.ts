import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';
import { type DmpCounts, sample } from '../gateway/running.ts';
import { ADMIN_TOKEN, type SpawnedGateway, spawnDmp, spawnGateway } from '../gateway/spawned.ts';
import { Lines } from './lines.ts';
import { quantile, threadsOf, type Usage, usageOf } from './processes.ts';
import { least, most, type Row } from './row.ts';

/** Documents a second at instants fixed beforehand, or senders of which each sends again once it is answered. */
export type Load = { rate: number } | { senders: number };

/** How documents are handed over. */
type Door = 'http' | 'mllp';

export interface PipelineOptions {
  label: string;
  /** HTTP when absent. */
  door?: Door;
  seconds: number;
  load: Load;
  packs: string | null;
  /** Folder for CPU profiles of the gateway; null to take none. */
  profile: string | null;
  /** Flags of Node that the gateway is started with beside its own. */
  flags: string[];
  /** Faults that the simulator plays, and its delay. */
  faults?: object[];
  /** Deliveries under way at once, when it is not the default of the gateway. */
  deliveriesAtOnce?: number;
}

/**
 * The whole way over one door: a level-3 biology report of 130 KB, each with an identifier of its own, taken in, checked, made
 * durable, deposited in the simulator, finished. Gateway, simulator and load generator are processes of one machine. At a
 * fixed rate a latency is counted from the instant at which the document was to be sent.
 */
export async function pipeline(options: PipelineOptions): Promise<Row[]> {
  const { seconds, load, faults = [] } = options;
  const folder = mkdtempSync(join(tmpdir(), 'viaduc-bench-'));
  const dmp = await spawnDmp(folder);
  const gateway = await spawnBench(folder, dmp.dmp, options);
  const sender = await openSender(gateway, options.door ?? 'http');
  try {
    await warmUp(sender, load);
    await drained(gateway);
    if (faults.length > 0) await play(dmp.admin, faults);
    const pids = { gateway: gateway.child.pid!, dmp: dmp.child.pid!, load: process.pid };
    const before = usages(pids);
    const threadsBefore = threadsOf(pids.gateway);
    const began = performance.now();
    const memory = watchMemory(pids.gateway);
    const latencies = await send(sender, seconds, load);
    await drained(gateway);
    const elapsedMs = performance.now() - began;
    const after = usages(pids);
    const threadsAfter = threadsOf(pids.gateway);
    const counts = (await (await fetch(`${dmp.admin}/counts`)).json()) as DmpCounts;
    const cpu = (name: keyof typeof pids) =>
      ((after[name]?.cpuMs ?? Number.NaN) - (before[name]?.cpuMs ?? Number.NaN)) / latencies.length;
    return rowsOf(options, {
      ...{ latencies, elapsedMs, peakBytes: memory.stop(), doubles: counts.doubleDeposits.length },
      cpuMs: { gateway: cpu('gateway'), dmp: cpu('dmp'), load: cpu('load') },
      threads: shares(threadsBefore, threadsAfter, latencies.length),
    });
  } finally {
    await sender.close();
    await gateway.end();
    await dmp.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Until then the compilers of the platform do more than the gateway. */
const WARM_UP = { documents: 1_000, stepSeconds: 5, mostSteps: 10 };

async function warmUp(sender: DocumentSender, load: Load): Promise<void> {
  let sent = 0;
  for (let step = 0; sent < WARM_UP.documents && step < WARM_UP.mostSteps; step += 1)
    sent += (await send(sender, WARM_UP.stepSeconds, load)).length;
}

/** More than any load keeps busy: at a fixed rate a slow answer must not delay the next document. */
const CONNECTIONS = 256;
/** Systems of a hospital that send documents, each over one connection. */
const LINES = 32;

function spawnBench(
  folder: string,
  dmp: string,
  { packs, profile, flags, deliveriesAtOnce }: PipelineOptions,
): Promise<SpawnedGateway> {
  if (deliveriesAtOnce !== undefined)
    writeFileSync(join(folder, 'viaduc.yaml'), `dmp: { concurrency: ${deliveriesAtOnce} }\n`);
  return spawnGateway({
    ...{ folder, dmp, variables: packs ? { VIADUC_PACKS: packs } : {} },
    flags: [...flags, ...(profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`])],
  });
}

async function play(admin: string, faults: object[]): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  await fetch(`${admin}/faults`, { method: 'POST', headers, body: JSON.stringify(faults) });
}

interface Measured {
  /** Milliseconds until each acknowledgement. */
  latencies: number[];
  elapsedMs: number;
  peakBytes: number;
  doubles: number;
  /** For one document. */
  cpuMs: Record<'gateway' | 'dmp' | 'load', number>;
  /** The same by thread of the gateway, as a sentence. */
  threads: string;
}

/** What each thread used between two readings, for one document, the busiest first. */
function shares(before: Record<string, number>, after: Record<string, number>, documents: number): string {
  const used = Object.entries(after).map(([name, ms]): [string, number] => [
    name,
    (ms - (before[name] ?? 0)) / documents,
  ]);
  const shown = used.filter(([, ms]) => ms >= 0.05).toSorted((a, b) => b[1] - a[1]);
  return shown.map(([name, ms]) => `${name} ${ms.toFixed(2)}`).join(', ');
}

/** The goal for documents stands at saturation, those for latency and memory at the fixed rate. */
function rowsOf({ label, load }: PipelineOptions, measured: Measured): Row[] {
  const { latencies, elapsedMs, cpuMs } = measured;
  const sorted = latencies.toSorted((a, b) => a - b);
  const atRate = 'rate' in load;
  const asked = atRate ? `${load.rate}/s asked` : `${load.senders} senders`;
  const row = (what: string, figure: number, unit: string, goal: Row['goal'] = null) => ({
    ...{ what: `${label}: ${what}`, figure, unit, goal },
  });
  return [
    {
      ...row('documents delivered', (latencies.length / elapsedMs) * 1000, '/s', atRate ? null : least(160)),
      note: `${latencies.length} in ${(elapsedMs / 1000).toFixed(1)} s, ${asked}`,
    },
    row('acknowledgement p50', quantile(sorted, 0.5), 'ms'),
    row('acknowledgement p99', quantile(sorted, 0.99), 'ms', atRate ? most(100) : null),
    { ...row('CPU of the gateway', cpuMs.gateway, 'ms/document', most(9)), note: measured.threads },
    row('CPU of the simulator', cpuMs.dmp, 'ms/document'),
    row('CPU of the load generator', cpuMs.load, 'ms/document'),
    row('memory of the gateway, peak', measured.peakBytes / 2 ** 20, 'MB', most(400)),
    row('double deposits', measured.doubles, '', most(0)),
  ];
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

/** Sends for so many seconds; milliseconds until each acknowledgement. */
async function send(sender: DocumentSender, seconds: number, load: Load): Promise<number[]> {
  const latencies: number[] = [];
  const one = async (dueMs: number) => {
    await sender.submit(report.take());
    latencies.push(performance.now() - dueMs);
  };
  if ('rate' in load) await atRate(seconds, load.rate, one);
  else await bySenders(seconds, load.senders, one);
  return latencies;
}

/** Nobody waits for an answer before the next document: what comes late comes late for all that follow. */
async function atRate(seconds: number, rate: number, one: (dueMs: number) => Promise<void>): Promise<void> {
  const began = performance.now();
  const under: Promise<void>[] = [];
  for (let turn = 0; turn < seconds * rate; turn += 1) {
    const due = began + (turn / rate) * 1000;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const sending = one(due);
    // Whoever failed is told at the end, when everything is put away.
    sending.catch(() => {});
    under.push(sending);
  }
  await Promise.all(under);
}

async function bySenders(
  seconds: number,
  senders: number,
  one: (dueMs: number) => Promise<void>,
): Promise<void> {
  const until = performance.now() + seconds * 1000;
  const sender = async () => {
    for (let now = performance.now(); now < until; now = performance.now()) await one(now);
  };
  await Promise.all(Array.from({ length: senders }, sender));
}

/** Hands documents over by one door, and rejects when one is not taken. */
interface DocumentSender {
  submit(document: Buffer): Promise<void>;
  close(): Promise<void> | void;
}

async function openSender({ endpoints }: SpawnedGateway, door: Door): Promise<DocumentSender> {
  if (door === 'mllp') return Lines.open(endpoints.mllp!, LINES);
  const pool = new Pool(endpoints.http, { connections: CONNECTIONS });
  return { submit: (document) => post(pool, document), close: () => pool.close() };
}

async function post(pool: Pool, body: Buffer): Promise<void> {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/xml' };
  const answer = await pool.request({ method: 'POST', path: '/api/submissions?to=dmp', headers, body });
  const text = await answer.body.text();
  if (answer.statusCode !== 202 && answer.statusCode !== 200)
    throw new Error(`answered ${answer.statusCode}: ${text}`);
}

/** Waits until no submission is open any more. */
async function drained(gateway: SpawnedGateway): Promise<void> {
  for (;;) {
    const { body } = await gateway.call('/api/submissions?state=open&limit=1');
    if (body.items.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
