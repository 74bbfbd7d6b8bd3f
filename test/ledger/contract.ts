import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chainHash, eventText, GENESIS } from '../../src/ledger/chain.ts';
import type { Claim, Ledger, NewEvent } from '../../src/ledger/ledger.ts';
import {
  accepted,
  acceptedEvent,
  appendOf,
  bodyOf,
  documentEntry,
  finished,
  fresh,
  noticeDue,
  sending,
  T0,
} from './making.ts';

/** What a test of the contract opens, and opens again on the same data. */
export interface Opened {
  ledger: Ledger;
  reopen(): Promise<Ledger>;
  remove(): Promise<void>;
}

/** What every store must do. */
export function ledgerContract(name: string, open: () => Promise<Opened>): void {
  describe(`${name} keeps the contract of a ledger:`, () => {
    let opened: Opened;
    let ledger: Ledger;

    beforeEach(async () => {
      opened = await open();
      ledger = opened.ledger;
    });
    afterEach(() => opened.remove());

    const claim = (nowMs = T0) => ledger.claim({ kind: 'dmp', nowMs, leaseMs: 1000, limit: 10 });

    test('an append that resolved is there after reopening, with its body and its personal value', async () => {
      const { reference, body } = bodyOf(fresh(), randomBytes(100_000));
      const data = accepted({ documents: [documentEntry({ body: reference })] });
      const subject = { ins: '297022A02077878', ipp: null };
      const event = { ...acceptedEvent(data), subject, personal: Buffer.from('traits') };
      await ledger.append(appendOf(event, { bodies: [{ ...body, subject }] }));
      const again = await opened.reopen();
      const submission = await again.of('one').submission(data.submission);
      expect(submission).toMatchObject({ id: data.submission, state: 'open', sender: 'lab' });
      expect((await again.of('one').personal(submission!.personalRef!))?.toString()).toBe('traits');
      expect(await again.of('one').body(body.id)).toEqual(Buffer.from(body.bytes));
    });

    test('events form one chain per establishment, each bound to the one before', async () => {
      await ledger.append(appendOf(acceptedEvent()));
      await ledger.append(appendOf(acceptedEvent(), { establishment: 'two' }));
      await ledger.append(appendOf(acceptedEvent()));
      const events = await ledger.of('one').events(1, 100);
      expect(events.map((event) => [event.seq, event.type])).toEqual([
        [1, 'ledger.opened'],
        [2, 'submission.accepted'],
        [3, 'submission.accepted'],
      ]);
      let previous = GENESIS;
      for (const event of events) {
        expect(event.hash).toBe(chainHash(previous, eventText(event)));
        previous = event.hash;
      }
    });

    test('a clock set back does not set the chain back', async () => {
      await ledger.append(appendOf(acceptedEvent(), { nowMs: T0 + 60_000 }));
      await ledger.append(appendOf(acceptedEvent(), { nowMs: T0 - 3_600_000 }));
      const events = await ledger.of('one').events(2, 10);
      expect(events.map((event) => event.at)).toEqual([
        '2026-07-01T08:01:00.000Z',
        '2026-07-01T08:01:00.000Z',
      ]);
    });

    test('of many decisions on the same version of a stream, one is taken', async () => {
      const attempts = Array.from({ length: 40 }, () => {
        const data = accepted({ requestKey: 'k' });
        return ledger.append(appendOf(acceptedEvent(data), { expect: { 'request:k': 0 } }));
      });
      const outcomes = await Promise.allSettled(attempts);
      expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
      const reasons = outcomes.flatMap((one) =>
        one.status === 'rejected' ? [(one.reason as { code: string }).code] : [],
      );
      expect(new Set(reasons)).toEqual(new Set(['ledger.conflict']));
      expect(await ledger.of('one').version('request:k')).toBe(2);
    });

    test('an append is all or nothing, and its failure is its own', async () => {
      const good = accepted();
      const [delivery] = accepted().deliveries;
      const bad = ledger.append(
        appendOf(acceptedEvent(), { events: [acceptedEvent(), finished(delivery!.id, 'x')] }),
      );
      const [first, second] = await Promise.allSettled([bad, ledger.append(appendOf(acceptedEvent(good)))]);
      expect(first).toMatchObject({ status: 'rejected', reason: { code: 'ledger.illegal-move' } });
      expect(second.status).toBe('fulfilled');
      expect((await ledger.of('one').submissions({ limit: 10 })).items.map((one) => one.id)).toEqual([
        good.submission,
      ]);
    });

    test('a delivery moves only as the table allows', async () => {
      const data = accepted();
      const id = data.deliveries[0]!.id;
      const uniqueId = data.documents[0]!.uniqueId;
      await ledger.append(appendOf(acceptedEvent(data)));
      await ledger.append(appendOf(sending(id)));
      await expect(ledger.append(appendOf(sending(id)))).rejects.toMatchObject({
        code: 'ledger.illegal-move',
      });
      await ledger.append(appendOf(finished(id, uniqueId)));
      await expect(ledger.append(appendOf(finished(id, uniqueId, 'refused')))).rejects.toMatchObject({
        code: 'ledger.illegal-move',
      });
      expect(await ledger.of('one').delivery(id)).toMatchObject({
        state: 'final',
        outcome: 'delivered',
        attempts: 1,
      });
      expect((await ledger.of('one').submission(data.submission))?.state).toBe('final');
    });

    test('a delivery is claimed when due, by one worker, until its lease ends; a late worker is fenced off', async () => {
      const data = accepted();
      const id = data.deliveries[0]!.id;
      await ledger.append(appendOf(acceptedEvent(data)));
      expect(await claim(T0 - 1)).toEqual([]);
      const [[first], second] = [await claim(), await claim()];
      expect([first?.delivery, second]).toEqual([id, []]);
      const [taken] = await claim(T0 + 1001);
      expect(taken!.token).toBeGreaterThan(first!.token);
      await expect(ledger.append(appendOf(sending(id), { lease: first! }))).rejects.toMatchObject({
        code: 'ledger.fenced',
      });
      await ledger.append(appendOf(sending(id), { lease: taken!, keepLease: true }));
      expect(await claim(T0 + 1500)).toEqual([]);
      const [abandoned] = await claim(T0 + 5000);
      expect(abandoned).toMatchObject({ delivery: id, state: 'sending' });
    });

    test('what a worker left behind is found for each kind, however soon another kind was looked through', async () => {
      const data = accepted();
      data.deliveries = data.deliveries.map((one) => ({ ...one, destination: { kind: 'mssante' } }));
      const id = data.deliveries[0]!.id;
      await ledger.append(appendOf(acceptedEvent(data)));
      await ledger.append(appendOf(sending(id)));
      const take = (kind: 'dmp' | 'mssante') => ledger.claim({ kind, nowMs: T0, leaseMs: 1000, limit: 5 });
      expect(await take('dmp')).toEqual([]);
      expect(await take('mssante')).toMatchObject([{ delivery: id, state: 'sending' }]);
    });

    describe('the notices of a sender', () => {
      const take = (nowMs: number, establishment = 'one', sender = 'lab') =>
        ledger.claimNotice({ establishment, sender, nowMs, leaseMs: 1000 });
      const notice = (id: string, sender = 'lab') =>
        appendOf(noticeDue(id, sender), { nowMs: T0, expect: {} });
      const deferred = (id: string, dueAtMs: number): NewEvent => ({
        type: 'notice.deferred',
        data: {
          ...{ notice: id, submission: 's', attempt: 1, code: 'notice.no-answer' },
          dueAt: new Date(dueAtMs).toISOString(),
        },
      });

      test('are taken by one holder at a time, the first before the second; a late holder is fenced off', async () => {
        await ledger.append(notice('n-1'));
        await ledger.append(notice('n-2'));
        const first = await take(T0);
        expect(first).toMatchObject({ notice: 'n-1', noticesOf: 'lab' });
        expect([await take(T0 + 1), await take(T0 + 1, 'one', 'ris'), await take(T0 + 1, 'two')]).toEqual([
          ...[null, null, null],
        ]);
        const second = await take(T0 + 1001);
        expect(second).toMatchObject({ notice: 'n-1' });
        const late = ledger.append(appendOf(deferred('n-1', T0), { lease: first! }));
        await expect(late).rejects.toMatchObject({ code: 'ledger.fenced' });
        await ledger.giveBack(first!);
        expect(await take(T0 + 1002)).toBeNull();
        await ledger.append(appendOf(deferred('n-1', T0 + 5000), { lease: second! }));
        // The first is not due yet, and the second does not overtake it.
        expect(await take(T0 + 2000)).toBeNull();
        expect(await take(T0 + 5000)).toMatchObject({ notice: 'n-1' });
      });

      test('parked, say after how many attempts and why, and are not taken until they are taken up again', async () => {
        await ledger.append(notice('n-1'));
        const about = { notice: 'n-1', submission: 's' };
        const code = 'notice.refused';
        const parked: NewEvent = { type: 'notice.parked', data: { ...about, attempt: 3, code } };
        await ledger.append(appendOf(parked));
        const read = async () => (await ledger.of('one').notices({ limit: 10 })).items[0];
        expect(await read()).toMatchObject({ state: 'parked', attempts: 3, code, dueAtMs: null });
        expect(await take(T0)).toBeNull();
        const resumed: NewEvent = { type: 'notice.resumed', data: { ...about, by: 'a' } };
        await ledger.append(appendOf(resumed));
        expect(await read()).toMatchObject({ state: 'due', attempts: 0, code: null, dueAtMs: T0 });
        expect(await take(T0)).toMatchObject({ notice: 'n-1' });
      });

      test('given back, are taken by another; those of another sender are free all the while', async () => {
        await ledger.append(notice('n-1'));
        await ledger.append(notice('n-2', 'ris'));
        const held = await take(T0);
        expect(await take(T0, 'one', 'ris')).toMatchObject({ notice: 'n-2' });
        await ledger.giveBack(held!);
        expect(await take(T0)).toMatchObject({ notice: 'n-1' });
      });
    });

    test('what is held does not stand in the way of what is free', async () => {
      for (let count = 0; count < 3; count += 1) await ledger.append(appendOf(acceptedEvent()));
      const two = () => ledger.claim({ kind: 'dmp', nowMs: T0, leaseMs: 1000, limit: 2 });
      const [first, second, third] = [await two(), await two(), await two()];
      expect([first.length, second.length, third.length]).toEqual([2, 1, 0]);
      await ledger.giveBack(first[0]!);
      expect(await two()).toMatchObject([{ delivery: first[0]!.delivery }]);
    });

    describe('of what is due it gives', () => {
      const to = async (structure: string, lane: 'live' | 'retried' | 'historic', dueMs = T0) => {
        const data = accepted({ structure: { id: structure, name: 'Site' } });
        data.deliveries[0] = { ...data.deliveries[0]!, lane, dueAt: new Date(dueMs).toISOString() };
        await ledger.append(appendOf(acceptedEvent(data)));
        return data.deliveries[0]!.id;
      };
      const [site, other] = ['dmp.one.1AAA', 'dmp.one.1BBB'];
      const queues = (limit: number) =>
        (['live', 'retried', 'late', 'historic'] as const).map((queue) => ({ queue, limit }));
      const asked = async (claim: Partial<Claim>) => {
        const taken = await ledger.claim({ kind: 'dmp', nowMs: T0, leaseMs: 1000, limit: 10, ...claim });
        return taken.map(({ delivery, queue }) => [delivery, queue]);
      };

      test('each queue its own: what comes now apart from what has been due for over a minute', async () => {
        const late = await to('1AAA', 'live', T0 - 60_000);
        const [live, retried] = [await to('1AAA', 'live', T0 - 59_999), await to('1AAA', 'retried')];
        const historic = await to('1AAA', 'historic', T0 - 90_000);
        expect(await asked({})).toEqual([
          [live, 'live'],
          [retried, 'retried'],
          [late, 'late'],
          [historic, 'historic'],
        ]);
      });

      test('no more of a queue, of a destination and in all than was asked for', async () => {
        const first = await to('1AAA', 'live');
        await to('1AAA', 'live');
        const retried = await to('1AAA', 'retried');
        await to('1AAA', 'historic');
        expect(await asked({ serve: { [site]: { limit: 2, queues: queues(1) } } })).toEqual([
          [first, 'live'],
          [retried, 'retried'],
        ]);
        expect(await asked({ limit: 1 })).toHaveLength(1);
      });

      test('nothing for a destination that is closed, and the others as ever', async () => {
        await to('1AAA', 'live');
        const open = await to('1BBB', 'live');
        expect(await asked({ serve: { [site]: null } })).toEqual([[open, 'live']]);
        expect(await asked({ serve: { [other]: null }, others: { limit: 0, queues: [] } })).toEqual([]);
      });

      test('another destination the first turn each time', async () => {
        const [a, b] = [await to('1AAA', 'live'), await to('1BBB', 'live')];
        expect(await asked({ limit: 1, after: site })).toEqual([[b, 'live']]);
        expect(await asked({ limit: 1, after: other })).toEqual([[a, 'live']]);
      });
    });

    test('what an interrupted worker was sending is claimed as such after reopening', async () => {
      const data = accepted();
      await ledger.append(appendOf(acceptedEvent(data)));
      const [lease] = await claim();
      await ledger.append(appendOf(sending(data.deliveries[0]!.id), { lease: lease!, keepLease: true }));
      ledger = await opened.reopen();
      expect(await claim()).toMatchObject([{ delivery: data.deliveries[0]!.id, state: 'sending' }]);
    });

    test('the same INS is the same person in one establishment and nobody in another', async () => {
      const subject = { ins: '160012B02077713', ipp: null };
      const append = (establishment: string) =>
        ledger.append(appendOf({ ...acceptedEvent(), subject }, { establishment }));
      const [[a], [b], [c]] = [await append('one'), await append('one'), await append('two')];
      expect(a!.person).toBe(b!.person);
      expect(a!.person).not.toBe(c!.person);
      expect(ledger.searchHash('one', 'ins', subject.ins)).not.toBe(
        ledger.searchHash('two', 'ins', subject.ins),
      );
    });

    test('one establishment never sees what is of another', async () => {
      const { reference, body } = bodyOf(fresh(), Buffer.from('secret'));
      const data = accepted({ documents: [documentEntry({ body: reference })] });
      await ledger.append(
        appendOf(
          { ...acceptedEvent(data), subject: { ins: null, ipp: 'x' }, personal: Buffer.from('p') },
          { bodies: [body] },
        ),
      );
      const ref = (await ledger.of('one').submission(data.submission))!.personalRef!;
      const other = ledger.of('two');
      expect(await other.submission(data.submission)).toBeNull();
      expect(await other.delivery(data.deliveries[0]!.id)).toBeNull();
      expect(await other.documentHistory(data.documents[0]!.uniqueId)).toEqual([]);
      expect(await other.timeline([`submission:${data.submission}`])).toEqual([]);
      expect(await other.personal(ref)).toBeNull();
      await expect(other.body(body.id)).rejects.toMatchObject({ code: 'ledger.body-missing' });
    });

    test('pages follow one another without gap or repetition', async () => {
      const made = [];
      for (let index = 0; index < 7; index += 1) made.push(accepted());
      await Promise.all(made.map((data) => ledger.append(appendOf(acceptedEvent(data)))));
      const seen: string[] = [];
      for (let next: string | null = '99999'; next; ) {
        const page = await ledger.of('one').submissions({ limit: 3, before: Number(next) });
        seen.push(...page.items.map((one) => one.id));
        next = page.next;
      }
      expect(seen.toSorted()).toEqual(made.map((data) => data.submission).toSorted());
    });

    test('projections made again from the events are the same', async () => {
      const data = accepted({
        requestKey: 'r',
        stay: {
          finessEg: '0B0000012',
          number: '1',
          visit: null,
          class: null,
          admittedAt: null,
          dischargedAt: null,
        },
      });
      const stay = { finessEj: 'a', finessEg: 'b', stayNo: '1' };
      const { reference, body } = bodyOf(fresh(), Buffer.from(`${JSON.stringify(stay)}\n`));
      await ledger.append(appendOf(acceptedEvent(data)));
      await ledger.append(appendOf(sending(data.deliveries[0]!.id)));
      const counts = { added: 1, changed: 0, removed: 0 };
      const imported = { import: fresh(), author: 'x', fileSha256: 'y', ...counts, rows: reference };
      await ledger.append(
        appendOf({ type: 'stays.imported', data: imported }, { bodies: [{ ...body, retention: 'import' }] }),
      );
      const read = async () => [
        await ledger.of('one').submission(data.submission),
        await ledger.of('one').deliveriesOf(data.submission),
        await ledger.of('one').documents(data.submission),
        await ledger.of('one').stays(),
      ];
      const before = await read();
      await ledger.rebuild();
      expect(await read()).toEqual(before);
      expect(before[3]).toEqual([stay]);
    });

    test('a mail of which nobody is told is work while it is not confirmed, and none when its receipt comes late', async () => {
      const data = accepted();
      const delivery = data.deliveries[0]!.id;
      const end = (outcome: 'unconfirmed' | 'delivered'): NewEvent => ({
        type: 'delivery.finished',
        data: { delivery, outcome, code: outcome, results: [], entries: {}, receipt: null, by: null },
      });
      await ledger.append(appendOf(acceptedEvent(data)));
      await ledger.append(appendOf(sending(delivery)));
      await ledger.append(appendOf(end('unconfirmed')));
      const work = async () => (await ledger.of('one').work({ limit: 10 })).items.map(({ cause }) => cause);
      expect(await work()).toEqual(['outcome-untold']);
      await ledger.append(appendOf(end('delivered')));
      expect(await work()).toEqual([]);
      expect(await ledger.of('one').workCounts()).toEqual({});
    });

    test('what was delivered is read back for the figures', async () => {
      const data = accepted();
      const { uniqueId } = data.documents[0]!;
      await ledger.append(appendOf(acceptedEvent(data)));
      await ledger.append(appendOf(sending(data.deliveries[0]!.id)));
      expect(await ledger.of('one').deliveredDocuments()).toEqual([]);
      await ledger.append(appendOf(finished(data.deliveries[0]!.id, uniqueId)));
      expect(await ledger.of('one').deliveredDocuments()).toMatchObject([
        { uniqueId, operation: 'deposit', identityRoot: '1.2.250.1.213.1.4.10' },
      ]);
    });

    test('after closing nothing is taken any more', async () => {
      await ledger.close();
      await expect(ledger.append(appendOf(acceptedEvent()))).rejects.toMatchObject({ code: 'ledger.closed' });
    });
  });
}
