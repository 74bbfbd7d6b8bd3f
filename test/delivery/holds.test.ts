import { beforeEach, describe, expect, test } from 'vitest';
import { cancelSubmission, retryDelivery } from '../../src/delivery/commands.ts';
import { HoldWatch } from '../../src/delivery/hold-watch.ts';
import { endDueHolds, holdSubmission, releaseSubmission } from '../../src/delivery/holds.ts';
import { deliveryLimits } from '../../src/delivery/limits.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { Hold } from '../../src/words/hold.ts';
import type { Incidents } from '../../src/words/incident.ts';
import { accepted, documentEntry, T0 } from '../ledger/making.ts';
import { delivered, openStage, type Stage, submit } from './scripted.ts';

const HOUR = 3_600_000;
const lost = { result: 'ambiguous' as const, code: 'delivery.dmp-lost', raw: null };
const busy = { result: 'failed' as const, code: 'XDSRegistryBusy', aboutDocument: true, raw: null };
const anne = { name: 'Anne', operator: true };

let ledger: Ledger;
let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
  ledger = stage.ledger;
});

const commands = () => ({
  ledger,
  clock: stage.clock,
  interrupt: (id: string) => stage.scheduler.interrupt(id),
});
const row = async (delivery: string) => (await ledger.of('one').delivery(delivery))!;
const stateOf = async (submission: string) => (await ledger.of('one').submission(submission))!.state;
const at = (ms: number) => new Date(T0 + ms).toISOString();
const hold = (submission: string, ms = HOUR, atEnd: Hold['atEnd'] = 'release', holder = anne) =>
  holdSubmission(commands(), 'one', submission, { reason: 'to be read', until: at(ms), atEnd }, holder);
const release = (submission: string, holder = anne) =>
  releaseSubmission(commands(), 'one', submission, 'read', holder);
const sent = () => stage.port.calls.filter((call) => call.startsWith('send')).length;

async function advance(ms: number): Promise<void> {
  stage.clock.advance(ms);
  await stage.rest();
}

/** A version that waits for an earlier one to end. */
async function successor(first: { delivery: string; uniqueId: string }) {
  const data = accepted({ documents: [documentEntry()], operation: 'replace', target: first.uniqueId });
  const place = { operation: 'replace' as const, chain: first.uniqueId, waitsFor: first.delivery };
  data.deliveries = [{ ...data.deliveries[0]!, ...place, state: 'waiting', dueAt: null }];
  return submit(ledger, data);
}

describe('a person holds', () => {
  test('what is due: it leaves at the date, not before, and the time line says who and why', async () => {
    const { delivery, submission } = await submit(ledger);
    await hold(submission);
    await stage.rest();
    expect(await row(delivery)).toMatchObject({
      state: 'waiting',
      hold: { by: 'Anne', reason: 'to be read' },
    });
    expect(await stateOf(submission)).toBe('held');
    await advance(HOUR - 1);
    expect(sent()).toBe(0);
    await advance(1);
    expect(await row(delivery)).toMatchObject({ state: 'final', outcome: 'delivered', hold: null });
    const events = await ledger.of('one').timeline([`delivery:${delivery}`]);
    expect(events.map(({ type }) => type)).toEqual([
      ...['submission.accepted', 'hold.placed', 'delivery.held', 'hold.lifted', 'delivery.released'],
      ...['delivery.sending', 'delivery.finished'],
    ]);
  });

  test('and releases it before the date', async () => {
    const { delivery, submission } = await submit(ledger);
    await hold(submission);
    await release(submission);
    await stage.rest();
    expect(await row(delivery)).toMatchObject({ state: 'final', outcome: 'delivered' });
    await expect(release(submission)).rejects.toMatchObject({ code: 'delivery.not-held' });
    await expect(hold(submission)).rejects.toMatchObject({ code: 'delivery.nothing-to-hold' });
  });

  test('and puts the date off', async () => {
    const { delivery, submission } = await submit(ledger);
    await hold(submission);
    await hold(submission, 2 * HOUR);
    await advance(HOUR);
    expect(await row(delivery)).toMatchObject({ state: 'waiting', attempts: 0 });
    await advance(HOUR);
    expect(await row(delivery)).toMatchObject({ state: 'final', outcome: 'delivered' });
  });

  test('what the destination put off: nothing has left, and nothing leaves', async () => {
    stage.port.outcomes.push(busy);
    const { delivery, submission } = await submit(ledger);
    await stage.rest();
    await hold(submission);
    await advance(HOUR - 1);
    expect(await row(delivery)).toMatchObject({ state: 'waiting', attempts: 1 });
    await advance(1);
    expect(await row(delivery)).toMatchObject({ state: 'final', attempts: 2 });
  });

  test('what is parked: opened again it still waits for the date', async () => {
    stage.port.outcomes.push({
      result: 'blocked',
      code: 'DMPInvalidCertificate',
      class: 'permanent',
      raw: null,
    });
    const { delivery, submission } = await submit(ledger);
    await stage.rest();
    await hold(submission);
    expect(await row(delivery)).toMatchObject({ state: 'parked' });
    await retryDelivery(commands(), 'one', delivery, 'Anne', '');
    await stage.rest();
    expect(await row(delivery)).toMatchObject({ state: 'waiting', attempts: 1 });
    await advance(HOUR);
    expect(await row(delivery)).toMatchObject({ state: 'final', outcome: 'delivered' });
  });

  test.each([
    ['the past', -1],
    ['the present', 0],
    ['beyond the longest time', deliveryLimits.holdDays.value * 24 * HOUR + 1],
  ])('until %s is refused', async (_, ms) => {
    const { submission } = await submit(ledger);
    await expect(hold(submission, ms)).rejects.toMatchObject({ code: 'delivery.hold-date' });
    expect(await stateOf(submission)).toBe('open');
  });

  test('as long as may be', async () => {
    const { submission } = await submit(ledger);
    await hold(submission, deliveryLimits.holdDays.value * 24 * HOUR);
    expect(await stateOf(submission)).toBe('held');
  });
});

describe('a hold placed while something is being sent', () => {
  test('does not cut what left', async () => {
    stage.port.outcomes.push('hang');
    const { delivery, submission } = await submit(ledger);
    stage.scheduler.poke();
    await expect.poll(sent).toBe(1);
    await hold(submission);
    expect(await row(delivery)).toMatchObject({ state: 'sending' });
    expect(await stateOf(submission)).toBe('open');
    expect(stage.scheduler.running).toBe(1);
  });

  test('keeps the next attempt back, and what may have arrived is asked for before it is sent', async () => {
    stage.port.outcomes.push(lost);
    const { delivery, submission } = await submit(ledger);
    await stage.rest();
    await hold(submission);
    await advance(10_000);
    expect(await row(delivery)).toMatchObject({ state: 'ambiguous', doubt: true, code: 'delivery.held' });
    await advance(HOUR - 10_001);
    expect(sent()).toBe(1);
    await advance(1);
    expect(await row(delivery)).toMatchObject({ state: 'final', outcome: 'delivered', attempts: 2 });
    expect(stage.port.calls.slice(-2)).toEqual(['resolve', 'send 2.25.1']);
  });

  test('released, is asked for at once', async () => {
    stage.port.outcomes.push(lost);
    stage.port.resolutions.push({ found: false }, { found: true, entries: {}, raw: null });
    const { delivery, submission } = await submit(ledger);
    await stage.rest();
    await hold(submission);
    await advance(10_000);
    await release(submission);
    await stage.rest();
    expect(await row(delivery)).toMatchObject({ state: 'final', outcome: 'delivered', attempts: 1 });
  });
});

describe('a hold that is to be escalated', () => {
  test('never lets anything leave: at its date it is work for a person', async () => {
    const { delivery, submission } = await submit(ledger);
    await hold(submission, HOUR, 'escalate');
    await advance(HOUR);
    expect(await row(delivery)).toMatchObject({
      state: 'parked',
      code: 'delivery.hold-escalated',
      hold: null,
    });
    expect(await ledger.of('one').workCounts()).toEqual({ 'hold-escalated': 1 });
    await advance(100 * HOUR);
    expect(sent()).toBe(0);
    await retryDelivery(commands(), 'one', delivery, 'Anne', 'may leave');
    await stage.rest();
    expect(await row(delivery)).toMatchObject({ state: 'final', outcome: 'delivered' });
    expect(await ledger.of('one').workCounts()).toEqual({});
  });

  const requested = { reason: 'to be read', until: at(HOUR), atEnd: 'escalate' as const };
  const ruled = { ...requested, origin: 'rule' as const, by: null };

  test('is released as it would have been before its date, by whoever might have', async () => {
    const dpi = { name: 'dpi', operator: false };
    const own = await submit(ledger, { hold: requested });
    const rule = await submit(ledger, { hold: ruled });
    await advance(HOUR);
    expect(await row(rule.delivery)).toMatchObject({ state: 'parked', hold: null, escalated: ruled });
    await expect(release(rule.submission, dpi)).rejects.toMatchObject({ code: 'delivery.hold-of-other' });
    await release(own.submission, dpi);
    await release(rule.submission);
    await stage.rest();
    for (const { delivery } of [own, rule])
      expect(await row(delivery)).toMatchObject({ outcome: 'delivered', escalated: null });
    expect(await ledger.of('one').workCounts()).toEqual({});
    const reopened = (await ledger.of('one').timeline([`delivery:${rule.delivery}`])).find(
      ({ type }) => type === 'delivery.reopened',
    );
    expect(reopened!.data).toMatchObject({ by: 'Anne', reason: 'read' });
  });

  test('is held further: it no longer waits for a person, and comes back at the new date', async () => {
    const { delivery, submission } = await submit(ledger, { hold: requested });
    await advance(HOUR);
    await holdSubmission(commands(), 'one', submission, { reason: 'not yet', until: at(3 * HOUR) }, anne);
    expect(await row(delivery)).toMatchObject({ state: 'waiting', hold: { atEnd: 'escalate', by: 'Anne' } });
    expect(await ledger.of('one').workCounts()).toEqual({});
    await advance(HOUR);
    expect(await row(delivery)).toMatchObject({ state: 'waiting' });
    await advance(HOUR);
    expect(await row(delivery)).toMatchObject({ state: 'parked', code: 'delivery.hold-escalated' });
    expect(sent()).toBe(0);
  });

  test('is one incident of its establishment while it lasts, also after a restart', async () => {
    const told: string[] = [];
    const incidents: Incidents = {
      open: ({ kind, subject, facts }) => told.push(`open ${kind} ${subject} ${facts!.count}`),
      close: ({ kind, subject }) => told.push(`close ${kind} ${subject}`),
    };
    const watch = () =>
      new HoldWatch({
        ...{ ...commands(), incidents, establishments: ['one'] },
        onEnded: () => stage.scheduler.poke(),
        onError: (error) => stage.errors.push(error),
      });
    const { submission } = await submit(ledger);
    await hold(submission, HOUR, 'escalate');
    await watch().look();
    await advance(HOUR);
    await watch().look();
    await cancelSubmission(commands(), 'one', submission, { by: 'Anne', reason: 'not to be sent' });
    await watch().look();
    expect(told).toEqual([
      'close hold-escalated one',
      'open hold-escalated one 1',
      'close hold-escalated one',
    ]);
    expect(stage.errors).toEqual([]);
  });
});

describe('in a chain', () => {
  test('a held version keeps the next one waiting, and its own hold counts when its turn comes', async () => {
    stage.port.outcomes.push(busy, delivered, delivered);
    const first = await submit(ledger);
    await stage.rest();
    const second = await successor(first);
    await hold(first.submission);
    await hold(second.submission, 2 * HOUR);
    expect(await stateOf(second.submission)).toBe('held');
    await advance(HOUR);
    expect(await row(first.delivery)).toMatchObject({ state: 'final' });
    expect(await row(second.delivery)).toMatchObject({ state: 'waiting', waitsFor: null, attempts: 0 });
    await advance(HOUR);
    expect(await row(second.delivery)).toMatchObject({ state: 'final', outcome: 'delivered' });
  });

  test('releasing the later version does not let it overtake the earlier one', async () => {
    stage.port.outcomes.push(busy);
    const first = await submit(ledger);
    await stage.rest();
    const second = await successor(first);
    await hold(second.submission);
    await release(second.submission);
    await stage.rest();
    expect(await row(second.delivery)).toMatchObject({
      state: 'waiting',
      waitsFor: first.delivery,
      hold: null,
    });
    await advance(60_000);
    expect(await row(first.delivery)).toMatchObject({ state: 'final' });
    expect(await row(second.delivery)).toMatchObject({ state: 'final', outcome: 'delivered' });
  });

  test('cancelling a held version frees the next one', async () => {
    stage.port.outcomes.push(busy);
    const first = await submit(ledger);
    await stage.rest();
    const second = await successor(first);
    await hold(first.submission);
    await cancelSubmission(commands(), 'one', first.submission, { by: 'Anne', reason: 'not to be sent' });
    await stage.rest();
    expect(await row(first.delivery)).toMatchObject({ outcome: 'cancelled', hold: null });
    expect(await row(second.delivery)).toMatchObject({ state: 'final', outcome: 'delivered' });
  });

  test('a hold ends at its date also while its delivery waits for an earlier version', async () => {
    stage.port.outcomes.push(...Array.from({ length: 3 }, () => busy));
    const first = await submit(ledger);
    await stage.rest();
    const second = await successor(first);
    const third = await successor(second);
    await hold(first.submission, 10 * HOUR);
    await hold(second.submission, HOUR);
    await hold(third.submission, HOUR, 'escalate');
    stage.clock.advance(HOUR);
    const { ledger: _, ...parts } = commands();
    const quiet: Incidents = { open: () => {}, close: () => {} };
    await new HoldWatch({
      ...{ ...parts, ledger, incidents: quiet, establishments: ['one'] },
      onEnded: () => {},
      onError: (error) => stage.errors.push(error),
    }).look();
    expect(await row(second.delivery)).toMatchObject({ state: 'waiting', hold: null });
    expect(await row(third.delivery)).toMatchObject({ state: 'parked', code: 'delivery.hold-escalated' });
    await retryDelivery(commands(), 'one', third.delivery, 'Anne', '');
    expect(await row(third.delivery)).toMatchObject({ state: 'waiting', waitsFor: second.delivery });
  });
});

/** The ledger, in which something happens right after the holds whose date has come were read. */
function overtakenBy(happens: () => Promise<unknown>): Ledger {
  const view = ledger.of('one');
  const due = async (nowMs: number) => {
    const found = await view.holds.due(nowMs);
    await happens();
    return found;
  };
  const views = [{ holds: { due } } as unknown as typeof view];
  const parts: Pick<Ledger, 'of' | 'append'> = {
    of: () => views.pop() ?? view,
    append: (append) => ledger.append(append),
  };
  return parts as Ledger;
}

test('a hold that is put off or lifted just as its date comes is not ended by the old date', async () => {
  stage.port.outcomes.push({ result: 'blocked', code: 'DMPNewCode', class: 'permanent', raw: null });
  const { delivery, submission } = await submit(ledger);
  await stage.rest();
  await hold(submission);
  stage.clock.advance(HOUR);
  const end = (happens: () => Promise<unknown>) =>
    endDueHolds({ ...commands(), ledger: overtakenBy(happens) }, 'one');
  await end(() => hold(submission, 3 * HOUR));
  expect(await row(delivery)).toMatchObject({ state: 'parked', hold: { until: at(3 * HOUR) } });
  stage.clock.advance(2 * HOUR);
  await end(() => release(submission));
  const events = await ledger.of('one').timeline([`delivery:${delivery}`]);
  expect(events.filter(({ type }) => type === 'hold.lifted')).toHaveLength(1);
});

describe('a sender', () => {
  const dpi = { name: 'dpi', operator: false };

  test('holds and releases its own', async () => {
    const asked = { reason: 'to be read', until: at(HOUR) };
    const { delivery, submission } = await submit(ledger, { hold: asked });
    await release(submission, dpi);
    await hold(submission, HOUR, 'release', dpi);
    await release(submission, dpi);
    await stage.rest();
    expect(await row(delivery)).toMatchObject({ state: 'final', outcome: 'delivered' });
  });

  test('does not lift what an operator or a rule holds', async () => {
    const { submission } = await submit(ledger);
    await hold(submission);
    await expect(release(submission, dpi)).rejects.toMatchObject({ code: 'delivery.hold-of-other' });
    const rule = {
      reason: 'r',
      until: at(HOUR),
      atEnd: 'escalate' as const,
      origin: 'rule' as const,
      by: null,
    };
    const ruled = await submit(ledger, { hold: rule });
    await expect(release(ruled.submission, dpi)).rejects.toMatchObject({ code: 'delivery.hold-of-other' });
    await expect(hold(ruled.submission, 2 * HOUR, 'release', dpi)).rejects.toMatchObject({
      code: 'delivery.hold-of-other',
    });
    await release(ruled.submission);
  });
});

test('what is held is found among everything else, newest first, and survives a rebuild', async () => {
  const all = [];
  for (let one = 0; one < 6; one += 1) all.push(await submit(ledger));
  for (const { submission } of [all[1]!, all[4]!]) await hold(submission);
  await ledger.rebuild();
  const { items } = await ledger.of('one').submissions({ state: 'held', limit: 10 });
  expect(items.map(({ id }) => id)).toEqual([all[4]!.submission, all[1]!.submission]);
});
