import { rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Append, Ledger } from '../../../src/ledger/ledger.ts';
import { Listener } from '../../delivery/notices/listener.ts';
import { openTestLedger, scratch } from '../../ledger/making.ts';
import { sample } from '../../xds/xdm/archives.ts';
import { archive, arrive, DeskStage, mailOf } from './stage.ts';

const letter = sample('discharge-letter.xml');
const prescription = sample('discharge-prescription.xml');

let folder: string;
let ledger: Ledger;
let listener: Listener;

beforeEach(async () => {
  folder = scratch();
  ledger = await openTestLedger(folder, { nowMs: Date.now() });
  listener = new Listener();
});

afterEach(async () => {
  await listener.close();
  await ledger.close();
  rmSync(folder, { recursive: true });
});

/** A ledger whose appends end at one of them, before or after it is durable, as those of a process that is killed there. */
function dyingAt(step: number, when: 'before' | 'after', dead: () => void): Ledger {
  let count = 0;
  const append = async (given: Append) => {
    count += 1;
    if (count > step) throw new Error('dead');
    if (count < step) return ledger.append(given);
    if (when === 'after') await ledger.append(given);
    dead();
    throw new Error('killed');
  };
  return new Proxy(ledger, {
    get: (target, name) => {
      if (name === 'append') return append;
      const value = Reflect.get(target, name) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

const STEPS = [
  'sorted',
  'first acknowledged',
  'second acknowledged',
  'answer written',
  'answer begun',
  'answer sent',
];

test.each(
  STEPS.flatMap((name, index) => [[name, index + 1, 'before'] as const, [name, index + 1, 'after'] as const]),
)('killed at "%s" (%i, %s it is durable): no other MSH-10, never two answers', async (_name, step, when) => {
  const port = await listener.listen();
  const mail = await arrive(ledger, mailOf(await archive([letter, prescription])));
  const died = Promise.withResolvers<void>();
  const first = new DeskStage(dyingAt(step, when, died.resolve), port, { onError: () => {} });
  first.desk.poke();
  await died.promise;
  await first.desk.stop();
  const second = new DeskStage(ledger, port);
  second.desk.poke();
  const view = ledger.of('one').integrations;
  const ends = ['sent', 'in-doubt'];
  for (let look = 0; !ends.includes((await view.answer(mail))?.state ?? ''); look += 1) {
    if (look > 400) throw new Error('not answered');
    await wait(10);
  }
  await second.desk.stop();
  const rows = await view.ofMail(mail);
  expect(rows.map(({ state }) => state)).toEqual(['acknowledged', 'acknowledged']);
  expect([...new Set(listener.ids)]).toEqual(rows.map(({ controlId }) => controlId));
  const sent = [...first.sent, ...second.sent];
  expect(sent.length).toBeLessThanOrEqual(1);
  if ((await view.answer(mail))!.state === 'sent') expect(sent).toHaveLength(1);
});
