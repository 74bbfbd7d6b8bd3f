import { afterEach, beforeEach, expect, test } from 'vitest';
import { LedgerFacts } from '../../src/indicators/ledger-facts.ts';
import type { Ledger, NewEvent } from '../../src/ledger/ledger.ts';
import { mailedDocuments } from '../../src/ledger/mailed-documents.ts';
import type { Destination } from '../../src/words/delivery.ts';
import type { EventData } from '../../src/words/events.ts';
import type { DsnAction } from '../../src/words/mail.ts';
import {
  accepted,
  acceptedEvent,
  appendOf,
  bodyOf,
  documentEntry,
  fresh,
  openTestLedger,
  scratch,
  sending,
  T0,
} from '../ledger/making.ts';
import { EG, hospital, reference, report, resultIn, stay, suiviContinu } from './facts.ts';

const establishment = { ...hospital, id: 'one' };
const DAY_MS = 86_400_000;

let ledger: Ledger;

beforeEach(async () => {
  ledger = await openTestLedger(scratch());
  const row = stay('F1', { admittedAt: '2026-06-28T08:00:00Z', dischargedAt: '2026-07-01T07:00:00Z' });
  const { reference: rows, body } = bodyOf(fresh(), Buffer.from(`${JSON.stringify(row)}\n`));
  const imported = { import: fresh(), author: 'x', fileSha256: 'y', added: 1, changed: 0, removed: 0, rows };
  const event: NewEvent = { type: 'stays.imported', data: imported };
  await ledger.append(appendOf(event, { bodies: [{ ...body, retention: 'import' }] }));
});

afterEach(() => ledger.close());

/** Figures of July as the ledger stands, opened. */
async function figures() {
  const facts = await new LedgerFacts(ledger).of(establishment);
  const made = report(facts, {
    ...{ establishment, environment: 'sandbox', definition: suiviContinu, period: '2026-07' },
    ...{ variant: 'live', asOf: '2026-08-01T00:00:00Z', scope: { level: 'EG', finess: EG } },
  });
  return { ds41: resultIn(made, 'DS4.1'), ds42: resultIn(made, 'DS4.2'), opened: made.open('DS4.1') };
}

/** One document mailed to each recipient; the deliveries, in order. */
async function submit(...recipients: Destination[]): Promise<string[]> {
  const documents = [documentEntry()];
  const [first] = accepted({ documents }).deliveries;
  const deliveries = recipients.map((destination) => ({ ...first!, id: fresh(), destination }));
  await ledger.append(appendOf(acceptedEvent(accepted({ documents, deliveries, stay: reference('F1') }))));
  return deliveries.map(({ id }) => id);
}

async function takenOver(delivery: string): Promise<void> {
  const dueAt = new Date(T0 + DAY_MS).toISOString();
  await ledger.append(appendOf(sending(delivery)));
  await ledger.append(
    appendOf({ type: 'delivery.accepted', data: { delivery, code: '250', size: 1000, dueAt } }),
  );
}

function ended(delivery: string, outcome: 'delivered' | 'refused' | 'unconfirmed'): NewEvent {
  const end = { results: [], entries: {}, receipt: null, by: null };
  return { type: 'delivery.finished', data: { delivery, outcome, code: outcome, ...end } };
}

function dsn(delivery: string, action: DsnAction): NewEvent {
  const facts = { kind: 'dsn', action, disposition: null, failed: action === 'failed' } as const;
  const data: EventData['receipt.recorded'] = {
    ...{ id: fresh(), mail: fresh(), delivery, ...facts },
    ...{ status: null, code: null, label: null },
  };
  return { type: 'receipt.recorded', data };
}

/** A DSN came and ended the delivery, in one append. */
async function receives(
  delivery: string,
  action: DsnAction,
  outcome: 'delivered' | 'refused',
  nowMs = T0,
): Promise<void> {
  const [first, ...rest] = [dsn(delivery, action), ended(delivery, outcome)];
  await ledger.append(appendOf(first!, { nowMs, events: [first!, ...rest] }));
}

const doctor: Destination = { kind: 'mssante', class: 'professional', recipient: 'h1', via: 'box' };
const service: Destination = { kind: 'mssante', class: 'organization', recipient: 'h2', via: 'box' };
const patient: Destination = { kind: 'mssante', class: 'patient', recipient: 'h3', via: 'box' };

test('each recipient has its own facts, and each figure opens into deliveries and receipts', async () => {
  const [one, two, three] = await submit(doctor, service, patient);
  expect(await mailedDocuments(ledger.of('one'))).toEqual([]);
  for (const delivery of [one!, two!, three!]) await takenOver(delivery);
  expect((await figures()).ds41).toMatchObject({
    ...{ numerator: 0, denominator: 1 },
    mails: { units: { accepted: 1, relayed: 0 }, sendings: { accepted: 2, relayed: 0 } },
  });
  await receives(one!, 'relayed', 'delivered');
  await receives(two!, 'failed', 'refused');
  const { ds41, ds42, opened } = await figures();
  expect([ds41.numerator, ds42.numerator]).toEqual([1, 0]);
  expect(ds41.mails).toMatchObject({ sendings: { accepted: 1, relayed: 1, delivered: 0 }, bounced: 1 });
  expect(ds42.mails!.units).toEqual({ accepted: 1, relayed: 0, delivered: 0 });
  expect(opened.counted[0]!.documents).toMatchObject([
    { delivery: one, counts: true, mail: { class: 'professional', receipts: [{ action: 'relayed' }] } },
    { delivery: two, counts: false, because: 'bounced', mail: { receipts: [{ action: 'failed' }] } },
  ]);
});

test('a DSN that comes after the expiry turns unconfirmed into counted, and readings made again say the same', async () => {
  const [delivery] = await submit(doctor);
  await takenOver(delivery!);
  await ledger.append(appendOf(ended(delivery!, 'unconfirmed')));
  expect((await figures()).ds41).toMatchObject({ numerator: 0, mails: { unconfirmed: 1 } });
  await receives(delivery!, 'delivered', 'delivered', T0 + 9 * DAY_MS);
  const before = await figures();
  expect(before.ds41).toMatchObject({ numerator: 1, mails: { unconfirmed: 0, units: { delivered: 1 } } });
  await ledger.rebuild();
  expect(await figures()).toEqual(before);
});

test('what ended before an operator took it is no mail, and one that only its DSN shows is', async () => {
  const [refused, cut] = await submit(doctor, service);
  await ledger.append(appendOf(sending(refused!)));
  await ledger.append(appendOf(ended(refused!, 'refused')));
  await ledger.append(appendOf(sending(cut!)));
  const lost = { code: 'mssante.in-doubt', class: 'ambiguous', charged: true, receipt: null } as const;
  const dueAt = new Date(T0 + DAY_MS).toISOString();
  await ledger.append(appendOf({ type: 'delivery.in-doubt', data: { delivery: cut!, ...lost, dueAt } }));
  expect((await figures()).ds41.mails).toMatchObject({ sendings: { accepted: 0 }, bounced: 0 });
  await receives(cut!, 'relayed', 'delivered');
  expect((await figures()).ds41).toMatchObject({ numerator: 1, mails: { sendings: { accepted: 1 } } });
});
