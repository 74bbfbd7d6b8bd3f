import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Alarm, AlarmEvent } from '../../src/alarms/alarm.ts';
import { AlarmDesk, type AlarmPolicy } from '../../src/alarms/desk.ts';
import { alarmLimits } from '../../src/alarms/limits.ts';
import { AlarmStore } from '../../src/alarms/store.ts';
import type { Observation } from '../../src/words/incident.ts';
import { HandClock } from '../delivery/scripted.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const policy: AlarmPolicy = {
  remindMs: { 'call-now': HOUR, morning: 24 * HOUR, information: null },
  calmMs: 5 * MINUTE,
};
const down: Observation = {
  ...{ kind: 'destination-down', subject: 'dmp', establishment: null, severity: 'call-now', role: 'it' },
  ...{ code: 'delivery.dmp-unreachable', facts: { waiting: 12 } },
};

let folder: string;
let clock: HandClock;
/** By how much the wall clock differs; timers are not moved by it. */
let shiftMs: number;
let store: AlarmStore;
let desk: AlarmDesk;
let told: string[];
let failures: unknown[];

function openDesk(): AlarmDesk {
  store = new AlarmStore(folder);
  const opened = new AlarmDesk({
    clock: { now: () => clock.now() + shiftMs, after: (ms, action) => clock.after(ms, action) },
    ...{ store, policy },
    tell: (event: AlarmEvent, alarm: Alarm) => void told.push(`${event} ${alarm.kind} ${alarm.subject}`),
    onError: (error) => void failures.push(error),
  });
  opened.start();
  return opened;
}

/** Time goes by in steps of the desk's own, as it would. */
function pass(ms: number): void {
  for (let left = ms; left > 0; left -= alarmLimits.tickMs.value)
    clock.advance(Math.min(left, alarmLimits.tickMs.value));
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-alarms-'));
  clock = new HandClock(Date.parse('2026-03-02T08:00:00Z'));
  shiftMs = 0;
  told = [];
  failures = [];
  desk = openDesk();
});
afterEach(() => {
  desk.stop();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a thousand failures in a minute', () => {
  test('open one alarm, and close one', () => {
    for (let failure = 0; failure < 1000; failure += 1) {
      desk.open(down);
      // Every third call happens to pass: an outage seldom is a clean one.
      if (failure % 3 === 0) desk.close(down);
      clock.advance(60);
    }
    expect(told).toEqual(['opened destination-down dmp']);
    expect(desk.current[0]).toMatchObject({ observations: 1000, facts: { waiting: 12 } });
    desk.close(down);
    pass(policy.calmMs + alarmLimits.tickMs.value);
    expect(told).toEqual(['opened destination-down dmp', 'closed destination-down dmp']);
    expect(store.list({ limit: 10 })).toHaveLength(1);
    pass(HOUR);
    expect(told).toHaveLength(2);
  });

  test('about a thousand subjects are as many alarms as may be open, and the next is told to the log alone', () => {
    const cap = alarmLimits.openAlarms.value;
    for (let subject = 0; subject < cap; subject += 1) desk.open({ ...down, subject: `s${subject}` });
    expect([told.length, failures.length]).toEqual([cap, 0]);
    desk.open({ ...down, subject: 'one more' });
    expect([told.length, failures.length]).toEqual([cap, 1]);
  });
});

describe('while it lasts', () => {
  test('what must be looked at now is told hourly, in the morning daily, for information once', () => {
    desk.open(down);
    desk.open({ ...down, kind: 'queue-age', severity: 'morning' });
    desk.open({ ...down, kind: 'certificate-expiry', severity: 'information' });
    told = [];
    pass(24 * HOUR + MINUTE);
    const count = (kind: string) => told.filter((one) => one === `still-open ${kind} dmp`).length;
    expect([count('destination-down'), count('queue-age'), count('certificate-expiry')]).toEqual([24, 1, 0]);
  });

  test('an acknowledged alarm is told again only when it grows worse', () => {
    desk.open({ ...down, severity: 'morning' });
    const { id } = desk.current[0]!;
    expect(desk.acknowledge(id, 'astreinte').acknowledged).toMatchObject({ by: 'astreinte' });
    told = [];
    pass(50 * HOUR);
    expect(told).toEqual([]);
    desk.open(down);
    expect(told).toEqual(['worse destination-down dmp']);
    expect(desk.current[0]!.acknowledged).toBeNull();
  });

  test('a step further is told once, such as the days left of a certificate', () => {
    const certificate: Observation = { ...down, kind: 'certificate-expiry', severity: 'information' };
    for (const step of ['60', '60', '30', '30', '14']) desk.open({ ...certificate, step });
    expect(told.map((one) => one.split(' ')[0])).toEqual(['opened', 'worse', 'worse']);
  });

  test('a milder observation changes the alarm without a word', () => {
    desk.open(down);
    desk.open({ ...down, severity: 'information' });
    expect(told).toHaveLength(1);
    expect(desk.current[0]!.severity).toBe('information');
  });

  test('a silence holds until its end, over closing and return, and then what lasts is told', () => {
    desk.open(down);
    desk.silence(desk.current[0]!.id, {
      by: 'dsi',
      untilMs: clock.now() + 3 * HOUR,
      reason: 'maintenance',
    });
    told = [];
    desk.close(down);
    pass(10 * MINUTE);
    expect(desk.current).toEqual([]);
    desk.open(down);
    pass(2 * HOUR);
    expect(told).toEqual([]);
    pass(HOUR);
    expect(told).toEqual(['opened destination-down dmp']);
  });

  test('a silence ends in the days to come, and within a month', () => {
    desk.open(down);
    const { id } = desk.current[0]!;
    const most = clock.now() + alarmLimits.silenceDays.value * 24 * HOUR;
    const silence = (untilMs: number) => desk.silence(id, { by: 'dsi', untilMs, reason: 'x' });
    expect(silence(most).silenced?.untilMs).toBe(most);
    for (const wrong of [most + 1, clock.now(), Number.NaN])
      expect(() => silence(wrong)).toThrow(expect.objectContaining({ code: 'alarms.silence-malformed' }));
  });
});

describe('what comes and goes', () => {
  test('is closed only after it was over for long enough', () => {
    desk.open(down);
    for (let turn = 0; turn < 20; turn += 1) {
      desk.close(down);
      pass(policy.calmMs - MINUTE);
      desk.open(down);
    }
    expect(told.filter((one) => one.startsWith('closed'))).toEqual([]);
  });

  test('and returns soon after it was closed must be over for twice as long each time, up to a cap', () => {
    const calmBeforeClosed = () => {
      desk.open(down);
      desk.close(down);
      const before = clock.now();
      while (desk.current.length > 0) pass(alarmLimits.tickMs.value);
      return Math.round((clock.now() - before) / policy.calmMs);
    };
    expect([1, 2, 3, 4, 5, 6].map(calmBeforeClosed)).toEqual([1, 2, 4, 8, 16, 16]);
    pass(alarmLimits.returnWithinMs.value + MINUTE);
    expect(calmBeforeClosed()).toBe(1);
  });

  test('an incident without a second word ends by itself where its kind says so, and not otherwise', () => {
    desk.open({ ...down, kind: 'defect', subject: 'mllp' });
    desk.open(down);
    pass(2 * HOUR);
    expect(desk.current.map(({ kind }) => kind)).toEqual(['destination-down']);
  });

  test('what is over can no longer be acknowledged, and what never was cannot', () => {
    desk.open(down);
    const { id } = desk.current[0]!;
    desk.close(down);
    pass(policy.calmMs + MINUTE);
    expect(() => desk.acknowledge(id, 'dsi')).toThrow(expect.objectContaining({ code: 'alarms.over' }));
    expect(() => desk.acknowledge('none', 'dsi')).toThrow(
      expect.objectContaining({ code: 'alarms.not-found' }),
    );
  });

  test('closing what is not open says nothing', () => {
    desk.close(down);
    pass(HOUR);
    expect(told).toEqual([]);
  });
});

describe('a restart', () => {
  test('keeps what is open, acknowledged and silenced, and tells nothing twice', () => {
    desk.open(down);
    desk.open({ ...down, subject: 'mssante' });
    desk.acknowledge(desk.current[0]!.id, 'astreinte');
    desk.silence(desk.current[1]!.id, { by: 'dsi', untilMs: clock.now() + 2 * HOUR, reason: 'known' });
    const before = structuredClone(desk.current);
    desk.stop();
    store.close();
    told = [];
    desk = openDesk();
    expect(desk.current).toEqual(before);
    desk.open(down);
    pass(HOUR + MINUTE);
    expect(told).toEqual([]);
    desk.close(down);
    pass(policy.calmMs + MINUTE);
    expect(told).toEqual(['closed destination-down dmp']);
  });

  test('keeps the count of the last turn', () => {
    for (let failure = 0; failure < 50; failure += 1) desk.open(down);
    desk.stop();
    expect(store.list({ limit: 1 })[0]!.observations).toBe(50);
  });

  test('forgets what was closed longer ago than it is kept', () => {
    desk.open(down);
    desk.close(down);
    pass(policy.calmMs);
    const again = (days: number) => {
      desk.stop();
      store.close();
      clock.advance(days * 24 * HOUR);
      desk = openDesk();
      return store.list({ limit: 10 }).length;
    };
    expect(again(alarmLimits.keptDays.value)).toBe(1);
    expect(again(1)).toBe(0);
  });
});

test('a clock set back a day puts off neither the end of an alarm nor its reminder', () => {
  desk.open(down);
  shiftMs -= 24 * HOUR;
  told = [];
  pass(HOUR + MINUTE);
  expect(told).toEqual(['still-open destination-down dmp']);
  desk.close(down);
  shiftMs -= 24 * HOUR;
  pass(policy.calmMs + MINUTE);
  expect(desk.current).toEqual([]);
});

test('a disk that cannot be written stops no alarm', () => {
  store.close();
  desk.open(down);
  expect(told).toEqual(['opened destination-down dmp']);
  expect(failures.length).toBeGreaterThan(0);
  store = new AlarmStore(null);
});

test('facts are cut to the length of a sentence', () => {
  const long = 'x'.repeat(alarmLimits.textLength.value + 1);
  desk.open({ ...down, facts: { reason: long, exact: long.slice(1) } });
  const { reason, exact } = desk.current[0]!.facts;
  expect([String(reason).length, String(exact).length]).toEqual([
    alarmLimits.textLength.value,
    alarmLimits.textLength.value,
  ]);
});
