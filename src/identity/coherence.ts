import type { TimeStamp } from '../cda/times.ts';
import type { Severity } from '../words/findings.ts';
import { identityLimits } from './limits.ts';
import type { MatriculeParts } from './matricule.ts';
import { comparePlaces, isDepartmentOfThePast } from './places.ts';
import { PATHS, type Remark } from './remark.ts';
import type { InsKind } from './roots.ts';
import type { TraitReading } from './traits.ts';

/**
 * Whether a matricule and the traits beside it say the same (INS sheet, 3.2, C1 to C4 and C6). Nothing here is an error: a
 * matricule may lawfully disagree with present traits, and only INSi knows.
 * @param path of the identifier, below ClinicalDocument
 */
export function checkCoherence(
  matricule: MatriculeParts,
  kind: InsKind,
  traits: TraitReading,
  path: string,
): Remark[] {
  return [
    ...checkSex(matricule, traits),
    ...(traits.birth ? checkBirth(matricule, traits.birth, path) : []),
    ...checkPlace(matricule, traits),
    ...checkRoot(matricule, kind, path),
  ];
}

/** C1. Odd series are men, even ones women, waiting series included. */
function checkSex(matricule: MatriculeParts, { sex }: TraitReading): Remark[] {
  const registered = Number(matricule.sex) % 2 === 1 ? 'M' : 'F';
  if (sex === null || sex === registered) return [];
  return [{ code: 'ins.sex-differs', severity: 'warning', path: PATHS.gender }];
}

/** C2, C3, and departments that were no more. The century is never deduced from a matricule. */
function checkBirth(matricule: MatriculeParts, { fields }: TimeStamp, path: string): Remark[] {
  const [year = 0, month = 0] = fields;
  const department = matricule.place.slice(0, 2);
  const remarks: Remark[] = [];
  if (year % 100 !== Number(matricule.year)) remarks.push(atBirth('ins.birth-year-differs'));
  if (Number(matricule.month) < INCOMPLETE_RECORD && month !== Number(matricule.month))
    remarks.push(atBirth('ins.birth-month-differs'));
  if (isDepartmentOfThePast(department, year))
    remarks.push({ code: 'ins.department-suspicious', severity: 'warning', path, values: { department } });
  return remarks;
}

/** Months from here on say that the civil record is incomplete. */
const INCOMPLETE_RECORD = 20;

function atBirth(code: Remark['code']): Remark {
  return { code, severity: 'warning', path: PATHS.birthTime };
}

/** C4. */
function checkPlace(matricule: MatriculeParts, { place, birth }: TraitReading): Remark[] {
  if (place === null) return [];
  const verdict = comparePlaces(matricule.place, place, birth?.fields[0] ?? Number.NaN);
  if (verdict === 'same') return [];
  if (verdict === 'different')
    return [{ code: 'ins.birth-place-differs', severity: 'warning', path: PATHS.birthPlace }];
  return [
    { code: 'ins.birth-place-renamed', severity: 'info', path: PATHS.birthPlace, values: { why: verdict } },
  ];
}

/** C6: a waiting series under a NIR root, or what looks registered under the NIA root. */
function checkRoot({ sex }: MatriculeParts, kind: InsKind, path: string): Remark[] {
  const registered = /[12]/.test(sex);
  const waiting = /[3478]/.test(sex);
  const odd = kind === 'NIA' ? registered : waiting;
  return odd ? [{ code: 'ins.root-body', severity: 'info', path, values: { kind } }] : [];
}

/** Clocks are ahead of UTC by at most this much: a child born there today is not born tomorrow. */
const FARTHEST_ZONE_MS = 14 * 3_600_000;

/**
 * C5: nobody is born in the future, or lives beyond the oldest age.
 * @param severity an error where an INS vouches for the date
 */
export function checkAge(birth: TimeStamp | null, nowMs: number, severity: Severity): Remark[] {
  if (!birth) return [];
  const today = new Date(nowMs + FARTHEST_ZONE_MS).toISOString().slice(0, 10);
  const years = identityLimits.age.value;
  if (birth.date > today) return [{ code: 'ins.birth-date-future', severity, path: PATHS.birthTime }];
  const oldest = String(Number(today.slice(0, 4)) - years).padStart(4, '0') + today.slice(4);
  if (birth.date >= oldest) return [];
  return [{ code: 'ins.birth-date-too-old', severity, path: PATHS.birthTime, values: { years } }];
}
