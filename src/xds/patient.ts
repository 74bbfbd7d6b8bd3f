import { parseTime } from '../cda/times.ts';
import type { InstanceIdentifier, PatientFacts, PersonName } from '../words/document.ts';
import type { PatientIdentifier, SourcePatientInfo, SourcePatientName } from './model.ts';

/** OIDs of the INS: NIR, NIA, and the two of test (which of them count is decided by the environment, elsewhere). */
export const INS_ROOTS: readonly string[] = [
  '1.2.250.1.213.1.4.8',
  '1.2.250.1.213.1.4.9',
  '1.2.250.1.213.1.4.10',
  '1.2.250.1.213.1.4.11',
];

/** The patient's INS as the document gives it, or null. */
export function insOf(patient: PatientFacts | null): PatientIdentifier | null {
  return identifier(
    patient?.ids.find(({ root }) => INS_ROOTS.includes(root)),
    'NH',
  );
}

/** What the source calls the patient: the local identifier (IPP) when the document gives one, else the INS. */
export function sourceIdOf(patient: PatientFacts | null): PatientIdentifier | null {
  const local = patient?.ids.find(
    ({ root, extension }) => root !== '' && extension !== null && !INS_ROOTS.includes(root),
  );
  return identifier(local, 'PI') ?? insOf(patient);
}

function identifier(
  id: InstanceIdentifier | undefined,
  type: PatientIdentifier['type'],
): PatientIdentifier | null {
  if (!id || id.extension === null || id.extension === '') return null;
  return { value: id.extension, authority: id.root, type };
}

/**
 * Names, birth date and sex for sourcePatientInfo. The address and the identifiers, which are optional, are not sent: the
 * DMP has no use for them. `unknownSex` is what UN becomes: the CI-SIS value set has UN, HL7 v2 has U.
 */
export function sourceInfoOf(patient: PatientFacts | null, unknownSex: 'UN' | 'U'): SourcePatientInfo | null {
  if (!patient) return null;
  const sex = patient.gender === 'UN' ? unknownSex : patient.gender;
  return { names: namesOf(patient.name), birthDate: birthDateOf(patient.birthTime), sex };
}

/** Letter of each qualifier of `family`: SP usual, BR of birth, CL pseudonym (CI-SIS). */
const NAME_TYPES: Readonly<Record<string, SourcePatientName['type']>> = { SP: 'D', BR: 'L', CL: 'S' };

function namesOf(name: PersonName): SourcePatientName[] {
  return name.family
    .filter(({ value }) => value !== '')
    .map(({ value, qualifier }) => ({
      family: value,
      given: givenFor(name, qualifier),
      type: NAME_TYPES[qualifier ?? ''] ?? 'U',
    }));
}

/** The given name that goes with a family name: of the same qualifier, else of birth, else the first. */
function givenFor({ given }: PersonName, qualifier: string | null): string {
  const found =
    given.find((one) => one.qualifier === qualifier && qualifier !== null) ??
    given.find((one) => one.qualifier === 'BR') ??
    given[0];
  return found?.value ?? '';
}

/** Date of birth where the patient was born: no offset moves it. */
function birthDateOf(birthTime: string | null): string | null {
  const time = birthTime === null ? null : parseTime(birthTime);
  return time ? time.date.replaceAll('-', '') : null;
}
