import { beforeEach, describe, expect, test } from 'vitest';
import { stopDelivery } from '../../src/delivery/commands.ts';
import { recordRestore } from '../../src/delivery/restored.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { instant } from '../../src/words/clock.ts';
import type { EventData } from '../../src/words/events.ts';
import { accepted, T0 } from '../ledger/making.ts';
import { openStage, type Stage, submit } from './scripted.ts';

const DAY_MS = 86_400_000;

let ledger: Ledger;
let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
  ledger = stage.ledger;
});

const restored: EventData['ledger.restored'] = {
  ...{ backupAt: instant(T0), lastEvent: 2, witness: 'none', lost: null, problems: 0, by: 'test' },
  resendUntil: instant(T0 + 30 * DAY_MS),
};
const restore = () => recordRestore(ledger, 'one', restored, [], stage.clock.now());
const row = async (delivery: string) => (await ledger.of('one').delivery(delivery))!;

/** A delivery that the plan put in a state, as it stood in the backup. */
const standing = (changes: Partial<EventData['submission.accepted']['deliveries'][number]>) => {
  const data = accepted();
  return submit(ledger, { ...data, deliveries: [{ ...data.deliveries[0]!, ...changes }] });
};

describe('after a restore', () => {
  test('its destinations are stopped, which the alarm of the restore tells, and not one of its own', async () => {
    await recordRestore(ledger, 'one', restored, ['dmp.one.10B0000012'], T0);
    await stage.destinations.load(['one', 'two']);
    expect(stage.destinations.of('dmp.one.10B0000012').standstill).toMatchObject({ by: 'restore' });
    expect(stage.incidents.lines).toEqual([]);
  });

  test('what was due is asked for, and is delivered without being sent when it is found', async () => {
    const { delivery } = await submit(ledger);
    expect(await restore()).toBe(1);
    expect(await row(delivery)).toMatchObject({ state: 'ambiguous', doubt: true });
    stage.port.resolutions.push({ found: true, entries: {}, raw: null });
    await stage.rest();
    expect(stage.port.calls).toEqual(['resolve']);
    expect(await row(delivery)).toMatchObject({ state: 'final', outcome: 'delivered' });
  });

  test('what was due and is not found is sent, and asked for only once', async () => {
    const { delivery } = await submit(ledger);
    await restore();
    await stage.rest();
    expect(stage.port.calls).toEqual(['resolve', 'prepare', 'send 2.25.2']);
    expect(await row(delivery)).toMatchObject({ state: 'final', outcome: 'delivered' });
  });

  test('what names an INS that is not qualified is not even asked for: it waits in doubt for a person', async () => {
    const identity = { status: 'VALI' as const, evidenceDate: null, method: null, environmentRoot: null };
    const { delivery } = await submit(ledger, { identity });
    await restore();
    await stage.rest();
    expect(stage.port.calls).toEqual([]);
    expect(await row(delivery)).toMatchObject({
      ...{ state: 'parked', code: 'delivery.identity-not-qualified', doubt: true },
    });
    expect(stage.errors).toEqual([]);
  });

  test('nothing is sent while the question has no answer', async () => {
    const { delivery } = await submit(ledger);
    await restore();
    stage.port.resolutions.push({ found: null, code: 'delivery.dmp-unreachable', aboutDocument: false });
    await stage.rest();
    expect(stage.port.calls).toEqual(['resolve']);
    expect((await row(delivery)).state).toBe('ambiguous');
    stage.clock.advance(10_000);
    await stage.rest();
    expect(stage.port.calls).toEqual(['resolve', 'resolve', 'prepare', 'send 2.25.3']);
  });

  test('what was held is held again to the same date', async () => {
    const dueAt = instant(T0 + DAY_MS);
    const { delivery } = await standing({ state: 'waiting', dueAt });
    await restore();
    await stage.rest();
    expect(stage.port.calls).toEqual(['resolve']);
    expect(await row(delivery)).toMatchObject({ state: 'waiting', dueAtMs: T0 + DAY_MS, doubt: false });
  });

  test('what was parked is parked again with its reason, even when it was in doubt', async () => {
    stage.port.outcomes.push({ result: 'ambiguous', code: 'delivery.dmp-lost', raw: null });
    const { delivery } = await submit(ledger);
    await stage.rest();
    const commands = { ledger, clock: stage.clock, interrupt: async () => {} };
    await stopDelivery(commands, 'one', delivery, 'somebody');
    await restore();
    await stage.rest();
    expect(stage.port.calls).toEqual(['prepare', 'send 2.25.1', 'resolve']);
    expect(await row(delivery)).toMatchObject({ state: 'parked', code: 'delivery.stopped', doubt: false });
  });

  test('what waits for a predecessor is asked for when its turn has come', async () => {
    const first = await submit(ledger);
    const second = await standing({ state: 'waiting', dueAt: null, waitsFor: first.delivery });
    expect(await restore()).toBe(1);
    expect((await row(second.delivery)).state).toBe('waiting');
    await stage.rest();
    expect(stage.port.calls).toEqual([
      'resolve',
      'prepare',
      'send 2.25.2',
      'resolve',
      'prepare',
      'send 2.25.5',
    ]);
    expect(await row(second.delivery)).toMatchObject({ state: 'final', outcome: 'delivered' });
  });

  test('what comes then is asked for before it is sent, until senders have had their time', async () => {
    await restore();
    await submit(ledger);
    await stage.rest();
    expect(stage.port.calls).toEqual(['resolve', 'prepare', 'send 2.25.2']);
    stage.port.calls.length = 0;
    stage.clock.advance(31 * DAY_MS);
    const data = accepted();
    await ledger.append({
      establishment: 'one',
      nowMs: stage.clock.now(),
      events: [
        {
          type: 'submission.accepted',
          data,
          subject: { ins: null, ipp: null },
          personal: Buffer.from('{"request":{},"facts":[],"findings":[[]]}'),
        },
      ],
    });
    await stage.rest();
    expect(stage.port.calls).toEqual(['prepare', 'send 2.25.1']);
  });

  test('a second restore asks again for what the first had asked for', async () => {
    const { delivery } = await standing({ state: 'waiting', dueAt: instant(T0 + DAY_MS) });
    await restore();
    await stage.rest();
    await restore();
    await stage.rest();
    expect(stage.port.calls).toEqual(['resolve', 'resolve']);
    expect((await row(delivery)).state).toBe('waiting');
  });
});
