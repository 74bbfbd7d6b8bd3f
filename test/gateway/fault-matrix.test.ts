import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/gateway/config.ts';
import { type Hospital, startHospital } from '../intake/mllp/hospital.ts';
import { freshControlId, makeMessage, PATIENT } from '../intake/mllp/making.ts';
import { allCells, type Cell, expectedEnd, FAULTS, rulesOf } from './fault-matrix.ts';
import { freshLetter } from './running.ts';

/** Waits in milliseconds: the order of things is judged, not how long they take. */
const quick = (times: number) => ({ text: 'quick', waitsMs: Array<number>(times).fill(40), endless: false });
const POLICY = { retry: quick(10), outage: { ...quick(1), endless: true }, doubt: quick(10) };

/** Longer than a fault that delays, shorter than one that never answers. */
const TIMEOUT_MS = 2_500;
const AT_ONCE = 12;

let hospital: Hospital;

beforeAll(async () => {
  const { dmp } = readConfig({ VIADUC_DATA: 'data' }, mkdtempSync(join(tmpdir(), 'viaduc-matrix-')));
  // Each cell is judged alone: the faults of the others must not close the way for it.
  const circuit = { ...dmp.destination.circuit, failures: Number.MAX_SAFE_INTEGER };
  const destination = { ...dmp.destination, circuit };
  hospital = await startHospital('', {
    config: { dmp: { ...dmp, timeoutMs: TIMEOUT_MS, policy: POLICY, destination } },
  });
});
afterAll(() => hospital.stop());

/** What became of one cell, as the ledger, the simulator and the sender have it. */
interface Result {
  cell: Cell;
  stay: string;
  /** `delivered`, `refused`, `parked`, with its code. */
  end: string;
  code: string;
  /** Of the document in question, in the simulator: Approved, Deprecated, Deleted, or none. */
  held: string;
  /** Of the document that it replaces. */
  former: string | null;
  lots: number;
  /** OBX-5 of the notice, when one was sent. */
  told: string | null;
}

const cells = allCells();
const results: Result[] = [];

async function send(making: Parameters<typeof makeMessage>[0], stay: string): Promise<string> {
  const controlId = freshControlId();
  const pid = `PID|1||${PATIENT}||TCHITCHI^CATARINA^CATARINA BELLA^^^^L||19360621|F|||^^^^^^BDL^^63220|||||||${stay}^^^CHD&0B0000012&M^AN||||||||||||||VALI`;
  const message = makeMessage({ ...making, controlId, pid, flags: { ACK_RECEPTION: 'Y' } });
  const ack = await hospital.client.send(message);
  expect(ack.code, JSON.stringify(ack.errors)).toBe('AA');
  return controlId;
}

/** The last delivery of a document, once it is final or waits for a person. */
async function ended(uniqueId: string, count: number) {
  for (;;) {
    const { items } = (await hospital.running.call(`/api/submissions?uniqueId=${uniqueId}`)).body;
    if (items.length >= count) {
      const bodies = await Promise.all(
        items.map(({ id }: { id: string }) => hospital.running.call(`/api/submissions/${id}`)),
      );
      const deliveries = bodies.flatMap(({ body }) => body.deliveries);
      if (deliveries.every(({ state }) => state === 'final' || state === 'parked'))
        return bodies.toSorted((a, b) => (a.body.receivedAt < b.body.receivedAt ? 1 : -1))[0]!.body
          .deliveries[0];
    }
    await wait(60);
  }
}

async function heldOf(uniqueId: string): Promise<{ status: string; lots: number }> {
  const answer = await fetch(`${hospital.running.gateway.endpoints.dmpAdmin}/documents/${uniqueId}`);
  if (!answer.ok) return { status: 'none', lots: 0 };
  const { entries, lots } = (await answer.json()) as { entries: { status: string }[]; lots: number };
  return { status: entries.map(({ status }) => status.split(':').at(-1)).at(-1)!, lots };
}

async function toldOf(controlId: string): Promise<string> {
  const { listener } = hospital;
  for (let count = listener.messages.length; ; count += 1) {
    const found = listener.messages.find((message) => message.includes(`|${controlId}|`));
    if (found) return /\|([YN])\^\^expandedYes-NoIndicator/.exec(found)![1]!;
    await listener.received(count + 1);
  }
}

/** Plays one cell: what comes before without fault, then the operation with it. */
async function play(cell: Cell, stay: string): Promise<Result> {
  const first = freshLetter();
  const { operation } = cell;
  let [subject, target] = [first, null as string | null];
  if (operation !== 'deposit') {
    await send(first, stay);
    await ended(first.uniqueId, 1);
    target = first.uniqueId;
  }
  if (operation === 'replace')
    subject = freshLetter({
      '<componentOf>': `<relatedDocument typeCode="RPLC"><parentDocument><id root="${target}"/></parentDocument></relatedDocument><componentOf>`,
    });
  await hospital.running.dmp.fault(...rulesOf(cell, subject.uniqueId, target));
  const order = { deposit: 'NW', replace: 'RO', delete: 'CA' }[operation];
  const controlId = await send({ ...subject, order }, stay);
  const delivery = await ended(subject.uniqueId, operation === 'delete' ? 2 : 1);
  const [held, former] = [await heldOf(subject.uniqueId), operation === 'replace' && (await heldOf(target!))];
  const end = delivery.state === 'final' ? delivery.outcome : delivery.state;
  return {
    ...{ cell, stay, end, code: delivery.results?.[0]?.code ?? delivery.code },
    ...{ held: held.status, lots: held.lots, former: former ? former.status : null },
    told: delivery.state === 'final' ? await toldOf(controlId) : null,
  };
}

async function playAll(): Promise<void> {
  const waiting = cells.map((cell, index) => ({ cell, stay: `M${index}` }));
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      results.push(await play(next.cell, next.stay));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

const asTable = () =>
  FAULTS.map((fault) => {
    const ends = cells
      .filter((cell) => cell.fault === fault)
      .map(({ operation, step }) => {
        const found = results.find(
          ({ cell }) => cell.fault === fault && cell.operation === operation && cell.step === step,
        );
        return [`${operation} ${step}`, found ? found.end : '?'] as const;
      });
    return { fault, ...Object.fromEntries(ends) };
  });

describe('every scripted fault at every step of deposit, replacement and deletion', () => {
  beforeAll(async () => {
    const rows = cells.map((_, index) => `0B0000012;M${index};I;2026-07-10T12:00:00+02:00;0`);
    const body = ['finess_eg;stay_no;class;discharged_at;has_surgery', ...rows].join('\n');
    const stays = await hospital.running.call('/api/stays', {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body,
    });
    expect(stays.body).toMatchObject({ added: cells.length, errors: [] });
    await playAll();
    console.table(asTable());
  }, 180_000);

  test.each(cells.map((cell) => [cell.operation, cell.step, cell.fault, cell] as const))(
    '%s, %s, %s: the end is the right one, and the sender is told the truth',
    (_operation, _step, _fault, cell) => {
      const { stay: _stay, ...result } = results.find((one) => one.cell === cell)!;
      expect(result).toMatchObject(expectedEnd(cell));
    },
  );

  test('nothing was deposited twice', async () => {
    expect((await hospital.running.dmp.counts()).doubleDeposits).toEqual([]);
    expect(results.filter(({ lots }) => lots > 1)).toEqual([]);
  });

  test('the indicator counts the stays whose letter the simulator holds, and no other', async () => {
    const holds = ({ held, former }: Result) => held === 'Approved' || former === 'Approved';
    const period = '/api/indicators?from=2026-07-01&to=2026-12-31';
    const figures = (await hospital.running.call(period)).body;
    const letters = figures.indicators.find(({ code }: { code: string }) => code === 'DS1.1');
    expect(letters.numerator).toBe(results.filter(holds).length);
  });
});
