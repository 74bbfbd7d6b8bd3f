import { isOid } from '../../words/ids.ts';
import { PERSON_ROOT, STRUCTURE_ROOT } from './names.ts';

/** A form of values: its name and shape for the person who reads the refusal, and the test. */
export interface Format {
  shape: string;
  matches(value: string): boolean;
}

const HASH = /^[0-9a-fA-F]{40}$/;
const SIZE = /^(0|[1-9][0-9]{0,15})$/;
const LANGUAGE = /^[a-z]{2}-[A-Z]{2}$/;
export const INS = /^[0-9]{5}(?:[0-9]{2}|2A|2B)[0-9]{8}$/;
/** An assigning authority or a system inside a component: `&OID&ISO`. */
const AUTHORITY = /^&([0-9.]+)&ISO$/;
/** Prefix and number of a structure (Struct_IdNat): ADELI practice, FINESS, SIREN, SIRET, RPPS with a rank. */
const STRUCTURE_ID = /^(0[0-9A-Z]{9}|1[0-9A-Z]{9}|2[0-9]{9}|3[0-9]{14}|4[0-9]{11}[0-9A-Z]+)$/;
/** Prefix and number of a person (PS_IdNat): RPPS is `8` and 11 digits. */
export const PERSON_ID = /^(8[0-9]{11}|[013456][0-9A-Z]{7,}(\/.+)?)$/;
const NAME_TYPES = /^[DLSU]$/;

/** Forms of values in the French XDS profile (specification sheet, section 10). */
export const FORMATS = {
  oid: { shape: '1.2.250.1.…', matches: isOid },
  dtm: { shape: 'YYYY[MM[DD[hh[mm[ss]]]]] (UTC)', matches: isDtm },
  second: { shape: 'YYYYMMDDhhmmss (UTC)', matches: (value) => value.length === 14 && isDtm(value) },
  hash: { shape: 'SHA-1, 40 hexadecimal digits', matches: (value) => HASH.test(value) },
  size: { shape: '0…9', matches: (value) => SIZE.test(value) },
  language: {
    shape: 'fr-FR (art for a signature)',
    matches: (value) => LANGUAGE.test(value) || value === 'art',
  },
  ins: { shape: 'MATRICULE^^^&OID&ISO^NH', matches: isInsCx },
  sourcePatientId: { shape: 'ID^^^&OID&ISO^PI or INS^^^&OID&ISO^NH', matches: isSourcePatientId },
  sourcePatientInfo: {
    shape: 'PID-3|, PID-5|FAMILY^GIVEN^^^^^D, PID-7|YYYYMMDD, PID-8|M, PID-11|',
    matches: isPidLine,
  },
  xcn: { shape: `ID^FAMILY^GIVEN^^^^^^&${PERSON_ROOT}&ISO^D^^^IDNPS`, matches: isXcn },
  xon: { shape: `NAME^^^^^&${STRUCTURE_ROOT}&ISO^IDNST^^^ID`, matches: isXon },
  specialty: { shape: 'CODE^LABEL^OID', matches: isSpecialty },
  reference: { shape: 'ID^^^&OID&ISO^urn:ihe:iti:xds:2013:…', matches: isReference },
  text: { shape: '…', matches: (value) => value.trim() !== '' },
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof FORMATS;

/** Digits of an existing instant, at the precision of their number (IHE ITI TF-3, table 4.2.3.1.7-2, DTM). */
function isDtm(value: string): boolean {
  const found = /^(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(\d\d)?)?)?)?)?$/.exec(value);
  if (!found) return false;
  const [year, month, day, hour, minute, second] = found
    .slice(1)
    .map((one) => (one === undefined ? null : Number(one)));
  const date = new Date(Date.UTC(2000, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0, second ?? 0));
  date.setUTCFullYear(year!, (month ?? 1) - 1, day ?? 1);
  return dtmOf(date).startsWith(value);
}

/** An instant as 14 digits in UTC. */
export function dtmOf(date: Date): string {
  return date.toISOString().replace(/\D/g, '').slice(0, 14);
}

/** An INS with its root, from the CX of a patientId. */
export interface Ins {
  matricule: string;
  root: string;
}

/** Reads `MATRICULE^^^&OID&ISO^NH`; an effective date, as older messages append it, is allowed. */
export function parseInsCx(value: string): Ins | null {
  const [id, , , authority, type, ...rest] = value.split('^');
  const root = AUTHORITY.exec(authority ?? '')?.[1];
  if (!root || !isOid(root) || type !== 'NH' || !INS.test(id!)) return null;
  if (!value.startsWith(`${id}^^^&`) || !/^(\^?\d{8})?$/.test(rest.join('^'))) return null;
  return { matricule: id!, root };
}

function isInsCx(value: string): boolean {
  return parseInsCx(value) !== null;
}

function isSourcePatientId(value: string): boolean {
  if (isInsCx(value)) return true;
  const found = /^[^^&|~\s][^^&|~]*\^\^\^&([0-9.]+)&ISO\^PI$/.exec(value);
  return found !== null && isOid(found[1]!);
}

const PID_FORMS: Readonly<Record<string, RegExp>> = {
  'PID-3': /^[^^]+\^\^\^[^^]+(\^[A-Z]+)?$/,
  'PID-7': /^\d{4}(\d\d(\d\d)?)?$/,
  'PID-8': /^(M|F|U|UN|O)$/,
  'PID-11': /./,
};

function isPidLine(value: string): boolean {
  const bar = value.indexOf('|');
  const [field, text] = [value.slice(0, bar), value.slice(bar + 1)];
  if (field === 'PID-5') return isPatientName(text);
  return PID_FORMS[field]?.test(text) ?? false;
}

function isPatientName(text: string): boolean {
  const parts = text.split('^');
  return parts.length === 7 && Boolean(parts[0]) && NAME_TYPES.test(parts[6]!);
}

/** A person or a system: 13 components, of which identifier, name, authority, kind and type of identifier count. */
function isXcn(value: string): boolean {
  const parts = value.split('^');
  const [id, family, given] = parts;
  const root = AUTHORITY.exec(parts[8] ?? '')?.[1];
  const [kind, type] = [parts[9], parts[12]];
  if (parts.length !== 13 || !id || !family?.trim() || !root || !isOid(root)) return false;
  if (kind !== 'D' && kind !== 'U') return false;
  if (kind === 'D' && !given?.trim()) return false;
  if (type === 'IDNPS') return root === PERSON_ROOT && PERSON_ID.test(id);
  if (type === 'NH') return INS.test(id);
  return type === 'EI' || type === 'RI';
}

/** An organisation: name, authority of structures, type IDNST and Struct_IdNat with its prefix. */
function isXon(value: string): boolean {
  const parts = value.split('^');
  if (parts.length !== 10 || !parts[0]!.trim()) return false;
  return parts[5] === `&${STRUCTURE_ROOT}&ISO` && parts[6] === 'IDNST' && STRUCTURE_ID.test(parts[9]!);
}

/** The national identifier of the structure in an XON, or null when the value is none. */
export function structureOf(value: string): string | null {
  return isXon(value) ? value.split('^')[9]! : null;
}

/** Code systems of author specialties: CI-SIS specialties, producers, title users, social professions, care roles. */
const SPECIALTY_SYSTEMS: Readonly<Record<string, RegExp>> = {
  '1.2.250.1.213.1.1.4.5': /^G1[56]_\d\d(\/[A-Z0-9]+)?$/,
  '1.2.250.1.213.1.1.4.6': /^[A-Z_]+$/,
  '1.2.250.1.213.1.6.1.109': /^\d\d$/,
  '1.2.250.1.213.1.6.1.4': /^\d\d$/,
  '1.2.250.1.213.1.6.1.107': /^\d{3}$/,
};

function isSpecialty(value: string): boolean {
  const [code, label, system, ...rest] = value.split('^');
  return rest.length === 0 && Boolean(label) && (SPECIALTY_SYSTEMS[system ?? '']?.test(code!) ?? false);
}

/** Types of references that the DMP takes (JDV_J231). */
const REFERENCE_TYPES = [
  'urn:ihe:iti:xds:2013:accession',
  'urn:ihe:iti:xds:2013:order',
  'urn:ihe:iti:xds:2016:studyInstanceUID',
];

/** CXi: identifier, authority (none for a study, whose identifier is an OID of its own), type. */
function isReference(value: string): boolean {
  const [id, second, third, authority, type, ...rest] = value.split('^');
  if (!id || second || third || !REFERENCE_TYPES.includes(type ?? '')) return false;
  const root = AUTHORITY.exec(authority ?? '')?.[1];
  return rest.every((one) => one === '') && (authority === '' || (root !== undefined && isOid(root)));
}
