import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Channel, ChannelRefusal, isWanted } from '../../src/alarms/channels/channel.ts';
import { startHeartbeat } from '../../src/alarms/channels/heartbeat.ts';
import { mail, type Relay } from '../../src/alarms/channels/mail.ts';
import { webhook } from '../../src/alarms/channels/webhook.ts';
import { AlarmDesk } from '../../src/alarms/desk.ts';
import { Dispatch, type Trouble } from '../../src/alarms/dispatch.ts';
import { alarmLimits } from '../../src/alarms/limits.ts';
import { type AlarmMessage, messageOf } from '../../src/alarms/message.ts';
import { AlarmStore } from '../../src/alarms/store.ts';
import type { Observation } from '../../src/words/incident.ts';
import { HandClock } from '../delivery/scripted.ts';
import { httpReceiver, mailRelay, Received, relayAuthority } from './receivers.ts';

const MINUTE = 60_000;
const down: Observation = {
  ...{ kind: 'destination-down', subject: 'dmp', establishment: null, severity: 'call-now', role: 'it' },
  ...{ code: 'delivery.dmp-unreachable', facts: { waiting: 12 } },
};
const installation = { name: 'passerelle', environment: 'test', pages: 'https://intranet/alarmes' } as const;

let clock: HandClock;
let store: AlarmStore;
let closing: (() => unknown)[];
beforeEach(() => {
  clock = new HandClock(Date.parse('2026-03-02T08:00:00Z'));
  store = new AlarmStore(null);
  closing = [];
});
afterEach(async () => {
  for (const close of closing.toReversed()) await close();
});

/** A desk whose alarms leave through the given channels. */
function speaking(channels: Channel[], troubles: Trouble[] = []) {
  const dispatch = new Dispatch({
    ...{ clock, store, channels, random: () => 1 },
    onTrouble: (trouble) => void troubles.push(trouble),
  });
  const desk = new AlarmDesk({
    ...{
      clock,
      store,
      policy: { remindMs: { 'call-now': 60 * MINUTE, morning: null, information: null }, calmMs: 5 * MINUTE },
    },
    tell: (event, alarm) => dispatch.tell(messageOf(event, alarm, installation, clock.now())),
    onError: () => {},
  });
  dispatch.start();
  desk.start();
  closing.push(
    () => dispatch.stop(),
    () => desk.stop(),
  );
  return { dispatch, desk };
}

/** A channel of the test's own. */
function scripted(name: string, send: (message: AlarmMessage) => Promise<void>): Channel {
  return { name, wants: () => true, send, close: () => {} };
}

/** Ends when all that was begun and can go on without the clock has. */
const settled = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('a webhook', () => {
  test('is posted JSON that its secret signs', async () => {
    const receiver = await httpReceiver();
    closing.push(receiver.close);
    const { desk } = speaking([
      webhook({ name: 'webhook-1', url: receiver.url, secret: 'shared', authorities: null }),
    ]);
    desk.open(down);
    const [posted] = await receiver.received.until(1);
    expect(JSON.parse(posted!.body)).toMatchObject({
      ...{ event: 'opened', installation: 'passerelle', environment: 'test' },
      alarm: {
        ...{
          kind: 'destination-down',
          subject: 'dmp',
          severity: 'call-now',
          code: 'delivery.dmp-unreachable',
        },
        details: [{ en: 'Code: delivery.dmp-unreachable.' }, { en: 'Documents waiting: 12.' }],
        page: 'https://intranet/alarmes#destination-down',
      },
    });
    const [, seconds, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(
      String(posted!.headers['viaduc-signature']),
    )!;
    const expected = createHmac('sha256', 'shared').update(`${seconds}.${posted!.body}`).digest('hex');
    expect(signature).toBe(expected);
  });

  test('is told twice of a thousand failures in a minute: that they began, and that they are over', async () => {
    const receiver = await httpReceiver();
    closing.push(receiver.close);
    const { desk } = speaking([
      webhook({ name: 'webhook-1', url: receiver.url, secret: 's', authorities: null }),
    ]);
    for (let failure = 0; failure < 1000; failure += 1) {
      desk.open(down);
      clock.advance(60);
    }
    desk.close(down);
    await receiver.received.until(1);
    for (let passed = 0; passed < 60 * MINUTE; passed += alarmLimits.tickMs.value)
      clock.advance(alarmLimits.tickMs.value);
    const posted = await receiver.received.until(2);
    await settled();
    expect(
      posted.map(({ body }) => JSON.parse(body)).map(({ event, alarm }) => [event, alarm.observations]),
    ).toEqual([
      ['opened', 1],
      ['closed', 1000],
    ]);
  });

  test('that fails is tried again later each time, with the same message identifier, and is told in the log', async () => {
    const receiver = await httpReceiver();
    closing.push(receiver.close);
    receiver.statuses.push(500, 503);
    const troubles: Trouble[] = [];
    const { desk } = speaking(
      [webhook({ name: 'webhook-1', url: receiver.url, secret: 's', authorities: null })],
      troubles,
    );
    desk.open(down);
    for (const wait of [0, alarmLimits.channelRetryMs.value, 2 * alarmLimits.channelRetryMs.value]) {
      const before = receiver.received.all.length;
      clock.advance(wait);
      await receiver.received.until(before + 1);
      await untilEqual(() => troubles.length + Number(store.waiting('webhook-1') === 0), before + 1);
    }
    expect(troubles.map(({ code, attempts, givenUp }) => [code, attempts, givenUp])).toEqual([
      ['HTTP_500', 1, false],
      ['HTTP_503', 2, false],
    ]);
    expect(new Set(receiver.received.all.map(({ headers }) => headers['viaduc-message'])).size).toBe(1);
  });

  test('does not follow where it is sent to, and gives up what is refused for itself', async () => {
    const receiver = await httpReceiver();
    closing.push(receiver.close);
    receiver.statuses.push(404);
    const channel = webhook({ name: 'webhook-1', url: receiver.url, secret: 's', authorities: null });
    closing.push(() => channel.close());
    const message = messageOfDown();
    await expect(channel.send(message)).rejects.toThrow(ChannelRefusal);
    receiver.statuses.push(302);
    await expect(channel.send(message)).rejects.toMatchObject({ code: 'HTTP_302' });
    expect(receiver.received.all).toHaveLength(2);
  });
});

function messageOfDown(): AlarmMessage {
  let found: AlarmMessage | null = null;
  const desk = new AlarmDesk({
    ...{
      clock,
      store: new AlarmStore(null),
      policy: { remindMs: { 'call-now': null, morning: null, information: null }, calmMs: 0 },
    },
    tell: (event, alarm) => {
      found = messageOf(event, alarm, installation, clock.now());
    },
    onError: () => {},
  });
  desk.open(down);
  return found!;
}

/** Looks again at each turn of the loop, for at most five seconds of the real clock. */
async function untilEqual(read: () => unknown, expected: unknown): Promise<void> {
  const end = Date.now() + 5000;
  while (read() !== expected && Date.now() < end) await settled();
  expect(read()).toBe(expected);
}

describe('mail', () => {
  const relayAt = (port: number, changes: Partial<Relay> = {}): Relay => ({
    ...{ host: '127.0.0.1', port, security: 'starttls', auth: null, from: 'Viaduc <viaduc@hopital.example>' },
    authorities: readFileSync(relayAuthority, 'utf8'),
    ...changes,
  });

  test('leaves over STARTTLS with authentication: one thread for an alarm, French first, urgent while it lasts', async () => {
    const relay = await mailRelay();
    closing.push(relay.close);
    const options = relayAt(relay.port, { auth: { user: 'viaduc', password: 'right' } });
    const { desk } = speaking([
      mail({
        name: 'mail-1',
        relay: options,
        addresses: ['astreinte@hopital.example', 'dsi@hopital.example'],
      }),
    ]);
    desk.open(down);
    const [opened] = await relay.received.until(1);
    expect(opened).toMatchObject({
      ...{ from: 'viaduc@hopital.example', secure: true, user: 'viaduc' },
      to: ['astreinte@hopital.example', 'dsi@hopital.example'],
    });
    const headers = unfolded(opened!.text);
    expect(headers).toMatch(/^Importance: High$/im);
    expect(headers).toMatch(/^Auto-Submitted: auto-generated$/im);
    const thread = /^Message-ID: (<alarm-\S+@hopital\.example>)$/im.exec(headers)![1]!;
    const text = decoded(opened!.text);
    expect(text.indexOf('La destination dmp ne répond plus.')).toBeLessThan(
      text.indexOf('Destination dmp does not answer.'),
    );
    expect(text).toContain('Documents en attente : 12.');
    expect(text).toContain('1. Regarder si la panne est annoncée');
    expect(text).toContain('https://intranet/alarmes#destination-down');
    desk.close(down);
    for (let passed = 0; passed <= 6 * MINUTE; passed += alarmLimits.tickMs.value)
      clock.advance(alarmLimits.tickMs.value);
    const [, closed] = await relay.received.until(2);
    expect(unfolded(closed!.text)).toContain(`In-Reply-To: ${thread}`);
    expect(unfolded(closed!.text)).not.toMatch(/^Importance: High$/im);
  });

  test('over TLS from the first byte', async () => {
    const relay = await mailRelay({ secure: true });
    closing.push(relay.close);
    const channel = mail({
      name: 'mail-1',
      relay: relayAt(relay.port, { security: 'tls' }),
      addresses: ['a@b.example'],
    });
    await channel.send(messageOfDown());
    expect(relay.received.all[0]!.secure).toBe(true);
  });

  test('does not leave over a relay that offers no TLS, whose certificate is not trusted, or that refuses the password', async () => {
    const open = await mailRelay({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
    const relay = await mailRelay();
    closing.push(open.close, relay.close);
    const send = (changes: Relay) =>
      mail({ name: 'm', relay: changes, addresses: ['a@b.example'] }).send(messageOfDown());
    await expect(send(relayAt(open.port))).rejects.toThrow();
    await expect(send(relayAt(relay.port, { authorities: null }))).rejects.toMatchObject({ code: 'ESOCKET' });
    const wrong = relayAt(relay.port, { auth: { user: 'viaduc', password: 'wrong' } });
    await expect(send(wrong)).rejects.toThrow(ChannelRefusal);
    expect([...open.received.all, ...relay.received.all]).toEqual([]);
  });

  test('without TLS where the configuration says so', async () => {
    const relay = await mailRelay({ hideSTARTTLS: true });
    closing.push(relay.close);
    await mail({
      name: 'm',
      relay: relayAt(relay.port, { security: 'none' }),
      addresses: ['a@b.example'],
    }).send(messageOfDown());
    expect(relay.received.all[0]).toMatchObject({ secure: false, to: ['a@b.example'] });
  });

  test('that one recipient refuses for good is given up; "later" is tried again', async () => {
    const relay = await mailRelay();
    closing.push(relay.close);
    const channel = mail({ name: 'm', relay: relayAt(relay.port), addresses: ['a@b.example'] });
    relay.refusals.push(550, 451);
    await expect(channel.send(messageOfDown())).rejects.toThrow(ChannelRefusal);
    await expect(channel.send(messageOfDown())).rejects.not.toThrow(ChannelRefusal);
    await channel.send(messageOfDown());
    expect(relay.received.all).toHaveLength(1);
  });
});

/** The headers of a mail, each on one line. */
const unfolded = (text: string) =>
  text
    .split('\r\n\r\n')[0]!
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .replaceAll('\r\n', '\n');

/** The text of a mail, from quoted-printable or base64. */
function decoded(text: string): string {
  const body = text.slice(text.indexOf('\r\n\r\n') + 4);
  if (/^Content-Transfer-Encoding: base64/im.test(text)) return Buffer.from(body, 'base64').toString('utf8');
  const bytes = body
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

describe('channels beside each other', () => {
  test('one that hangs holds up neither another nor whoever reports', async () => {
    const hanging: Server = createServer((socket) => void socket.on('error', () => {}).resume());
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
    const { port } = hanging.address() as { port: number };
    const receiver = await httpReceiver();
    closing.push(receiver.close, () => new Promise((resolve) => hanging.close(resolve)));
    const { desk, dispatch } = speaking([
      webhook({ name: 'webhook-1', url: `http://127.0.0.1:${port}/`, secret: 's', authorities: null }),
      webhook({ name: 'webhook-2', url: receiver.url, secret: 's', authorities: null }),
    ]);
    desk.open(down);
    await receiver.received.until(1);
    expect(store.waiting('webhook-1')).toBe(1);
    const stopping = dispatch.stop();
    clock.advance(alarmLimits.channelStopMs.value);
    await stopping;
    expect(store.waiting('webhook-1')).toBe(1);
  });

  test('each takes the severities, roles and establishments that it was given', () => {
    const message = messageOfDown();
    const north = { ...message, alarm: { ...message.alarm, establishment: 'north' } };
    expect(isWanted({}, message)).toBe(true);
    expect(isWanted({ severities: ['morning'] }, message)).toBe(false);
    expect(isWanted({ severities: ['morning', 'call-now'], roles: ['it'] }, message)).toBe(true);
    expect(isWanted({ roles: ['identity'] }, message)).toBe(false);
    expect(isWanted({ establishments: ['south'] }, message)).toBe(true);
    expect(isWanted({ establishments: ['south'] }, north)).toBe(false);
  });

  test('what was not taken is sent by the next start, in its order; what waits for a channel that is gone is dropped', async () => {
    const failing = scripted('mail-1', () =>
      Promise.reject(Object.assign(new Error('x'), { code: 'ECONNREFUSED' })),
    );
    const gone = scripted('gone', () => Promise.reject(new Error('x')));
    const first = speaking([failing, gone]);
    first.desk.open(down);
    first.desk.open({ ...down, subject: 'mssante' });
    await settled();
    await first.dispatch.stop();
    clock.advance(MINUTE);
    const taken = new Received<AlarmMessage>();
    speaking([scripted('mail-1', async (message) => taken.take(message))]);
    const messages = await taken.until(2);
    expect(messages.map(({ alarm }) => alarm.subject)).toEqual(['dmp', 'mssante']);
    expect(store.waiting('gone')).toBe(0);
  });

  test('a reminder gives way to a newer one while nothing is taken', async () => {
    const troubles: Trouble[] = [];
    const { desk } = speaking([scripted('mail-1', () => Promise.reject(new Error('x')))], troubles);
    desk.open(down);
    for (let hour = 0; hour < 10; hour += 1)
      for (let passed = 0; passed < 60 * MINUTE; passed += alarmLimits.tickMs.value) {
        clock.advance(alarmLimits.tickMs.value);
        if (passed % MINUTE === 0) await settled();
      }
    // The opening, which is tried again, and the last reminder.
    expect(store.waiting('mail-1')).toBe(2);
    const waits = alarmLimits.channelRetryMostMs.value;
    expect(troubles.length).toBeLessThan((10 * 60 * MINUTE) / waits + 10);
  });

  test('a message is given up after a day, or after some refusals, and the next goes on', async () => {
    const troubles: Trouble[] = [];
    const taken: string[] = [];
    const send = async ({ alarm }: AlarmMessage) => {
      if (alarm.subject === 'dmp') throw new ChannelRefusal(550);
      taken.push(alarm.subject);
    };
    const { desk } = speaking([scripted('mail-1', send)], troubles);
    desk.open(down);
    desk.open({ ...down, subject: 'mssante' });
    for (let turn = 0; turn < alarmLimits.channelRefusals.value && taken.length === 0; turn += 1) {
      await settled();
      clock.advance(alarmLimits.channelRetryMostMs.value);
    }
    await settled();
    expect(troubles.map(({ givenUp }) => givenUp).slice(0, 5)).toEqual([false, false, false, false, true]);
    expect(taken).toEqual(['mssante']);
  });

  test('a channel away for long keeps its newest messages, up to the cap', () => {
    const most = alarmLimits.channelWaiting.value;
    for (let number = 0; number < most + 1; number += 1)
      store.queue('mail-1', `alarm ${number}`, 'opened', '{}', clock.now());
    expect(store.waiting('mail-1')).toBe(most);
    expect(store.next('mail-1')!.alarm).toBe('alarm 1');
  });

  test('on a disk that cannot be written each message still leaves, once', async () => {
    const taken: string[] = [];
    const { desk } = speaking([scripted('mail-1', async ({ event }) => void taken.push(event))]);
    store.close();
    desk.open(down);
    desk.open(down);
    await settled();
    expect(taken).toEqual(['opened']);
    store = new AlarmStore(null);
  });
});

describe('the heartbeat', () => {
  test('beats while the gateway does its work, stops while it does not, and each change is told once', async () => {
    const receiver = await httpReceiver();
    const changes = new Received<string | null>();
    let ready = true;
    const stop = startHeartbeat({
      ...{ url: receiver.url, everyMs: 30_000, authorities: null, clock },
      healthy: async () => {
        if (!ready) throw new Error('not ready');
      },
      onChange: (code) => changes.take(code),
    });
    closing.push(stop, receiver.close);
    await receiver.received.until(1);
    const turn = async (then: Promise<unknown>) => {
      await settled();
      while (receiver.received.all.length === 0) await settled();
      clock.advance(30_000);
      await then;
    };
    await untilNext(() => turn(receiver.received.until(2)));
    ready = false;
    await untilNext(() => turn(changes.until(1)));
    ready = true;
    await untilNext(() => turn(changes.until(2)));
    receiver.statuses.push(500);
    await untilNext(() => turn(changes.until(3)));
    expect(changes.all).toEqual(['NOT_READY', null, 'HTTP_500']);
  });
});

/** The next beat is set when the one before has been answered, a moment after it was received. */
async function untilNext(turn: () => Promise<unknown>): Promise<void> {
  let done = false;
  const ended = turn().then(() => {
    done = true;
  });
  const end = Date.now() + 5000;
  while (!done && Date.now() < end) {
    await settled();
    clock.advance(30_000);
  }
  await ended;
}
