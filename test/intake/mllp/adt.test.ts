import { hash } from 'node:crypto';
import { globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshLetter, shared, startTestGateway } from '../../gateway/running.ts';
import { type Adt, adt } from './adt-making.ts';
import { MllpClient } from './client.ts';
import { type Hospital, IPP_ROOT, startHospital } from './hospital.ts';
import { freshControlId, makeMessage, PATIENT } from './making.ts';

let { running, client, listener } = {} as Hospital;

/** One establishment with an HL7 sender, in the given way with consents that nobody collected. */
async function start(consentNotCollected: string): Promise<void> {
  const setting = `consentNotCollected: ${consentNotCollected}`;
  ({ running, client, listener } = await startHospital(setting));
}

async function stop(): Promise<void> {
  client.close();
  await running.close();
  await listener.close();
}

async function send(making: Adt): Promise<void> {
  const ack = await client.send(adt(making));
  expect([ack.code, ack.errors]).toEqual(['AA', []]);
  expect(ack.event).toBe(`ACK^${making.trigger}^ACK`);
}

/** Deposits a letter by HL7, asking to be told. */
async function deposit(
  file = '25000417',
  visit = '7700981',
): Promise<{ uniqueId: string; controlId: string }> {
  const { document, uniqueId } = freshLetter();
  const controlId = freshControlId();
  const ack = await client.send(
    makeMessage({
      ...{ document, controlId, flags: { ACK_RECEPTION: 'Y' } },
      pid: `PID|1||${PATIENT}||TCHITCHI^CATARINA^CATARINA BELLA^^^^L||19360621|F|||^^^^^^BDL^^63220|||||||${file}^^^CHD&0B0000012&N^AN||||||||||||||VALI`,
      pv1: `PV1|1|I|||||||||||||||||${visit}^^^CHD&0B0000012&N^VN`,
    }),
  );
  expect([ack.code, ack.errors.filter(({ severity }) => severity === 'E')]).toEqual(['AA', []]);
  return { uniqueId, controlId };
}

async function submissionOf(uniqueId: string) {
  const list = await running.call(`/api/submissions?uniqueId=${uniqueId}`);
  return (await running.call(`/api/submissions/${list.body.items[0].id}`)).body;
}

/** The state of a deposit once it is one of those wanted. */
async function settled(uniqueId: string, ...states: string[]) {
  for (let look = 0; look < 500; look += 1) {
    const { deliveries, timeline } = await submissionOf(uniqueId);
    if (states.includes(deliveries[0].state)) return { ...deliveries[0], timeline };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${uniqueId} is none of ${states.join(', ')}`);
}

/** The ZAM about a message. */
async function noticeAbout(controlId: string): Promise<string> {
  for (let count = 1; ; count += 1) {
    await listener.received(count);
    const found = listener.messages.find((message) => message.includes(`|${controlId}|`));
    if (found) return found;
  }
}

async function work(cause: string) {
  return (await running.call(`/api/worklist?cause=${cause}`)).body.items as Record<string, string>[];
}

async function ds11() {
  const { body } = await running.call('/api/indicators?period=2022-06&establishment=demo');
  const { numerator, denominator } = body.indicators.find((one: { code: string }) => one.code === 'DS1.1');
  return [numerator, denominator];
}

const OLD = '900000143^^^CHD&0B0000012&M^PI';
const IPP_ONLY = PATIENT.split('~')[0]!;

describe('ADT', () => {
  beforeAll(() => start('hold'));
  afterAll(stop);

  test('a deposit of whom nobody said that they were informed waits, and leaves when the statement comes; the sender is told', async () => {
    const { uniqueId, controlId } = await deposit();
    expect(await settled(uniqueId, 'parked')).toMatchObject({ code: 'delivery.consent-not-collected' });
    expect(await work('consent-not-collected')).toMatchObject([{ role: 'unit' }]);
    await send({ trigger: 'A31', movement: null, zfa: 'INO|20220610090000' });
    expect(await settled(uniqueId, 'final')).toMatchObject({ outcome: 'delivered' });
    const notice = await noticeAbout(controlId);
    expect(notice).toContain('|Y^^expandedYes-NoIndicator|');
    expect(await work('consent-not-collected')).toEqual([]);
    for (let look = 0; look < 100; look += 1) {
      const types = (await submissionOf(uniqueId)).timeline.map(({ type }: { type: string }) => type);
      if (types.at(-1) === 'notice.acknowledged') return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error('the acknowledgement of the notice is not in the time line');
  });

  test('an opposition ends what waits, tells the sender and lists what was delivered; a later word lifts it, an earlier one does not', async () => {
    const before = (await work('patient-opposed')).length;
    await send({ trigger: 'A31', movement: null, zfa: 'IO|20220611090000' });
    expect((await work('patient-opposed')).length).toBeGreaterThan(before);
    const { uniqueId, controlId } = await deposit();
    expect(await settled(uniqueId, 'final')).toMatchObject({
      outcome: 'refused',
      code: 'delivery.patient-opposed',
    });
    expect(await noticeAbout(controlId)).toContain('|VIADUC-OPPOSITION^');
    await send({ trigger: 'A31', movement: null, zfa: 'INO|20220610100000' });
    await send({ trigger: 'A31', movement: null, zfa: 'NA' });
    const still = await deposit();
    expect(await settled(still.uniqueId, 'final')).toMatchObject({ code: 'delivery.patient-opposed' });
    await send({ trigger: 'A31', movement: null, zfa: 'INO|20220612090000' });
    const after = await deposit();
    expect(await settled(after.uniqueId, 'final')).toMatchObject({ outcome: 'delivered' });
  });

  test('an identity that is no longer qualified stops what comes and lists what was delivered; qualified again, it goes on', async () => {
    await send({ trigger: 'A31', movement: null, at: '20220613080000', pid3: IPP_ONLY, status: 'PROV' });
    expect((await work('identity-downgraded')).length).toBeGreaterThan(0);
    const { uniqueId } = await deposit();
    expect(await settled(uniqueId, 'parked')).toMatchObject({ code: 'delivery.identity-not-qualified' });
    expect(await work('identity-not-qualified')).toMatchObject([{ role: 'identity' }]);
    await send({ trigger: 'A31', movement: null, at: '20220614080000' });
    expect(await settled(uniqueId, 'final')).toMatchObject({ outcome: 'delivered' });
  });

  test('an INS taken away (A47), or changed for another, stops what bears it', async () => {
    const ins = PATIENT.split('~')[1]!;
    await send({
      trigger: 'A47',
      movement: null,
      at: '20220615080000',
      pid3: `${IPP_ONLY}~""^^^&1.2.250.1.213.1.4.10&ISO^INS`,
      status: 'PROV',
      mrg: ins,
    });
    const first = await deposit();
    expect(await settled(first.uniqueId, 'parked')).toMatchObject({
      code: 'delivery.identity-not-qualified',
    });
    const other = ins.replace('236066322083656', '277076322082910');
    await send({
      trigger: 'A47',
      movement: null,
      at: '20220616080000',
      pid3: `${IPP_ONLY}~${other}`,
      mrg: ins,
    });
    const second = await deposit();
    expect(await settled(second.uniqueId, 'parked')).toMatchObject({ code: 'delivery.identity-changed' });
    await send({ trigger: 'A47', movement: null, at: '20220617080000', mrg: other });
    for (const { uniqueId } of [first, second])
      expect(await settled(uniqueId, 'final')).toMatchObject({ outcome: 'delivered' });
  });

  test('a merge lists what was delivered under the identity that is no more', async () => {
    const before = (await work('identity-merged')).length;
    await send({
      trigger: 'A40',
      movement: null,
      at: '20220618080000',
      pid3: OLD,
      status: 'PROV',
      mrg: IPP_ONLY,
    });
    expect((await work('identity-merged')).length).toBeGreaterThan(before);
    expect((await running.call('/api/worklist')).body.counts['identity-merged']).toBeGreaterThan(0);
  });
});

describe('stays from ADT', () => {
  beforeAll(() => start('deposit'));
  afterAll(stop);

  test('admission and discharge make a stay of which a letter counts; the same message again changes nothing', async () => {
    await send({ trigger: 'A01', at: '20220610083000', zfa: 'INO|20220610083000' });
    const discharge: Adt = {
      trigger: 'A03',
      at: '20220615110000',
      movement: 'M2',
      controlId: freshControlId(),
    };
    await send(discharge);
    await send(discharge);
    expect(await ds11()).toEqual([0, 1]);
    const { uniqueId } = await deposit('F1', 'V1');
    expect(await settled(uniqueId, 'final')).toMatchObject({ outcome: 'delivered' });
    expect(await ds11()).toEqual([1, 1]);
  });

  test('another content under a known MSH-10 is refused', async () => {
    const controlId = freshControlId();
    await send({ trigger: 'A01', file: 'F9', visit: 'V9', movement: 'M9', controlId });
    const ack = await client.send(
      adt({ trigger: 'A01', file: 'F8', visit: 'V8', movement: 'M8', controlId }),
    );
    expect([ack.code, ack.errors[0]!.code]).toEqual(['AE', 'request.key-conflict']);
  });

  test('G20 a stay cancelled after a deposit is out of both, and its document is unlinked', async () => {
    await send({ trigger: 'A11', at: '20220620080000', action: 'CANCEL', original: 'A01', movement: 'M1' });
    const [numerator, denominator] = await ds11();
    expect([numerator ?? 0, denominator ?? 0]).toEqual([0, 0]);
    const { body } = await running.call('/api/indicators?from=2020-01-01&to=2030-01-01&establishment=demo');
    expect(body.indicators.find((one: { code: string }) => one.code === 'DS1.1')).toMatchObject({
      coverage: { unlinked: 1 },
    });
  });

  test('G21 a discharge cancelled and repeated in July is of July', async () => {
    await send({ trigger: 'A01', file: 'F2', visit: 'V2', movement: 'M21' });
    await send({ trigger: 'A03', at: '20220615110000', file: 'F2', visit: 'V2', movement: 'M22' });
    expect((await ds11())[1]).toBe(1);
    await send({
      ...{ trigger: 'A13', at: '20220616110000', file: 'F2', visit: 'V2', movement: 'M22' },
      ...{ action: 'CANCEL', original: 'A03' },
    });
    expect((await ds11())[1] ?? 0).toBe(0);
    await send({ trigger: 'A03', at: '20220702110000', file: 'F2', visit: 'V2', movement: 'M23' });
    expect((await ds11())[1] ?? 0).toBe(0);
    const { body } = await running.call('/api/indicators?period=2022-07&establishment=demo');
    expect(body.indicators.find((one: { code: string }) => one.code === 'DS1.1').denominator).toBe(1);
  });

  test('G22 stays of two merged patients are summed, none is lost; G23 an opposed one stays in the denominator', async () => {
    const [first, second] = [
      { file: 'F31', visit: 'V31' },
      { file: 'F32', visit: 'V32', pid3: OLD, status: 'PROV' },
    ];
    for (const [index, stay] of [first, second].entries()) {
      await send({ ...stay, trigger: 'A01', movement: `M3${index}` });
      await send({ ...stay, trigger: 'A03', at: '20220616110000', movement: `M3${index}b` });
    }
    expect((await ds11())[1]).toBe(2);
    await send({ trigger: 'A40', movement: null, at: '20220619080000', mrg: OLD });
    expect((await ds11())[1]).toBe(2);
    await send({ trigger: 'A31', movement: null, at: '20220620080000', zfa: 'IO|20220620080000' });
    expect((await ds11())[1]).toBe(2);
  });

  test('a discharge alone is a stay whose admission is asked for; the admission that comes later ends the asking', async () => {
    const stay = { file: 'F4', visit: 'V4' };
    await send({ ...stay, trigger: 'A03', at: '20220616110000', movement: 'M42' });
    expect(await work('admission-missing')).toMatchObject([{ role: 'dim', stay: '0B0000012 visit V4' }]);
    await send({ ...stay, trigger: 'A01', movement: 'M41' });
    expect(await work('admission-missing')).toEqual([]);
  });

  test('a file moved to another patient (A44) lists what was delivered for it, and parks what waits', async () => {
    await send({ trigger: 'A31', movement: null, at: '20220621080000', zfa: 'INO|20220621080000' });
    const { uniqueId } = await deposit('F2', 'V2');
    expect(await settled(uniqueId, 'final')).toMatchObject({ outcome: 'delivered' });
    const held = await running.submit(
      freshLetter().document,
      'to=dmp&sender=dpi&identity=VALI&maskedToProfessionals=false&hiddenFromPatient=false&hiddenFromRepresentatives=false&site=0B0000012&stay=F2&holdReason=review&holdUntil=2099-01-01T00:00:00Z',
      { prefer: 'respond-async' },
    );
    expect(held.body.state).toBe('held');
    await send({
      trigger: 'A44',
      movement: null,
      file: 'F2',
      at: '20220703080000',
      pid3: OLD.replace('143', '149'),
      status: 'PROV',
      mrg: IPP_ONLY,
    });
    expect(await work('stay-of-other-patient')).toMatchObject([{ role: 'identity' }]);
    const { deliveries } = (await running.call(`/api/submissions/${held.body.id}`)).body;
    expect(deliveries).toMatchObject([{ state: 'parked', code: 'delivery.stay-moved' }]);
  });

  test.each([
    ['no PID', (text: string) => text.replace(/PID\|[^\r]*\r/, ''), '100', ''],
    ['no PV1', (text: string) => text.replace(/PV1\|[^\r]*\r/, ''), '100', ''],
    ['no ZBE', (text: string) => text.replace(/ZBE\|[^\r]*\r/, ''), '100', ''],
    [
      'no stay number',
      (text: string) => text.replace('F1^^^CHD', '^^^CHD').replace('V1^^^CHD', '^^^CHD'),
      '101',
      'PV1^1^19',
    ],
    ['an action that is none', (text: string) => text.replace('|INSERT|', '|DELETE|'), '103', 'ZBE^1^4'],
    [
      'a date that is none',
      (text: string) => text.replace('M|20220610083000|', 'M|20223310|'),
      '102',
      'ZBE^1^2',
    ],
    ['a consent that is none', (text: string) => text.replace('|INO|', '|OUI|'), '103', 'ZFA^1^9'],
    [
      'a state of the DMP that is none',
      (text: string) => text.replace('|ACTIF|', '|OUVERT|'),
      '103',
      'ZFA^1^1',
    ],
  ])('%s is refused with its place, and nothing of it is kept', async (_what, spoil, condition, place) => {
    const { lastSeq } = { lastSeq: await running.gateway.ledger.of('demo').lastSeq() };
    const ack = await client.send(spoil(adt({ trigger: 'A01', zfa: 'INO|20220610083000' })));
    expect(ack.code).toBe('AE');
    expect(ack.errors[0]).toMatchObject({ condition, place, severity: 'E' });
    expect(await running.gateway.ledger.of('demo').lastSeq()).toBe(lastSeq);
  });

  test('an event that nobody here uses is acknowledged and leaves nothing', async () => {
    const lastSeq = await running.gateway.ledger.of('demo').lastSeq();
    await send({ trigger: 'A60' });
    expect(await running.gateway.ledger.of('demo').lastSeq()).toBe(lastSeq);
  });
});

describe('what ADT leaves in the ledger', () => {
  beforeAll(() => start('hold'));
  afterAll(stop);

  test('is the same when it is made again from the events, and verifies', async () => {
    await send({ trigger: 'A01', zfa: 'INO|20220610083000' });
    await send({ trigger: 'A03', at: '20220615110000', movement: 'M2' });
    const { uniqueId } = await deposit('F1', 'V1');
    await settled(uniqueId, 'final');
    await send({
      trigger: 'A40',
      movement: null,
      at: '20220618080000',
      pid3: OLD,
      status: 'PROV',
      mrg: IPP_ONLY,
    });
    await send({
      trigger: 'A24',
      movement: null,
      at: '20220619080000',
      pid3: OLD.replace('143', '144'),
      mrg: OLD,
    });
    await send({
      trigger: 'A37',
      movement: null,
      at: '20220620080000',
      pid3: OLD.replace('143', '144'),
      mrg: OLD,
    });
    await send({ trigger: 'A31', movement: null, at: '20220621080000', zfa: 'IO|20220621080000' });
    const { ledger } = running.gateway;
    const reading = async () => {
      const view = ledger.of('demo');
      const people = (await view.people()).map(({ person, patient }) => `${person} ${patient}`).toSorted();
      return [await view.stays(), (await view.work({ limit: 100 })).items, people];
    };
    const before = await reading();
    expect((before[1] as { cause: string }[]).map(({ cause }) => cause).toSorted()).toEqual([
      'identity-merged',
      'patient-opposed',
    ]);
    await ledger.rebuild();
    expect(await reading()).toEqual(before);
    const { body } = await running.call('/api/ledger/verification?establishment=demo');
    expect(body.problems).toEqual([]);
  });

  test('holds nothing that says who the patient is', async () => {
    const events = await running.gateway.ledger.of('demo').events(1, 1000);
    const told = events.map(({ data }) => JSON.stringify(data)).join('\n');
    expect(told).not.toMatch(/TCHITCHI|CATARINA|236066322083656|90000014|19360621/);
    const statement = events.find(({ type, personal }) => type === 'identity.assessed' && personal !== null)!;
    const traits = await running.gateway.ledger.of('demo').personal(statement.personal!.ref);
    expect(JSON.parse(traits!.toString())).toMatchObject({ family: 'TCHITCHI', birthDate: '19360621' });
  });

  test('and what senders were told is shown to whoever may see it', async () => {
    const { body } = await running.call('/api/notices?sender=dpi');
    expect(body.items.length).toBeGreaterThan(0);
    expect(body.items[0]).toMatchObject({ kind: 'Z01', sender: 'dpi', success: true, error: null });
    const answer = await running.call(`/api/notices/${body.items[0].id}/resume`, { method: 'POST' });
    expect([answer.status, answer.body.code]).toEqual([409, 'delivery.notice-not-parked']);
    expect((await running.call('/api/notices?sender=nobody')).body.items).toEqual([]);
  });

  test('a statement that came just before the gateway stopped is acted on at the next start', async () => {
    await send({ trigger: 'A31', movement: null, at: '20220621090000', zfa: 'INO|20220621090000' });
    await send({ trigger: 'A31', movement: null, at: '20220621100000', pid3: IPP_ONLY, status: 'PROV' });
    const { uniqueId } = await deposit('F1', 'V1');
    expect(await settled(uniqueId, 'parked')).toMatchObject({ code: 'delivery.identity-not-qualified' });
    const { ledger } = running.gateway;
    const ins = ledger.searchHash('demo', 'ins', '236066322083656');
    const person = (await ledger.of('demo').personOf(ins))!;
    const root = '1.2.250.1.213.1.4.10';
    const personal = Buffer.from(JSON.stringify({ ins: { matricule: '236066322083656', root } }));
    const data = {
      message: 'm m',
      status: ['VALI'],
      qualified: true,
      insRoot: root,
      statedAt: '2022-06-21T11:00:00.000Z',
    };
    await ledger.append({
      ...{ establishment: 'demo', nowMs: Date.now() },
      events: [{ type: 'identity.assessed', data, subject: { person }, personal }],
    });
    client.close();
    await running.gateway.close();
    const { folder } = running;
    const again = await startTestGateway({ folder });
    const close = async () => {
      await again.close();
      rmSync(folder, { recursive: true, force: true });
    };
    running = { ...again, close };
    client = await MllpClient.open(running.gateway.endpoints.mllp!);
    expect(await settled(uniqueId, 'final')).toMatchObject({ outcome: 'delivered' });
  });

  test('an item of the work list is closed with a reason, one that goes by itself is not', async () => {
    const [item] = await work('patient-opposed');
    const close = (id: string) =>
      running.call('/api/worklist/close', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ item: id, reason: 'seen with the patient' }),
      });
    expect((await close(item!.id!)).status).toBe(200);
    expect(await work('patient-opposed')).toEqual([]);
    expect((await close(item!.id!)).body.code).toBe('console.work-unknown');
    await send({ trigger: 'A31', movement: null, at: '20220622080000', zfa: 'NA|20220622080000' });
    const { uniqueId } = await deposit('F1', 'V1');
    await settled(uniqueId, 'parked');
    const [parked] = await work('consent-not-collected');
    expect((await close(parked!.id!)).body.code).toBe('console.work-not-closable');
  });

  test('ties nothing to a candidate identifier once its person is erased, not even with the keys that remain', async () => {
    const { ledger } = running.gateway;
    const identifiers = { ins: ['236066322083656'], ipp: ['900000142', `${IPP_ROOT}^900000142`] };
    const keyed = Object.entries(identifiers).flatMap(([kind, values]) =>
      values.flatMap((value) => [
        ...[value, hash('sha256', value)],
        ledger.searchHash('demo', kind as 'ins' | 'ipp', value),
      ]),
    );
    const person = (await ledger.of('demo').personOf(ledger.searchHash('demo', 'ins', '236066322083656')))!;
    const chain = await ledger.of('demo').events(1, 1000);
    const told = chain.filter((event) => event.person === person);
    expect(new Set(told.map(({ type }) => type))).toContain('stay.moved');
    for (const value of keyed) expect(JSON.stringify(chain)).not.toContain(value);
    const decision = {
      by: 'a',
      confirmedBy: 'b',
      reason: 'asked for',
      bodies: [],
      bytes: 0,
      stays: [],
      exams: [],
    };
    for (const { id, state } of await ledger.of('demo').submissionsOfPersons([person]))
      if (state !== 'final')
        await running.call(`/api/submissions/${id}/cancel`, {
          ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
          body: JSON.stringify({ reason: 'end of the test' }),
        });
    await ledger.append({
      ...{ establishment: 'demo', nowMs: Date.now() },
      events: [{ type: 'person.erased', subject: { person }, data: decision }],
    });
    for (const { personal } of told)
      if (personal) expect(await ledger.of('demo').personal(personal.ref)).toBeNull();
    for (const value of keyed) expect(await ledger.of('demo').personOf(value)).toBeNull();
    const { body } = await running.call('/api/ledger/verification?establishment=demo');
    expect(body).toMatchObject({ problems: [] });
    expect(body.erased).toBeGreaterThan(0);
  });
});

const samples = shared
  ? globSync('ans/hl7V2-exemples/{SGL,Vague 2/Consentement_DMP_PAMFR}/*.er7', { cwd: shared }).toSorted()
  : [];
if (!shared) console.log('skipped: the HL7 examples of the agency are not there');

describe.skipIf(!shared)('the ADT examples of the agency', () => {
  beforeAll(() => start('hold'));
  afterAll(stop);

  const CONSENTS: Readonly<Record<string, string>> = {
    'ConsentementConsultation_NonOppositionAlimentation.er7': 'informed-without-opposition',
    'NonConsentementConsultation_NonOppositionAlimentation.er7': 'informed-without-opposition',
    'NonConsentementConsultation_OppositionAlimentation.er7': 'opposed',
    'NonRecueillieConsentementConsultation_NonOppositionAlimentation.er7': 'informed-without-opposition',
    'NonRecueillieConsentementConsultation_NonRecueillieOppositionAlimentation.er7': 'not-collected',
    'admission.er7': 'informed-without-opposition',
  };

  test('there are seven', () => expect(samples).toHaveLength(7));

  test.each(samples)('%s is taken, and its consent is recorded for its stay', async (file) => {
    const text = readFileSync(join(shared!, file), 'utf8').replaceAll('\n', '\r');
    // Two examples bear one MSH-10.
    const ack = await client.send(text.replace(/\|39\d\d\|D\|/, `|${freshControlId()}|D|`));
    expect(ack.code).toBe('AA');
    const view = running.gateway.ledger.of('demo');
    const events = await view.events((await view.lastSeq()) - 2, 3);
    expect(events.map(({ type }) => type)).toContain('stay.moved');
    const consent = events.find(({ type }) => type === 'consent.recorded');
    const expected = CONSENTS[file.split('/').at(-1)!];
    if (expected) expect(consent?.data).toMatchObject({ feeding: expected });
    else expect(ack.errors).toMatchObject([{ severity: 'W', place: 'ZBE^1^4' }]);
  });

  test('make stays of their files, the discharge that is shifted by one included', async () => {
    const stays = await running.gateway.ledger.of('demo').stays();
    expect(stays.map(({ stayNo }) => stayNo).toSorted()).toEqual([
      '24000006',
      '24000007',
      '24000008',
      '24000009',
      '24000010',
    ]);
    expect(stays.find(({ stayNo }) => stayNo === '24000006')).toMatchObject({
      ...{ finessEg: '0B0000012', class: 'I' },
      dischargedAt: '2024-03-06T10:00:00.000Z',
    });
  });
});
