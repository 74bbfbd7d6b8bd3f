import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { SANDBOX_ESTABLISHMENT } from '../../src/gateway/sandbox-defaults.ts';
import { parseEvent } from '../../src/ledger/chain.ts';
import { openKeys } from '../../src/ledger/keys.ts';
import { openSqliteCopy } from '../../src/ledger/sqlite/copy.ts';
import type { TakenMail } from '../../src/sandbox/mssante/journal.ts';
import { type SpawnedGateway, spawnDmp, spawnGateway } from '../gateway/spawned.ts';
import { MAILBOX, mssanteAt, type Operator, startOperator } from '../mail/operator.ts';
import { Load, type Sending } from './load.ts';
import { follow, type MailFate, type MailFates, matchMails } from './mail-fates.ts';
import { problemsOf } from './rounds.ts';

/** What a series of rounds came to. Every list is empty when the gateway kept its promises. */
export interface MailCrashReport extends MailFates {
  rounds: number;
  /** Kills by the instant that was waited for; the others fell at random. */
  kills: Record<Instant, number>;
  sent: number;
  acknowledged: number;
  problems: string[];
  seconds: number;
}

/** When the gateway is killed: at random; as soon as the operator has taken another mail or two; as soon as receipts of them lie in the mailbox. */
type Instant = 'random' | 'taken' | 'receipt';

const INSTANTS: readonly Instant[] = ['random', 'taken', 'receipt'];
const SENDERS = 2;
const DOCUMENTS_A_LIFE = 2;
const LONGEST_LIFE_MS = 6000;
/** An instant that does not come so soon is given up. */
const PATIENCE_MS = 15_000;
const MOST_AWAITED = 3;
const ANSWER_MS = 150;
const RECEIPT_MS = 12_000;
const ENDS_WITHIN_MS = 180_000;
const RECIPIENTS = ['medecin@cabinet', 'secretariat@ch', 'application@ch'].map(
  (one) => `${one}.bac-a-sable.mssante.fr`,
);

/**
 * Kills the gateway with SIGKILL so many times on one data folder while mails leave and receipts come, its operator living on;
 * then compares what the operator took with what the ledger holds.
 */
export async function mailCrashRounds(
  rounds: number,
  random: () => number,
  tell: (line: string) => void,
): Promise<MailCrashReport> {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'viaduc-crash-mail-'));
  const [dmp, operator] = await Promise.all([spawnDmp(folder), startOperator()]);
  const start = () => spawnGateway({ folder, dmp: dmp.dmp });
  const load = new Load(random, submit);
  const journal = new Map<number, TakenMail>();
  const kills = { random: 0, taken: 0, receipt: 0 };
  try {
    const mssante = mssanteAt(operator, folder, { doubtMinutes: 0.1 });
    writeFileSync(join(folder, 'viaduc.yaml'), stringify({ mssante }));
    for (let round = 1; round <= rounds; round += 1) {
      const instant = INSTANTS[round % INSTANTS.length]!;
      kills[await oneRound(await start(), operator, load, instant, random)] += 1;
      await collect(operator, journal);
      if (round % 10 === 0)
        tell(`${round} rounds, ${load.all.length} documents, ${journal.size} mails taken`);
    }
    const acknowledged = load.acknowledged().length;
    const last = await start();
    await load.finish(last);
    await ended(last, load.all);
    await receiptsRead(operator);
    await ended(last, load.all);
    await last.end();
    await collect(operator, journal);
    const fates = matchMails(fatesOf(folder), [...journal.values()], load.all);
    const seconds = (performance.now() - began) / 1000;
    return {
      rounds,
      kills,
      sent: load.all.length,
      acknowledged,
      ...fates,
      problems: problemsOf(folder),
      seconds,
    };
  } finally {
    await Promise.all([dmp.end(), operator.end()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns which instant it came to */
async function oneRound(
  gateway: SpawnedGateway,
  operator: Operator,
  load: Load,
  wanted: Instant,
  random: () => number,
): Promise<Instant> {
  const dead = new AbortController();
  const lifeMs = wanted === 'random' ? random() * LONGEST_LIFE_MS : PATIENCE_MS;
  const more = 1 + Math.floor(random() * MOST_AWAITED);
  const senders = Array.from({ length: SENDERS }, () => load.send(gateway, dead.signal, DOCUMENTS_A_LIFE));
  await script(operator, wanted);
  const came = await reached(wanted, operator, { more, ms: lifeMs });
  const killed = gateway.end('SIGKILL');
  dead.abort();
  await killed;
  await Promise.all(senders);
  return came ? wanted : 'random';
}

/** Between a mail that was taken and the operator's answer there is time to be killed in, and its receipt comes when the next life has begun. */
async function script({ control }: Operator, wanted: Instant): Promise<void> {
  await fetch(`${control}/mssante/faults`, { method: 'DELETE' });
  if (wanted !== 'taken') return;
  const body = JSON.stringify([
    { fault: 'slow-after-dot', every: 1, delayMs: ANSWER_MS },
    { fault: 'dsn-late', every: 1, delayMs: RECEIPT_MS },
  ]);
  const headers = { 'content-type': 'application/json' };
  const { ok, status } = await fetch(`${control}/mssante/faults`, { method: 'POST', headers, body });
  if (!ok) throw new Error(`the fault was not taken: ${status}`);
}

/** Waits for an instant to have come so many times more, at most so long. */
async function reached(
  wanted: Instant,
  operator: Operator,
  { more, ms }: { more: number; ms: number },
): Promise<boolean> {
  const untilMs = performance.now() + ms;
  const before = (await countsOf(operator))[wanted];
  while (performance.now() < untilMs) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (wanted !== 'random' && (await countsOf(operator))[wanted] >= before + more) return true;
  }
  return false;
}

/** How much has happened at the operator: mails taken, mails that ever came into the mailbox. */
async function countsOf({ control }: Operator): Promise<Record<Instant, number>> {
  const ask = async (path: string) => (await fetch(`${control}/mssante/${path}`)).json();
  const [{ taken }, { items }] = await Promise.all([
    ask('counts') as Promise<{ taken: number }>,
    ask(`mailboxes/${MAILBOX}`) as Promise<{ items: { uid: number }[] }>,
  ]);
  return { random: 0, taken, receipt: Math.max(0, ...items.map(({ uid }) => uid)) };
}

/** Keeps what the operator has taken; it forgets the oldest. */
async function collect({ control }: Operator, journal: Map<number, TakenMail>): Promise<void> {
  const { items } = (await (await fetch(`${control}/mssante/mails`)).json()) as { items: TakenMail[] };
  for (const one of items) journal.set(one.number, one);
}

async function submit(gateway: SpawnedGateway, sending: Sending, signal: AbortSignal): Promise<void> {
  const address = RECIPIENTS[Number(sending.stay.slice(1)) % RECIPIENTS.length]!;
  const mssante = [{ address, class: 'organization', id: null }];
  const destinations = { dmp: false, mssante, patient: false, patientMayAnswer: false };
  const form = new FormData();
  form.set('request', JSON.stringify({ operation: 'deposit', destinations }));
  form.set('document', new Blob([new Uint8Array(sending.body)], { type: 'application/xml' }), 'letter.xml');
  const answer = await gateway.call('/api/submissions', {
    ...{ method: 'POST', body: form, signal },
    headers: { 'idempotency-key': sending.key },
  });
  if (answer.status !== 202 && answer.status !== 200)
    throw new Error(`answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  sending.submission = answer.body.id;
}

/** Waits until the receipts of all that was taken have come and been put away. */
async function receiptsRead({ control }: Operator): Promise<void> {
  const deadline = Date.now() + ENDS_WITHIN_MS;
  const items = async (path: string) =>
    ((await (await fetch(`${control}/mssante/${path}`)).json()) as { items: unknown[] }).items;
  for (;;) {
    const mails = (await items('mails')) as TakenMail[];
    const sent = mails.every(({ steps }) => steps.some(({ what }) => what.startsWith('DSN')));
    if (sent && (await items(`mailboxes/${MAILBOX}`)).length === 0) return;
    if (Date.now() > deadline) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Waits until every delivery is final or parked. */
async function ended(gateway: SpawnedGateway, all: readonly Sending[]): Promise<void> {
  const deadline = Date.now() + ENDS_WITHIN_MS;
  for (const { submission } of all)
    for (;;) {
      const { deliveries } = (await gateway.call(`/api/submissions/${submission}`)).body;
      const rests = deliveries.every(({ state }: { state: string }) => ['final', 'parked'].includes(state));
      if (rests || Date.now() > deadline) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
}

/** What the events tell of each delivery. */
function fatesOf(folder: string): MailFate[] {
  const copy = openSqliteCopy(join(folder, 'data'), openKeys(join(folder, 'data.key'), false));
  try {
    const fates = new Map<string, MailFate>();
    for (const { text, seq, hash } of copy.events(SANDBOX_ESTABLISHMENT.id))
      follow(fates, parseEvent(text, seq, hash));
    return [...fates.values()];
  } finally {
    copy.close();
  }
}
