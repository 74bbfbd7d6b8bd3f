import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openKeys } from '../../src/ledger/keys.ts';
import { openSqliteCopy } from '../../src/ledger/sqlite/copy.ts';
import { type ChainReport, verifyLedger } from '../../src/ledger/verify.ts';
import { readWitness } from '../../src/ledger/witnesses/file.ts';
import type { LostSeals } from '../../src/words/events.ts';
import { certificates } from '../gateway/certificates.ts';
import { type DmpCounts, freshLetter, repository } from '../gateway/running.ts';
import { type SpawnedGateway, spawnDmp, spawnGateway } from '../gateway/spawned.ts';

/** What a journey from backup to restore came to. */
export interface RestoreReport {
  delivered: number;
  /** At the backup: deliveries that had not ended. */
  unfinished: number;
  /** Acknowledged after the backup, and lost with the data folder. */
  lostDocuments: number;
  /** What the simulator was given in more than one lot. */
  doubled: string[];
  held: number;
  /** Requests to the DMP before a person let the destinations go on, and how many destinations that were. */
  whileStopped: number;
  resumed: number;
  documentsAtDmp: number;
  lost: LostSeals | null;
  report: ChainReport;
  output: string;
}

interface Sent {
  document: Buffer;
  uniqueId: string;
  query: string;
}

/** How many of each kind stand in the backup, and how many come after the last seal. */
const BEFORE = { delivered: 12, unfinished: 8, held: 2, unsealed: 3 };

/**
 * A gateway is backed up while it runs, takes more, loses its data folder, is restored from the backup, and the senders send
 * everything again.
 */
export async function restoreJourney(folder: string, documents: number): Promise<RestoreReport> {
  const dmp = await spawnDmp(folder);
  try {
    const first = await spawnGateway({ folder, dmp: dmp.dmp });
    const delivered = await sendAll(first, BEFORE.delivered, '?to=dmp');
    await ended(first, delivered);
    await post(`${dmp.admin}/faults`, { fault: 'http-503-html', every: 1 });
    const unfinished = await sendAll(first, BEFORE.unfinished, '?to=dmp');
    const held = await sendAll(
      first,
      BEFORE.held,
      '?to=dmp&holdUntil=2099-01-01T00:00:00Z&holdReason=relecture',
    );
    const backup = join(folder, 'backup');
    const told = await viaduc(folder, 'backup', backup);
    await fetch(`${dmp.admin}/faults`, { method: 'DELETE' });
    const after = await sendAll(first, documents, '?to=dmp');
    await ended(first, [...unfinished, ...after]);
    // A clean stop seals, so that the witness knows of these; of what comes then it learns nothing.
    await first.end();
    const doomed = await spawnGateway({ folder, dmp: dmp.dmp });
    const unsealed = await sendAll(doomed, BEFORE.unsealed, '?to=dmp');
    await ended(doomed, unsealed);
    await doomed.end('SIGKILL');
    rmSync(join(folder, 'data'), { recursive: true });
    const output = `${told}\n${await viaduc(folder, 'restore', backup)}`;
    const second = await spawnGateway({ folder, dmp: dmp.dmp });
    const all = [...delivered, ...unfinished, ...after, ...unsealed];
    const before = await requestsOf(dmp.admin);
    for (const sent of [...all, ...held]) await submit(second, sent);
    const whileStopped = (await requestsOf(dmp.admin)) - before;
    const resumed = await resumeAll(second);
    await ended(second, all);
    const stillHeld = await stateOf(second, held);
    await second.end();
    const counts = (await (await fetch(`${dmp.admin}/counts`)).json()) as DmpCounts;
    const report = verified(folder);
    return {
      ...{
        delivered: all.length,
        unfinished: unfinished.length,
        lostDocuments: after.length + unsealed.length,
      },
      ...{ doubled: counts.doubleDeposits, documentsAtDmp: counts.documents },
      held: stillHeld.filter((state) => state === 'held').length,
      ...{ whileStopped, resumed },
      ...{ lost: report.restores[0]?.lost ?? null, report, output },
    };
  } finally {
    await dmp.end();
  }
}

async function requestsOf(admin: string): Promise<number> {
  return ((await (await fetch(`${admin}/counts`)).json()) as DmpCounts).requests;
}

async function resumeAll(gateway: SpawnedGateway): Promise<number> {
  const { items } = (await gateway.call('/api/destinations')).body;
  const stopped = items.filter(({ state }: { state: string }) => state === 'stopped');
  for (const { id } of stopped)
    await gateway.call(`/api/destinations/${encodeURIComponent(id)}/resume`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'restored and verified' }),
    });
  return stopped.length;
}

async function sendAll(gateway: SpawnedGateway, count: number, query: string): Promise<Sent[]> {
  const all: Sent[] = Array.from({ length: count }, () => ({ ...freshLetter(), query }));
  const lanes = Array.from({ length: 6 }, (_, lane) => all.filter((_, index) => index % 6 === lane));
  await Promise.all(
    lanes.map(async (lane) => {
      for (const sent of lane) await submit(gateway, sent);
    }),
  );
  return all;
}

async function submit(gateway: SpawnedGateway, { document, uniqueId, query }: Sent): Promise<void> {
  const answer = await gateway.call(`/api/submissions${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/xml', 'idempotency-key': uniqueId },
    body: document as RequestInit['body'],
  });
  if (answer.status !== 202 && answer.status !== 200)
    throw new Error(`answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}

async function stateOf(gateway: SpawnedGateway, all: readonly Sent[]): Promise<string[]> {
  const states = [];
  for (const { uniqueId } of all) {
    const { items } = (await gateway.call(`/api/submissions?uniqueId=${uniqueId}`)).body;
    states.push(
      items.every((item: { state: string }) => item.state === items[0].state) ? items[0].state : 'several',
    );
  }
  return states;
}

/** Waits until each has ended. */
async function ended(gateway: SpawnedGateway, all: readonly Sent[]): Promise<void> {
  const deadline = Date.now() + 240_000;
  for (const sent of all) {
    while ((await stateOf(gateway, [sent]))[0] !== 'final') {
      if (Date.now() > deadline) throw new Error(`${sent.uniqueId} did not end`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function post(url: string, body: unknown): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
}

/** A command of the command line, as an operator gives it. */
export async function viaduc(folder: string, ...args: string[]): Promise<string> {
  const command = ['--disable-warning=ExperimentalWarning', join(repository, 'src', 'viaduc.ts'), ...args];
  const env = {
    ...process.env,
    VIADUC_DATA: join(folder, 'data'),
    VIADUC_SANDBOX_CERTIFICATES: certificates,
  };
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: folder, env });
  return stdout;
}

function verified(folder: string): ChainReport {
  const copy = openSqliteCopy(join(folder, 'data'), openKeys(join(folder, 'data.key'), false));
  try {
    const witness = readWitness(join(folder, 'data.witness.jsonl'));
    return verifyLedger(copy, { witness, establishment: 'demo' })[0]!;
  } finally {
    copy.close();
  }
}
