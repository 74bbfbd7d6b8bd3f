import { parseTime } from '../../../cda/times.ts';
import { comparableName } from '../../../identity/names.ts';
import type { PatientFacts, PersonName } from '../../../words/document.ts';
import { ascii } from '../../../xds/xdm/ascii.ts';

/** Birth name in capitals and first given name, both without accents (ECO.2.1.3); empty where the document has none. */
export function familyAndGiven(patient: PatientFacts | null): { family: string; given: string } {
  const name = patient?.name;
  return {
    family: ascii(comparableName(ofBirth(name?.family ?? []))),
    given: ascii(ofBirth(name?.given ?? [])),
  };
}

/** The part that was given at birth, else the first. */
function ofBirth(parts: PersonName['given']): string {
  return (parts.find(({ qualifier }) => qualifier === 'BR') ?? parts[0])?.value ?? '';
}

/** Date of birth as DD/MM/YYYY, null when its day is not known. */
export function birthDay(patient: PatientFacts | null): string | null {
  return frenchDay(patient?.birthTime ?? null);
}

/** The day of an HL7 time stamp as DD/MM/YYYY, null when it has none. */
export function frenchDay(text: string | null): string | null {
  const time = text === null ? null : parseTime(text);
  return time && time.fields.length >= 3 ? time.date.split('-').reverse().join('/') : null;
}
