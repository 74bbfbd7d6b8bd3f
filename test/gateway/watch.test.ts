import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DestinationState } from '../../src/delivery/destination-state.ts';
import { SenderActivity } from '../../src/gateway/alarms/activity.ts';
import { DiskBudget } from '../../src/gateway/alarms/disk.ts';
import { DmpClock } from '../../src/gateway/alarms/dmp-clock.ts';
import { alarmWatchLimits } from '../../src/gateway/alarms/limits.ts';
import { Watch } from '../../src/gateway/alarms/watch.ts';
import { readConfig } from '../../src/gateway/config.ts';
import { Monitoring } from '../../src/gateway/monitoring.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { Row } from '../../src/ledger/project.ts';
import type { Observation } from '../../src/words/incident.ts';
import { HandClock } from '../delivery/scripted.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const GB = 1_000_000_000;

let clock: HandClock;
let monotonicMs: number;
let freeBytes: number;
let rows: { open: Row[]; parked: Row[]; mails: Row[] };
let mailboxes: string[];
let stoodStill: string[];
let setBack: number[];
let opened: Observation[];
let closed: string[];
let watch: Watch;
let folder: string;
let activity: SenderActivity;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-watch-'));
  clock = new HandClock(Date.parse('2026-03-02T08:00:00Z'));
  monotonicMs = 0;
  freeBytes = 100 * GB;
  rows = { open: [], parked: [], mails: [] };
  mailboxes = [];
  stoodStill = [];
  setBack = [];
  opened = [];
  closed = [];
  activity = new SenderActivity(clock);
  const config = readConfig({}, '/nonexistent');
  config.senders[0]!.expectEveryMinutes = 60;
  watch = new Watch({
    destinations: {
      kinds: ['dmp'],
      known: () => [
        ...stoodStill.map((id) => ({ id, standstill: {} }) as DestinationState),
        ...mailboxes.map((id) => ({ id, standstill: null }) as DestinationState),
      ],
      look: async () => {},
    },
    ...{ config, clock, activity, monotonicMs: () => monotonicMs },
    ledger: ledgerOf((sql) =>
      sql.includes('receipt-late')
        ? rows.mails
        : sql.includes('p_work')
          ? rows.parked
          : sql.includes("'waiting'")
            ? rows.open
            : [],
    ),
    incidents: {
      open: (observation) => void opened.push(observation),
      close: ({ kind, subject }) => void closed.push(`${kind} ${subject}`),
    },
    disk: diskOf(),
    onSetBack: async (byMs) => void setBack.push(byMs),
    onError(error) {
      throw error;
    },
  });
});
afterEach(async () => {
  await watch.stop();
  rmSync(folder, { recursive: true });
});

const diskOf = () => new DiskBudget(folder, () => ({ bavail: freeBytes, blocks: 200 * GB, bsize: 1 }));

/** A ledger that answers questions with the rows of the test. */
function ledgerOf(answer: (sql: string) => Row[]): Ledger {
  return { of: () => ({ ask: async (sql: string) => answer(sql) }) } as unknown as Ledger;
}

async function look(afterMs = MINUTE): Promise<Observation[]> {
  clock.advance(afterMs);
  monotonicMs += afterMs;
  opened = [];
  closed = [];
  await watch.look();
  return opened;
}

describe('queues', () => {
  const due = (ageMs: number) => ({
    ...{ destination_id: 'dmp.demo.10B0000012', lane: 'live', state: 'due', count: 7 },
    oldest: clock.now() - ageMs,
  });

  test('whose oldest has been due for longer than it may are told, with how many wait', async () => {
    rows.open = [due(31 * MINUTE)];
    expect(await look(0)).toEqual([
      expect.objectContaining({
        ...{ kind: 'queue-age', subject: 'dmp live', establishment: 'demo', severity: 'call-now' },
        facts: { minutes: 31, waiting: 7 },
      }),
    ]);
    rows.open = [due(29 * MINUTE)];
    expect(await look(0)).toEqual([]);
    expect(closed).toContain('queue-age dmp live');
  });

  test('to a destination that a person must resume are not late: only what waits for the others counts', async () => {
    rows.open = [due(3 * HOUR), { ...due(HOUR), destination_id: 'dmp.demo.10B0000099', count: 2 }];
    stoodStill = ['dmp.demo.10B0000012'];
    expect(await look(0)).toEqual([
      expect.objectContaining({ kind: 'queue-age', facts: { minutes: 60, waiting: 2 } }),
    ]);
    stoodStill = ['dmp.demo.10B0000012', 'dmp.demo.10B0000099'];
    expect(await look(0)).toEqual([]);
    expect(closed).toContain('queue-age dmp live');
  });

  test('in which everything waits for its time, for a hold or for a person are not old', async () => {
    rows.open = [due(-HOUR), { ...due(3 * HOUR), state: 'waiting' }, { ...due(3 * HOUR), state: 'parked' }];
    expect(await look(0)).toEqual([]);
  });
});

describe('a sender', () => {
  test('that is expected hourly is told after an hour of silence, and is over with its next message', async () => {
    await look();
    expect(await look(58 * MINUTE)).toEqual([]);
    expect(await look(2 * MINUTE)).toEqual([
      expect.objectContaining({
        kind: 'sender-silent',
        subject: 'sandbox',
        facts: { minutes: 61, expectedMinutes: 60 },
      }),
    ]);
    activity.heard('demo', 'sandbox');
    expect(await look()).toEqual([]);
    expect(closed).toContain('sender-silent sandbox');
  });

  test('whose notices are parked is told until none is', async () => {
    rows.parked = [{ sender: 'sandbox', count: 3 }];
    expect(await look()).toEqual([expect.objectContaining({ kind: 'notice-parked', facts: { parked: 3 } })]);
    rows.parked = [];
    expect(await look()).toEqual([]);
    expect(closed).toContain('notice-parked sandbox');
  });
});

describe('the disk', () => {
  /** Uses the same space each hour. */
  async function use(bytesAnHour: number, hours: number): Promise<Observation[]> {
    let last: Observation[] = [];
    for (let hour = 0; hour < hours; hour += 1) {
      activity.heard('demo', 'sandbox');
      last = await look(HOUR);
      freeBytes -= bytesAnHour;
    }
    return last.filter(({ kind }) => kind === 'disk-budget');
  }

  test('is told days before it is full at the measured rate, first for the morning, then to call now', async () => {
    expect(await use(0.1 * GB, 12)).toEqual([]);
    const [morning] = await use(0.4 * GB, 48);
    expect(morning).toMatchObject({ severity: 'morning', facts: { days: expect.any(Number) } });
    expect(Number(morning!.facts!.days)).toBeLessThan(14);
    const [now] = await use(0.9 * GB, 48);
    expect(now).toMatchObject({ severity: 'call-now' });
    expect(Number(now!.facts!.days)).toBeLessThan(3);
  });

  test('is told below the least that must be free, however slowly it fills', async () => {
    freeBytes = 4.9 * GB;
    expect(await look()).toEqual([expect.objectContaining({ kind: 'disk-budget', severity: 'morning' })]);
    freeBytes = 0.49 * GB;
    expect(await look()).toEqual([expect.objectContaining({ severity: 'call-now' })]);
    freeBytes = 60 * GB;
    await look();
    expect(closed).toContain('disk-budget data');
  });

  test('that has little room says for how long it must be watched before the days left are known', async () => {
    freeBytes = 4 * GB;
    const facts = async (afterMs: number) => (await look(afterMs))[0]!.facts;
    expect(await facts(MINUTE)).toEqual({ freeMegabytes: 4000, hoursToWatch: 6 });
    expect(await facts(90 * MINUTE)).toEqual({ freeMegabytes: 4000, hoursToWatch: 5 });
    freeBytes = 3 * GB;
    expect(await facts(alarmWatchLimits.diskMeasureMs.value - 90 * MINUTE)).toEqual({
      freeMegabytes: 3000,
      days: 0,
    });
  });

  test('says nothing of days after less than the hours that tell of them', async () => {
    await look();
    freeBytes -= 60 * GB;
    expect(await look(alarmWatchLimits.diskMeasureMs.value - 2 * MINUTE)).toEqual([
      expect.objectContaining({ kind: 'sender-silent' }),
    ]);
  });

  test('keeps as many samples as it may', () => {
    const disk = diskOf();
    const hours = alarmWatchLimits.diskSamples.value * 3;
    for (let hour = 0; hour < hours; hour += 1) {
      disk.look(hour * HOUR);
      if (hour === 0) freeBytes -= GB;
    }
    // What was used before the samples that are kept does not count: nothing has grown since.
    expect(disk.look(hours * HOUR).daysLeft).toBeNull();
    const kept = JSON.parse(readFileSync(join(folder, 'disk.json'), 'utf8'));
    expect(kept).toHaveLength(alarmWatchLimits.diskSamples.value);
  });

  test('is still known to fill after the gateway was started again', () => {
    diskOf().look(0);
    freeBytes -= 10 * GB;
    expect(diskOf().look(12 * HOUR)).toMatchObject({ unmeasuredMs: 0, daysLeft: 4.5 });
  });

  test.each(['', '{"atMs":1', '{}', '[null,{"atMs":"1"}]'])('begins anew from samples %j', (content) => {
    writeFileSync(join(folder, 'disk.json'), content);
    expect(diskOf().look(HOUR)).toMatchObject({ freeBytes, daysLeft: null });
    expect(JSON.parse(readFileSync(join(folder, 'disk.json'), 'utf8'))).toEqual([{ atMs: HOUR, freeBytes }]);
  });

  test('forgets what a clock that was set back has left in the future', () => {
    const disk = diskOf();
    disk.look(100 * HOUR);
    freeBytes -= 10 * GB;
    disk.look(10 * HOUR);
    expect(disk.look(12 * HOUR)).toMatchObject({ unmeasuredMs: 4 * HOUR, daysLeft: null });
  });
});

describe('the clock', () => {
  test.each([
    ['forward', 3600],
    ['backward', -3600],
  ])('that is set %s an hour is told once', async (_way, seconds) => {
    await look();
    clock.advance(seconds * 1000);
    const told = (await look()).filter(({ kind }) => kind === 'clock-skew');
    expect(told).toEqual([expect.objectContaining({ subject: 'jump', facts: { seconds } })]);
    expect(setBack).toEqual(seconds < 0 ? [-seconds * 1000] : []);
    expect((await look()).filter(({ kind }) => kind === 'clock-skew')).toEqual([]);
  });

  test('that is moved by less than a jump is not', async () => {
    await look();
    clock.advance(alarmWatchLimits.clockJumpMs.value - 1);
    expect((await look()).filter(({ kind }) => kind === 'clock-skew')).toEqual([]);
    clock.advance(alarmWatchLimits.clockJumpMs.value);
    expect((await look()).filter(({ kind }) => kind === 'clock-skew')).toHaveLength(1);
  });
});

describe('the clock of the DMP', () => {
  const at = Date.parse('2026-03-02T08:00:00.400Z');
  /** Answers whose Date is ahead of ours by so many seconds, to requests that took 200 ms. */
  function answers(...aheadSeconds: (number | null)[]): string[] {
    const told: string[] = [];
    const dmp = new DmpClock({
      open: ({ subject, facts }) => void told.push(`${subject} ${facts!.seconds}`),
      close: ({ subject }) => void told.push(`${subject} right`),
    });
    for (const ahead of aheadSeconds)
      dmp.answered(ahead === null ? null : new Date(at + ahead * 1000).toUTCString(), at, at + 200);
    return told;
  }

  test('that differs in three answers in a row is told, and once more that it is right again', () => {
    expect(answers(90, 90, 90, 0, 0)).toEqual(['dmp clock 89', 'dmp clock right']);
    expect(answers(-90, -90, -90)).toEqual(['dmp clock 89']);
  });

  test('is right while it differs by less than a signature bears, or in one answer alone', () => {
    expect(answers(5, -5, 0)).toEqual(['dmp clock right']);
    expect(answers(90, 90, 0, 90, 90)).toEqual(['dmp clock right']);
    expect(answers(null, null, null)).toEqual([]);
  });
});

test('an answer that nothing foresaw is told as a defect, a refusal is not', () => {
  const monitoring = new Monitoring(readConfig({}, '/nonexistent'), clock);
  const answered = monitoring.answered({ open: (one) => void opened.push(one), close: () => {} });
  for (const status of [200, 404, 422, 503, 507]) answered('GET', '/api/submissions', status, 1);
  expect(opened).toEqual([]);
  answered('GET', '/api/submissions', 500, 1);
  expect(opened).toEqual([
    expect.objectContaining({ kind: 'defect', subject: 'http', code: 'http.internal' }),
  ]);
});

test('mails without their receipt, and bounces to be read, are one incident for each mailbox, until they are settled', async () => {
  mailboxes = ['mssante.demo.labo', 'mssante.demo.sejour'];
  const [labo] = mailboxes;
  rows.mails = [
    { destination_id: labo!, code: 'mssante.receipt-late', count: 40 },
    { destination_id: labo!, code: 'mssante.bounce', count: 1 },
  ];
  expect(await look()).toMatchObject([
    {
      kind: 'receipts-late',
      subject: labo,
      establishment: 'demo',
      severity: 'morning',
      facts: { waiting: 40 },
    },
    { kind: 'mail-bounced', subject: labo, establishment: 'demo', facts: { waiting: 1 } },
  ]);
  rows.mails = [];
  expect(await look()).toEqual([]);
  expect(closed).toEqual(expect.arrayContaining([`receipts-late ${labo}`, `mail-bounced ${labo}`]));
});
