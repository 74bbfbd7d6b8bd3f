import { beforeEach, describe, expect, test } from 'vitest';
import { personalBytes } from '../../src/delivery/job.ts';
import { askWithdrawal } from '../../src/delivery/withdrawals/ask.ts';
import {
  cancelWithdrawal,
  confirmWithdrawal,
  refuseWithdrawal,
  settleWithdrawal,
} from '../../src/delivery/withdrawals/decide.ts';
import { supportSheet } from '../../src/delivery/withdrawals/sheet.ts';
import { ledgerError } from '../../src/ledger/errors.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { Establishment } from '../../src/words/establishment.ts';
import type { SubmissionRequest } from '../../src/words/request.ts';
import { accepted, acceptedEvent, appendOf } from '../ledger/making.ts';
import { LETTER } from '../xds/discharge-letter.ts';
import { openStage, type Stage } from './scripted.ts';

let ledger: Ledger;
let stage: Stage;
const anne = { by: 'Anne', token: 'a' };
const bernard = { by: 'Bernard', token: 'b' };
const view = () => ledger.of('one');
const commands = (changes: Partial<Ledger> = {}) => ({
  ledger: { of: (id: string) => ledger.of(id), append: ledger.append.bind(ledger), ...changes } as Ledger,
  clock: stage.clock,
  interrupt: async () => {},
});

beforeEach(async () => {
  stage = await openStage();
  ledger = stage.ledger;
});

/** A letter that is in the DMP. */
async function deposited(): Promise<{ uniqueId: string; delivery: string; person: string }> {
  const data = accepted();
  const { uniqueId } = data.documents[0]!;
  const facts = [{ ...LETTER, id: { root: uniqueId, extension: null } }];
  const personal = personalBytes({ request: {} as SubmissionRequest, facts, findings: [[]] });
  const event = { ...acceptedEvent(data), subject: { ins: 'somebody', ipp: null }, personal };
  const [appended] = await ledger.append(appendOf(event));
  await stage.rest();
  return { uniqueId, delivery: data.deliveries[0]!.id, person: appended!.person! };
}

const ask = (document: string, changes: Partial<Ledger> = {}) =>
  askWithdrawal(commands(changes), 'one', { document }, { ...anne, reason: 'wrong patient' });
const state = async (id: string) => (await view().withdrawal(id))!.state;
const deletion = async (id: string) =>
  (await view().deliveriesOf((await view().withdrawal(id))!.submission!))[0]!;

async function downgrade(person: string): Promise<void> {
  const statedAt = '2026-06-01T08:00:00.000Z';
  const data = { message: 'm', status: ['PROV'], qualified: false, insRoot: null, statedAt };
  const personal = Buffer.from(JSON.stringify({ ins: null }));
  await ledger.append(appendOf({ type: 'identity.assessed', data, subject: { person }, personal }));
}

describe('a withdrawal', () => {
  test('is asked for once, of what is in the DMP', async () => {
    const { uniqueId, delivery, person } = await deposited();
    const id = await ask(uniqueId);
    expect(await view().withdrawal(id)).toMatchObject({
      ...{ state: 'asked', documents: [uniqueId], deposits: [delivery], item: null, reason: 'wrong patient' },
      asked: { by: 'Anne', token: 'a' },
    });
    const [event] = await view().timeline([`withdrawal:${id}`]);
    expect(event!.person).toBe(person);
    await expect(ask(uniqueId)).rejects.toMatchObject({
      code: 'withdrawal.already-asked',
      values: { withdrawal: id },
    });
    await expect(ask('1.2.3')).rejects.toMatchObject({ code: 'withdrawal.document-unknown' });
    const unclear = askWithdrawal(commands(), 'one', {}, { ...anne, reason: 'wrong patient' });
    await expect(unclear).rejects.toMatchObject({ code: 'withdrawal.target-unclear' });
  });

  test('is not asked for of what has not arrived, or never will', async () => {
    stage.port.outcomes.push(
      { result: 'failed', code: 'XDSRegistryBusy', aboutDocument: true, raw: null },
      { result: 'refused', code: 'DMPClosed', raw: null },
    );
    const [waiting, refused] = [await deposited(), await deposited()];
    await expect(ask(waiting.uniqueId)).rejects.toMatchObject({
      code: 'withdrawal.not-delivered',
      values: { state: 'due' },
    });
    await expect(ask(refused.uniqueId)).rejects.toMatchObject({ code: 'withdrawal.never-delivered' });
  });

  test('is asked for again when something came in between, and not when the ledger cannot be written', async () => {
    const { uniqueId } = await deposited();
    let times = 0;
    const overtaken: Ledger['append'] = (append) => {
      times += 1;
      const conflict = ledgerError('ledger.conflict', { stream: 's', expected: 1, found: 2 });
      return times === 1 ? Promise.reject(conflict) : ledger.append(append);
    };
    const failing = ask(uniqueId, { append: () => Promise.reject(ledgerError('ledger.disk-full')) });
    await expect(failing).rejects.toMatchObject({ code: 'ledger.disk-full' });
    expect(await state(await ask(uniqueId, { append: overtaken }))).toBe('asked');
    expect(times).toBe(2);
  });

  test('is confirmed by another person, deletes, and is decided once', async () => {
    const { uniqueId } = await deposited();
    const id = await ask(uniqueId);
    for (const actor of [anne, { by: ' ÀNNE', token: 'x' }, { by: 'Someone', token: 'a' }])
      for (const act of [confirmWithdrawal, refuseWithdrawal])
        await expect(act(commands(), 'one', id, { ...actor, reason: 'no' })).rejects.toMatchObject({
          code: 'withdrawal.same-person',
        });
    const submission = await confirmWithdrawal(commands(), 'one', id, bernard);
    expect(await view().withdrawal(id)).toMatchObject({
      ...{ state: 'confirmed', submission, decided: { by: 'Bernard' } },
    });
    expect(await deletion(id)).toMatchObject({ operation: 'delete', documents: [uniqueId], state: 'due' });
    const accept = (await view().submission(submission))!;
    expect(accept).toMatchObject({ operation: 'delete', target: uniqueId, sender: 'lab' });
    const record = JSON.parse((await view().personal(accept.personalRef!))!.toString());
    expect(record.request).toMatchObject({ operation: 'delete', hold: null });
    const decided = { code: 'withdrawal.already-decided', values: { state: 'confirmed' } };
    await expect(confirmWithdrawal(commands(), 'one', id, bernard)).rejects.toMatchObject(decided);
    const refusing = refuseWithdrawal(commands(), 'one', id, { ...bernard, reason: 'no' });
    await expect(refusing).rejects.toMatchObject(decided);
    await stage.rest();
    expect(await deletion(id)).toMatchObject({ state: 'final', outcome: 'delivered' });
    await expect(ask(uniqueId)).rejects.toMatchObject({ code: 'withdrawal.deleted' });
    await expect(cancelWithdrawal(commands(), 'one', id, anne)).rejects.toMatchObject(decided);
  });

  test('is refused with a reason, and may be asked for anew', async () => {
    const { uniqueId } = await deposited();
    const id = await ask(uniqueId);
    await refuseWithdrawal(commands(), 'one', id, { ...bernard, reason: 'right patient' });
    expect(await view().withdrawal(id)).toMatchObject({
      ...{ state: 'refused', decided: { by: 'Bernard', reason: 'right patient' }, submission: null },
    });
    expect(await ask(uniqueId)).not.toBe(id);
  });

  test('is taken back by whoever asked, also once confirmed as long as nothing of it has left', async () => {
    const { uniqueId } = await deposited();
    const first = await ask(uniqueId);
    await cancelWithdrawal(commands(), 'one', first, anne);
    expect(await state(first)).toBe('cancelled');
    const second = await ask(uniqueId);
    await confirmWithdrawal(commands(), 'one', second, bernard);
    await cancelWithdrawal(commands(), 'one', second, anne);
    expect(await state(second)).toBe('cancelled');
    expect(await deletion(second)).toMatchObject({ state: 'final', outcome: 'cancelled' });
    stage.port.outcomes.push({ result: 'ambiguous', code: 'delivery.dmp-lost', raw: null });
    const third = await ask(uniqueId);
    await confirmWithdrawal(commands(), 'one', third, bernard);
    await stage.rest();
    await expect(cancelWithdrawal(commands(), 'one', third, anne)).rejects.toMatchObject({
      code: 'delivery.already-left',
    });
  });

  test('that is not there is told', async () => {
    await expect(confirmWithdrawal(commands(), 'one', 'w', bernard)).rejects.toMatchObject({
      code: 'withdrawal.unknown',
    });
  });
});

describe('what the gateway may not withdraw itself', () => {
  const establishment = { name: 'Centre hospitalier', finessEj: '0B0000011' } as Establishment;
  const context = {
    ...{ environment: 'production' as const, establishment },
    product: { name: 'Viaduc', version: '1' },
  };
  const settle = (id: string) =>
    settleWithdrawal(commands(), 'one', id, { ...bernard, reason: 'told by telephone' });

  test('goes to the support of the DMP with a sheet, and is settled when that has done it', async () => {
    const { uniqueId, person } = await deposited();
    const id = await ask(uniqueId);
    const row = async () => (await view().withdrawal(id))!;
    const early = { code: 'withdrawal.not-by-support' };
    await expect(settle(id)).rejects.toMatchObject(early);
    await downgrade(person);
    await confirmWithdrawal(commands(), 'one', id, bernard);
    await expect(supportSheet(view(), await row(), context)).rejects.toMatchObject(early);
    await stage.rest();
    expect(await deletion(id)).toMatchObject({ state: 'parked', code: 'delivery.withdrawal-by-support' });
    const sheet = await supportSheet(view(), await row(), context);
    const { deposits } = await row();
    const deposit = (await view().delivery(deposits[0]!))!;
    for (const said of [uniqueId, id, deposit.lot!.uniqueId, deposit.receipt!.sha256, deposit.finishedAt!])
      expect(sheet).toContain(said);
    for (const said of ['Centre hospitalier (FINESS 0B0000011)', 'Site (10B0000012)', 'Viaduc 1'])
      expect(sheet).toContain(said);
    expect(sheet.split('\n').slice(-5)).toEqual([
      'Patient, pour vérification :',
      'Nom de naissance ................. PAT-TROIS',
      'Prénom ........................... DOMINIQUE',
      'Date de naissance ................ 19790328',
      '',
    ]);
    const numbers = LETTER.patient!.ids.map(({ extension }) => extension!);
    for (const hidden of [...numbers, 'Anne', 'wrong patient', 'TEST']) expect(sheet).not.toContain(hidden);
    expect(await supportSheet(view(), await row(), { ...context, environment: 'test' })).toContain(
      'DONNÉES DE TEST (environnement test)',
    );
    await settle(id);
    expect(await row()).toMatchObject({ state: 'settled', ended: { by: 'Bernard' } });
    const done = await deletion(id);
    const code = 'delivery.withdrawn-by-support';
    expect(done).toMatchObject({ state: 'final', outcome: 'delivered', code });
    expect(done.results).toEqual([{ uniqueId, outcome: 'delivered', code }]);
    expect(stage.port.calls.filter((call) => call.startsWith('send'))).toHaveLength(1);
  });
});
