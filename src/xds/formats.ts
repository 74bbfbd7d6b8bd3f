import { STRUCTURE_ROOT } from '../cda/derive.ts';
import type {
  Code,
  Institution,
  PatientIdentifier,
  Person,
  ReferenceId,
  SourcePatientInfo,
} from './model.ts';

/** OID of the national identifiers of professionals (PS_IdNat). */
export const PROFESSIONAL_ROOT = '1.2.250.1.71.4.2.1';

/**
 * A value made safe as a component of an HL7 v2 type, of which XDS borrows its own (IHE ITI TF-3, section 4.2.3.1.7):
 * `^ & ~ | \` become the escape sequences `\S\ \T\ \R\ \F\ \E\` (HL7 v2.5, section 2.7.1); control characters and runs of
 * white space become one blank. XML escaping comes after, and once.
 */
export function component(value: string | null): string {
  if (value === null) return '';
  const line = value.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.replace(/[\\^&~|]/g, (character) => ESCAPES[character]!);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\E\\',
  '^': '\\S\\',
  '&': '\\T\\',
  '~': '\\R\\',
  '|': '\\F\\',
};

/** CX: `value^^^&OID&ISO^NH` (PI for a local identifier). */
export function cx({ value, authority, type }: PatientIdentifier): string {
  return `${component(value)}^^^${assigner(authority)}^${type}`;
}

/** XCN: `id^FAMILY^GIVEN^^^^^^&OID&ISO^D^^^IDNPS`; without an id, neither authority nor type of identifier. */
export function xcn(person: Person): string {
  const identified = person.id !== null && person.authority !== null;
  const name = `${component(person.id)}^${component(person.family)}^${component(person.given)}`;
  const authority = identified ? assigner(person.authority!) : '';
  return `${name}^^^^^^${authority}^${person.nameType}${identified ? `^^^${person.idType}` : ''}`;
}

/** XON: `NAME^^^^^&OID&ISO^IDNST^^^id`; IDNST only for the national authority. */
export function xon({ name, id, authority }: Institution): string {
  if (id === null || authority === null) return component(name);
  const type = authority === STRUCTURE_ROOT ? 'IDNST' : '';
  return `${component(name)}^^^^^${assigner(authority)}^${type}^^^${component(id)}`;
}

/** A recipient known by a mail address alone: an XTN behind an empty XON and XCN (IHE ITI TF-3, table 4.2.3.1.7-2). */
export function xtn(address: string): string {
  return `||^^Internet^${component(address)}`;
}

/** authorSpecialty in the French form `code^label^OID` (CI-SIS). */
export function codedText({ code, scheme, label }: Code): string {
  return [code, label, scheme].map(component).join('^');
}

/** CXi: `value^^^&OID&ISO^kind`; the authority is absent for an identifier that is unique by itself. */
export function cxi({ value, authority, kind }: ReferenceId): string {
  return `${component(value)}^^^${authority === null ? '' : assigner(authority)}^${kind}`;
}

/** Values of sourcePatientInfo: `PID-5|FAMILY^GIVEN^^^^^L`, `PID-7|YYYYMMDD`, `PID-8|F`. */
export function pidLines({ names, birthDate, sex }: SourcePatientInfo): string[] {
  const lines = names.map(
    ({ family, given, type }) => `PID-5|${component(family)}^${component(given)}^^^^^${type}`,
  );
  if (birthDate !== null) lines.push(`PID-7|${component(birthDate)}`);
  if (sex !== null) lines.push(`PID-8|${component(sex)}`);
  return lines;
}

function assigner(oid: string): string {
  return `&${component(oid)}&ISO`;
}

/** An instant as DTM, to the second. */
export function dtm(ms: number): string {
  return new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14);
}
