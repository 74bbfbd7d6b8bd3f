import { createSocket } from 'node:dgram';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/gateway/config.ts';
import { lookAtClock } from '../../src/gateway/doctor/clock.ts';
import { askNtp, watchClock } from '../../src/gateway/ntp.ts';
import { type Clock, systemClock } from '../../src/words/clock.ts';
import type { Incidents, Observation } from '../../src/words/incident.ts';

interface Behaviour {
  /** By how much its clock is ahead, milliseconds. */
  aheadMs?: number;
  /** First byte of its answer: leap warning, version, mode. */
  first?: number;
  stratum?: number;
  /** Answers something else before, as a forger or a late packet would. */
  straysBefore?: boolean;
  silent?: boolean;
}

/** A server of time on this machine that answers as RFC 4330 says. */
async function startServer(behaviour: Behaviour = {}) {
  const { aheadMs = 0, first = 0x24, stratum = 2, straysBefore = false, silent = false } = behaviour;
  const socket = createSocket('udp4');
  const write = (answer: Buffer, offset: number) => {
    const since1900 = (Date.now() + aheadMs) / 1000 + 2_208_988_800;
    answer.writeUInt32BE(Math.floor(since1900) % 2 ** 32, offset);
    answer.writeUInt32BE(Math.floor((since1900 % 1) * 2 ** 32), offset + 4);
  };
  socket.on('message', (question, from) => {
    if (silent) return;
    const answer = Buffer.alloc(48);
    answer[0] = first;
    answer[1] = stratum;
    if (stratum === 0) answer.write('RATE', 12);
    write(answer, 32);
    write(answer, 40);
    if (straysBefore) socket.send(answer, from.port, from.address);
    question.copy(answer, 24, 40, 48);
    socket.send(answer, from.port, from.address);
  });
  await new Promise<void>((ready) => socket.bind(0, '127.0.0.1', ready));
  return {
    server: { host: '127.0.0.1', port: socket.address().port },
    [Symbol.asyncDispose]: () => new Promise<void>((closed) => socket.close(() => closed())),
  };
}

const asked = async (behaviour: Behaviour, clock: Clock = systemClock) => {
  await using running = await startServer(behaviour);
  return await askNtp(running.server, clock).catch((error: { code: string; message: string }) => error);
};

describe('a server of time', () => {
  test.each([0, 7_000, -90_000])('whose clock is %i ms ahead', async (aheadMs) => {
    expect(Math.abs(((await asked({ aheadMs })) as number) - aheadMs)).toBeLessThan(500);
  });

  test('that is preceded by an answer to no question of ours', async () => {
    expect(Math.abs((await asked({ aheadMs: 7_000, straysBefore: true })) as number)).toBeGreaterThan(6_000);
  });

  test.each<[string, Behaviour, string]>([
    ['does not know the time', { first: 0xe4 }, 'does not know the time'],
    ['refuses', { stratum: 0 }, 'the server refuses: RATE'],
    ['is no server', { first: 0x23 }, 'not that of a server'],
  ])('that %s', async (_, behaviour, why) => {
    expect(await asked(behaviour)).toMatchObject({
      code: 'gateway.ntp-unreachable',
      message: expect.stringContaining(why),
    });
  });

  test('that stays silent is given up', async () => {
    let fire = () => {};
    const clock: Clock = {
      now: Date.now,
      after: (ms, action) => {
        expect(ms).toBe(3_000);
        fire = action;
        setImmediate(fire);
        return () => {};
      },
    };
    expect(await asked({ silent: true }, clock)).toMatchObject({ code: 'gateway.ntp-unreachable' });
  });
});

describe('the clock of the machine', () => {
  test.each([
    [0, 'ok'],
    [20_000, 'warning'],
    [-300_000, 'error'],
  ])('that differs by %i ms, to the doctor', async (aheadMs, level) => {
    await using running = await startServer({ aheadMs });
    const lines = await lookAtClock({ ...readConfig({}, '/'), ntp: running.server }, systemClock);
    expect(lines).toMatchObject([{ topic: 'clock', level }]);
  });

  test('raises an alarm while it differs', async () => {
    const told: (Observation | string)[] = [];
    let next = () => {};
    const heard = () => new Promise<void>((resolve) => (next = resolve));
    const note = (one: Observation | string) => {
      told.push(one);
      next();
    };
    const incidents: Incidents = { open: note, close: ({ kind }) => note(kind) };
    for (const aheadMs of [60_000, 0]) {
      await using running = await startServer({ aheadMs });
      const waiting = heard();
      const stop = watchClock({ ...readConfig({}, '/'), ntp: running.server }, systemClock, incidents);
      await waiting;
      stop();
    }
    expect(told).toMatchObject([
      { kind: 'clock-skew', severity: 'call-now', facts: { seconds: 60 } },
      'clock-skew',
    ]);
  });
});
