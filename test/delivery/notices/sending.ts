// A process to be killed: ends deliveries one after the other and sends their notices.

import { NoticeQueue } from '../../../src/delivery/notices/queue.ts';
import { parseSchedule } from '../../../src/delivery/schedule.ts';
import { systemClock } from '../../../src/words/clock.ts';
import type { NewDelivery } from '../../../src/words/events.ts';
import { openTestLedger } from '../../ledger/making.ts';
import { stageOf, submit } from '../scripted.ts';

const [folder, port, deliveries] = process.argv.slice(2);
const ledger = await openTestLedger(folder!, { nowMs: Date.now() });
const stage = stageOf(ledger);
const queue = new NoticeQueue({
  ...{
    ledger,
    clock: systemClock,
    establishment: 'one',
    sender: 'lab',
    charset: 'utf-8',
    random: () => 0,
    recipientOf: async () => null,
  },
  where: { host: '127.0.0.1', port: Number(port), tls: null },
  policy: { schedule: parseSchedule('1s, …'), answerMs: 2000, parkAfterMs: 1e12 },
  onAlarm: () => process.exit(2),
  onError: () => process.exit(3),
});
queue.poke();
process.send!('ready');
const lifetime = `${process.pid}-${Date.now()}`;
for (let one = 0; one < Number(deliveries); one += 1) {
  const id = `${lifetime}-${one}`;
  const origin = {
    ...{ controlId: id, application: 'DPI', facility: 'HOP' },
    ...{ receivingApplication: 'PFI', receivingFacility: 'HOP', processingId: 'T' },
  };
  await submit(ledger, {
    submission: id,
    door: 'mllp',
    notices: { reception: true, reading: false, origin },
    deliveries: [deliveryOf(id)],
  });
  await stage.rest();
  queue.poke();
}
while ((await ledger.of('one').nextNotice('lab')) !== null)
  await new Promise((resolve) => setTimeout(resolve, 20));
await queue.stop();
await stage.scheduler.stop(0);
await ledger.close();
process.disconnect();

function deliveryOf(id: string): NewDelivery {
  return {
    id: `d-${id}`,
    joined: false,
    operation: 'deposit',
    destination: { kind: 'dmp' },
    chain: `c-${id}`,
    documents: [],
    lane: 'live',
    state: 'due',
    dueAt: new Date(0).toISOString(),
    waitsFor: null,
  };
}
