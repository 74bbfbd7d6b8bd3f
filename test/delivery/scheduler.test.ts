import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cancelSubmission, retryDelivery, stopDelivery } from '../../src/delivery/commands.ts';
import type { AttemptOutcome } from '../../src/delivery/destination.ts';
import { personalBytes } from '../../src/delivery/job.ts';
import { deliveryLimits } from '../../src/delivery/limits.ts';
import { ledgerError } from '../../src/ledger/errors.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { SubmissionRequest } from '../../src/words/request.ts';
import {
  accepted,
  acceptedEvent,
  appendOf,
  documentEntry,
  openTestLedger,
  scratch,
  sending,
  T0,
} from '../ledger/making.ts';
import { delivered, type Stage, stageOf, submit } from './scripted.ts';

const busy: AttemptOutcome = { result: 'failed', code: 'XDSRegistryBusy', aboutDocument: true, raw: null };
const unreachable: AttemptOutcome = {
  result: 'failed',
  code: 'delivery.dmp-unreachable',
  aboutDocument: false,
  raw: null,
};
const lost: AttemptOutcome = { result: 'ambiguous', code: 'delivery.dmp-lost', raw: null };

let folder: string;
let ledger: Ledger;
let stage: Stage;

beforeEach(async () => {
  folder = scratch();
  ledger = await openTestLedger(folder);
  stage = stageOf(ledger);
});

afterEach(async () => {
  await stage.scheduler.stop(0);
  await ledger.close();
  rmSync(folder, { recursive: true });
});

const state = async (delivery: string) => {
  const row = (await ledger.of('one').delivery(delivery))!;
  return {
    state: row.state,
    outcome: row.outcome,
    code: row.code,
    attempts: row.attempts,
    charged: row.charged,
  };
};
const commands = () => ({
  ledger,
  clock: stage.clock,
  interrupt: (id: string) => stage.scheduler.interrupt(id),
});

describe('a delivery', () => {
  test('is prepared, sent and finished with its receipt; the lot is on disk before the first byte', async () => {
    const { delivery, submission, uniqueId } = await submit(ledger);
    await stage.rest();
    expect(stage.port.calls).toEqual(['prepare', 'send 2.25.1']);
    expect(await state(delivery)).toMatchObject({ state: 'final', outcome: 'delivered', attempts: 1 });
    const row = (await ledger.of('one').delivery(delivery))!;
    expect(row.results).toEqual([{ uniqueId, outcome: 'delivered', code: 'delivered' }]);
    expect((await ledger.of('one').body(row.receipt!.id)).toString()).toBe('<ok/>');
    expect((await ledger.of('one').body(row.lot!.metadata.id)).toString()).toBe('<lot/>');
    expect((await ledger.of('one').submission(submission))!.state).toBe('final');
  });

  test('refused by the destination is final at once', async () => {
    stage.port.outcomes.push({ result: 'refused', code: 'DMPClosed', raw: null });
    const { delivery } = await submit(ledger);
    await stage.rest();
    expect(await state(delivery)).toMatchObject({ state: 'final', outcome: 'refused', code: 'DMPClosed' });
  });

  test('that the destination puts off is tried again by the schedule, the same lot each time, and parked at its end', async () => {
    stage.port.outcomes.push(busy, busy, busy, busy);
    const { delivery } = await submit(ledger);
    await stage.rest();
    for (const [wait, attempts] of [
      [60_000, 2],
      [300_000, 3],
      [300_000, 4],
    ] as const) {
      stage.clock.advance(wait - 1);
      await stage.rest();
      expect((await state(delivery)).attempts).toBe(attempts - 1);
      stage.clock.advance(1);
      await stage.rest();
      expect((await state(delivery)).attempts).toBe(attempts);
    }
    expect(await state(delivery)).toMatchObject({
      state: 'parked',
      code: 'delivery.budget-spent',
      charged: 3,
    });
    expect(new Set(stage.port.calls)).toEqual(new Set(['prepare', 'send 2.25.1']));
  });

  test('to a destination that cannot be reached waits as long as it takes and is charged nothing', async () => {
    stage.port.outcomes.push(...Array.from({ length: 50 }, () => unreachable));
    const { delivery } = await submit(ledger);
    await stage.rest();
    for (let minute = 0; minute < 25; minute += 1) {
      stage.clock.advance(30_000);
      await stage.rest();
    }
    expect(await state(delivery)).toMatchObject({ state: 'due', charged: 0 });
    stage.port.outcomes.length = 0;
    stage.clock.advance(30_000);
    await stage.rest();
    expect(await state(delivery)).toMatchObject({ state: 'final', outcome: 'delivered' });
  });
});

describe('an outage before an answer', () => {
  test('takes nothing from the budget of the document: every wait of its own schedule is still there', async () => {
    stage.port.outcomes.push(unreachable, unreachable, busy, busy, busy, busy);
    const { delivery } = await submit(ledger);
    await stage.rest();
    for (let minute = 0; minute < 20 && (await state(delivery)).state !== 'parked'; minute += 1) {
      stage.clock.advance(60_000);
      await stage.rest();
    }
    expect(await state(delivery)).toMatchObject({ state: 'parked', charged: 3, attempts: 6 });
  });
});

describe('a delivery of which it is not known whether it arrived', () => {
  test('is asked for before anything is sent again, and is delivered once when it is found', async () => {
    stage.port.outcomes.push(lost);
    stage.port.resolutions.push({ found: true, entries: {}, raw: null });
    const { delivery } = await submit(ledger);
    await stage.rest();
    expect(await state(delivery)).toMatchObject({ state: 'ambiguous' });
    stage.clock.advance(10_000);
    await stage.rest();
    expect(stage.port.calls).toEqual(['prepare', 'send 2.25.1', 'resolve']);
    expect(await state(delivery)).toMatchObject({ state: 'final', outcome: 'delivered', attempts: 1 });
  });

  test('is sent again with the same identifiers when it is not found', async () => {
    stage.port.outcomes.push(lost);
    const { delivery } = await submit(ledger);
    await stage.rest();
    stage.clock.advance(10_000);
    await stage.rest();
    expect(stage.port.calls).toEqual(['prepare', 'send 2.25.1', 'resolve', 'send 2.25.1']);
    expect(await state(delivery)).toMatchObject({ state: 'final', outcome: 'delivered', attempts: 2 });
  });

  test('is never sent while the question has no answer', async () => {
    stage.port.outcomes.push(lost);
    stage.port.resolutions.push(
      ...Array.from({ length: 30 }, () => ({
        found: null,
        code: 'delivery.dmp-unreachable',
        aboutDocument: false,
      })),
    );
    const { delivery } = await submit(ledger);
    await stage.rest();
    for (let round = 0; round < 20; round += 1) {
      stage.clock.advance(60_000);
      await stage.rest();
    }
    expect(stage.port.calls.filter((call) => call.startsWith('send'))).toHaveLength(1);
    expect(await state(delivery)).toMatchObject({ state: 'ambiguous', attempts: 1 });
  });

  test('that stays in doubt after every sending waits for a person in the end, and is asked for when reopened', async () => {
    stage.port.outcomes.push(lost, lost, lost, lost, lost);
    const { delivery } = await submit(ledger);
    await stage.rest();
    for (let round = 0; round < 6; round += 1) {
      stage.clock.advance(60_000);
      await stage.rest();
    }
    expect(await state(delivery)).toMatchObject({ state: 'parked' });
    stage.port.outcomes.length = 0;
    stage.port.resolutions.push({ found: true, entries: {}, raw: null });
    await retryDelivery(commands(), 'one', delivery, 'somebody', 'looked at it');
    const before = stage.port.calls.length;
    await stage.rest();
    expect(stage.port.calls.slice(before)).toEqual(['resolve']);
    expect(await state(delivery)).toMatchObject({ state: 'final', outcome: 'delivered' });
  });

  test('because the gateway stopped while sending is resolved at the next start', async () => {
    const { delivery } = await submit(ledger);
    await stage.scheduler.stop(0);
    const [lease] = await ledger.claim({ kind: 'dmp', nowMs: T0, leaseMs: 1000, limit: 1 });
    const lot = { uniqueId: '2.25.77', metadata: { id: delivery, sha256: '', size: 0 } };
    const started = { ...sending(delivery), data: { delivery, attempt: 1, lot } } as ReturnType<
      typeof sending
    >;
    await ledger.append({
      establishment: 'one',
      nowMs: T0,
      lease: lease!,
      keepLease: true,
      events: [started],
    });
    await ledger.close();
    ledger = await openTestLedger(folder);
    stage = stageOf(ledger);
    await stage.rest();
    expect(stage.port.calls).toEqual(['resolve', 'send 2.25.77']);
    expect(await state(delivery)).toMatchObject({ state: 'final', outcome: 'delivered', attempts: 2 });
  });
});

describe('versions of one document', () => {
  const chained = async (waitsFor: string, chain: string, expect: Record<string, number> = {}) => {
    const document = documentEntry();
    const data = accepted({ documents: [document], operation: 'replace' });
    data.deliveries = [
      { ...data.deliveries[0]!, operation: 'replace', chain, state: 'waiting', dueAt: null, waitsFor },
    ];
    return submit(ledger, data, expect);
  };

  test('leave in order: the later one waits for the end of the earlier one', async () => {
    stage.port.outcomes.push(lost);
    const first = await submit(ledger);
    await stage.rest();
    const second = await chained(first.delivery, first.uniqueId);
    await stage.rest();
    expect(await state(second.delivery)).toMatchObject({ state: 'waiting' });
    stage.clock.advance(10_000);
    await stage.rest();
    expect(await state(first.delivery)).toMatchObject({ state: 'final' });
    expect(await state(second.delivery)).toMatchObject({ state: 'final', outcome: 'delivered' });
    expect(stage.port.calls.filter((call) => call.startsWith('send'))).toEqual([
      'send 2.25.1',
      'send 2.25.1',
      'send 2.25.5',
    ]);
  });

  test('keep their order when the later one was stopped and opened again', async () => {
    stage.port.outcomes.push(lost);
    const first = await submit(ledger);
    await stage.rest();
    const second = await chained(first.delivery, first.uniqueId);
    await stopDelivery(commands(), 'one', second.delivery, 'Anne');
    await retryDelivery(commands(), 'one', second.delivery, 'Anne', '');
    await stage.rest();
    expect(await state(second.delivery)).toMatchObject({ state: 'waiting', attempts: 0 });
    stage.clock.advance(10_000);
    await stage.rest();
    expect(await state(first.delivery)).toMatchObject({ state: 'final' });
    expect(await state(second.delivery)).toMatchObject({ state: 'final', outcome: 'delivered' });
  });

  test('leave at once when what they waited for ended while they were stopped', async () => {
    stage.port.outcomes.push(lost);
    const first = await submit(ledger);
    await stage.rest();
    const second = await chained(first.delivery, first.uniqueId);
    await stopDelivery(commands(), 'one', second.delivery, 'Anne');
    stage.clock.advance(10_000);
    await stage.rest();
    expect(await state(second.delivery)).toMatchObject({ state: 'parked' });
    await retryDelivery(commands(), 'one', second.delivery, 'Anne', '');
    await stage.rest();
    expect(await state(second.delivery)).toMatchObject({ state: 'final', outcome: 'delivered' });
  });

  test('leave when the earlier one ends just as the later one is opened again behind it', async () => {
    stage.port.outcomes.push(lost);
    const first = await submit(ledger);
    await stage.rest();
    const second = await chained(first.delivery, first.uniqueId);
    await stopDelivery(commands(), 'one', second.delivery, 'Anne');
    const overtaken: Pick<Ledger, 'of' | 'append'> = {
      of: (id) => ledger.of(id),
      append: async (append) => {
        stage.clock.advance(10_000);
        await stage.rest();
        return ledger.append(append);
      },
    };
    await retryDelivery({ ...commands(), ledger: overtaken as Ledger }, 'one', second.delivery, 'Anne', '');
    await stage.rest();
    expect(await state(first.delivery)).toMatchObject({ state: 'final' });
    expect(await state(second.delivery)).toMatchObject({ state: 'final', outcome: 'delivered' });
  });

  test('a successor that comes while its predecessor ends is not forgotten', async () => {
    const firsts = await Promise.all(Array.from({ length: 24 }, () => submit(ledger)));
    const resting = stage.rest();
    const follow = async ({ delivery, uniqueId }: (typeof firsts)[number]) => {
      const version = await ledger.of('one').version(`delivery:${delivery}`);
      if ((await state(delivery)).state === 'final') return null;
      return chained(delivery, uniqueId, { [`delivery:${delivery}`]: version });
    };
    const seconds = await Promise.allSettled(firsts.map(follow));
    await resting;
    await stage.rest();
    const taken = seconds.flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : []));
    expect(taken.length).toBeGreaterThan(0);
    for (const { delivery } of taken)
      expect(await state(delivery)).toMatchObject({ state: 'final', outcome: 'delivered' });
  });
});

describe('what a person may do', () => {
  test('a parked delivery is opened again with its author; another state is refused', async () => {
    stage.port.outcomes.push({
      result: 'blocked',
      code: 'DMPNewCode',
      class: 'permanent',
      raw: null,
    });
    const { delivery } = await submit(ledger);
    await stage.rest();
    expect(await state(delivery)).toMatchObject({ state: 'parked', code: 'DMPNewCode' });
    await retryDelivery(commands(), 'one', delivery, 'Anne', 'looked at it');
    await stage.rest();
    expect(await state(delivery)).toMatchObject({ state: 'final', outcome: 'delivered' });
    const [reopened] = (await ledger.of('one').timeline([`delivery:${delivery}`])).filter(
      ({ type }) => type === 'delivery.reopened',
    );
    expect(reopened!.data).toMatchObject({ by: 'Anne', reason: 'looked at it' });
    await expect(retryDelivery(commands(), 'one', delivery, 'Anne', '')).rejects.toMatchObject({
      code: 'delivery.not-retryable',
    });
  });

  test('as many attempts run as may, and one more only when one has ended', async () => {
    const most = deliveryLimits.attemptsAtOnce.value;
    stage = stageOf(ledger, { concurrency: 2 * most });
    stage.port.outcomes.push(...Array.from({ length: most + 1 }, () => 'hang' as const));
    const sends = () => stage.port.calls.filter((call) => call.startsWith('send')).length;
    const all = await Promise.all(Array.from({ length: most }, () => submit(ledger)));
    stage.scheduler.poke();
    await expect.poll(sends, { timeout: 20_000 }).toBe(most);
    await submit(ledger);
    stage.scheduler.poke();
    for (let look = 0; look < 20; look += 1) await ledger.witnessFailures();
    expect([stage.scheduler.running, sends()]).toEqual([most, most]);
    await stage.scheduler.interrupt(all[0]!.delivery);
    await expect.poll(sends, { timeout: 20_000 }).toBe(most + 1);
    expect(stage.scheduler.running).toBe(most);
  });

  test('a stop works at once, also on what is being sent, which stays in doubt', async () => {
    stage.port.outcomes.push('hang');
    const { delivery } = await submit(ledger);
    stage.scheduler.poke();
    await expect.poll(() => stage.port.calls.length).toBe(2);
    await stopDelivery(commands(), 'one', delivery, 'Anne');
    expect(await state(delivery)).toMatchObject({ state: 'parked', code: 'delivery.stopped' });
    expect((await ledger.of('one').delivery(delivery))!.doubt).toBe(true);
    expect(stage.errors).toEqual([]);
  });

  test('a submission is cancelled before anything left, and not after', async () => {
    stage.port.outcomes.push(busy, lost);
    const first = await submit(ledger);
    await stage.rest();
    await cancelSubmission(commands(), 'one', first.submission, { by: 'Anne', reason: 'not to be sent' });
    expect(await state(first.delivery)).toMatchObject({ state: 'final', outcome: 'cancelled' });
    const second = await submit(ledger);
    await stage.rest();
    await expect(
      cancelSubmission(commands(), 'one', second.submission, { by: 'Anne', reason: 'not to be sent' }),
    ).rejects.toMatchObject({
      code: 'delivery.already-left',
    });
  });
});

describe('permissions are read again before every attempt:', () => {
  test('an opposed patient is refused', async () => {
    const { delivery } = await submit(ledger, { consent: 'opposed' });
    await stage.rest();
    expect(stage.port.calls).toEqual([]);
    expect(await state(delivery)).toMatchObject({
      state: 'final',
      outcome: 'refused',
      code: 'delivery.patient-opposed',
    });
  });

  test('a document without INS waits for a person', async () => {
    const identity = { status: 'VALI' as const, evidenceDate: null, method: null, environmentRoot: null };
    const { delivery } = await submit(ledger, { identity });
    await stage.rest();
    expect(await state(delivery)).toMatchObject({ state: 'parked', code: 'delivery.identity-not-qualified' });
  });
});

describe('a hold', () => {
  const hold = { reason: 'to be read again', until: '2026-07-01T11:00:00+02:00' };

  test('that lasts puts the delivery back, and releases it by itself at its date', async () => {
    const { delivery, submission } = await submit(ledger, { hold });
    await stage.rest();
    expect(await state(delivery)).toMatchObject({ state: 'waiting', attempts: 0 });
    expect((await ledger.of('one').submission(submission))!.state).toBe('held');
    stage.clock.advance(3_599_999);
    await stage.rest();
    expect(await state(delivery)).toMatchObject({ state: 'waiting' });
    stage.clock.advance(1);
    await stage.rest();
    expect(await state(delivery)).toMatchObject({ state: 'final', outcome: 'delivered' });
  });

  test('never frees what still waits for its predecessor', async () => {
    const data = accepted({ hold });
    data.deliveries = [{ ...data.deliveries[0]!, state: 'waiting', dueAt: null, waitsFor: 'another' }];
    const { delivery } = await submit(ledger, data);
    stage.clock.advance(86_400_000);
    await stage.rest();
    expect(await state(delivery)).toMatchObject({ state: 'waiting' });
  });
});

describe('the scheduler', () => {
  test('never has more under way than it may', async () => {
    stage.port.outcomes.push(...Array.from({ length: 10 }, () => 'hang' as const));
    for (let count = 0; count < 10; count += 1) await submit(ledger);
    stage.scheduler.poke();
    await expect.poll(() => stage.port.calls.filter((call) => call.startsWith('send')).length).toBe(4);
    await ledger.witnessFailures();
    expect(stage.scheduler.running).toBe(4);
  });

  test('stopping interrupts what does not end in time, and nothing is lost', async () => {
    stage.port.outcomes.push('hang', delivered);
    const { delivery } = await submit(ledger);
    stage.scheduler.poke();
    await expect.poll(() => stage.port.calls.length).toBe(2);
    const stopped = stage.scheduler.stop(1000);
    stage.clock.advance(1000);
    await stopped;
    expect(await state(delivery)).toMatchObject({ state: 'ambiguous', code: 'delivery.dmp-no-answer' });
  });

  test('a document whose stored bytes are damaged waits for a person instead of coming back for ever', async () => {
    stage.port.outcomes.push(ledgerError('ledger.body-damaged', { body: 'b', file: 'f', offset: 0 }));
    const { delivery } = await submit(ledger);
    await stage.rest();
    expect(await state(delivery)).toMatchObject({
      state: 'parked',
      code: 'ledger.body-damaged',
      attempts: 1,
    });
  });

  test('a delivery whose person was erased waits for a person too', async () => {
    const { delivery } = await submit(ledger);
    const database = new DatabaseSync(join(folder, 'data', 'ledger.sqlite'));
    database.exec('UPDATE persons SET wrapped = NULL');
    database.close();
    await stage.rest();
    expect(await state(delivery)).toMatchObject({ state: 'parked', code: 'delivery.record-missing' });
    expect(stage.errors).toEqual([]);
  });

  test('outlives a ledger that cannot be read for a while', async () => {
    const { delivery } = await submit(ledger);
    const claim = ledger.claim;
    ledger.claim = () => Promise.reject(ledgerError('ledger.write-failed', { why: 'EIO' }));
    stage.scheduler.poke();
    await expect.poll(() => stage.errors.length).toBe(1);
    ledger.claim = claim;
    stage.clock.advance(5000);
    await stage.rest();
    expect(await state(delivery)).toMatchObject({ state: 'final', outcome: 'delivered' });
  });

  test('a defect of ours parks the delivery for a person and is told once, without patient data', async () => {
    stage.port.outcomes.push(new TypeError('a defect'));
    const { delivery } = await submit(ledger);
    await stage.rest();
    expect(await state(delivery)).toMatchObject({ state: 'parked', code: 'delivery.unexpected' });
    expect(stage.errors).toHaveLength(1);
    expect((await ledger.of('one').delivery(delivery))!.doubt).toBe(true);
  });
});

describe('the deletion of a withdrawal', () => {
  test('in doubt is not even asked for once the identity is no longer qualified, and is asked for when it is again', async () => {
    const [data, ins] = [accepted({ withdrawal: 'w' }), '236066322083656'];
    const record = { request: {} as SubmissionRequest, facts: [], findings: [[]] };
    const subject = { ins, ipp: null };
    const event = { ...acceptedEvent(data), subject, personal: personalBytes(record) };
    const person = (await ledger.append(appendOf(event)))[0]!.person!;
    const assess = (status: string, statedAt: string) =>
      ledger.append(
        appendOf({
          type: 'identity.assessed',
          data: {
            ...{ message: statedAt, status: [status], qualified: status === 'VALI' },
            ...{ insRoot: '1.2.250.1.213.1.4.10', statedAt },
          },
          subject: { person },
          personal: Buffer.from(JSON.stringify({ ins: null })),
        }),
      );
    const id = data.deliveries[0]!.id;
    stage.port.outcomes.push(lost);
    await stage.rest();
    await assess('PROV', '2026-01-01T08:00:00.000Z');
    stage.clock.advance(10_000);
    await stage.rest();
    expect(stage.port.calls).toEqual(['prepare', 'send 2.25.1']);
    expect(await state(id)).toMatchObject({ state: 'parked', code: 'delivery.withdrawal-by-support' });
    await assess('VALI', '2026-01-02T08:00:00.000Z');
    stage.port.resolutions.push({ found: true, entries: {}, raw: null });
    await retryDelivery(commands(), 'one', id, 'identity', 'qualified again');
    await stage.rest();
    expect(stage.port.calls.at(-1)).toBe('resolve');
    expect(await state(id)).toMatchObject({ state: 'final', outcome: 'delivered' });
  });
});
