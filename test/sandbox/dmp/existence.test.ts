import { describe, expect, test } from 'vitest';
import { parseXml } from '../../../src/xml/parse.ts';
import { existenceEnvelope, plain } from './requests.ts';
import { running } from './running.ts';

const dmp = running();
const ask = async (envelope: string) => {
  const reply = await dmp.send(plain(envelope, 'patients'));
  parseXml(reply.raw);
  return reply.text;
};

describe('TD0.2, whether a patient has a DMP', () => {
  test('an open one is found, active, with the right to consult and the identifiers of the question', async () => {
    const text = await ask(existenceEnvelope('279035121518989'));
    expect(text).toContain(
      '<acknowledgement typeCode="AA"><targetMessage><id root="1.2.250.1.999.4" extension="M1"/>',
    );
    expect(text).toContain('<queryId root="1.2.250.1.999.4" extension="Q1"/><queryResponseCode code="OK"/>');
    expect(text).toContain(
      '<id root="1.2.250.1.213.1.4.10" extension="279035121518989"/><statusCode code="active"/>',
    );
    expect(text).toContain('code="VALIDE"');
    expect(text).toMatch(/code="RATTACHEMENT_ENS"[^>]*><value [^>]*value="true"/);
    expect(text).toContain('>urn:hl7-org:v3:PRPA_IN201308UV02</wsa:Action>');
  });

  test('a closed one is found, terminated, with the reason', async () => {
    const text = await ask(existenceEnvelope('110086322083060'));
    expect(text).toContain('<acknowledgement typeCode="AA">');
    expect(text).toContain('<code code="DMPClosed"/><text>à la demande du patient</text>');
    expect(text).toContain('<queryResponseCode code="OK"/>');
    expect(text).toContain('<statusCode code="terminated"/>');
  });

  test('one that does not exist is not found, and nothing is told of the patient', async () => {
    const text = await ask(existenceEnvelope('180032B02040123'));
    expect(text).toContain('<acknowledgement typeCode="AA">');
    expect(text).toContain('<queryResponseCode code="NF"/>');
    expect(text).not.toContain('180032B02040123');
  });

  test('an authorisation that a test gives is told as it is', async () => {
    const patient = {
      matricule: '275126322074974',
      root: '1.2.250.1.213.1.4.10',
      label: 'ADRUN ZOE, F, 1975-12-31',
      dmp: { state: 'open', authorisation: 'EXPIREE', nationalSpace: false },
    };
    await dmp.call('PUT', '/patients', [patient]);
    const text = await ask(existenceEnvelope(patient.matricule));
    expect(text).toContain('code="EXPIREE"');
    expect(text).toMatch(/code="RATTACHEMENT_ENS"[^>]*><value [^>]*value="false"/);
  });

  test.each([
    ['another reason', 'TEST_EXST', 'FERM', 'existence-field'],
    ['another receiver', '1.2.250.1.213.4.1.1.1', '1.2.3', 'existence-field'],
    ['another state of the question', 'code="new"', 'code="old"', 'existence-field'],
    ['a creation time with an offset', '20260715090000', '20260715090000+0200', 'existence-field'],
    ['no semantics', 'Patient.id', 'Patient.name', 'existence-field'],
    ['no INS', 'extension="279035121518989"', 'extension="IPP-1"', 'existence-field'],
    ['a root that is no INS', '1.2.250.1.213.1.4.10', '1.2.250.1.213.1.4.2', 'ins-root'],
  ])('%s: AE with a detail, and nothing of the patient', async (_, from, to, code) => {
    const text = await ask(existenceEnvelope('279035121518989').replace(from, to));
    expect(text).toContain('<acknowledgement typeCode="AE">');
    expect(text).toContain(`[sandbox.${code}]`);
    expect(text).not.toContain('<controlActProcess');
  });

  test('it is asked on its own path, and counts among the requests', async () => {
    const { text } = await dmp.send(plain(existenceEnvelope('279035121518989'), 'registry'));
    expect(text).toContain('[sandbox.action-unknown]');
    await ask(existenceEnvelope('279035121518989'));
    const last = await dmp.get<Record<string, unknown>>('/requests/last');
    expect(Object.keys(last)).toEqual(['td0.2']);
  });

  test('scripted faults can aim at it', async () => {
    await dmp.fault({ match: { path: 'patients', transaction: 'td0.2' }, fault: 'registry-busy' });
    expect(await ask(existenceEnvelope('279035121518989'))).toContain('<code code="XDSRegistryBusy"/>');
    expect(await ask(existenceEnvelope('279035121518989'))).toContain('code="OK"');
  });
});
