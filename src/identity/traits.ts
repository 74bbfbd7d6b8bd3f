import { parseTime, type TimeStamp } from '../cda/times.ts';
import type { PatientFacts, PersonName } from '../words/document.ts';
import { beginsList } from './names.ts';
import { nth, PATHS, type Remark } from './remark.ts';

/** The five strict traits; the given names are two, the list and the first of it. */
export type Trait =
  | 'birth-name'
  | 'birth-given-names'
  | 'first-given-name'
  | 'birth-date'
  | 'sex'
  | 'birth-place';

const WORDS: Readonly<Record<Trait, { traitFr: string; traitEn: string }>> = {
  'birth-name': { traitFr: 'le nom de naissance', traitEn: 'the birth name' },
  'birth-given-names': {
    traitFr: 'la liste des prénoms de naissance',
    traitEn: 'the list of birth given names',
  },
  'first-given-name': { traitFr: 'le premier prénom de naissance', traitEn: 'the first birth given name' },
  'birth-date': { traitFr: 'la date de naissance', traitEn: 'the date of birth' },
  sex: { traitFr: 'le sexe', traitEn: 'the sex' },
  'birth-place': { traitFr: 'le code du lieu de naissance', traitEn: 'the code of the birthplace' },
};

/** The traits of a patient as far as an INS can use them. */
export interface TraitReading {
  /** Null when absent, malformed or short of the day. */
  birth: TimeStamp | null;
  sex: 'M' | 'F' | null;
  /** COG code of five characters. */
  place: string | null;
  /** Traits that are absent or that an INS cannot use. */
  missing: Trait[];
  remarks: Remark[];
}

/**
 * Reads the strict traits and says what an INS beside them would lack (CI-SIS minimal structure, INS rule; INS sheet, 6):
 * present is not enough, the sex must be M or F, the date have its day, the place be a known COG code.
 */
export function readTraits(patient: PatientFacts): TraitReading {
  const birth = readBirth(patient.birthTime);
  const sex = readSex(patient.gender);
  const place = readPlace(patient.birthPlace);
  const names = nameRemarks(patient.name);
  const lacks: Lack[] = [...names.lacks, ...birth.lacks, ...sex.lacks, ...place.lacks];
  return {
    birth: birth.value,
    sex: sex.value,
    place: place.value,
    missing: lacks.map((one) => one.trait),
    remarks: [...lacks.map((one) => one.remark), ...names.remarks],
  };
}

interface Lack {
  trait: Trait;
  remark: Remark;
}

interface Reading<T> {
  value: T | null;
  lacks: Lack[];
}

function usable<T>(value: T): Reading<T> {
  return { value, lacks: [] };
}

function lack(trait: Trait, path: string, code: Remark['code'] = 'ins.trait-missing'): Lack {
  return { trait, remark: { code, severity: 'error', path, values: WORDS[trait] } };
}

function unusable<T>(trait: Trait, path: string, code?: Remark['code']): Reading<T> {
  return { value: null, lacks: [lack(trait, path, code)] };
}

/** No offset moves a birth date: the day is the one written. */
function readBirth(value: string | null): Reading<TimeStamp> {
  if (!value) return unusable('birth-date', PATHS.birthTime);
  const time = parseTime(value);
  if (!time) return unusable('birth-date', PATHS.birthTime, 'ins.birth-time-malformed');
  return time.fields.length < 3
    ? unusable('birth-date', PATHS.birthTime, 'ins.birth-time-precision')
    : usable(time);
}

function readSex(gender: string | null): Reading<'M' | 'F'> {
  if (gender === 'M' || gender === 'F') return usable(gender);
  if (!gender) return unusable('sex', PATHS.gender);
  return unusable('sex', PATHS.gender, gender === 'UN' ? 'ins.gender-un' : 'ins.gender-invalid');
}

const COG = /^(?:[0-9]{5}|2[AB][0-9]{3})$/;
const UNKNOWN_PLACE = '99999';

function readPlace(county: string | null): Reading<string> {
  if (!county) return unusable('birth-place', PATHS.birthPlace);
  if (!COG.test(county)) return unusable('birth-place', PATHS.birthPlace, 'ins.county-format');
  return county === UNKNOWN_PLACE
    ? unusable('birth-place', PATHS.birthPlace, 'ins.birth-place-unknown')
    : usable(county);
}

function nameRemarks(name: PersonName): { lacks: Lack[]; remarks: Remark[] } {
  const birthName = joined(name.family, 'BR');
  const list = joined(name.given, null);
  const first = joined(name.given, 'BR');
  const lacks = [
    ...(birthName ? [] : [lack('birth-name', PATHS.name)]),
    ...(list ? [] : [lack('birth-given-names', PATHS.name)]),
    ...(first ? [] : [lack('first-given-name', PATHS.name)]),
  ];
  const remarks = qualifierRemarks(name);
  if (first && list && !beginsList(first, list)) remarks.push(givenFirst(name));
  return { lacks, remarks };
}

type NameParts = PersonName['given'];

function joined(parts: NameParts, qualifier: string | null): string {
  return parts
    .filter((part) => part.qualifier === qualifier)
    .map((part) => part.value)
    .join(' ')
    .trim();
}

function givenFirst({ given }: PersonName): Remark {
  const index = given.findIndex((part) => part.qualifier === 'BR');
  return { code: 'ins.given-first', severity: 'warning', path: nth(`${PATHS.name}/given`, index) };
}

function qualifierRemarks({ family, given }: PersonName): Remark[] {
  return [
    ...wrongQualifiers(family, 'family', ['BR', 'CL']),
    ...wrongQualifiers(given, 'given', ['BR', 'CL', null]),
  ];
}

function wrongQualifiers(parts: NameParts, local: string, allowed: (string | null)[]): Remark[] {
  return parts.flatMap((part, index) =>
    allowed.includes(part.qualifier)
      ? []
      : [{ code: 'ins.name-qualifier', severity: 'warning', path: nth(`${PATHS.name}/${local}`, index) }],
  );
}
