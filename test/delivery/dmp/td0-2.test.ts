import { describe, expect, test } from 'vitest';
import { askDmpStatus } from '../../../src/delivery/dmp/td0-2.ts';
import { parseXml } from '../../../src/xml/parse.ts';
import { attribute, child, descendants } from '../../../src/xml/select.ts';
import { answerSoap, connectTo, envelope, startStub } from './server.ts';

const about = {
  patient: { value: '236066322083656', authority: '1.2.250.1.213.1.4.10' },
  installation: '2.25.1',
  software: 'Viaduc',
  processing: 'D',
  nowMs: Date.UTC(2026, 6, 1, 10, 0, 0),
  security: null,
} as const;

const answer = (acknowledgement: string, process: string) =>
  envelope(
    `<PRPA_IN201308UV02 xmlns="urn:hl7-org:v3">${acknowledgement}<controlActProcess>${process}</controlActProcess></PRPA_IN201308UV02>`,
  );
const OK = '<acknowledgement typeCode="AA"/>';
const record = (status: string, more = '') =>
  `<subject><registrationEvent><subject1><patient><statusCode code="${status}"/></patient></subject1></registrationEvent></subject>${more}<queryAck><queryResponseCode code="OK"/></queryAck>`;

async function ask(soap: string, status = 200) {
  await using stub = await startStub((_, response) => answerSoap(response, soap, { status }));
  await using connection = connectTo(stub.url);
  return { status: await askDmpStatus(connection, about), seen: stub.seen };
}

describe('TD0.2', () => {
  test('asks by the INS whether a record exists, under the address of patients', async () => {
    const { seen } = await ask(answer(OK, record('active')));
    expect(seen[0]!.path).toBe('/si-dmp-server/v2/services/patients');
    expect(seen[0]!.headers['content-type']).toContain('action="urn:hl7-org:v3:PRPA_IN201307UV02"');
    const all = [...descendants(parseXml(seen[0]!.body).root)];
    const read = (local: string, name: string) =>
      attribute(all.find((one) => one.name.local === local) ?? null, name);
    expect([read('interactionId', 'extension'), read('creationTime', 'value')]).toEqual([
      'PRPA_IN201307UV02',
      '20260701100000',
    ]);
    expect([read('reasonCode', 'code'), read('reasonCode', 'codeSystem')]).toEqual([
      'TEST_EXST',
      '1.2.250.1.213.1.1.4.11',
    ]);
    const devices = all.filter((one) => one.name.local === 'device').map((one) => child(one, 'id'));
    expect(devices.map((one) => attribute(one, 'root'))).toEqual(['1.2.250.1.213.4.1.1.1', '2.25.1']);
    expect(read('interactionId', 'root')).toBe('2.16.840.1.113883.1.6');
    expect(read('processingCode', 'code')).toBe('D');
    expect([read('value', 'root'), read('value', 'extension')]).toEqual([
      '1.2.250.1.213.1.4.10',
      '236066322083656',
    ]);
  });

  test.each([
    ['open', answer(OK, record('active'))],
    ['closed', answer(OK, record('terminated'))],
    ['absent', answer(OK, '<queryAck><queryResponseCode code="NF"/></queryAck>')],
    ['open', answer('<acknowledgement><typeCode code="AA"/></acknowledgement>', record('active'))],
    [
      'closed',
      answer(
        '<acknowledgement typeCode="AE"><acknowledgementDetail><code code="DMPClosed"/></acknowledgementDetail></acknowledgement>',
        '',
      ),
    ],
  ])('a record that is %s is told', async (dmp, soap) => {
    expect((await ask(soap)).status).toMatchObject({ kind: 'answered', dmp });
  });

  test('the authorisation to consult is told as the DMP codes it', async () => {
    const line =
      '<attentionLine><keyWordText code="AUTORISATION" codeSystem="1.2.250.1.213.4.1.2.6.1"/><value code="VALIDE"/></attentionLine>';
    expect((await ask(answer(OK, record('active', line)))).status).toMatchObject({ authorisation: 'VALIDE' });
  });

  test.each([
    ['an error with a known code', 'DMPInvalidCertificate', 'configuration'],
    ['an error with a code nobody knows', 'DMPNeverHeardOf', 'unknown'],
  ])('%s fails with it', async (_, code, result) => {
    const error = `<acknowledgement typeCode="AE"><acknowledgementDetail><code code="${code}"/><text>raison</text></acknowledgementDetail></acknowledgement>`;
    expect((await ask(answer(error, ''))).status).toMatchObject({
      kind: 'failed',
      outcome: { code, result, detail: 'raison' },
    });
  });

  test('an answer that says neither, or is none, is no answer', async () => {
    expect((await ask(answer(OK, ''))).status).toMatchObject({ kind: 'failed' });
    expect((await ask('<html/>', 503)).status).toMatchObject({
      kind: 'failed',
      outcome: { result: 'transient' },
    });
  });
});
