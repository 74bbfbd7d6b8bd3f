import { beforeEach, describe, expect, test } from 'vitest';
import type { AttemptOutcome } from '../../src/delivery/destination.ts';
import { bringBack } from '../../src/delivery/set-back.ts';
import { clockBehindMs } from '../../src/ledger/ahead.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { instant } from '../../src/words/clock.ts';
import { accepted, T0 } from '../ledger/making.ts';
import { openStage, type Stage, submit } from './scripted.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const busy: AttemptOutcome = {
  ...{ result: 'failed', code: 'XDSRegistryBusy', aboutDocument: true, raw: null },
};
const lost: AttemptOutcome = { result: 'ambiguous', code: 'delivery.dmp-no-answer', raw: null };

let ledger: Ledger;
let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
  ledger = stage.ledger;
});

const row = async (delivery: string) => (await ledger.of('one').delivery(delivery))!;
const commands = () => ({ ledger, clock: stage.clock, interrupt: async () => {} });
const setBack = (byMs: number) => bringBack(commands(), 'one', byMs);
/** Documents that are put off at the present instant of the clock. */
const putOff = async (outcome: AttemptOutcome) => {
  stage.port.outcomes.push(outcome);
  const data = accepted();
  data.deliveries[0] = { ...data.deliveries[0]!, dueAt: instant(stage.clock.now()) };
  const one = await submit(ledger, { documents: data.documents, deliveries: data.deliveries });
  await stage.rest();
  return one.delivery;
};

describe.each([
  ['put off', busy, 'due'],
  ['in doubt', lost, 'ambiguous'],
])('what was %s while the clock was a day ahead', (_name, outcome, state) => {
  test('leaves when the schedule says by the clock as it was set back, charged nothing more', async () => {
    stage.clock.advance(DAY);
    const delivery = await putOff(outcome);
    const before = await row(delivery);
    stage.clock.advance(-DAY + 1000);
    expect(await setBack(DAY)).toBe(1);
    const after = await row(delivery);
    expect(after).toMatchObject({ state, code: before.code, charged: before.charged });
    expect(after.dueAtMs).toBe(before.dueAtMs! - DAY);
    expect(await setBack(DAY)).toBe(0);
    stage.port.resolutions.push({ found: true, entries: {}, raw: null });
    stage.clock.advance(2 * MINUTE);
    await stage.rest();
    expect(await row(delivery)).toMatchObject({ state: 'final', outcome: 'delivered' });
  });
});

test('what came while the clock was ahead and has not been tried is due at once, and its time line says why', async () => {
  const data = accepted();
  data.deliveries[0] = { ...data.deliveries[0]!, dueAt: instant(T0 + DAY) };
  stage.clock.advance(DAY);
  await stage.destinations.stop('dmp.one.10B0000012', 'Anne', 'network moved');
  const { delivery } = await submit(ledger, { documents: data.documents, deliveries: data.deliveries });
  stage.clock.advance(-DAY);
  await setBack(DAY);
  expect(await row(delivery)).toMatchObject({ state: 'due', dueAtMs: T0, code: 'delivery.clock-set-back' });
});

describe('what keeps its instant', () => {
  test('was put off before the clock was ahead', async () => {
    const delivery = await putOff(busy);
    const { dueAtMs } = await row(delivery);
    stage.clock.advance(10_000);
    expect(await setBack(DAY)).toBe(0);
    expect((await row(delivery)).dueAtMs).toBe(dueAtMs);
  });

  test('was put off since the clock was set back, though its event is dated with the last one before', async () => {
    stage.clock.advance(DAY);
    await putOff(lost);
    stage.clock.advance(-DAY);
    const delivery = await putOff(busy);
    const { dueAtMs } = await row(delivery);
    await setBack(DAY);
    expect((await row(delivery)).dueAtMs).toBe(dueAtMs);
  });

  test('is what a clock that was set forward finds: it leaves at the instant that was written', async () => {
    const delivery = await putOff(busy);
    stage.clock.advance(DAY);
    expect(await setBack(0)).toBe(0);
    await stage.rest();
    expect((await row(delivery)).outcome).toBe('delivered');
  });
});

test('a start finds by what was written last that the clock was set back while nothing ran', async () => {
  const view = ledger.of('one');
  expect(await clockBehindMs(view, T0)).toBe(0);
  stage.clock.advance(DAY);
  await putOff(busy);
  expect(await clockBehindMs(view, T0 + MINUTE)).toBe(DAY - MINUTE);
  expect(await clockBehindMs(view, T0 + 2 * DAY)).toBe(0);
});
