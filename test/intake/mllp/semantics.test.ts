import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshLetter, type RunningGateway, startTestGateway } from '../../gateway/running.ts';
import { MllpClient } from './client.ts';
import { type Making, makeMessage, PATIENT, recipient, SENDER_LINE } from './making.ts';

let running: RunningGateway;
let client: MllpClient;

beforeAll(async () => {
  running = await startTestGateway();
  client = await MllpClient.open(running.gateway.endpoints.mllp!);
});

afterAll(async () => {
  client.close();
  await running.close();
});

const line = (ids: string, status = 'VALI', name = 'TCHITCHI^CATARINA', born = '19360621') =>
  `PID|1||${ids}||${name}^^^^^L||${born}|F||||||||||25000417^^^CHD&0B0000012&M^AN||||||||||||||${status}`;
const ins = (matricule: string) => `${matricule}^^^N&1.2.250.1.213.1.4.10&ISO^INS`;

/** What is wrong, and the condition, place and code by which its sender is told. */
const REFUSALS: readonly [string, Making, string][] = [
  ['no PID', { pid: 'ZZZ|1' }, '100 PID^1 message.segment-missing'],
  ['no TXA in an MDM', { type: 'MDM', txa: null }, '100 TXA^1 message.segment-missing'],
  ['an inpatient without a visit', { pv1: 'PV1|1|I' }, '101 PV1^1^19 message.field-missing'],
  ['an unknown class', { pv1: 'PV1|1|Q' }, '103 PV1^1^2 message.value-unknown'],
  ['an unknown state of the document', { status: 'X' }, '103 OBX^1^11 message.value-unknown'],
  ['an unknown order', { order: 'XX', status: 'F' }, '103 ORC^1^1 message.value-unknown'],
  [
    'an order that contradicts the document',
    { order: 'RO', status: 'F' },
    '207 OBX^1^11 message.operations-differ',
  ],
  [
    'an event that contradicts the order',
    { type: 'MDM', trigger: 'T10' },
    '207 OBX^1^11 message.operations-differ',
  ],
  ['a replacement without TXA-13', { type: 'MDM', order: 'RO' }, '101 TXA^1^13 message.field-missing'],
  ['a masking flag that is missing', { flags: { MASQUE_PS: null } }, '101 OBX^1 message.flag-missing'],
  ['a flag that says perhaps', { flags: { DESTDMP: 'P' } }, '103 OBX^7^5 message.flag-value'],
  ['no destination', { flags: { DESTDMP: 'N' } }, '207  routing.no-destination'],
  ['no requester', { participants: [] }, '101 OBX^1 message.requester-missing'],
  ['a recipient who is nowhere', { flags: { DESTMSSANTEPS: 'Y' } }, '101 OBX^1 message.recipient-missing'],
  [
    'a recipient outside of MSSanté',
    { flags: { DESTMSSANTEPS: 'Y' }, participants: [SENDER_LINE, recipient('someone@example.com')] },
    '207 PRT^2^15^1^4 message.recipient-address',
  ],
  [
    'mail to a patient who must not see it',
    {
      flags: { DESTMSSANTEPAT: 'Y', INVISIBLE_PATIENT: 'Y' },
      participants: [SENDER_LINE, recipient('236066322083656@patient.mssante.fr', 'INS')],
    },
    '207  routing.patient-mail-hidden',
  ],
  [
    'another type than the document',
    { documentType: '11502-2^x^LN' },
    '207 OBX^1^3 message.document-type-differs',
  ],
  ['another INS', { pid: line(ins('279035121518989')) }, '207 PID^1^3^1^1 message.patient-differs'],
  ['another name', { pid: line(PATIENT, 'VALI', 'AUTRE^CATARINA') }, '207 PID^1^5 message.patient-differs'],
  [
    'another date of birth',
    { pid: line(PATIENT, 'VALI', 'TCHITCHI^CATARINA', '19360622') },
    '207 PID^1^7 message.patient-differs',
  ],
  ['no INS in the message', { pid: line('900000142^^^CHD^PI') }, '207 PID^1^3 message.ins-not-in-message'],
  ['an INS without VALI', { pid: line(PATIENT, 'PROV') }, '207 OBX^1^5 ins.not-qualified'],
  ['an identity that is fictitious', { pid: line(PATIENT, 'VALI~FICT') }, '207 OBX^1^5 ins.not-qualified'],
  [
    'masked from everybody',
    { flags: { MASQUE_PS: 'Y', INVISIBLE_PATIENT: 'Y' } },
    '207 OBX^1^5 dmp.masking-combined',
  ],
  ['base64 that is none', { document: '' }, '101 OBX^1^5^1^5 message.field-missing'],
];

/** What only the text of a message can get wrong. */
const SPOILT: readonly [string, (text: string) => string, string][] = [
  [
    'base64 with a foreign sign',
    (text) => text.replace('^Base64^', '^Base64^*'),
    '102 OBX^1^5^1^5 message.field-form',
  ],
  [
    'a document in the wrong component',
    (text) => text.replace('^TEXT^XML^Base64^', '^TEXT^XML^'),
    '101 OBX^1^5^1^5 message.field-missing',
  ],
  [
    'two documents in an MDM',
    (text) => text.replace(/(OBX\|1\|ED[^\r]*\r)/, '$1$1'),
    '198 OBX^2 message.cardinality',
  ],
  ['two patients', (text) => text.replace(/(PID\|[^\r]*\r)/, '$1$1'), '198 PID^2 message.cardinality'],
  [
    'base64 that is cut short',
    (text) => text.replace(/(Base64\^[^|]{4000})[^|]*/, '$1'),
    '207 OBX^1^5 xml.not-well-formed',
  ],
];

describe('a message is refused with condition, place and code for', () => {
  test.each(REFUSALS)('%s', async (_, making, expected) => {
    const { document, uniqueId } = freshLetter();
    const ack = await client.send(makeMessage({ document, uniqueId, ...making }));
    const told = ack.errors.map(({ condition, place, code }) => `${condition} ${place} ${code}`);
    expect(ack.code).toBe('AE');
    expect(told).toContain(expected);
  });

  test.each(SPOILT)('%s', async (what, spoil, expected) => {
    const { document, uniqueId } = freshLetter();
    const type = what.includes('MDM') ? 'MDM' : 'ORU';
    const ack = await client.send(spoil(makeMessage({ type, document, uniqueId }).toString('utf8')));
    expect(ack.code).toBe('AE');
    const told = ack.errors.map(({ condition, place, code }) => `${condition} ${place} ${code}`);
    expect(told).toContain(expected);
    for (const { diagnostic, user } of ack.errors) expect(diagnostic && user).not.toBe('');
    expect(ack.errors[0]!.user).toMatch(/\[[0-9a-f-]{36}\]$/);
  });

  test('and all that a step finds is told at once, each with the reference of its report', async () => {
    const pv1 = 'PV1|1|Q';
    const ack = await client.send(makeMessage({ pv1, status: 'X', pid: 'PID|1' }));
    expect(ack.errors.map(({ place }) => place)).toEqual(
      expect.arrayContaining(['PID^1^3', 'PID^1^5', 'PV1^1^2', 'OBX^1^11']),
    );
    expect(new Set(ack.errors.map(({ user }) => user.slice(-38))).size).toBe(1);
  });

  test('a replacement that changes masking without saying so', async () => {
    const original = freshLetter();
    await client.send(makeMessage({ document: original.document }));
    const link = `<relatedDocument typeCode="RPLC"><parentDocument><id root="${original.uniqueId}"/></parentDocument></relatedDocument>`;
    const version = () => freshLetter({ '<documentationOf': `${link}<documentationOf` });
    const send = (flags: Making['flags']) =>
      client.send(makeMessage({ order: 'RO', document: firstLinkOnly(version().document), flags: flags! }));
    expect((await send({ MASQUE_PS: 'Y' })).errors[0]!.code).toBe('routing.change-not-announced');
    expect((await send({ MASQUE_PS: 'Y', MODIF_CONF_CODE: 'Y' })).code).toBe('AA');
  });
});

/** A letter has several documentationOf: the link belongs before the first. */
function firstLinkOnly(document: Buffer): string {
  let seen = false;
  return document.toString().replace(/<relatedDocument typeCode="RPLC">.*?<\/relatedDocument>/gs, (link) => {
    if (seen) return '';
    seen = true;
    return link;
  });
}

describe('the same request', () => {
  test('over HTTP and over MLLP makes the same submission', async () => {
    const submissionOf = async (uniqueId: string) => {
      const { items } = (await running.call(`/api/submissions?uniqueId=${uniqueId}`)).body;
      return (await running.call(`/api/submissions/${items[0].id}`)).body;
    };
    const first = freshLetter();
    await client.send(makeMessage({ document: first.document }));
    const second = freshLetter();
    const form = new FormData();
    const request = {
      operation: 'deposit',
      destinations: { dmp: true },
      visibility: {
        maskedToProfessionals: false,
        hiddenFromPatient: false,
        hiddenFromRepresentatives: false,
        change: false,
      },
      identity: { status: 'VALI', method: 'PID-32' },
      stay: { finessEg: '0B0000012', number: '25000417', visit: '7700981', class: 'I' },
    };
    form.set('request', JSON.stringify(request));
    form.set('document', new Blob([new Uint8Array(second.document)], { type: 'application/xml' }));
    await running.call('/api/submissions', { method: 'POST', body: form });
    const bare = (body: Awaited<ReturnType<typeof submissionOf>>, uniqueId: string) => {
      const {
        operation,
        sender,
        stay,
        visibility,
        secretConnection,
        identity,
        consent,
        documents,
        deliveries,
      } = body;
      const text = JSON.stringify({
        ...{ operation, sender, stay, visibility, secretConnection, identity, consent },
        documents: documents.map(
          ({ verdict, sha256: _, receivedAt: __, ...one }: Record<string, unknown>) => ({
            ...one,
            judgement: (verdict as { judgement: string }).judgement,
          }),
        ),
        deliveries: deliveries.map(({ destination }: Record<string, unknown>) => destination),
      });
      return JSON.parse(
        text
          .replaceAll(uniqueId, 'ID')
          .replace(/"[0-9a-f]{64}"/g, '"SHA"')
          .replace(/"[0-9a-f]{8}-[0-9a-f-]{27}"/g, '"UUID"'),
      );
    };
    expect(bare(await submissionOf(first.uniqueId), first.uniqueId)).toEqual(
      bare(await submissionOf(second.uniqueId), second.uniqueId),
    );
  });
});
