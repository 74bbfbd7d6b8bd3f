import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKeys } from '../../src/ledger/keys.ts';
import { openSqliteCopy } from '../../src/ledger/sqlite/copy.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { readWitness } from '../../src/ledger/witnesses/file.ts';
import { addressOf, Line } from '../../src/sandbox/sender/line.ts';
import { readAcknowledgement } from '../../src/sandbox/sender/message-file.ts';
import type { DmpCounts } from '../gateway/running.ts';
import { type SpawnedGateway, spawnDmp, spawnGateway } from '../gateway/spawned.ts';
import { makeMessage, PATIENT } from '../intake/mllp/making.ts';
import { Load, type Sending } from './load.ts';

/** What a series of rounds came to. Every list is empty when the gateway kept its promises. */
export interface CrashReport {
  rounds: number;
  sent: number;
  acknowledged: number;
  /** Acknowledged, and not one final outcome `delivered` for its one delivery. */
  lost: string[];
  /** Documents that the simulator was given in more than one lot. */
  doubled: string[];
  /** Problems of the ledger, by the verification with witness. */
  problems: string[];
  /** Whether the figures were the same after every projection was made again from the events. */
  figuresAgree: boolean;
  numerator: number;
  deposited: number;
  seconds: number;
}

/** The door under load. */
export type CrashDoor = 'http' | 'mllp';

const SENDERS = 6;
const LONGEST_LIFE_MS = 1200;

/**
 * Kills the gateway with SIGKILL at random instants under load, so many times, on one data folder; the senders send again
 * whatever was not acknowledged. Then looks at what the ledger, the figures and the simulator hold.
 */
export async function crashRounds(
  rounds: number,
  random: () => number,
  tell: (line: string) => void,
  door: CrashDoor = 'http',
): Promise<CrashReport> {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'viaduc-crash-'));
  const dmp = await spawnDmp(folder);
  const load = new Load(random, door === 'http' ? submit : submitMessage);
  try {
    await importStays(folder, dmp.dmp);
    for (let round = 1; round <= rounds; round += 1) {
      await oneRound(folder, dmp.dmp, load, random);
      if (round % 20 === 0)
        tell(`${round} rounds, ${load.acknowledged().length} of ${load.all.length} documents acknowledged`);
    }
    return { rounds, seconds: (performance.now() - began) / 1000, ...(await settle(folder, dmp, load)) };
  } finally {
    await dmp.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function importStays(folder: string, dmp: string): Promise<void> {
  const gateway = await spawnGateway({ folder, dmp });
  const rows = Array.from(
    { length: 20_000 },
    (_, index) => `0B0000012;S${index};I;2026-09-15T12:00:00+02:00`,
  );
  const body = ['finess_eg;stay_no;class;discharged_at', ...rows].join('\n');
  const answer = await gateway.call('/api/stays', {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body,
  });
  if (answer.body.added !== rows.length)
    throw new Error(`stays were refused: ${JSON.stringify(answer.body)}`);
  await gateway.end();
}

/** Lets the gateway live for a random time under load and kills it; now and then before it is ready. */
async function oneRound(folder: string, dmp: string, load: Load, random: () => number): Promise<void> {
  const gateway = await spawnGateway({ folder, dmp });
  const dead = new AbortController();
  const senders = Array.from({ length: SENDERS }, () => load.send(gateway, dead.signal));
  await new Promise((resolve) => setTimeout(resolve, random() * LONGEST_LIFE_MS));
  const killed = gateway.end('SIGKILL');
  dead.abort();
  await killed;
  await Promise.all(senders);
}

async function submit(gateway: SpawnedGateway, sending: Sending, signal: AbortSignal): Promise<void> {
  const headers = { 'content-type': 'application/xml', 'idempotency-key': sending.key };
  const answer = await gateway.call(`/api/submissions?to=dmp&site=0B0000012&stay=${sending.stay}`, {
    method: 'POST',
    headers,
    body: sending.body as RequestInit['body'],
    signal,
  });
  if (answer.status !== 202 && answer.status !== 200)
    throw new Error(`answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  sending.submission = answer.body.id;
}

/** Over MLLP: a connection of its own, and the same message with the same MSH-10 as often as it takes. */
async function submitMessage(gateway: SpawnedGateway, sending: Sending, signal: AbortSignal): Promise<void> {
  const line = await Line.open(addressOf(gateway.endpoints.mllp!));
  const close = () => line.close();
  signal.addEventListener('abort', close);
  try {
    const pid = `PID|1||${PATIENT}||TCHITCHI^CATARINA^^^^^L||19360621|F||||||||||${sending.stay}^^^CHD&0B0000012&M^AN||||||||||||||VALI`;
    const message = makeMessage({ controlId: sending.key, document: sending.body, pid, pv1: 'PV1|1|N' });
    const answer = readAcknowledgement(await line.send(message));
    if (answer.code !== 'AA') throw new Error(`answered ${answer.code}: ${JSON.stringify(answer.errors)}`);
    sending.submission = `?uniqueId=${sending.uniqueId}`;
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}

/** A submission as the API shows it; one that is known by its document must be the only one of it. */
async function submissionOf(gateway: SpawnedGateway, reference: string) {
  if (!reference.startsWith('?')) return (await gateway.call(`/api/submissions/${reference}`)).body;
  const { items } = (await gateway.call(`/api/submissions${reference}`)).body;
  if (items.length !== 1) return { state: `${items.length} submissions`, deliveries: [] };
  return (await gateway.call(`/api/submissions/${items[0].id}`)).body;
}

async function settle(folder: string, dmp: { dmp: string; admin: string }, load: Load) {
  const gateway = await spawnGateway({ folder, dmp: dmp.dmp });
  const acknowledgedBefore = load.acknowledged().length;
  await load.finish(gateway);
  const lost = await lostOf(gateway, load.all);
  const period = '/api/indicators?from=2026-07-01&to=2026-12-31';
  const figures = (await gateway.call(period)).body;
  await gateway.end();
  forgetProjections(folder);
  const again = await spawnGateway({ folder, dmp: dmp.dmp });
  const recomputed = (await again.call(`${period}&asOf=${encodeURIComponent(figures.asOf)}`)).body;
  await again.end();
  const counts = (await (await fetch(`${dmp.admin}/counts`)).json()) as DmpCounts;
  const letters = figures.indicators.find((one: { code: string }) => one.code === 'DS1.1');
  return {
    ...{
      sent: load.all.length,
      acknowledged: acknowledgedBefore,
      lost,
      doubled: counts.doubleDeposits,
      problems: problemsOf(folder),
    },
    ...{
      figuresAgree: JSON.stringify(figures.indicators) === JSON.stringify(recomputed.indicators),
      numerator: letters.numerator,
      deposited: counts.documents,
    },
  };
}

/** Waits for every submission to end, and names those that did not end as they should. */
async function lostOf(gateway: SpawnedGateway, all: readonly Sending[]): Promise<string[]> {
  const lost: string[] = [];
  const deadline = Date.now() + 120_000;
  for (const { submission, uniqueId } of all) {
    let body = await submissionOf(gateway, submission!);
    while (body.state !== 'final' && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      body = await submissionOf(gateway, submission!);
    }
    const outcomes = (body.deliveries ?? []).map(({ outcome }: { outcome: string }) => outcome);
    if (outcomes.length !== 1 || outcomes[0] !== 'delivered')
      lost.push(`${uniqueId}: ${body.state} ${outcomes.join()}`);
  }
  return lost;
}

/** Makes the next start compute every projection from the events alone. */
function forgetProjections(folder: string): void {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database = new DatabaseSync(join(folder, 'data', 'ledger.sqlite'));
  database.exec("DELETE FROM meta WHERE key = 'projections'");
  database.close();
}

export function problemsOf(folder: string): string[] {
  const copy = openSqliteCopy(join(folder, 'data'), openKeys(join(folder, 'data.key'), false));
  try {
    const witness = readWitness(join(folder, 'data.witness.jsonl'));
    return verifyLedger(copy, { witness }).flatMap(({ establishment, problems }) =>
      problems.map(({ code, message }) => `${establishment}: ${code} ${message}`),
    );
  } finally {
    copy.close();
  }
}
