import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AttemptOutcome, contactOf, contactOfResolution } from '../../src/delivery/destination.ts';
import { parseSchedule } from '../../src/delivery/schedule.ts';
import { waitingFor } from '../../src/delivery/waiting.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { Lane } from '../../src/words/delivery.ts';
import { accepted, openTestLedger, scratch, T0 } from '../ledger/making.ts';
import { type Stage, stageOf, submit } from './scripted.ts';

// A destination that is down, misconfigured or stopped spares the documents: they wait, and it is said once why.

const HERE = 'dmp.one.10B0000012';
const unreachable: AttemptOutcome = {
  ...{ result: 'failed', code: 'delivery.dmp-unreachable', aboutDocument: false, raw: null },
};
const lost: AttemptOutcome = { result: 'ambiguous', code: 'delivery.dmp-no-answer', raw: null };
const busy: AttemptOutcome = { ...unreachable, code: 'XDSRegistryBusy', aboutDocument: true };
const forbidden: AttemptOutcome = {
  ...{ result: 'blocked', code: 'DMPInvalidCertificate', class: 'configuration', raw: null },
};

let folder: string;
let ledger: Ledger;
let stage: Stage;

beforeEach(async () => {
  folder = scratch();
  ledger = await openTestLedger(folder);
  stage = stageOf(ledger);
});

afterEach(async () => {
  await stage.scheduler.stop(0);
  await ledger.close();
  rmSync(folder, { recursive: true });
});

const row = async (delivery: string) => (await ledger.of('one').delivery(delivery))!;
const states = async (deliveries: { delivery: string }[]) =>
  (await Promise.all(deliveries.map(({ delivery }) => row(delivery)))).map(({ state }) => state);
const reason = async (delivery: string) =>
  waitingFor(await row(delivery), stage.destinations.of(HERE), stage.clock.now());
const sends = () => stage.port.calls.filter((call) => call.startsWith('send')).length;
const many = (count: number, lane: Lane = 'live') =>
  Promise.all(Array.from({ length: count }, () => laned(lane)));
const laned = (lane: Lane) => {
  const data = accepted();
  data.deliveries[0] = { ...data.deliveries[0]!, lane };
  return submit(ledger, { documents: data.documents, deliveries: data.deliveries });
};
const later = async (ms: number) => {
  stage.clock.advance(ms);
  await stage.rest();
};

describe('a destination that is down', () => {
  test('is asked by nobody but one probe after another, and all leave when it is back', async () => {
    stage.port.outcomes.push(...Array.from({ length: 9 }, () => unreachable));
    const all = await many(20);
    await stage.rest();
    const asked = sends();
    expect(asked).toBeLessThan(9);
    expect(stage.destinations.of(HERE).circuit.state).toBe('open');
    expect(stage.incidents.lines).toEqual(['open destination-down dmp']);
    // At its opening a few were on their way.
    const said = () => stage.incidents.opened.findLast(({ kind }) => kind === 'destination-down')!.facts!;
    expect(Number(said().waiting)).toBeGreaterThan(15);
    await stage.destinations.look();
    expect(said()).toMatchObject({ waiting: 20, destinations: 1 });
    const untouched = all.at(-1)!.delivery;
    expect(await reason(untouched)).toMatchObject({
      ...{ reason: 'circuit', code: 'delivery.dmp-unreachable', until: '2026-07-01T08:00:10.000Z' },
    });
    stage.port.outcomes.length = 0;
    stage.port.outcomes.push(unreachable);
    await later(10_000);
    expect(sends()).toBe(asked + 1);
    expect(stage.destinations.of(HERE).circuit.state).toBe('open');
    await later(60_000);
    await later(60_000);
    expect(new Set(await states(all))).toEqual(new Set(['final']));
    expect(stage.incidents.lines).toEqual(['open destination-down dmp', 'close destination-down dmp']);
  });

  test('costs no document a part of its budget while its circuit is open, not even one that is in doubt', async () => {
    stage.port.outcomes.push(...Array.from({ length: 5 }, () => unreachable));
    const all = await many(5);
    await stage.rest();
    stage.port.outcomes.push(...Array.from({ length: 40 }, () => lost));
    for (let minute = 0; minute < 30; minute += 1) await later(60_000);
    stage.port.outcomes.length = 0;
    expect(await states(all)).not.toContain('parked');
    expect(
      (await Promise.all(all.map(({ delivery }) => row(delivery)))).map(({ charged }) => charged),
    ).toEqual([0, 0, 0, 0, 0]);
    for (let minute = 0; minute < 5; minute += 1) await later(60_000);
    expect(new Set(await states(all))).toEqual(new Set(['final']));
  });

  test('that says so of one document alone stays open to the others, and that one spends its budget', async () => {
    stage = stageOf(ledger, { circuit: { failures: 3, probes: parseSchedule('10s') } });
    stage.port.outcomes.push(...Array.from({ length: 4 }, () => busy));
    const [one] = await many(1);
    for (const wait of [0, 60_000, 300_000, 300_000]) await later(wait);
    expect(await row(one!.delivery)).toMatchObject({ state: 'parked', code: 'delivery.budget-spent' });
    expect(stage.destinations.of(HERE).circuit.state).toBe('closed');
    expect(stage.incidents.lines).toEqual([]);
  });

  test('tells of a thousand failures in a minute once, and once that it is over', async () => {
    stage = stageOf(ledger, { concurrency: 64 });
    stage.port.outcomes.push(...Array.from({ length: 1000 }, () => unreachable));
    const all = await many(1000);
    for (let second = 0; second < 60; second += 1) await later(1000);
    stage.port.outcomes.length = 0;
    for (let minute = 0; minute < 3; minute += 1) await later(60_000);
    expect(new Set(await states(all))).toEqual(new Set(['final']));
    expect(stage.incidents.lines).toEqual(['open destination-down dmp', 'close destination-down dmp']);
  });

  test('calls the IT department now, with what was heard and how many destinations it concerns', async () => {
    stage.port.outcomes.push(...Array.from({ length: 5 }, () => unreachable));
    await many(5);
    await stage.rest();
    expect(stage.incidents.opened).toEqual([
      {
        ...{ kind: 'destination-down', subject: 'dmp', establishment: 'one' },
        ...{ severity: 'call-now', role: 'it', code: 'delivery.dmp-unreachable' },
        facts: {
          destination: HERE,
          destinations: 1,
          since: '2026-07-01T08:00:00.000Z',
          waiting: expect.any(Number),
        },
      },
    ]);
  });

  test('is down since it was first found so, however often a probe fails, and asked by a document that was busy before', async () => {
    stage.port.outcomes.push(...Array.from({ length: 4 }, () => unreachable), busy, busy);
    await many(5);
    await stage.rest();
    const state = stage.destinations.of(HERE);
    expect([state.circuit.state, state.circuitSinceMs]).toEqual(['open', T0]);
    await later(60_000);
    expect([state.circuit.state, state.circuitSinceMs]).toEqual(['open', T0]);
    expect(stage.port.outcomes).toEqual([]);
    await later(60_000);
    expect([state.circuit.state, state.circuitSinceMs]).toEqual(['closed', null]);
  });

  test('holds up no other destination of the same kind', async () => {
    stage.port.outcomes.push(...Array.from({ length: 5 }, () => unreachable));
    await many(5);
    await stage.rest();
    const other = await submit(ledger, { structure: { id: '10B0000099', name: 'Elsewhere' } });
    await stage.rest();
    expect((await row(other.delivery)).state).toBe('final');
  });
});

test('a place that becomes free is taken at once, though nothing waits for another destination', async () => {
  const elsewhere = await submit(ledger, { structure: { id: '10B0000099', name: 'Elsewhere' } });
  await stage.rest();
  expect((await row(elsewhere.delivery)).state).toBe('final');
  const all = await many(9);
  stage.scheduler.poke();
  await expect.poll(() => states(all)).toEqual(Array(9).fill('final'));
});

describe('a destination that refuses what is configured', () => {
  test('is parked, not its documents; a person resumes it, one document first', async () => {
    stage = stageOf(ledger, { concurrency: 1 });
    stage.port.outcomes.push(forbidden);
    const all = await many(3);
    await stage.rest();
    expect(sends()).toBe(1);
    expect(new Set(await states(all))).toEqual(new Set(['due']));
    expect(await reason(all[2]!.delivery)).toMatchObject({
      ...{ reason: 'destination-parked', code: 'DMPInvalidCertificate', until: null },
    });
    expect(stage.incidents.lines).toEqual(['open destination-parked dmp']);
    await later(3_600_000);
    expect(sends()).toBe(1);
    await stage.destinations.resume(HERE, 'Anne', 'certificate replaced');
    await later(10_000);
    expect(new Set(await states(all))).toEqual(new Set(['final']));
    expect(stage.incidents.lines).toEqual(['open destination-parked dmp', 'close destination-parked dmp']);
    const events = (await ledger.of('one').timeline([`destination:${HERE}`])).map(({ type, data }) => ({
      ...{ type, data },
    }));
    expect(events).toEqual([
      { type: 'destination.parked', data: { destination: HERE, code: 'DMPInvalidCertificate' } },
      {
        type: 'destination.resumed',
        data: { destination: HERE, by: 'Anne', reason: 'certificate replaced' },
      },
    ]);
  });

  test('goes on by itself when what is configured has changed, and is parked again by the next fault', async () => {
    stage.port.outcomes.push(forbidden, forbidden, forbidden, forbidden);
    const [one] = await many(1);
    await stage.rest();
    await stage.destinations.reconfigured('dmp', 'credentials reloaded');
    await later(10_000);
    expect(stage.destinations.of(HERE).standstill).toMatchObject({ state: 'parked' });
    stage.port.outcomes.length = 0;
    await stage.destinations.reconfigured('dmp', 'credentials reloaded');
    await later(10_000);
    expect((await row(one!.delivery)).state).toBe('final');
  });

  test('for one document alone parks that document alone', async () => {
    stage = stageOf(ledger, { concurrency: 1 });
    stage.port.outcomes.push('delivered', forbidden, 'delivered', 'delivered', forbidden);
    const all = [...(await many(1)), ...(await many(3))];
    await stage.rest();
    await later(10_000);
    expect(await states(all)).toEqual(['final', 'parked', 'final', 'final']);
    expect(stage.destinations.of(HERE).standstill).toBeNull();
    expect(stage.incidents.lines).toEqual([]);
  });

  test('is met once, and the next ones are tried one at a time', async () => {
    stage.port.outcomes.push('delivered', forbidden, 'hang', 'hang', 'hang');
    await many(1);
    await stage.rest();
    await many(1);
    await stage.rest();
    expect(sends()).toBe(2);
    await many(3);
    stage.scheduler.poke();
    await expect.poll(() => sends()).toBe(3);
    for (let look = 0; look < 5; look += 1) await ledger.witnessFailures();
    expect([sends(), stage.scheduler.running]).toEqual([3, 1]);
  });

  test('told to a question parks it like one told to a deposit', async () => {
    stage.port.outcomes.push(lost);
    const code = 'DMPInvalidCertificate';
    stage.port.resolutions.push({ found: null, code, aboutDocument: false, misconfigured: true });
    const [one] = await many(1);
    await stage.rest();
    await later(10_000);
    expect(stage.destinations.of(HERE).standstill).toMatchObject({ state: 'parked', code });
    expect((await row(one!.delivery)).state).toBe('ambiguous');
  });

  test.each([
    [{ result: 'failed', aboutDocument: true }, 'busy'],
    [{ result: 'failed', aboutDocument: false }, 'down'],
    [{ result: 'ambiguous' }, 'down'],
    [{ result: 'ambiguous', askNow: true }, 'up'],
    [{ result: 'ambiguous', aboutDocument: true }, 'up'],
    [{ result: 'blocked', class: 'configuration' }, 'misconfigured'],
    [{ result: 'blocked', class: 'permanent' }, 'up'],
    [{ result: 'refused' }, 'up'],
    [{ result: 'delivered' }, 'up'],
  ])('and %j shows it as %s', (outcome, contact) => {
    expect(contactOf(outcome as AttemptOutcome)).toBe(contact);
  });

  test.each([
    [{ found: true }, 'up'],
    [{ found: false }, 'up'],
    [{ found: null, misconfigured: true, aboutDocument: true }, 'misconfigured'],
    [{ found: null, misconfigured: false, aboutDocument: true }, 'up'],
    [{ found: null, misconfigured: false, aboutDocument: false }, 'down'],
  ])('and what a question comes to, %j, shows it as %s', (resolution, contact) => {
    expect(contactOfResolution(resolution as Parameters<typeof contactOfResolution>[0])).toBe(contact);
  });

  test('said of one document after another as if by its own fault, is told once', async () => {
    const odd: AttemptOutcome = {
      ...{ result: 'blocked', code: 'DMPNeverHeardOf', class: 'permanent', raw: null },
    };
    stage = stageOf(ledger, { concurrency: 1 });
    stage.port.outcomes.push(odd, odd, odd, odd);
    await many(4);
    await stage.rest();
    expect(stage.incidents.lines).toEqual([]);
    await later(3_600_001);
    stage.port.outcomes.push(odd, odd, odd, odd);
    await many(4);
    await stage.rest();
    expect(stage.incidents.lines).toEqual([]);
    stage.port.outcomes.push(odd, odd);
    await many(2);
    await stage.rest();
    expect(stage.incidents.lines).toEqual(['open deliveries-parked dmp DMPNeverHeardOf']);
  });

  test('with a sentence in the place of a code, tells no word of it', async () => {
    const text = 'MARTIN Anne inconnue';
    const odd: AttemptOutcome = { result: 'blocked', code: text, class: 'permanent', raw: null };
    stage.port.outcomes.push(odd, odd, odd, odd, odd);
    await many(5);
    await stage.rest();
    expect(stage.incidents.lines).toEqual(['open deliveries-parked dmp']);
  });

  test('is tried again by a new start, which reads the configuration anew', async () => {
    stage.port.outcomes.push(forbidden);
    const [one] = await many(1);
    await stage.rest();
    await stage.scheduler.stop(0);
    stage = stageOf(ledger);
    await stage.destinations.load(['one', 'two']);
    await later(10_000);
    expect((await row(one!.delivery)).state).toBe('final');
    expect(await ledger.of('one').destinations()).toEqual([]);
  });
});

describe('a destination that a person stopped', () => {
  test('takes nothing from that moment on; what was being sent is interrupted and stays in doubt', async () => {
    stage.port.outcomes.push('hang');
    const [sent] = await many(1);
    stage.scheduler.poke();
    await expect.poll(() => stage.port.calls.length).toBe(2);
    await stage.destinations.stop(HERE, 'Anne', 'moving the data centre');
    await stage.scheduler.interruptAt(HERE);
    expect(await row(sent!.delivery)).toMatchObject({ state: 'ambiguous', charged: 0 });
    const [next] = await many(1);
    await later(3_600_000);
    expect(sends()).toBe(1);
    expect(await reason(next!.delivery)).toMatchObject({ reason: 'destination-stopped' });
    expect(stage.incidents.lines).toEqual(['open destination-stopped dmp']);
  });

  test('is told for information, for the morning once it lasts, even over a new start, and no more when it goes on', async () => {
    const said = () => stage.incidents.opened.findLast(({ kind }) => kind === 'destination-stopped');
    await many(3);
    await stage.destinations.stop(HERE, 'Anne', 'moving the data centre');
    expect(said()).toMatchObject({
      ...{ severity: 'information', subject: 'dmp', establishment: 'one', role: 'it' },
      facts: { destinations: 1, waiting: 3, since: '2026-07-01T08:00:00.000Z' },
    });
    await many(2);
    await later(4 * 3_600_000 - 1);
    await stage.destinations.look();
    expect(said()).toMatchObject({ severity: 'information', facts: { waiting: 5 } });
    await stage.scheduler.stop(0);
    stage = stageOf(ledger);
    stage.clock.advance(4 * 3_600_000);
    await stage.destinations.load(['one', 'two']);
    expect(said()).toMatchObject({ severity: 'morning', facts: { waiting: 5 } });
    await stage.destinations.resume(HERE, 'Anne', 'moved');
    await stage.destinations.look();
    expect(stage.incidents.lines).toEqual(['open destination-stopped dmp', 'close destination-stopped dmp']);
  });

  test('is no longer an incident, down as it may be, and is one again when it is still down as it goes on', async () => {
    stage.port.outcomes.push(...Array.from({ length: 6 }, () => unreachable));
    await many(8);
    await stage.rest();
    await stage.destinations.stop(HERE, 'Anne', 'the DMP is down');
    const told = ['open destination-down dmp', 'close destination-down dmp', 'open destination-stopped dmp'];
    expect(stage.incidents.lines).toEqual(told);
    stage.port.outcomes.splice(0, 99, unreachable);
    await stage.destinations.resume(HERE, 'Anne', 'they say it is back');
    await later(10_000);
    expect(stage.incidents.lines).toEqual([
      ...told,
      ...['close destination-stopped dmp', 'open destination-down dmp'],
    ]);
  });

  test('is still stopped after a new start, by whom and why; a second stop and a needless resume are refused', async () => {
    await stage.destinations.stop(HERE, 'Anne', 'moving the data centre');
    await expect(stage.destinations.stop(HERE, 'Anne', 'again')).rejects.toMatchObject({
      code: 'delivery.destination-not-stoppable',
    });
    await stage.scheduler.stop(0);
    stage = stageOf(ledger);
    await stage.destinations.load(['one', 'two']);
    expect(stage.destinations.of(HERE).standstill).toMatchObject({
      ...{
        state: 'stopped',
        by: 'Anne',
        reason: 'moving the data centre',
        since: '2026-07-01T08:00:00.000Z',
      },
    });
    const [one] = await many(1);
    await later(60_000);
    expect((await row(one!.delivery)).state).toBe('due');
    await stage.destinations.resume(HERE, 'Anne', 'moved');
    await stage.rest();
    expect((await row(one!.delivery)).state).toBe('final');
    await expect(stage.destinations.resume(HERE, 'Anne', 'again')).rejects.toMatchObject({
      code: 'delivery.destination-not-resumable',
    });
  });
});

describe('what leaves', () => {
  test('keeps to the rate: no more attempts in a minute than may be', async () => {
    stage = stageOf(ledger, { perMinute: 30 });
    const all = await many(100);
    await stage.rest();
    expect(sends()).toBe(1);
    expect(await reason(all.at(-1)!.delivery)).toMatchObject({ reason: 'rate' });
    for (let second = 0; second < 60; second += 1) await later(1000);
    expect(sends()).toBeGreaterThanOrEqual(30);
    expect(sends()).toBeLessThanOrEqual(31);
  });

  test('is live first, though a backlog waits, and something of the backlog now and then', async () => {
    stage = stageOf(ledger, { concurrency: 1 });
    const historic = await many(3, 'historic');
    const retried = await many(3, 'retried');
    const live = await many(16);
    await stage.rest();
    const order = new Map(
      (await ledger.of('one').events(1, 500))
        .filter(({ type }) => type === 'delivery.finished')
        .map(({ data }, index) => [(data as { delivery: string }).delivery, index]),
    );
    const last = Math.max(...live.map(({ delivery }) => order.get(delivery)!));
    const early = (some: { delivery: string }[]) =>
      some.filter(({ delivery }) => order.get(delivery)! < last).length;
    expect(last).toBe(17);
    expect([early(retried), early(historic)]).toEqual([2, 0]);
  });

  test('of a backlog never takes all the places', async () => {
    stage = stageOf(ledger, { concurrency: 8 });
    stage.port.outcomes.push(...Array.from({ length: 40 }, () => 'hang' as const));
    const late = await many(20);
    stage.clock.advance(120_000);
    stage.scheduler.poke();
    await expect.poll(() => sends()).toBe(5);
    await many(3, 'retried');
    stage.scheduler.poke();
    await expect.poll(() => sends()).toBe(6);
    const data = accepted();
    data.deliveries[0] = { ...data.deliveries[0]!, dueAt: new Date(T0 + 120_000).toISOString() };
    const live = await submit(ledger, data);
    stage.scheduler.poke();
    await expect.poll(async () => (await row(live.delivery)).state).toBe('sending');
    expect((await states(late)).filter((state) => state === 'sending')).toHaveLength(5);
  });
});
