import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { confirmWithdrawal } from '../../src/delivery/withdrawals/decide.ts';
import { systemClock } from '../../src/words/clock.ts';
import { type Adt, adt } from '../intake/mllp/adt-making.ts';
import { type Hospital, startHospital } from '../intake/mllp/hospital.ts';
import { freshControlId, makeMessage, PATIENT } from '../intake/mllp/making.ts';
import { freshLetter, type RunningGateway, sample } from './running.ts';
import { ADMIN_TOKEN, spawnDmp, spawnGateway } from './spawned.ts';

const INS = '236066322083656';
let { running, client, listener, stop } = {} as Hospital;
let [first, second, alias, it, auditor] = ['', '', '', '', ''];

beforeAll(async () => {
  ({ running, client, listener, stop } = await startHospital());
  first = await issue('Anne', 'identity');
  second = await issue('Bernard', 'identity');
  alias = await issue('Anne', 'identity');
  it = await issue('dsi', 'it');
  auditor = await issue('audit', 'auditor');
});
afterAll(() => stop());

const json = (body: object, token?: string) => ({
  ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  ...(token === undefined ? {} : { token }),
});

async function issue(name: string, role: string): Promise<string> {
  const grants = [{ establishment: 'demo', role }];
  return (await running.call('/api/tokens', json({ name, grants }))).body.token;
}

const ask = (about: object, token = first) =>
  running.call('/api/withdrawals', json({ reason: 'mauvais patient', ...about }, token));
const act = (id: string, what: string, token = second) =>
  running.call(`/api/withdrawals/${id}/${what}`, { method: 'POST', token });
const say = (id: string, what: string, reason: string, token = second) =>
  running.call(`/api/withdrawals/${id}/${what}`, json({ reason }, token));
const read = async (id: string) => (await running.call(`/api/withdrawals/${id}`, { token: it })).body;

async function until<T>(look: () => Promise<T>, fits: (value: T) => boolean): Promise<T> {
  for (let count = 0; count < 500; count += 1) {
    const value = await look();
    if (fits(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`never came: ${JSON.stringify(await look())}`);
}

/** A withdrawal once its deliveries are in one of the given states. */
const settled = (id: string, ...states: string[]) =>
  until(
    () => read(id),
    ({ deliveries }) => deliveries.length > 0 && deliveries.every((one: Row) => states.includes(one.state!)),
  );

type Row = Record<string, string | null>;

async function work(cause: string): Promise<Row[]> {
  return (await running.call(`/api/worklist?cause=${cause}`, { token: first })).body.items;
}

async function send(making: Adt): Promise<void> {
  expect((await client.send(adt(making))).code).toBe('AA');
}

/** Deposits a letter by HL7, asking to be told, and waits until it is in the DMP. */
async function deposit(file = '25000417', visit = '7700981') {
  const { document, uniqueId } = freshLetter();
  const controlId = freshControlId();
  const pid = `PID|1||${PATIENT}||TCHITCHI^CATARINA^CATARINA BELLA^^^^L||19360621|F|||^^^^^^BDL^^63220|||||||${file}^^^CHD&0B0000012&N^AN||||||||||||||VALI`;
  const pv1 = `PV1|1|I|||||||||||||||||${visit}^^^CHD&0B0000012&N^VN`;
  const ack = await client.send(
    makeMessage({ document, controlId, pid, pv1, flags: { ACK_RECEPTION: 'Y' } }),
  );
  expect(ack.code).toBe('AA');
  const found = await until(
    async () => (await running.call(`/api/submissions?uniqueId=${uniqueId}`)).body.items[0],
    (item) => item.deliveries[0].state === 'final',
  );
  expect(found.deliveries[0].outcome).toBe('delivered');
  return { uniqueId, controlId, submission: found.id as string, delivery: found.deliveries[0].id as string };
}

async function statusInDmp(uniqueId: string): Promise<string> {
  const { dmpAdmin } = running.gateway.endpoints;
  return statusAt(dmpAdmin!, uniqueId);
}

/** Status of a document that the simulator holds. */
async function statusAt(admin: string, uniqueId: string): Promise<string> {
  const answer = await fetch(`${admin}/documents/${uniqueId}`);
  const { entries } = (await answer.json()) as { entries: { status: string }[] };
  return entries[0]!.status;
}

const noticesAbout = (controlId: string) =>
  listener.messages.filter((message) => message.includes(`|${controlId}|`));

async function ds11(): Promise<number[]> {
  const { body } = await running.call('/api/indicators?period=2022-06');
  const { numerator, denominator } = body.indicators.find(({ code }: Row) => code === 'DS1.1');
  return [numerator, denominator];
}

const events = async (type: string) =>
  (await running.gateway.ledger.of('demo').events(1, 5000)).filter((event) => event.type === type);

describe('a withdrawal', () => {
  test('is asked by one person, confirmed by another, carried out like a deletion, and told', async () => {
    await send({ trigger: 'A01', file: 'W1', visit: 'WV1', movement: 'W1' });
    await send({ trigger: 'A03', at: '20220615110000', file: 'W1', visit: 'WV1', movement: 'W2' });
    const { uniqueId, controlId, submission } = await deposit('W1', 'WV1');
    expect(await ds11()).toEqual([1, 1]);
    const asked = await ask({ document: uniqueId });
    expect(asked).toMatchObject({
      status: 201,
      body: { state: 'asked', documents: [uniqueId], asked: { by: 'Anne' }, decided: null, deliveries: [] },
    });
    const { id } = asked.body;
    expect(await work('withdrawal-asked')).toMatchObject([{ withdrawal: id, role: 'identity' }]);
    expect(await statusInDmp(uniqueId)).toBe('Approved');
    for (const token of [first, alias])
      expect(await act(id, 'confirm', token)).toMatchObject({
        status: 403,
        body: { code: 'withdrawal.same-person' },
      });
    const commands = { ledger: running.gateway.ledger, clock: systemClock, interrupt: async () => {} };
    for (const by of ['anne', ' ANNE ', 'Ànne'])
      await expect(confirmWithdrawal(commands, 'demo', id, { by, token: by })).rejects.toMatchObject({
        code: 'withdrawal.same-person',
      });
    expect((await act(id, 'confirm')).body).toMatchObject({ state: 'confirmed', decided: { by: 'Bernard' } });
    const done = await settled(id, 'final');
    expect(done.deliveries).toMatchObject([{ outcome: 'delivered', documents: [uniqueId] }]);
    expect(await statusInDmp(uniqueId)).toBe('Deleted');
    expect(await work('withdrawal-asked')).toEqual([]);
    expect(await ds11()).toEqual([0, 1]);
    const deletion = (await running.call(`/api/submissions/${done.submission}`)).body;
    expect(deletion).toMatchObject({ operation: 'delete', target: uniqueId, sender: 'dpi', withdrawal: id });
    expect(deletion.deliveries[0].attempts).toMatchObject([{ result: 'finished' }]);
    const timeline = (await running.call(`/api/submissions/${submission}`)).body.timeline;
    expect(timeline.map(({ type }: Row) => type)).toContain('withdrawal.asked');
    const told = await until(
      async () => noticesAbout(controlId),
      ({ length }) => length === 2,
    );
    expect(told[0]).toContain('|Y^^expandedYes-NoIndicator|');
    expect(told[1]).toContain('|N^^expandedYes-NoIndicator|');
    expect(told[1]).toContain('VIADUC-RETRAIT^');
    const [confirmed] = await events('withdrawal.confirmed');
    expect(confirmed!.data).toMatchObject({ withdrawal: id, by: 'Bernard' });
  });

  test('answers an item of the work list, which names it and goes when the document is gone', async () => {
    const { uniqueId, delivery } = await deposit('W3', 'WV3');
    await send({
      ...{ trigger: 'A31', movement: null, at: '20220703080000', zfa: 'IO|20220703080000' },
    });
    const item = `patient-opposed:${delivery}`;
    const open = async () => (await work('patient-opposed')).find(({ id }) => id === item);
    expect(await open()).toMatchObject({ withdrawal: null, ask: { path: '/api/withdrawals', item } });
    const { id } = (await ask({ item })).body;
    expect(await open()).toMatchObject({ withdrawal: id });
    expect((await act(id, 'cancel', first)).body.state).toBe('cancelled');
    expect(await open()).toMatchObject({ withdrawal: null });
    const again = (await ask({ item })).body;
    expect(again).toMatchObject({ item, documents: [uniqueId] });
    await act(again.id, 'confirm');
    await settled(again.id, 'final');
    expect(await open()).toBeUndefined();
    await send({ trigger: 'A31', movement: null, at: '20220704080000', zfa: 'INO|20220704080000' });
  });

  test('that the DMP refuses leaves the document and says so to the identity role, not to the sender', async () => {
    const { uniqueId, controlId } = await deposit('W4', 'WV4');
    await running.dmp.fault({ match: { transaction: 'iti-57' }, fault: 'several-errors', times: 2 });
    const { id } = (await ask({ document: uniqueId })).body;
    await act(id, 'confirm');
    const failed = await settled(id, 'final', 'parked');
    expect(failed.deliveries[0].outcome).toBe('refused');
    expect(await work('withdrawal-failed')).toMatchObject([{ role: 'identity', withdrawal: id }]);
    expect(noticesAbout(controlId)).toHaveLength(1);
    await running.dmp.clear();
    const again = (await ask({ document: uniqueId })).body;
    await act(again.id, 'confirm');
    expect((await settled(again.id, 'final')).deliveries).toMatchObject([{ outcome: 'delivered' }]);
  });
});

describe('two documents of one message', () => {
  const letters = () => [freshLetter(), freshLetter()] as const;

  /** An ORU that carries both, by the given operation, once its deliveries have ended. */
  async function carry([one, other]: ReturnType<typeof letters>, order: string) {
    const second = Buffer.from(other.document).toString('base64');
    const message = makeMessage({ document: one.document, order })
      .toString('utf8')
      .replace(
        /OBX\|1\|ED[^\r]*\rPRT[^\r]*\r/,
        (line) => line + line.replace(/Base64\^[^|]*/, `Base64^${second}`),
      );
    const before = (await running.call('/api/submissions?limit=1')).body.items[0]?.id;
    const ack = await client.send(message);
    expect([ack.code, ack.errors.filter(({ severity }) => severity === 'E')]).toEqual(['AA', []]);
    return until(
      async () => (await running.call('/api/submissions?limit=1')).body.items[0],
      ({ id, state }) => id !== before && state === 'final',
    );
  }

  test('are both withdrawn with their submission', async () => {
    const both = letters();
    const ids = both.map(({ uniqueId }) => uniqueId);
    const { id: submission } = await carry(both, 'NW');
    const { id } = (await ask({ submission })).body;
    await act(id, 'confirm');
    const done = await settled(id, 'final');
    const deleted = done.deliveries.flatMap(({ documents }: { documents: string[] }) => documents);
    expect(deleted.toSorted()).toEqual(ids.toSorted());
    for (const uniqueId of ids) expect(await statusInDmp(uniqueId)).toBe('Deleted');
  });

  test('are each replaced by the one that says so', async () => {
    const both = letters();
    await carry(both, 'NW');
    const link = (root: string) =>
      `<relatedDocument typeCode="RPLC"><parentDocument><id root="${root}"/></parentDocument></relatedDocument><componentOf>`;
    const [one, other] = both.map(({ uniqueId }) => freshLetter({ '<componentOf>': link(uniqueId) }));
    const replaced = await carry([one!, other!], 'RO');
    expect(replaced.deliveries).toMatchObject([{ outcome: 'delivered' }]);
    for (const { uniqueId } of both) expect(await statusInDmp(uniqueId)).toBe('Deprecated');
    for (const { uniqueId } of [one!, other!]) expect(await statusInDmp(uniqueId)).toBe('Approved');
    const documents = await running.gateway.ledger.of('demo').deliveredDocuments();
    const target = (uniqueId: string) =>
      documents.find((document) => document.uniqueId === uniqueId)?.target ?? null;
    expect([target(one!.uniqueId), target(other!.uniqueId)]).toEqual(both.map(({ uniqueId }) => uniqueId));
  });

  test('are both deleted when their sender says so, also when one of them was withdrawn before', async () => {
    const both = letters();
    const [one, other] = both.map(({ uniqueId }) => uniqueId) as [string, string];
    await carry(both, 'NW');
    const { id } = (await ask({ document: one })).body;
    await act(id, 'confirm');
    await settled(id, 'final');
    expect([await statusInDmp(one), await statusInDmp(other)]).toEqual(['Deleted', 'Approved']);
    const deletion = await carry(both, 'CA');
    expect(deletion.deliveries).toMatchObject([{ outcome: 'delivered' }, { outcome: 'delivered' }]);
    expect(await statusInDmp(other)).toBe('Deleted');
  });
});

describe('an INS that is no longer qualified', () => {
  let downgraded: Awaited<ReturnType<typeof deposit>>;
  let day = 10;
  const qualify = (status: string) => {
    day += 1;
    return send({ trigger: 'A31', movement: null, at: `202207${day}080000`, status });
  };

  beforeAll(async () => {
    downgraded = await deposit('W5', 'WV5');
    await qualify('PROV');
  });

  test('is not sent to the DMP: the withdrawal goes by the support, with a sheet whose reading is recorded', async () => {
    const { uniqueId, delivery } = downgraded;
    const { requests } = await running.dmp.counts();
    const { id } = (await ask({ item: `identity-downgraded:${delivery}` })).body;
    await act(id, 'confirm');
    const parked = await settled(id, 'parked');
    expect(parked.deliveries).toMatchObject([{ code: 'delivery.withdrawal-by-support' }]);
    expect(await work('withdrawal-by-support')).toMatchObject([{ role: 'identity', withdrawal: id }]);
    expect((await running.dmp.counts()).requests).toBe(requests);
    const path = `/api/withdrawals/${id}/support-sheet`;
    for (const token of [it, auditor]) expect((await running.call(path, { token })).status).toBe(404);
    const sheet = await running.call(path, { token: first });
    expect(sheet.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const deposited = (await running.gateway.ledger.of('demo').delivery(delivery))!;
    for (const text of [uniqueId, deposited.lot!.uniqueId, deposited.finishedAt!, '10B0000012', 'TCHITCHI'])
      expect(sheet.body).toContain(text);
    expect(sheet.body).toContain('DONNÉES DE TEST');
    for (const text of [INS, '900000142', 'mauvais patient', 'Anne']) expect(sheet.body).not.toContain(text);
    expect(await events('withdrawal.sheet-read')).toMatchObject([{ data: { withdrawal: id, by: 'Anne' } }]);
  });

  test('leaves the withdrawal to whoever says that the support has done it', async () => {
    const { uniqueId, controlId } = downgraded;
    const [item] = await work('withdrawal-by-support');
    const id = item!.withdrawal!;
    expect((await say(id, 'settle', 'dossier 4711')).body).toMatchObject({
      ...{ state: 'settled', ended: { by: 'Bernard', reason: 'dossier 4711' } },
      deliveries: [{ outcome: 'delivered', code: 'delivery.withdrawn-by-support', documents: [uniqueId] }],
    });
    expect(await work('withdrawal-by-support')).toEqual([]);
    expect((await work('identity-downgraded')).filter((one) => one.delivery === item!.delivery)).toEqual([]);
    await until(
      async () => noticesAbout(controlId),
      ({ length }) => length === 2,
    );
    expect(await say(id, 'settle', 'encore')).toMatchObject({
      status: 409,
      body: { code: 'withdrawal.not-by-support' },
    });
    expect(await running.call(`/api/withdrawals/${id}/support-sheet`, { token: first })).toMatchObject({
      status: 409,
      body: { code: 'withdrawal.not-by-support' },
    });
  });

  test('once qualified again lets the withdrawal leave by itself', async () => {
    await qualify('VALI');
    const { uniqueId } = await deposit('W6', 'WV6');
    await qualify('PROV');
    const { id } = (await ask({ document: uniqueId })).body;
    await act(id, 'confirm');
    await settled(id, 'parked');
    expect(await statusInDmp(uniqueId)).toBe('Approved');
    await qualify('VALI');
    expect((await settled(id, 'final')).deliveries).toMatchObject([{ outcome: 'delivered' }]);
    expect(await statusInDmp(uniqueId)).toBe('Deleted');
  });
});

describe('what cannot be withdrawn', () => {
  const code = async (answer: ReturnType<RunningGateway['call']>) => {
    const { status, body } = await answer;
    return [status, body.code];
  };

  test('cannot be prepared with a token of nearly the same name', async () => {
    const grants = [{ establishment: 'demo', role: 'identity' }];
    for (const name of ['anne', 'ANNE', ' Anne', 'Ánne'])
      expect(await code(running.call('/api/tokens', json({ name, grants })))).toEqual([
        409,
        'console.name-near',
      ]);
  });

  test('is refused with its code', async () => {
    const { uniqueId, submission } = await deposit('W7', 'WV7');
    expect(await code(ask({}))).toEqual([400, 'withdrawal.target-unclear']);
    expect(await code(ask({ document: uniqueId, submission }))).toEqual([400, 'withdrawal.target-unclear']);
    expect(await code(ask({ document: uniqueId, reason: '' }))).toEqual([400, 'http.malformed']);
    for (const about of [{ document: '2.25.4711' }, { submission: 'none' }, { item: 'none' }])
      expect(await code(ask(about))).toEqual([404, 'withdrawal.document-unknown']);
    for (const token of [it, auditor])
      expect(await code(ask({ document: uniqueId }, token))).toEqual([403, 'http.forbidden']);
    const { id } = (await ask({ submission })).body;
    expect(await code(ask({ document: uniqueId }))).toEqual([409, 'withdrawal.already-asked']);
    for (const token of [it, auditor])
      expect(await code(act(id, 'confirm', token))).toEqual([404, 'withdrawal.unknown']);
    expect(await code(act('none', 'confirm'))).toEqual([404, 'withdrawal.unknown']);
    expect(await code(say(id, 'refuse', 'non', first))).toEqual([403, 'withdrawal.same-person']);
    expect((await say(id, 'refuse', 'bon patient')).body).toMatchObject({
      ...{ state: 'refused', decided: { by: 'Bernard', reason: 'bon patient' } },
    });
    for (const what of ['confirm', 'cancel'])
      expect(await code(act(id, what))).toEqual([409, 'withdrawal.already-decided']);
    const again = (await ask({ document: uniqueId })).body.id;
    await act(again, 'confirm');
    await settled(again, 'final');
    expect(await code(act(again, 'confirm'))).toEqual([409, 'withdrawal.already-decided']);
    expect(await code(ask({ document: uniqueId }))).toEqual([409, 'withdrawal.deleted']);
  });

  test('is a document that waits, that never arrived, or that another version has replaced', async () => {
    const policy =
      'to=dmp&sender=dpi&identity=VALI&maskedToProfessionals=false&hiddenFromPatient=false&hiddenFromRepresentatives=false&consent=informed-without-opposition';
    const waiting = freshLetter();
    const held = await running.submit(
      waiting.document,
      `${policy}&holdReason=review&holdUntil=2099-01-01T00:00:00Z`,
      { prefer: 'respond-async' },
    );
    expect(held.body.state).toBe('held');
    expect(await code(ask({ document: waiting.uniqueId }))).toEqual([409, 'withdrawal.not-delivered']);
    const refused = await running.submit(sample('dmp-absent.xml'), policy);
    expect(refused.body.deliveries).toMatchObject([{ outcome: 'refused' }]);
    expect(await code(ask({ submission: refused.body.id }))).toEqual([409, 'withdrawal.never-delivered']);
    const { uniqueId } = await deposit('W8', 'WV8');
    const { id } = (await ask({ document: uniqueId })).body;
    const link = `<relatedDocument typeCode="RPLC"><parentDocument><id root="${uniqueId}"/></parentDocument></relatedDocument><componentOf>`;
    const replaced = await running.submit(
      freshLetter({ '<componentOf>': link }).document,
      `${policy}&operation=replace`,
    );
    expect(replaced.body.deliveries).toMatchObject([{ outcome: 'delivered' }]);
    expect(await code(act(id, 'confirm'))).toEqual([409, 'routing.newer-version-known']);
    expect((await read(id)).state).toBe('asked');
  });

  test('once confirmed is taken back as long as nothing has left', async () => {
    const { uniqueId } = await deposit('W9', 'WV9');
    await send({ trigger: 'A31', movement: null, at: '20220801080000', status: 'PROV' });
    const { id } = (await ask({ document: uniqueId })).body;
    await act(id, 'confirm');
    await settled(id, 'parked');
    expect((await act(id, 'cancel')).body).toMatchObject({
      ...{ state: 'cancelled', decided: { by: 'Bernard' }, ended: { by: 'Bernard' } },
      deliveries: [{ outcome: 'cancelled' }],
    });
    expect(await work('withdrawal-failed')).toHaveLength(1);
    await send({ trigger: 'A31', movement: null, at: '20220802080000' });
    expect(await statusInDmp(uniqueId)).toBe('Approved');
  });
});

test('a withdrawal of a document whose identity has another INS since goes out under the INS of the deposit', async () => {
  const { uniqueId } = await deposit('W2', 'WV2');
  const other = PATIENT.replace(INS, '279035121518989');
  await send({ trigger: 'A31', movement: null, at: '20220901080000', pid3: other, status: 'VALI' });
  const { id } = (await ask({ document: uniqueId })).body;
  await act(id, 'confirm');
  expect((await settled(id, 'final')).deliveries).toMatchObject([{ outcome: 'delivered' }]);
  expect(await statusInDmp(uniqueId)).toBe('Deleted');
});

test('every withdrawal is read again from the events alone, and the chain verifies', async () => {
  const before = (await running.call('/api/withdrawals', { token: auditor })).body.items;
  await running.gateway.ledger.rebuild();
  expect((await running.call('/api/withdrawals', { token: auditor })).body.items).toEqual(before);
  expect(before.length).toBeGreaterThan(8);
  const only = (await running.call('/api/withdrawals?state=refused', { token: auditor })).body.items;
  expect(only).toHaveLength(1);
  const report = (await running.call('/api/ledger/verification')).body;
  expect(report.problems).toEqual([]);
});

test('a gateway killed between the confirmation and the call makes the call at its next start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'viaduc-withdrawal-'));
  const dmp = await spawnDmp(folder);
  const { document, uniqueId } = freshLetter();
  let gateway = await spawnGateway({ folder, dmp: dmp.dmp });
  try {
    const submitted = await gateway.call('/api/submissions?to=dmp', {
      method: 'POST',
      headers: { 'content-type': 'application/xml', prefer: 'wait=30' },
      body: document as RequestInit['body'],
    });
    expect(submitted.body.deliveries).toMatchObject([{ outcome: 'delivered' }]);
    const requests = async () =>
      ((await (await fetch(`${dmp.admin}/counts`)).json()) as { requests: number }).requests;
    const before = await requests();
    const grants = [{ establishment: 'demo', role: 'identity' }];
    const { token } = (await gateway.call('/api/tokens', json({ name: 'Anne', grants }))).body;
    await fetch(`${dmp.admin}/faults`, json({ match: { transaction: 'iti-18' }, fault: 'hang', times: 1 }));
    const { id } = (
      await gateway.call('/api/withdrawals', json({ document: uniqueId, reason: 'any' }, token))
    ).body;
    const confirmed = await gateway.call(`/api/withdrawals/${id}/confirm`, {
      ...{ method: 'POST', token: ADMIN_TOKEN },
    });
    expect(confirmed.body.state).toBe('confirmed');
    await until(requests, (count) => count > before);
    await gateway.end('SIGKILL');
    gateway = await spawnGateway({ folder, dmp: dmp.dmp });
    const done = await until(
      async () => (await gateway.call(`/api/withdrawals/${id}`)).body,
      ({ deliveries }) => deliveries[0].state === 'final',
    );
    expect(done.deliveries).toMatchObject([{ outcome: 'delivered' }]);
    expect(await statusAt(dmp.admin, uniqueId)).toBe('Deleted');
  } finally {
    await gateway.end();
    await dmp.end();
    rmSync(folder, { recursive: true });
  }
}, 120_000);
