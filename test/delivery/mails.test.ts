import { beforeEach, describe, expect, test } from 'vitest';
import { retryDelivery } from '../../src/delivery/commands.ts';
import type { AttemptOutcome } from '../../src/delivery/destination.ts';
import { type Job, readJob } from '../../src/delivery/job.ts';
import { receiptAwaited } from '../../src/delivery/mssante/awaited.ts';
import { attemptOf } from '../../src/delivery/mssante/submitted.ts';
import type { SmtpResult } from '../../src/delivery/mssante/wire/smtp.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { T0 } from '../ledger/making.ts';
import { openStage, type Stage, submit } from './scripted.ts';

const HOUR = 3_600_000;
const WAITS = { warnMs: 4 * HOUR, expiryMs: 120 * HOUR, doubtMs: 15 * 60_000 };

let ledger: Ledger;
let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
  ledger = stage.ledger;
  // As the port of MSSanté does: nobody is asked, the ledger says it.
  stage.port.resolve = (job?: Job) => receiptAwaited(job!, WAITS, stage.clock.now());
});

const taken = (): AttemptOutcome => ({
  ...{ result: 'accepted', code: '250', size: 1234 },
  dueAtMs: stage.clock.now() + WAITS.warnMs,
});
const row = async (delivery: string) => (await ledger.of('one').delivery(delivery))!;
const later = async (ms: number) => {
  stage.clock.advance(ms);
  await stage.rest();
};

describe('a mail that the operator took over', () => {
  test('waits for its receipt, is never sent again, and ends unconfirmed when none came', async () => {
    stage.port.outcomes.push(taken());
    const { delivery } = await submit(ledger);
    await stage.rest();
    expect(await row(delivery)).toMatchObject({
      ...{ state: 'ambiguous', doubt: true, dueAtMs: T0 + 4 * HOUR },
      accepted: { code: '250', size: 1234, at: new Date(T0).toISOString() },
    });
    await later(4 * HOUR);
    expect(await row(delivery)).toMatchObject({ state: 'ambiguous', code: 'mssante.receipt-late' });
    await later(116 * HOUR - 1);
    expect(await row(delivery)).toMatchObject({ state: 'ambiguous' });
    await later(1);
    expect(await row(delivery)).toMatchObject({ state: 'final', outcome: 'unconfirmed', charged: 0 });
    expect(stage.port.calls.filter((call) => call.startsWith('send'))).toHaveLength(1);
  });

  test('does not count as late or waiting for its mailbox', async () => {
    stage.port.outcomes.push(taken());
    await submit(ledger);
    await stage.rest();
    expect(await ledger.of('one').lanes('dmp')).toEqual([]);
  });
});

describe('a mail of which nobody knows whether it was taken over', () => {
  test('waits for a receipt, then for a person, and leaves again with the same identifiers only by that person', async () => {
    stage.port.outcomes.push({ result: 'ambiguous', code: 'mssante.in-doubt', raw: null });
    const { delivery } = await submit(ledger);
    await stage.rest();
    await later(14 * 60_000);
    expect(await row(delivery)).toMatchObject({ state: 'ambiguous', code: 'mssante.in-doubt' });
    await later(60_000);
    expect(await row(delivery)).toMatchObject({ state: 'parked', code: 'mssante.in-doubt', doubt: true });
    stage.port.outcomes.push(taken());
    const commands = { ledger, clock: stage.clock, interrupt: (id: string) => stage.scheduler.interrupt(id) };
    await retryDelivery(commands, 'one', delivery, 'somebody', 'not received');
    await stage.rest();
    expect(stage.port.calls.filter((call) => call.startsWith('send'))).toEqual([
      'send 2.25.1',
      'send 2.25.1',
    ]);
    expect(await row(delivery)).toMatchObject({ state: 'ambiguous', accepted: { code: '250' } });
  });

  test('waits in the same way when the gateway was killed while it sent', async () => {
    stage.port.outcomes.push('hang');
    const { delivery } = await submit(ledger);
    stage.scheduler.poke();
    while (stage.port.calls.length < 2) await ledger.witnessFailures();
    await stage.scheduler.stop(0);
    expect(await readJob(ledger.of('one'), delivery)).toMatchObject({
      delivery: { state: 'ambiguous', accepted: null, sentAt: new Date(T0).toISOString() },
    });
  });
});

describe('the answer of an operator', () => {
  const sent = { size: 10, dueAtMs: 20 };
  const refusal = (about: 'mailbox' | 'mail' | 'size' | 'moment', at: 'mail' | 'rcpt' | 'data' = 'rcpt') =>
    attemptOf(
      {
        ...{ kind: 'refused', permanent: true, about, code: 'mssante.recipient-refused', at },
        ...{ smtpCode: 550, status: '5.1.1', text: '550 5.1.1 no such box' },
      } as SmtpResult,
      sent,
    );

  test('ends the delivery with the code of the operator when it is about the mail', () => {
    expect(refusal('mail')).toMatchObject({ result: 'refused', code: '550' });
  });

  test('stops the mailbox when it is about the mailbox', () => {
    expect(refusal('mailbox')).toMatchObject({ result: 'blocked', class: 'configuration' });
    const unsafe = {
      kind: 'unsafe',
      at: 'tls',
      reason: 'CERT_HAS_EXPIRED',
      code: 'mssante.tls-refused',
    } as const;
    expect(attemptOf(unsafe, sent)).toMatchObject({ result: 'blocked', class: 'configuration' });
  });

  test('is tried again when it is about the moment, and charged only when it was about this mail', () => {
    expect(refusal('moment', 'rcpt')).toMatchObject({ result: 'failed', aboutDocument: true });
    expect(refusal('moment', 'mail')).toMatchObject({ result: 'failed', aboutDocument: false });
  });

  test('that did not come leaves it open, and no connection leaves nothing open', () => {
    const unknown = { kind: 'unknown', reason: 'ECONNRESET', code: 'mssante.in-doubt' } as const;
    expect(attemptOf(unknown, sent)).toMatchObject({ result: 'ambiguous' });
    const unreachable = {
      kind: 'unreachable',
      at: 'connect',
      reason: 'x',
      code: 'mssante.unreachable',
    } as const;
    expect(attemptOf(unreachable, sent)).toMatchObject({ result: 'failed', aboutDocument: false });
  });
});
