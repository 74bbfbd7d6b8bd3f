import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshLetter } from '../../gateway/running.ts';
import { type Adt, adt } from './adt-making.ts';
import { type Hospital, startHospital } from './hospital.ts';
import { freshControlId, type Making, makeMessage, PATIENT } from './making.ts';

let { running, client, listener, stop } = {} as Hospital;

beforeAll(async () => {
  ({ running, client, listener, stop } = await startHospital('consentNotCollected: deposit'));
});
afterAll(() => stop());

const send = (making: Adt) => client.send(adt(making));

async function ds11(): Promise<[number, number]> {
  const { body } = await running.call('/api/indicators?period=2022-06&establishment=demo');
  const found = body.indicators.find(({ code }: { code: string }) => code === 'DS1.1');
  return [found.numerator ?? 0, found.denominator ?? 0];
}

/** A whole stay of June 2022: admission and discharge. */
async function stayOf(file: string, visit: string, changes: Partial<Adt> = {}): Promise<void> {
  const numbers = { file, visit, ...changes };
  await send({ ...numbers, trigger: 'A01', movement: `${visit}-1` });
  await send({ ...numbers, trigger: 'A03', at: '20220615110000', movement: `${visit}-2` });
}

const cancel = (file: string, visit: string, scope?: string, at = '20220620080000') =>
  send({
    ...{ trigger: 'A11', at, file, visit, movement: `${visit}-1`, action: 'CANCEL', original: 'A01' },
    ...(scope === undefined ? {} : { scope }),
  });

describe('PV1-51 of a cancellation', () => {
  test('V takes back the visit and leaves the others of its file', async () => {
    await stayOf('F51', 'V511');
    await stayOf('F51', 'V512');
    expect(await ds11()).toEqual([0, 2]);
    const ack = await cancel('F51', 'V512', 'V');
    expect([ack.code, ack.errors]).toEqual(['AA', []]);
    expect(await ds11()).toEqual([0, 1]);
  });

  test('A takes back the file with all its visits, also one that is told late; what is told of it afterwards stands', async () => {
    const [, before] = await ds11();
    await stayOf('F52', 'V521');
    await stayOf('F52', 'V522');
    expect((await ds11())[1]).toBe(before + 2);
    expect((await cancel('F52', 'V522', 'A')).errors).toEqual([]);
    expect((await ds11())[1]).toBe(before);
    await stayOf('F52', 'V523');
    expect((await ds11())[1]).toBe(before);
    await send({ trigger: 'A01', at: '20220621080000', file: 'F52', visit: 'V524', movement: 'V524-1' });
    await send({ trigger: 'A03', at: '20220622080000', file: 'F52', visit: 'V524', movement: 'V524-2' });
    expect((await ds11())[1]).toBe(before + 1);
  });

  test('that is empty takes back the file too, and the acknowledgement tells what goes with it', async () => {
    const [, before] = await ds11();
    await stayOf('F53', 'V531');
    await stayOf('F53', 'V532');
    const ack = await cancel('F53', 'V532');
    expect(ack.code).toBe('AA');
    expect(ack.errors).toMatchObject([{ severity: 'W', place: 'PV1^1^51', code: 'message.file-cancelled' }]);
    expect(ack.errors[0]!.user).toContain('1 autre');
    expect((await ds11())[1]).toBe(before);
  });

  test('that is unknown is refused with its place', async () => {
    const ack = await cancel('F51', 'V511', 'X');
    expect(ack.code).toBe('AE');
    expect(ack.errors).toMatchObject([{ condition: '103', place: 'PV1^1^51' }]);
  });

  test('leaves stays that are the same when they are made again from the events', async () => {
    const { ledger } = running.gateway;
    const before = await ledger.of('demo').stays();
    await ledger.rebuild();
    expect(await ledger.of('demo').stays()).toEqual(before);
  });
});

const IPP_ONLY = PATIENT.split('~')[0]!;

/** A stay of a patient whose identity is said to be validated, without any INS. */
describe('G24: VALI and no INS', () => {
  const pid = `PID|1||${IPP_ONLY}||TCHITCHI^CATARINA^CATARINA BELLA^^^^L||19360621|F|||^^^^^^BDL^^63220|||||||F24^^^CHD&0B0000012&N^AN||||||||||||||VALI`;
  const pv1 = 'PV1|1|I|||||||||||||||||V24^^^CHD&0B0000012&N^VN';
  const withoutIns = freshLetter()
    .document.toString('utf8')
    .replace(/<id root="1\.2\.250\.1\.213\.1\.4\.\d+" extension="\w+"\s*\/>/, '');

  test.each<[string, Making, string, string]>([
    ['in the message alone', {}, 'message.ins-not-in-message', 'PID^1^3'],
    ['in message and document', { document: withoutIns }, 'ins.absent', 'OBX^1^5'],
  ])('%s is refused and counts for nothing', async (_, making, code, place) => {
    if (making.document !== undefined) expect(withoutIns).not.toContain('1.2.250.1.213.1.4.10');
    await stayOf('F24', 'V24', { pid3: IPP_ONLY });
    const before = await ds11();
    const ack = await client.send(makeMessage({ ...freshLetter(), pid, pv1, ...making }));
    expect(ack.code).toBe('AE');
    expect(ack.errors.map((error) => `${error.condition} ${error.place} ${error.code}`)).toContain(
      `207 ${place} ${code}`,
    );
    const { body } = await running.call('/api/submissions?limit=1');
    expect(body.items[0]).toMatchObject({ state: 'refused' });
    expect(await ds11()).toEqual(before);
  });

  test('the same with its INS is deposited and counted', async () => {
    await stayOf('F24', 'V24', { pid3: IPP_ONLY });
    const [before, of] = await ds11();
    const { document, uniqueId } = freshLetter();
    const whole = pid.replace(IPP_ONLY, PATIENT);
    expect((await client.send(makeMessage({ document, pid: whole, pv1 }))).code).toBe('AA');
    await ended(uniqueId);
    expect(await ds11()).toEqual([before + 1, of]);
  });
});

async function ended(uniqueId: string) {
  const read = async () => {
    const list = await running.call(`/api/submissions?uniqueId=${uniqueId}`);
    return (await running.call(`/api/submissions/${list.body.items[0].id}`)).body.deliveries[0];
  };
  await expect.poll(async () => (await read()).state, { timeout: 15_000 }).toBe('final');
  return read();
}

describe('ZFA-1', () => {
  test.each(['FERME', 'INEXISTANT'])(
    '%s said lately ends a deposit without a call, and the sender is told',
    async (dmp) => {
      const now = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
      await send({ trigger: 'A31', movement: null, at: `${now}+0000`, dmp, zfa: 'INO' });
      const { requests } = await running.dmp.counts();
      const { document, uniqueId } = freshLetter();
      const controlId = freshControlId();
      await client.send(makeMessage({ document, controlId, flags: { ACK_RECEPTION: 'Y' } }));
      expect(await ended(uniqueId)).toMatchObject({
        outcome: 'refused',
        results: [{ code: 'delivery.dmp-closed' }],
      });
      expect((await running.dmp.counts()).requests).toBe(requests);
      await expect
        .poll(() => listener.messages.find((one) => one.includes(`|${controlId}|`)))
        .toContain('|VIADUC-DMP-FERME^');
    },
  );

  test('ACTIF, said without ZFA-9, opens the way again', async () => {
    const later = new Date(Date.now() + 1000).toISOString().replace(/\D/g, '').slice(0, 14);
    const said = adt({ trigger: 'A31', movement: null, at: `${later}+0000`, zfa: '', dmp: 'ACTIF' });
    expect((await client.send(`${said}ZFA|ACTIF|${later}+0000\r`)).code).toBe('AA');
    const { document, uniqueId } = freshLetter();
    await client.send(makeMessage({ document }));
    expect(await ended(uniqueId)).toMatchObject({ outcome: 'delivered' });
  });
});
