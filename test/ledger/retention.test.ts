import { randomBytes } from 'node:crypto';
import { globSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lookForExpired } from '../../src/ledger/keeping.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { bodyState, DAY, keeping, POLICY, refuse, submit, verified } from './keeping-made.ts';
import { accepted, acceptedEvent, appendOf, documentEntry, openTestLedger, scratch, T0 } from './making.ts';

// A retention never reaches what has not ended, nor what another version waits for; what it destroys is said by an event,
// and everything that is answered from the events is answered the same afterwards.

let folder: string;
let ledger: Ledger;

beforeEach(async () => {
  folder = scratch();
  ledger = await openTestLedger(folder);
});
afterEach(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

const LATER = T0 + 400 * DAY;

/** Something that happened lately, so that the clock is believed. */
async function today(nowMs = LATER): Promise<void> {
  await submit(ledger, { ins: 'somebody', left: 'due', at: nowMs });
}

const states = (ids: readonly string[]) => Promise.all(ids.map((id) => bodyState(ledger, id)));

describe('what has ended', () => {
  test('goes rule by rule, each at its own time', async () => {
    const [delivered, refusal] = [await submit(ledger), await refuse(ledger)];
    const undelivered = await submit(ledger, { outcome: 'refused' });
    await today(T0 + 40 * DAY);
    const first = await keeping(ledger, T0 + 40 * DAY).sweep();
    expect(
      first.swept.map(({ rule, submissions, bodies, values }) => [rule, submissions, bodies, values]),
    ).toEqual([['refused', 1, 1, 1]]);
    await today(T0 + 100 * DAY);
    const second = await keeping(ledger, T0 + 100 * DAY).sweep();
    expect(second.swept.map(({ rule, bodies, values }) => [rule, bodies, values])).toEqual([
      ['delivered', 1, 0],
      ['undelivered', 1, 0],
    ]);
    expect(await states([refusal.document, delivered.document, undelivered.document, delivered.lot])).toEqual(
      [...Array(3).fill('ledger.body-expired'), 'kept'],
    );
    await today();
    await keeping(ledger, LATER).sweep();
    expect(await states([delivered.lot, delivered.receipt])).toEqual(Array(2).fill('ledger.body-expired'));
    expect(await ledger.of('one').personal(delivered.value)).toBeNull();
    await ledger.seal(LATER);
    expect(verified(folder)).toMatchObject({
      problems: [],
      decisions: [
        { decision: 'refused 30d', erased: 2 },
        { decision: 'delivered 60d', erased: 1 },
        { decision: 'undelivered 60d', erased: 1 },
        { decision: 'wire 300d', erased: 4 },
        { decision: 'record 300d', erased: 2 },
      ],
    });
  });

  test('is destroyed once: a second sweep finds nothing', async () => {
    await submit(ledger);
    await today();
    const one = keeping(ledger, LATER);
    expect((await one.sweep()).swept).not.toEqual([]);
    expect((await one.sweep()).swept).toEqual([]);
    expect((await keeping(ledger, LATER).sweep()).swept).toEqual([]);
  });

  test('stays as long as nothing says how long', async () => {
    const made = await submit(ledger);
    await today();
    await keeping(ledger, LATER, { policy: { ...POLICY, delivered: null } }).sweep();
    expect(await states([made.document, made.lot])).toEqual(['kept', 'ledger.body-expired']);
  });

  test('is only counted when somebody only wants to look', async () => {
    const made = await submit(ledger);
    await today();
    const clock = { now: () => LATER, after: () => () => {} };
    const looking = { ledger, clock, policy: POLICY, establishments: ['one'], pause: async () => {} };
    expect((await lookForExpired(looking)).map(({ rule }) => rule)).toEqual(['delivered', 'wire', 'record']);
    expect(await states([made.document])).toEqual(['kept']);
  });

  test('is not reached by a clock that ran years ahead of everything that ever happened', async () => {
    const made = await submit(ledger);
    await keeping(ledger, T0 + 4000 * DAY).sweep();
    expect(await states([made.document, made.lot])).toEqual(['kept', 'kept']);
  });
});

describe('what somebody may still need', () => {
  test.each(['due', 'sending', 'ambiguous', 'parked'] as const)('stays while it is %s', async (left) => {
    const made = await submit(ledger, { left });
    await today();
    expect((await keeping(ledger, LATER).sweep()).swept).toEqual([]);
    expect(await states([made.document])).toEqual(['kept']);
  });

  test('stays while another version of the same document is under way', async () => {
    const first = await submit(ledger, { chain: 'c' });
    const next = await submit(ledger, { chain: 'c', left: 'parked' });
    await today();
    await keeping(ledger, LATER).sweep();
    expect(await states([first.document, next.document])).toEqual(['kept', 'kept']);
  });

  test('of another submission that joined the same delivery is not taken for what was exchanged', async () => {
    const first = await submit(ledger);
    const entry = documentEntry({ uniqueId: first.uniqueId });
    const [joined] = accepted({ documents: [entry] }).deliveries;
    const data = accepted({
      documents: [entry],
      deliveries: [{ ...joined!, id: first.delivery, joined: true }],
    });
    await ledger.append(appendOf(acceptedEvent(data), { nowMs: T0 + 390 * DAY }));
    await today();
    await keeping(ledger, LATER).sweep();
    const events = await ledger.of('one').events(1, 500);
    const decided = events.flatMap((event) =>
      event.type === 'bodies.expired' ? event.data.submissions : [],
    );
    expect(decided.flatMap(({ bodies }) => bodies)).not.toContain(entry.body.id);
  });
});

describe('after everything that may go has gone', () => {
  test('the same document is known again, the same request answered, and the readings are what the events say', async () => {
    const made = await submit(ledger);
    await today();
    const view = ledger.of('one');
    const answers = async () => ({
      history: await view.documentHistory(made.uniqueId),
      delivery: await view.delivery(made.delivery),
      delivered: await view.deliveredDocuments(),
      request: (await view.submissions({ uniqueId: made.uniqueId, limit: 5 })).items.map(
        ({ id, state, requestKey }) => ({ id, state, requestKey }),
      ),
      people: await view.people(),
    });
    const before = await answers();
    await keeping(ledger, LATER).sweep();
    expect(await answers()).toEqual(before);
    await ledger.rebuild();
    expect(await answers()).toEqual(before);
  });

  test('the disk has its space back an hour later, and what stays can still be read', async () => {
    const kept = [await submit(ledger, { left: 'parked', bytes: randomBytes(50_000) })];
    for (let index = 0; index < 20; index += 1) await submit(ledger, { bytes: randomBytes(50_000) });
    kept.push(await submit(ledger, { left: 'parked', bytes: randomBytes(50_000) }));
    await today();
    const size = () =>
      globSync(join(folder, 'data', 'bodies', 'one', '2026-07.accepted*')).reduce(
        (sum, file) => sum + statSync(file).size,
        0,
      );
    expect(size()).toBeGreaterThan(1_100_000);
    await keeping(ledger, LATER).sweep();
    const { reclaimed } = await keeping(ledger, LATER + 3_600_000).sweep();
    expect(reclaimed.bytes).toBeGreaterThan(1_100_000);
    expect(size()).toBeLessThan(110_000);
    expect(await states(kept.map(({ document }) => document))).toEqual(['kept', 'kept']);
    // Comes late for its month, which has been copied: it goes to a file of its own.
    const late = await submit(ledger, { at: T0 });
    expect(await states([late.document])).toEqual(['kept']);
    expect(verified(folder).problems).toEqual([]);
  });
});

test('a gateway that stops waits for no sweep: what is left is done by the next one', async () => {
  for (let index = 0; index < 30; index += 1) await submit(ledger, { bytes: randomBytes(20_000) });
  const kept = await submit(ledger, { left: 'parked', bytes: randomBytes(20_000) });
  await today();
  let pauses = 0;
  const one = keeping(ledger, LATER, {
    pause: async () => {
      pauses += 1;
      if (pauses === 1) one.stop();
    },
  });
  const { swept, reclaimed } = await one.sweep();
  expect([swept.length <= 1, reclaimed]).toEqual([true, { files: 0, bytes: 0 }]);
  const stopping = {
    of: (id) => ledger.of(id),
    append: (append) => ledger.append(append),
    reclaim: (nowMs, signal) => {
      two.stop();
      return ledger.reclaim(nowMs, signal);
    },
  } as Pick<Ledger, 'of' | 'append' | 'reclaim'> as Ledger;
  const two = keeping(stopping, LATER);
  expect((await two.sweep()).swept.length).toBeGreaterThan(1);
  expect(globSync(join(folder, 'data', 'bodies', 'one', '*.c-*'))).toEqual([]);
  await keeping(ledger, LATER).sweep();
  expect((await keeping(ledger, LATER + 3_600_000).sweep()).reclaimed.bytes).toBeGreaterThan(500_000);
  expect(await states([kept.document])).toEqual(['kept']);
  expect(verified(folder).problems).toEqual([]);
});

test('a sweep that is stopped while it decides looks no further, and has done what it decided', async () => {
  const made = await submit(ledger);
  await today();
  const stopping: Pick<Ledger, 'of' | 'append'> = {
    of: (id) => ledger.of(id),
    append: (append) => {
      void one.stop();
      return ledger.append(append);
    },
  };
  let pauses = 0;
  const pause = async () => {
    pauses += 1;
  };
  const one = keeping(stopping as Ledger, LATER, { pause, policy: { ...POLICY, refused: null } });
  expect((await one.sweep()).swept.map(({ rule }) => rule)).toEqual(['delivered']);
  expect([await states([made.document, made.lot]), pauses]).toEqual([['ledger.body-expired', 'kept'], 0]);
});

test('a submission that is touched between looking and deciding is decided again', async () => {
  const made = await submit(ledger);
  await today();
  const view = ledger.of('one');
  const version = await view.version(`delivery:${made.delivery}`);
  const submissions = [{ submission: made.submission, bodies: [made.document], values: [] }];
  const data = { rule: 'delivered' as const, after: '1d', bytes: 0, submissions };
  const expected = { [`delivery:${made.delivery}`]: version - 1 };
  await expect(
    ledger.append(appendOf({ type: 'bodies.expired', data }, { expect: expected })),
  ).rejects.toMatchObject({ code: 'ledger.conflict' });
  expect(await states([made.document])).toEqual(['kept']);
});
