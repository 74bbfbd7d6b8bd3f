import { describe, expect, test } from 'vitest';
import { clinicalDocument, readHeader } from '../../../src/sandbox/dmp/cda.ts';
import { Patients, TEST_PATIENTS } from '../../../src/sandbox/dmp/patients.ts';
import { Report } from '../../../src/sandbox/dmp/report.ts';
import { DEFAULT_SWITCHES } from '../../../src/sandbox/dmp/switches.ts';
import { checkCdaTraits } from '../../../src/sandbox/dmp/trait-checks.ts';
import { parseXml } from '../../../src/xml/parse.ts';
import { absent, EXAMPLES, readExample } from '../../cda/examples.ts';
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

/** Which traits the sandbox would refuse a document for. */
function refusedTraits(bytes: Buffer): string[] {
  const root = clinicalDocument(parseXml(bytes), true)!;
  const report = new Report(DEFAULT_SWITCHES);
  const patients = new Patients(TEST_PATIENTS);
  const known = readHeader(root)
    .patients.map((ins) => patients.traitsOf(ins))
    .find((one) => one);
  if (known) checkCdaTraits(root, known, { report });
  return report.problems.map(({ message }) => message.fr);
}

test.skipIf(absent)(
  `the official examples bear the traits of their patients, but for one whose date contradicts its own matricule${absent}`,
  () => {
    const refused = EXAMPLES.map(({ file }) => [file, ...refusedTraits(readExample(file))]).filter(
      ([, ...what]) => what.length > 0,
    );
    expect(refused).toEqual([
      ['CANCER-PPS_2022.01_Autopresentable.xml', expect.stringMatching(/^Dans CDA, date de naissance :/)],
    ]);
    const [file] = refused[0]!;
    const text = readExample(file!).toString('utf8');
    const [, matricule] = /extension="(\d{15})" root="1\.2\.250\.1\.213\.1\.4\.10"/.exec(text)!;
    const [, birth] = /birthTime value="(\d{8})"/.exec(text)!;
    expect(matricule!.slice(1, 5)).not.toBe(birth!.slice(2, 6));
  },
);

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
