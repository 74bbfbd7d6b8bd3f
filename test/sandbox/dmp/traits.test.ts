import { describe, expect, test } from 'vitest';
import { altered, cda, deposit, errorsOf, freshOid, mtom, statusOf } from './requests.ts';
import { running } from './running.ts';

const dmp = running();
const DIFFER = 'XDSPatientIDReconciliationError traits-differ';

const PATIENT = `<patient><name><family qualifier="BR">PAT-TROIS</family><given>DOMINIQUE MARIE-LOUISE</given><given qualifier="BR">DOMINIQUE</given></name><administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="19790328"/></patient></patientRole>`;

async function put(patient: string) {
  const uniqueId = freshOid();
  const document = cda({ uniqueId }).replace('</patientRole>', patient);
  return dmp.send(mtom(deposit({ uniqueId, document })));
}

describe('traits of a listed patient, in the CDA', () => {
  test.each([
    ['as listed', PATIENT],
    ['without case, accents and hyphens', PATIENT.replace('>PAT-TROIS<', '>Pat trois<')],
    [
      'with a used name beside the birth name',
      PATIENT.replace('<given>', '<family qualifier="SP">DECOURCY</family><given>'),
    ],
    ['with the year of birth alone', PATIENT.replace('19790328', '1979')],
  ])('%s: taken', async (_, patient) => {
    expect(statusOf(await put(patient))).toBe('Success');
  });

  test.each([
    ['another birth name', 'PAT-TROIS', 'PAT-DEUX', 'nom'],
    ['another date', '19790328', '19790329', 'date de naissance'],
    ['another sex', 'code="F"', 'code="M"', 'sexe'],
    ['another given name', /DOMINIQUE/g, 'CLAUDE', 'prénom'],
  ])('%s: refused, saying which and not what', async (_, from, to, which) => {
    const reply = await put(PATIENT.replace(from, to));
    expect(errorsOf(reply)).toEqual([DIFFER]);
    expect(reply.text).toContain(`Dans CDA, ${which} :`);
    expect(reply.text).not.toContain('DECOURCY');
  });
});

describe('traits of a listed patient, in sourcePatientInfo', () => {
  test.each([
    ['another birth name', 'PID-5|PAT-TROIS^', 'PID-5|AUTRE^'],
    ['another given name', '^DOMINIQUE^', '^CLAUDE^'],
    ['another date', 'PID-7|19790328', 'PID-7|19790329'],
    ['another sex', 'PID-8|F', 'PID-8|M'],
  ])('%s: refused', async (_, from, to) => {
    expect(errorsOf(await dmp.send(mtom(altered(deposit(), from, to))))).toEqual([DIFFER]);
  });

  test('taken where the switch says so', async () => {
    await dmp.switches({ traits: 'accept' });
    expect(statusOf(await dmp.send(mtom(altered(deposit(), 'PID-8|F', 'PID-8|M'))))).toBe('Success');
  });
});
