import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cancelSubmission, retryDelivery, stopDelivery } from '../../src/delivery/commands.ts';
import { holdSubmission } from '../../src/delivery/holds.ts';
import { retryLimits } from '../../src/delivery/retries/limits.ts';
import { checked, Previews } from '../../src/delivery/retries/preview.ts';
import {
  pauseRetry,
  progressOf,
  type RetryTools,
  resumeRetry,
  startRetry,
  stopRetry,
} from '../../src/delivery/retries/retries.ts';
import { RetryRunner } from '../../src/delivery/retries/runner.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { Hold } from '../../src/words/hold.ts';
import {
  accepted,
  acceptedEvent,
  appendOf,
  documentEntry,
  openTestLedger,
  scratch,
  T0,
} from '../ledger/making.ts';
import { type Stage, stageOf, submit } from './scripted.ts';

const wrong = { result: 'blocked' as const, code: 'XDSUnheardOf', class: 'permanent' as const, raw: null };
const other = { ...wrong, code: 'DMPUnheardOf' };
const lost = { result: 'ambiguous' as const, code: 'delivery.dmp-lost', raw: null };
const filter = { standing: 'parked' as const, codes: [wrong.code] };
const start = { by: 'Anne', reason: 'certificate changed', ratePerMinute: 60 };

let folder: string;
let ledger: Ledger;
let stage: Stage;
let tools: RetryTools;
let runner: RetryRunner;
let errors: unknown[];

beforeEach(async () => {
  folder = scratch();
  ledger = await openTestLedger(folder);
  stage = stageOf(ledger);
  errors = [];
  tools = toolsOf();
});

afterEach(async () => {
  await runner.stop();
  await stage.scheduler.stop(0);
  await ledger.close();
  rmSync(folder, { recursive: true });
  expect(errors).toEqual([]);
});

function toolsOf(): RetryTools {
  const commands = { ledger, clock: stage.clock, interrupt: (id: string) => stage.scheduler.interrupt(id) };
  runner = new RetryRunner({
    ...{ ...commands, establishments: ['one', 'two'] },
    onOpened: () => {},
    onError: (error) => errors.push(error),
  });
  return { ...commands, previews: new Previews(ledger, stage.clock), onRunning: () => {} };
}

/** Deliveries that stopped for the given reason. */
async function parked(count: number, outcome: typeof wrong | typeof lost = wrong, changes = {}) {
  const all = [];
  for (let one = 0; one < count; one += 1) {
    stage.port.outcomes.push(outcome);
    all.push(await submit(ledger, changes));
    await stage.rest();
  }
  return all;
}

/** One look of the runner, and all that becomes due by it. */
async function turn(): Promise<void> {
  runner.poke();
  await runner.idle();
  await stage.rest();
}

/** So many seconds, one after the other. */
async function seconds(count: number): Promise<void> {
  for (let second = 0; second < count; second += 1) {
    stage.clock.advance(1000);
    await turn();
  }
}

const view = () => ledger.of('one');
const preview = (asked = filter as Parameters<Previews['make']>[1]) =>
  tools.previews.make('one', asked, null);
const began = async (asked?: Parameters<Previews['make']>[1], changes = {}) =>
  startRetry(tools, 'one', (await preview(asked)).id, { ...start, ...changes });
const progress = async (id: string) => progressOf(await view().retries.counts(id));
const state = async (delivery: string) => (await view().delivery(delivery))!.state;
const sent = () => stage.port.calls.filter((call) => call.startsWith('send')).length;

describe('a preview', () => {
  test('says how many and why, and changes nothing', async () => {
    await parked(3);
    await parked(1, other);
    const before = await view().lastSeq();
    const { found } = await preview({ standing: 'parked', senders: ['lab'] });
    expect(found.map(({ code }) => code)).toEqual([wrong.code, wrong.code, wrong.code, other.code]);
    expect(found[0]).toMatchObject({
      sender: 'lab',
      types: ['11490-0'],
      receivedAt: new Date(T0).toISOString(),
    });
    await turn();
    expect(await view().lastSeq()).toBe(before);
  });

  test.each<[string, object]>([
    ['no member at all', {}],
    ['empty lists', { codes: [], senders: [], types: [] }],
    ['a destination alone', { destination: 'dmp' }],
  ])('of an empty filter is refused: %s', async (_, asked) => {
    await parked(1);
    await expect(preview({ standing: 'parked', ...asked })).rejects.toMatchObject({
      code: 'retry.filter-empty',
    });
  });

  test.each([
    ['yesterday', undefined],
    ['2026-07-02T00:00:00Z', '2026-07-01T00:00:00Z'],
    ['2026-07-01T00:00:00Z', '2026-07-01T00:00:00Z'],
  ])('of a period that is none is refused: %s to %s', async (from, to) => {
    const period = { from, ...(to ? { to } : {}) };
    await expect(preview({ standing: 'parked', ...period })).rejects.toMatchObject({ code: 'retry.period' });
  });

  test('filters by code, sender, type, period and destination', async () => {
    const [a] = await parked(1);
    const [b] = await parked(1, wrong, {
      sender: 'ris',
      documents: [documentEntry({ typeCode: '18748-4' })],
    });
    const [c] = await parked(1, other);
    const found = async (asked: object) =>
      (await preview({ standing: 'parked', ...asked })).found.map(({ delivery }) => delivery);
    expect(await found({ codes: [wrong.code] })).toEqual([a!.delivery, b!.delivery]);
    expect(await found({ codes: [wrong.code, other.code], senders: ['lab'] })).toEqual([
      a!.delivery,
      c!.delivery,
    ]);
    expect(await found({ types: ['18748-4'] })).toEqual([b!.delivery]);
    const day = { from: '2026-07-01T00:00:00+02:00', to: '2026-07-02T00:00:00+02:00' };
    expect(await found(day)).toHaveLength(3);
    expect(await found({ from: day.to })).toEqual([]);
    expect(await found({ to: '2026-07-01T08:00:00Z' })).toEqual([]);
    expect(await found({ from: '2026-07-01T08:00:00Z' })).toHaveLength(3);
    expect(await found({ ...day, destination: 'mssante' })).toEqual([]);
  });

  test.each([
    ['held', 0],
    ['parked', 1e8],
  ] as const)(
    'finds of what is %s by a hold that of a rule alone, unless others are named',
    async (standing, passed) => {
      const until = new Date(T0 + 1e8).toISOString();
      const hold = (origin: Hold['origin'], reason: string, by: string | null) =>
        submit(ledger, { hold: { reason, until, atEnd: 'escalate', origin, by } });
      const rule = await hold('rule', 'too wide', null);
      const other = await hold('rule', 'rightly', null);
      const asked = await hold('request', 'to be read', null);
      const person = await hold('person', 'to be read', 'Bob');
      await stage.rest();
      stage.clock.advance(passed);
      await stage.rest();
      const found = async (more: object) =>
        (await preview({ standing, senders: ['lab'], ...more })).found.map(({ delivery }) => delivery);
      expect(await found({})).toEqual([rule.delivery, other.delivery]);
      expect(await found({ holdReasons: ['too wide'] })).toEqual([rule.delivery]);
      expect(await found({ holdReasons: ['to be read'] })).toEqual([]);
      const origins = ['request', 'person'];
      expect(await found({ holdOrigins: origins })).toEqual([asked.delivery, person.delivery]);
      const one = await preview({ standing, holdOrigins: ['person'], holdReasons: ['to be read'] });
      expect(one.found).toMatchObject([{ hold: { origin: 'person', by: 'Bob', reason: 'to be read' } }]);
      await expect(preview({ standing, holdOrigins: ['rule'] })).rejects.toMatchObject({
        code: 'retry.filter-empty',
      });
    },
  );

  test('never sees another establishment, nor is started there', async () => {
    await parked(1);
    const foreign = await tools.previews.make('two', filter, null);
    expect(foreign.found).toEqual([]);
    const own = await preview();
    await expect(startRetry(tools, 'two', own.id, start)).rejects.toMatchObject({ code: 'retry.unknown' });
  });

  test('that finds nothing is not started; one that is too old, or unknown, neither', async () => {
    const { id } = await preview();
    await expect(startRetry(tools, 'one', id, start)).rejects.toMatchObject({ code: 'retry.nothing' });
    await parked(1);
    const late = await preview();
    stage.clock.advance(retryLimits.previewMs.value + 1);
    for (const [gone, code] of [
      [late.id, 'retry.preview-gone'],
      ['nothing', 'retry.unknown'],
    ] as const)
      await expect(startRetry(tools, 'one', gone, start)).rejects.toMatchObject({ code });
    await expect(startRetry(tools, 'two', late.id, start)).rejects.toMatchObject({ code: 'retry.unknown' });
  });

  test('of the same key is the same list, of another filter a conflict', async () => {
    await parked(1);
    const first = await tools.previews.make('one', filter, 'k');
    await parked(1);
    expect(await tools.previews.make('one', filter, 'k')).toBe(first);
    expect((await tools.previews.make('one', filter, 'other')).found).toHaveLength(2);
    await expect(
      tools.previews.make('one', { standing: 'parked', senders: ['lab'] }, 'k'),
    ).rejects.toMatchObject({ code: 'retry.key-conflict' });
  });

  test('is kept among so many, the oldest forgotten first', async () => {
    const most = retryLimits.previews.value;
    const all = [];
    for (let one = 0; one <= most; one += 1) all.push(await preview());
    expect(tools.previews.find(all[0]!.id)).toBeNull();
    expect(tools.previews.find(all[1]!.id)).not.toBeNull();
  });

  test('reads the same filter in one way', () => {
    expect(checked({ standing: 'parked', codes: ['b', 'a'], from: '2026-07-01T02:00:00+02:00' })).toEqual({
      ...{ standing: 'parked', codes: ['a', 'b'], from: '2026-07-01T00:00:00.000Z' },
    });
  });
});

describe('a run', () => {
  test('opens exactly what was seen, with author, reason and original on each time line, in the queue of retries', async () => {
    const [first] = await parked(2);
    const { id } = await preview();
    await parked(1);
    const parkedAt = await view().version(`delivery:${first!.delivery}`);
    await startRetry(tools, 'one', id, start);
    await seconds(5);
    expect(await progress(id)).toMatchObject({ opened: 2, pending: 0, outcomes: { delivered: 2 } });
    expect((await view().retries.run(id))!.state).toBe('done');
    expect((await preview()).found).toHaveLength(1);
    const reopened = (await view().timeline([`delivery:${first!.delivery}`])).find(
      ({ type }) => type === 'delivery.reopened',
    );
    expect(reopened!.data).toMatchObject({
      ...{ by: 'Anne', reason: 'certificate changed', retry: id, lane: 'retried' },
      original: { attempts: 1, code: wrong.code, seq: parkedAt },
    });
  });

  test('keeps its rate', async () => {
    await parked(8);
    const { id } = await began(filter, { ratePerMinute: 120 });
    await turn();
    expect((await progress(id)).opened).toBe(1);
    await seconds(2);
    expect((await progress(id)).opened).toBe(5);
    await seconds(2);
    expect((await progress(id)).opened).toBe(8);
  });

  test('that was not looked at for long does not make up for it at once', async () => {
    await parked(15);
    const { id } = await began();
    stage.clock.advance(1);
    await turn();
    stage.clock.advance(3_600_000);
    await turn();
    expect((await progress(id)).opened).toBe(11);
  });

  test('started twice at once is one run', async () => {
    await parked(3);
    const { id } = await preview();
    const runs = await Promise.all([1, 2, 3].map(() => startRetry(tools, 'one', id, start)));
    expect(new Set(runs.map((run) => run.id))).toEqual(new Set([id]));
    await seconds(5);
    expect(sent()).toBe(6);
    expect((await startRetry(tools, 'one', id, start)).state).toBe('done');
  });

  test('and another over the same list open each delivery once', async () => {
    await parked(4);
    const [a, b] = [await began(), await began()];
    await seconds(8);
    expect(sent()).toBe(8);
    const [first, second] = [await progress(a!.id), await progress(b!.id)];
    expect(first.opened + second.opened).toBe(4);
    expect((first.skipped.changed ?? 0) + (second.skipped.changed ?? 0)).toBe(4);
  });

  test('leaves out what has changed since it was seen, and says so', async () => {
    const [a, b, c, d] = await parked(4);
    const { id } = await began(filter, { ratePerMinute: 1 });
    await retryDelivery(tools, 'one', a!.delivery, 'Bob', '');
    await cancelSubmission(tools, 'one', b!.submission, { by: 'Bob', reason: 'not to be sent' });
    await holdSubmission(
      ...([tools, 'one', c!.submission] as const),
      { reason: 'x', until: new Date(T0 + 1e9).toISOString(), atEnd: 'escalate' },
      { name: 'Bob', operator: true },
    );
    for (let minute = 0; minute < 5; minute += 1) {
      stage.clock.advance(60_000);
      await turn();
    }
    expect(await progress(id)).toMatchObject({ opened: 1, skipped: { changed: 3 } });
    expect(await state(d!.delivery)).toBe('final');
    expect(await state(c!.delivery)).toBe('parked');
  });

  test('asks first for what may have arrived', async () => {
    const [one] = await parked(1, lost);
    await stopDelivery(tools, 'one', one!.delivery, 'Bob');
    const calls = stage.port.calls.length;
    stage.port.resolutions.push({ found: true, entries: {}, raw: null });
    await began({ standing: 'parked', codes: ['delivery.stopped'] });
    await turn();
    expect(stage.port.calls.slice(calls)).toEqual(['resolve']);
    expect(await state(one!.delivery)).toBe('final');
  });

  test('reads permissions again: an opposition that came since ends the delivery before any byte', async () => {
    const document = documentEntry();
    const person = { ins: '160076000000012', ipp: null };
    stage.port.outcomes.push(wrong);
    const data = accepted({ documents: [document] });
    const record = { request: {}, facts: [], findings: [[]] };
    await ledger.append(
      appendOf({ ...acceptedEvent(data), subject: person, personal: Buffer.from(JSON.stringify(record)) }),
    );
    await stage.rest();
    const statement = {
      message: 'm d',
      feeding: 'opposed' as const,
      collectedAt: null,
      visit: null,
      dmp: null,
    };
    await ledger.append(appendOf({ type: 'consent.recorded', data: statement, subject: person }));
    const before = sent();
    const { id } = await began();
    await seconds(2);
    expect(sent()).toBe(before);
    expect(await progress(id)).toMatchObject({
      outcomes: { refused: 1 },
      codes: { 'delivery.patient-opposed': 1 },
    });
  });

  test('keeps the order of a chain', async () => {
    const [first] = await parked(1);
    const data = accepted({ documents: [documentEntry()], operation: 'replace', target: first!.uniqueId });
    const place = { operation: 'replace' as const, chain: first!.uniqueId, waitsFor: first!.delivery };
    data.deliveries = [{ ...data.deliveries[0]!, ...place, state: 'waiting', dueAt: null }];
    const second = await submit(ledger, data);
    await stopDelivery(tools, 'one', second.delivery, 'Bob');
    const { id } = await began({ standing: 'parked', senders: ['lab'] });
    await turn();
    await seconds(3);
    expect(await progress(id)).toMatchObject({ opened: 2, outcomes: { delivered: 2 } });
    const ends = (await view().events(1, 500)).flatMap((event) =>
      event.type === 'delivery.finished' ? [event.data.delivery] : [],
    );
    expect(ends).toEqual([first!.delivery, second.delivery]);
  });

  test('releases what a wrong rule holds, in the queue of retries', async () => {
    const rule = { reason: 'r', atEnd: 'escalate' as const, origin: 'rule' as const, by: null };
    const held = [];
    for (let one = 0; one < 3; one += 1)
      held.push(await submit(ledger, { hold: { ...rule, until: new Date(T0 + 1e8).toISOString() } }));
    await stage.rest();
    const { id } = await began({ standing: 'held', senders: ['lab'] });
    await seconds(4);
    expect(await progress(id)).toMatchObject({ opened: 3, outcomes: { delivered: 3 } });
    expect((await view().delivery(held[0]!.delivery))!.lane).toBe('retried');
  });
});

describe('a person', () => {
  test('pauses a run, and has it go on', async () => {
    await parked(3);
    const { id } = await began();
    await turn();
    await pauseRetry(tools, 'one', id, 'Anne');
    await seconds(5);
    expect(await progress(id)).toMatchObject({ opened: 1, pending: 2 });
    expect((await pauseRetry(tools, 'one', id, 'Anne')).state).toBe('paused');
    await resumeRetry(tools, 'one', id, 'Anne');
    await seconds(5);
    expect(await progress(id)).toMatchObject({ opened: 3, outcomes: { delivered: 3 } });
  });

  test('resumes a run at its rate: the pause has earned nothing', async () => {
    await parked(8);
    const { id } = await began();
    await turn();
    await pauseRetry(tools, 'one', id, 'Anne');
    await seconds(30);
    await resumeRetry(tools, 'one', id, 'Anne');
    await turn();
    expect((await progress(id)).opened).toBe(2);
    await seconds(2);
    expect((await progress(id)).opened).toBe(4);
  });

  test('stops a run: nothing more is opened, and what was opened and not touched is taken back', async () => {
    const all = await parked(4);
    const { id } = await began(filter, { ratePerMinute: 120 });
    await stage.scheduler.stop(0);
    runner.poke();
    await runner.idle();
    stage.clock.advance(1000);
    runner.poke();
    await runner.idle();
    expect((await progress(id)).outcomes).toEqual({ due: 3 });
    expect((await stopRetry(tools, 'one', id, 'Anne')).state).toBe('stopped');
    expect(await progress(id)).toMatchObject({ pending: 1, opened: 3, outcomes: { parked: 3 } });
    for (const { delivery } of all)
      expect(await view().delivery(delivery)).toMatchObject({ state: 'parked', code: wrong.code });
    await expect(resumeRetry(tools, 'one', id, 'Anne')).rejects.toMatchObject({ code: 'retry.state' });
    expect((await preview()).found).toHaveLength(4);
  });

  test('stops while it is opening: no delivery is opened after the stop', async () => {
    await parked(10);
    const { id } = await began(filter, { ratePerMinute: 6000 });
    stage.clock.advance(1000);
    runner.poke();
    await stopRetry(tools, 'one', id, 'Anne');
    await runner.idle();
    const events = await view().events(1, 1000);
    const stopped = events.findIndex(({ type }) => type === 'retry.stopped');
    expect(events.slice(stopped).filter(({ type }) => type === 'delivery.reopened')).toEqual([]);
  });

  test('is told of a run that is not there', async () => {
    await expect(pauseRetry(tools, 'one', 'nothing', 'Anne')).rejects.toMatchObject({
      code: 'retry.unknown',
    });
  });
});

describe('a gateway that starts again', () => {
  test('goes on where the run stopped, and does nothing twice', async () => {
    const all = await parked(5);
    const { id } = await began();
    await turn();
    await seconds(1);
    await runner.stop();
    await stage.scheduler.stop(0);
    await ledger.close();
    ledger = await openTestLedger(folder);
    stage = stageOf(ledger);
    tools = toolsOf();
    const opened = (await progress(id)).opened;
    expect(opened).toBe(2);
    await turn();
    await seconds(5);
    expect(await progress(id)).toMatchObject({ opened: 5, pending: 0, outcomes: { delivered: 5 } });
    for (const { delivery } of all) {
      const timeline = await view().timeline([`delivery:${delivery}`]);
      expect(timeline.filter(({ type }) => type === 'delivery.reopened')).toHaveLength(1);
    }
  });

  test('has the same account of a run after its readings were made again from the events', async () => {
    await parked(3);
    const { id } = await began();
    await seconds(2);
    const before = [await view().retries.run(id), await view().retries.counts(id)];
    await ledger.rebuild();
    expect([await view().retries.run(id), await view().retries.counts(id)]).toEqual(before);
  });

  test('with a new retry policy leaves old failures alone', async () => {
    const [one] = await parked(1);
    await stage.scheduler.stop(0);
    stage = stageOf(ledger, {}, 'deposit', { retry: '1s, …', outage: '1s, …', doubt: '1s, …' });
    tools = toolsOf();
    for (let day = 0; day < 30; day += 1) {
      stage.clock.advance(86_400_000);
      await turn();
    }
    expect(await view().delivery(one!.delivery)).toMatchObject({ state: 'parked', attempts: 1 });
    expect(stage.port.calls).toEqual([]);
  });
});
