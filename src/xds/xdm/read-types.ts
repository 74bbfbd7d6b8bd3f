import { PROFESSIONAL_ROOT } from '../formats.ts';
import type {
  Code,
  Institution,
  PatientIdentifier,
  Person,
  ReferenceId,
  SourcePatientInfo,
  SourcePatientName,
} from '../model.ts';
import { INS_ROOTS } from '../patient.ts';

/** HL7 v2 types as XDS writes them, read back: the inverse of `formats.ts`, lenient where others write otherwise. */

const ESCAPED: Readonly<Record<string, string>> = { S: '^', T: '&', R: '~', F: '|', E: '\\' };

function plain(text: string | undefined): string | null {
  const value = (text ?? '').replace(/\\([STRFE])\\/g, (_, letter: string) => ESCAPED[letter]!);
  return value === '' ? null : value;
}

function components(text: string): string[] {
  return text.split('^');
}

/** OID of an assigner `&OID&ISO`. */
function assigned(text: string | undefined): string | null {
  return plain(text?.split('&')[1]);
}

export function readCx(text: string): PatientIdentifier | null {
  const [id, , , assigner, type] = components(text);
  const [value, authority] = [plain(id), assigned(assigner)];
  if (value === null || authority === null) return null;
  return { value, authority, type: type === 'NH' || INS_ROOTS.includes(authority) ? 'NH' : 'PI' };
}

export function readXcn(text: string): Person {
  const part = components(text);
  const [id, authority] = [plain(part[0]), assigned(part[8])];
  return {
    id,
    authority: id === null ? null : authority,
    family: plain(part[1]),
    given: plain(part[2]),
    nameType: part[9] === 'U' ? 'U' : 'D',
    idType: idType(part[12], part[9], authority),
  };
}

function idType(
  written: string | undefined,
  nameType: string | undefined,
  authority: string | null,
): Person['idType'] {
  if (written === 'IDNPS' || written === 'EI' || written === 'RI' || written === 'NH') return written;
  if (nameType === 'U') return 'RI';
  return authority === PROFESSIONAL_ROOT ? 'IDNPS' : 'EI';
}

export function readXon(text: string): Institution {
  const part = components(text);
  const [id, authority] = [plain(part[9]), assigned(part[5])];
  return {
    name: plain(part[0]),
    id: authority === null ? null : id,
    authority: id === null ? null : authority,
  };
}

/** `code^label^OID`, or a text alone. */
export function readCodedText(text: string): Code {
  const [code, label, scheme] = components(text).map(plain);
  return { code: code ?? '', label: label ?? code ?? '', scheme: scheme ?? '' };
}

export function readCxi(text: string): ReferenceId | null {
  const [id, , , assigner, kind] = components(text);
  const value = plain(id);
  return value === null ? null : { value, authority: assigned(assigner), kind: plain(kind) ?? '' };
}

/** The mail address of a recipient `XON|XCN|XTN`; null when it has none. */
export function readRecipient(text: string): string | null {
  return plain(text.split('|')[2]?.split('^')[3]);
}

export function readPid(lines: readonly string[]): SourcePatientInfo {
  const of = (field: string) =>
    lines.filter((line) => line.startsWith(`${field}|`)).map((line) => line.slice(field.length + 1));
  return {
    names: of('PID-5').map(readPatientName),
    birthDate: plain(of('PID-7')[0]),
    sex: plain(of('PID-8')[0]),
  };
}

function readPatientName(text: string): SourcePatientName {
  const part = components(text);
  const type = part[6];
  return {
    family: plain(part[0]) ?? '',
    given: plain(part[1]) ?? '',
    type: type === 'D' || type === 'L' || type === 'S' ? type : 'U',
  };
}
