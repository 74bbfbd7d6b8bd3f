import { beforeEach, describe, expect, test } from 'vitest';
import type { AttemptOutcome } from '../../src/delivery/destination.ts';
import { personalBytes } from '../../src/delivery/job.ts';
import { parkOfStay, reassessParked, reassessPerson } from '../../src/delivery/reassess.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { Consent } from '../../src/words/movement.ts';
import type { SubmissionRequest } from '../../src/words/request.ts';
import { accepted, acceptedEvent, appendOf } from '../ledger/making.ts';
import { openStage, type Stage } from './scripted.ts';

// A message about a patient changes what becomes of the documents that have not ended, and of nothing else.

let ledger: Ledger;
let stage: Stage;
let decided: number;

beforeEach(async () => {
  stage = await openStage();
  ledger = stage.ledger;
  decided = 0;
});

const stay = { finessEg: '0B0000012', number: 'F1', visit: 'V1' };
const whole = { ...stay, class: null, admittedAt: null, dischargedAt: null };
const lost: AttemptOutcome = { result: 'ambiguous', code: 'delivery.dmp-lost', raw: null };

/** A document of a person that is due, of a stay. */
async function due(ins = 'somebody'): Promise<{ delivery: string; person: string }> {
  const data = accepted({ stay: whole });
  const personal = personalBytes({ request: {} as SubmissionRequest, facts: [], findings: [[]] });
  const event = { ...acceptedEvent(data), subject: { ins, ipp: null }, personal };
  const [appended] = await ledger.append(appendOf(event));
  return { delivery: data.deliveries[0]!.id, person: appended!.person! };
}

const row = async (delivery: string) => (await ledger.of('one').delivery(delivery))!;
const tools = () => ({
  ledger,
  clock: stage.clock,
  interrupt: async () => {},
  feeding: () => ({ consentNotCollected: 'deposit' as const, closedDmpHours: 24 }),
  onDecided: () => {
    decided += 1;
  },
});

function feels(person: string, feeding: Consent['feeding'], day = '01') {
  const data = { message: day, feeding, collectedAt: `2026-06-${day}T08:00:00.000Z`, visit: null, dmp: null };
  return ledger.append(appendOf({ type: 'consent.recorded', data, subject: { person } }));
}

function assessed(person: string, status: 'VALI' | 'PROV', day = '01') {
  const statedAt = `2026-06-${day}T08:00:00.000Z`;
  const data = {
    ...{ message: day, status: [status], qualified: status === 'VALI' },
    ...{ insRoot: '1.2.250.1.213.1.4.10', statedAt },
  };
  const personal = Buffer.from(JSON.stringify({ ins: null }));
  return ledger.append(appendOf({ type: 'identity.assessed', data, subject: { person }, personal }));
}

describe('a message about a patient', () => {
  test('who opposes ends what has not left, of this patient alone', async () => {
    const [first, other] = [await due(), await due('another')];
    await feels(first.person, 'opposed');
    await reassessPerson(tools(), 'one', first.person);
    const ended = await row(first.delivery);
    expect(ended).toMatchObject({ state: 'final', outcome: 'refused', code: 'delivery.patient-opposed' });
    expect(ended.results).toEqual([
      { uniqueId: ended.documents[0], outcome: 'refused', code: 'delivery.patient-opposed' },
    ]);
    expect([(await row(other.delivery)).state, decided]).toEqual(['due', 1]);
  });

  test('whose identity no longer holds parks what has not left, and lets it go when it holds again', async () => {
    const { delivery, person } = await due();
    await assessed(person, 'PROV');
    await reassessPerson(tools(), 'one', person);
    const code = 'delivery.identity-not-qualified';
    expect(await row(delivery)).toMatchObject({ state: 'parked', code, doubt: false, charged: 0 });
    await reassessPerson(tools(), 'one', person);
    await reassessParked(tools(), 'one');
    expect((await row(delivery)).state).toBe('parked');
    await assessed(person, 'VALI', '02');
    await reassessParked(tools(), 'one');
    expect(await row(delivery)).toMatchObject({ state: 'due', lane: 'live', dueAtMs: stage.clock.now() });
    await stage.rest();
    expect(await row(delivery)).toMatchObject({ state: 'final', outcome: 'delivered' });
  });

  test('who opposes ends what was parked for the identity, unless it may have left', async () => {
    const [first, second] = [await due(), await due()];
    await assessed(first.person, 'PROV');
    await reassessPerson(tools(), 'one', first.person);
    const why = { code: 'delivery.identity-not-qualified', class: 'permanent' as const, charged: false };
    const parked = { ...why, delivery: second.delivery, receipt: null, doubt: true, by: null };
    await assessed(first.person, 'VALI', '02');
    await reassessParked(tools(), 'one');
    await ledger.append(appendOf({ type: 'delivery.parked', data: parked }));
    await feels(first.person, 'opposed', '03');
    await reassessPerson(tools(), 'one', first.person);
    expect((await row(first.delivery)).outcome).toBe('refused');
    expect(await row(second.delivery)).toMatchObject({ state: 'parked', doubt: true });
  });

  test('leaves alone what may have left, whatever it says', async () => {
    stage.port.outcomes.push(lost);
    const { delivery, person } = await due();
    await stage.rest();
    await feels(person, 'opposed');
    await reassessPerson(tools(), 'one', person);
    expect(await row(delivery)).toMatchObject({ state: 'ambiguous', doubt: true });
  });
});

test('a stay that is now of other persons parks the documents of those who had it, of that stay alone', async () => {
  const [first, other] = [await due(), await due('another')];
  const visit = { finessEg: stay.finessEg, stayNo: 'F1', visitNo: 'V1' };
  await parkOfStay(tools(), 'one', { ...visit, stayNo: 'F2', visitNo: 'V2' }, []);
  expect((await row(first.delivery)).state).toBe('due');
  await parkOfStay(tools(), 'one', visit, [other.person]);
  expect(await row(first.delivery)).toMatchObject({ state: 'parked', code: 'delivery.stay-moved' });
  expect((await row(other.delivery)).state).toBe('due');
});
