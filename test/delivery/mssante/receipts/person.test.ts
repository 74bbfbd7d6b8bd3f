import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeUnconfirmed, retryDelivery } from '../../../../src/delivery/commands.ts';
import { readJob } from '../../../../src/delivery/job.ts';
import { receiptAwaited } from '../../../../src/delivery/mssante/awaited.ts';
import { presentMail } from '../../../../src/intake/http/present-mail.ts';
import type { Ledger } from '../../../../src/ledger/ledger.ts';
import { expirable } from '../../../../src/ledger/retention.ts';
import { readStanding } from '../../../../src/ledger/standing.ts';
import { appendOf, openTestLedger, scratch, T0 } from '../../../ledger/making.ts';
import { stageOf } from '../../scripted.ts';
import { mail } from '../message/incoming.ts';
import {
  awaited,
  CABINET,
  due,
  type Mailed,
  mailbox,
  mailed,
  parkedInDoubt,
  report,
  takenOver,
} from './mailed.ts';

const HOUR = 3_600_000;
const WAITS = { warnMs: 4 * HOUR, expiryMs: 120 * HOUR, doubtMs: 15 * 60_000 };

let folder: string;
let ledger: Ledger;

beforeAll(async () => {
  folder = scratch();
  ledger = await openTestLedger(folder);
});

afterAll(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true });
});

const row = async ({ delivery }: Mailed) => (await ledger.of('one').delivery(delivery))!;
const commands = () => ({
  ...{ ledger, clock: { now: () => T0 + 2000, after: () => () => {} } },
  interrupt: async () => {},
});
const act = { by: 'somebody', reason: 'asked the recipient' };
const resolved = async ({ delivery }: Mailed) =>
  receiptAwaited((await readJob(ledger.of('one'), delivery))!, WAITS, T0 + 3000);
const work = async ({ delivery }: Mailed) =>
  (await ledger.of('one').work({ limit: 200 })).items
    .filter((item) => item.delivery === delivery)
    .map(({ cause }) => cause);
const bounce = ({ envelope }: Mailed) =>
  mail(['Return-Path: <>', 'From: postmaster@mes.fr'], `<${envelope}@ch-essai.mssante.fr> non remis.\n`);

describe('a person', () => {
  test('closes a mail in doubt without confirmation; nobody else tells the sender, and a late DSN still does', async () => {
    const sent = await mailed(ledger);
    await ledger.append(appendOf(parkedInDoubt(sent.delivery)));
    await closeUnconfirmed(commands(), 'one', sent.delivery, act);
    expect(await row(sent)).toMatchObject({
      ...{ state: 'final', outcome: 'unconfirmed', code: 'mssante.closed-unconfirmed' },
    });
    expect(await work(sent)).toEqual(['outcome-untold']);
    await mailbox(ledger)(report(sent, 'failed'));
    expect(await row(sent)).toMatchObject({ outcome: 'refused', code: '554' });
    expect(await work(sent)).toEqual([]);
  });

  test('closes nothing else', async () => {
    const sent = await awaited(ledger);
    const closing = closeUnconfirmed(commands(), 'one', sent.delivery, act);
    await expect(closing).rejects.toMatchObject({ code: 'delivery.not-closable' });
    expect(await row(sent)).toMatchObject({ state: 'ambiguous' });
  });

  test('has a mail that bounced sent again, under the same identifiers, and only then is its receipt awaited anew', async () => {
    const sent = await awaited(ledger);
    await mailbox(ledger)(bounce(sent));
    const { mails } = await readStanding(ledger.of('one'));
    expect(mails).toEqual([{ destination: 'mssante.one.labo', code: 'mssante.bounce', count: 1 }]);
    await retryDelivery(commands(), 'one', sent.delivery, act.by, act.reason);
    expect(await resolved(sent)).toEqual({ found: false });
    expect((await row(sent)).lot?.uniqueId).toBe(sent.envelope);
    const again = { delivery: sent.delivery, attempt: 2, lot: null };
    await ledger.append(appendOf({ type: 'delivery.sending', data: again }));
    await ledger.append(appendOf(takenOver(sent.delivery)));
    expect(await resolved(sent)).toMatchObject({ found: 'awaited', code: 'mssante.receipt-late' });
  });
});

test('the address of a mail is shown whole to whoever may see identities, and its domain to others', async () => {
  const sent = await awaited(ledger);
  await mailbox(ledger)(report(sent, 'relayed'));
  const shown = async (whole: boolean) =>
    presentMail(ledger.of('one'), await row(sent), { ledger, patientDomain: 'patient.mssante.fr', whole });
  expect((await shown(true))?.address).toBe(CABINET);
  expect(await shown(false)).toMatchObject({
    ...{ address: '…@medecin.mssante.fr', accepted: { code: '250', size: 1000 } },
    receipts: [{ kind: 'dsn', action: 'relayed', failed: false, body: expect.any(String) }],
  });
});

test('what came back goes with the exchange at the end of its time, the address that it names with the record', async () => {
  const sent = await awaited(ledger);
  const taken = await mailbox(ledger)(report(sent, 'relayed'));
  const view = ledger.of('one');
  const [receipt] = await view.mails.receipts(sent.delivery);
  const { body } = (await view.mails.mail(taken.mail))!;
  expect((await view.personal(receipt!.personalRef!))?.toString()).toBe(CABINET);
  const { seq } = (await view.submission(sent.submission))!;
  const found = async (rule: 'wire' | 'record') =>
    (await expirable(view, rule, '2027-01-01T00:00:00.000Z', [seq, seq])).submissions;
  expect((await found('wire'))[0]?.bodies).toContain(body.id);
  expect((await found('record'))[0]?.values).toContain(receipt!.personalRef);
});

test('an attempt that a DSN overtakes ends without a word, and sends nothing again', async () => {
  const own = scratch();
  const alone = await openTestLedger(own);
  const stage = stageOf(alone);
  stage.port.kind = 'mssante';
  const { delivery } = await due(alone);
  const sending = stage.port.send.bind(stage.port);
  stage.port.send = async (job, lot, signal) => {
    await mailbox(alone)(report({ envelope: lot.uniqueId }, 'relayed'));
    return sending(job, lot, signal);
  };
  stage.port.outcomes.push({ result: 'accepted', code: '250', size: 1, dueAtMs: T0 + HOUR });
  await stage.rest();
  stage.clock.advance(2 * HOUR);
  await stage.rest();
  expect(await alone.of('one').delivery(delivery)).toMatchObject({ state: 'final', outcome: 'delivered' });
  expect(stage.port.calls.filter((call) => call.startsWith('send'))).toHaveLength(1);
  expect(stage.errors).toEqual([]);
  await stage.scheduler.stop(0);
  await alone.close();
  rmSync(own, { recursive: true });
});
