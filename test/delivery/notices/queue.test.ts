import { rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cancelSubmission } from '../../../src/delivery/commands.ts';
import { resumeNotice } from '../../../src/delivery/notices/commands.ts';
import { type NoticePolicy, NoticeQueue } from '../../../src/delivery/notices/queue.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { systemClock } from '../../../src/words/clock.ts';
import type { EventData } from '../../../src/words/events.ts';
import { accepted, documentEntry, openTestLedger, scratch } from '../../ledger/making.ts';
import { type Stage, stageOf, submit } from '../scripted.ts';
import { Listener } from './listener.ts';

let folder: string;
let ledger: Ledger;
let stage: Stage;
let listener: Listener;
let queue: NoticeQueue;
let port: number;
const alarms: { code: string }[] = [];
let count = 0;

/** Deliveries end in July 2026, by the clock of their scheduler; notices leave by the real one. */
const POLICY: NoticePolicy = {
  schedule: { text: '1ms, …', waitsMs: [1], endless: true },
  answerMs: 300,
  parkAfterMs: 1e12,
};

beforeEach(async () => {
  folder = scratch();
  ledger = await openTestLedger(folder);
  stage = stageOf(ledger);
  listener = new Listener();
  port = await listener.listen();
  alarms.length = 0;
  queue = queueTo(port);
});

afterEach(async () => {
  await queue.stop();
  await stage.scheduler.stop(0);
  await listener.close();
  await ledger.close();
  rmSync(folder, { recursive: true });
});

/** Repetitions follow in a few milliseconds, whatever the clock of deliveries says. */
function queueTo(to: number | null, policy: Partial<NoticePolicy> = {}): NoticeQueue {
  return new NoticeQueue({
    ...{ ledger, establishment: 'one', sender: 'lab', charset: 'utf-8', recipientOf: async () => null },
    clock: { now: () => Date.now(), after: (ms, action) => systemClock.after(Math.min(ms, 20), action) },
    where: to === null ? null : { host: '127.0.0.1', port: to, tls: null },
    policy: { ...POLICY, ...policy },
    random: () => 0,
    onAlarm: (alarm) => alarms.push(alarm),
    onError: (error) => {
      throw error;
    },
  });
}

/** A submission that came in an HL7 message and asked to be told. */
function told(changes: Partial<EventData['submission.accepted']> = {}) {
  count += 1;
  const origin = {
    ...{ controlId: `DPI-${count}`, application: 'DPI', facility: 'HOP' },
    ...{ receivingApplication: 'PFI', receivingFacility: 'HOP', processingId: 'T' },
  };
  return submit(ledger, { door: 'mllp', notices: { reception: true, reading: false, origin }, ...changes });
}

async function acknowledged(times: number): Promise<void> {
  for (let look = 0; look < 400; look += 1) {
    const { items } = await ledger.of('one').notices({ state: 'acknowledged', limit: 200 });
    if (items.length >= times) return;
    await wait(10);
  }
  throw new Error('not acknowledged in time');
}

describe('a notice', () => {
  test('stands in the append of the end of its delivery, and says it as section 14 of the interface has it', async () => {
    const { submission, delivery } = await told();
    await stage.rest();
    const events = await ledger.of('one').events(1, 100);
    const end = events.find(({ type }) => type === 'delivery.finished')!;
    const due = events.find(({ type }) => type === 'notice.due')!;
    expect(due.seq).toBe(end.seq + 1);
    expect(due.at).toBe(end.at);
    queue.poke();
    await listener.received(1);
    await acknowledged(1);
    const [notice] = (await ledger.of('one').notices({ submission, limit: 1 })).items;
    const at = `${due.at.replace(/\D/g, '').slice(0, 14)}+0000`;
    expect(listener.messages).toEqual([
      [
        `MSH|^~\\&|PFI|HOP|DPI|HOP|${at}||ZAM^Z01^ZAM_Z01|${notice!.controlId}|T|2.6|||||FRA|UNICODE UTF-8|||2.1^CISIS_CDA_HL7_V2`,
        `EVN||${at}`,
        `OBX|1|CWE|ACK_RECEPTION_DMP^Accusé de réception DMP^AckMetierZAM|DPI-${count}|Y^^expandedYes-NoIndicator||||||F`,
        '',
      ].join('\r'),
    ]);
    expect(notice).toMatchObject({ kind: 'Z01', state: 'acknowledged', attempts: 1 });
    expect(notice!.content.deliveries).toEqual([delivery]);
    expect(notice!.controlId.length).toBeLessThanOrEqual(20);
  });

  test('of a refusal carries the code of the DMP and its words in ERR-5', async () => {
    stage.port.outcomes.push({ result: 'refused', code: 'XDSUnknownPatientId', raw: null });
    await told();
    await stage.rest();
    queue.poke();
    await listener.received(1);
    const segments = listener.messages[0]!.split('\r');
    expect(segments[2]).toContain('|N^^expandedYes-NoIndicator|');
    expect(segments[3]).toBe(
      'ERR|||207^Application error^messageErrorCondition|E|XDSUnknownPatientId^patient sans DMP^DMP_ERROR_CODE|||patient sans DMP',
    );
  });

  test('of an opposition and of a cancellation carry codes of ours', async () => {
    await told({ consent: 'opposed' });
    await stage.rest();
    const { submission } = await told({ hold: { reason: 'review', until: '2027-01-01T00:00:00Z' } });
    const commands = { ledger, clock: stage.clock, interrupt: async () => {} };
    await cancelSubmission(commands, 'one', submission, { by: 'a person', reason: 'not to be sent' });
    queue.poke();
    await listener.received(2);
    expect(listener.messages[0]).toContain('|VIADUC-OPPOSITION^');
    expect(listener.messages[1]).toContain('|VIADUC-ANNULE^');
  });

  test('is due when the last of its deliveries has ended, and tells of each document when they differ', async () => {
    const documents = [documentEntry(), documentEntry()];
    const data = accepted({ documents });
    const deliveries = documents.map(({ uniqueId }, index) => ({
      ...data.deliveries[0]!,
      id: `${data.deliveries[0]!.id}-${index}`,
      documents: [uniqueId],
    }));
    stage.port.outcomes.push(
      { result: 'refused', code: 'InvalidDocumentContent', raw: null },
      { result: 'failed', code: 'XDSRegistryBusy', aboutDocument: true, raw: null },
    );
    await told({ documents, deliveries });
    await stage.rest();
    expect((await ledger.of('one').notices({ limit: 10 })).items).toEqual([]);
    stage.clock.advance(60_000);
    await stage.rest();
    const { items } = await ledger.of('one').notices({ limit: 10 });
    expect(items).toHaveLength(1);
    expect(items[0]!.content).toMatchObject({ success: false, error: { code: 'InvalidDocumentContent' } });
    for (const { uniqueId } of documents) expect(items[0]!.content.error!.detail).toContain(uniqueId);
  });

  test('that nobody asked for is not sent; the outcome waits in the work list, and goes when it is closed', async () => {
    stage.port.outcomes.push({ result: 'refused', code: 'DMPClosed', raw: null });
    const { submission } = await submit(ledger);
    await stage.rest();
    expect((await ledger.of('one').notices({ limit: 10 })).items).toEqual([]);
    const [item] = (await ledger.of('one').work({ limit: 10 })).items;
    expect(item).toMatchObject({ cause: 'outcome-untold', role: 'it', code: 'DMPClosed', submission });
    const data = { item: item!.id, by: 'someone', reason: 'told by telephone' };
    await ledger.append({ establishment: 'one', nowMs: Date.now(), events: [{ type: 'work.closed', data }] });
    expect((await ledger.of('one').work({ limit: 10 })).items).toEqual([]);
  });
});

describe('the queue of a sender', () => {
  test.each(['silence', 'cut', 'other-id', 'garbage', 'half', 'AR'] as const)(
    'repeats what is answered by %s, the same bytes each time, and keeps the order',
    async (reaction) => {
      listener.reactions.push(reaction, reaction);
      await told();
      await told();
      await stage.rest();
      queue.poke();
      await acknowledged(2);
      const [first, second, third, last] = listener.messages;
      expect(listener.messages).toHaveLength(4);
      expect(second).toBe(first);
      expect(third).toBe(first);
      expect(last).not.toBe(first);
      expect(new Set(listener.ids).size).toBe(2);
      expect(alarms).toEqual([]);
    },
  );

  test('parks what is refused by AE with an alarm, goes on with the next, and takes it up again under the same MSH-10', async () => {
    listener.reactions.push('AE');
    await told();
    await told();
    await stage.rest();
    queue.poke();
    await acknowledged(1);
    expect(alarms).toMatchObject([{ code: 'notice.refused' }]);
    const [parked] = (await ledger.of('one').notices({ state: 'parked', limit: 10 })).items;
    expect((await ledger.of('one').work({ limit: 10 })).items).toMatchObject([
      { cause: 'notice-parked', role: 'it', notice: parked!.id },
    ]);
    await resumeNotice({ ledger, clock: systemClock }, 'one', parked!, 'someone');
    queue.poke();
    await acknowledged(2);
    expect(listener.ids[2]).toBe(listener.ids[0]);
    expect((await ledger.of('one').work({ limit: 10 })).items).toEqual([]);
  });

  test('of a sender without address parks what it asked to be told, where the work list has it', async () => {
    await queue.stop();
    queue = queueTo(null);
    await told();
    await stage.rest();
    queue.poke();
    for (let look = 0; look < 400 && alarms.length === 0; look += 1) await wait(10);
    expect(alarms).toMatchObject([{ code: 'notice.no-address' }]);
    expect((await ledger.of('one').work({ limit: 10 })).items).toMatchObject([{ code: 'notice.no-address' }]);
  });

  test('parks after the configured time what is never acknowledged', async () => {
    await queue.stop();
    queue = queueTo(port, { parkAfterMs: 1 });
    listener.reactions.push('AR');
    await told();
    await stage.rest();
    queue.poke();
    for (let look = 0; look < 400 && alarms.length === 0; look += 1) await wait(10);
    expect(alarms).toMatchObject([{ code: 'notice.answered-later' }]);
  });

  test('waits for a listener that is down, and sends all in order when it comes up', async () => {
    await listener.close();
    for (let one = 0; one < 3; one += 1) await told();
    await stage.rest();
    queue.poke();
    for (let look = 0; look < 400; look += 1) {
      const [next] = (await ledger.of('one').notices({ limit: 10 })).items.toReversed();
      if (next!.code === 'notice.unreachable') break;
      await wait(10);
    }
    listener = new Listener();
    await listener.listen(port);
    await acknowledged(3);
    const { items } = await ledger.of('one').notices({ limit: 10 });
    expect(listener.ids).toEqual(items.toReversed().map(({ controlId }) => controlId));
  });

  test('of two processes one sends at a time: nothing leaves twice side by side or out of order', async () => {
    const other = queueTo(port);
    for (let one = 0; one < 6; one += 1) await told();
    await stage.rest();
    listener.reactions.push('AR', 'silence', 'AA', 'cut');
    for (let round = 0; round < 40; round += 1) {
      for (const one of [queue, other]) one.poke();
      await wait(5);
    }
    await acknowledged(6);
    await other.stop();
    const { items } = await ledger.of('one').notices({ limit: 10 });
    const [first, ...rest] = items.toReversed().map(({ controlId }) => controlId);
    const [second, ...later] = rest;
    expect(listener.ids).toEqual([first, first, first, second, second, ...later]);
    expect(alarms).toEqual([]);
  });

  test('while another process holds them sends nothing, and takes them over when its lease has ended', async () => {
    await told();
    await stage.rest();
    const claim = { establishment: 'one', sender: 'lab', leaseMs: 250 };
    const held = await ledger.claimNotice({ ...claim, nowMs: Date.now() });
    expect(held).not.toBeNull();
    queue.poke();
    await wait(100);
    expect(listener.messages).toEqual([]);
    await acknowledged(1);
    const late = { notice: held!.notice, submission: 's', attempt: 1, code: 'notice.no-answer' };
    const event = { type: 'notice.parked' as const, data: late };
    await expect(
      ledger.append({ establishment: 'one', nowMs: Date.now(), lease: held!, events: [event] }),
    ).rejects.toMatchObject({ code: 'ledger.fenced' });
  });

  test('stopped between the sending and the acknowledgement, the next one repeats it: none lost, the same MSH-10', async () => {
    listener.reactions.push('silence');
    await told();
    await stage.rest();
    queue.poke();
    await listener.received(1);
    await queue.stop();
    await ledger.close();
    ledger = await openTestLedger(folder);
    stage = stageOf(ledger);
    queue = queueTo(port);
    queue.poke();
    await acknowledged(1);
    expect(listener.messages[1]).toBe(listener.messages[0]);
  });
});
