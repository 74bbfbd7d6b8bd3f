import type { Coded, DocumentFacts } from '../words/document.ts';
import { VISIBILITY_FLAGS, type Visibility, type VisibilityFlags } from '../words/request.ts';
import type { Code } from './model.ts';
import { type DocumentType, readTables, type Tables } from './tables.ts';
import { formatScheme, ownValueSets, type ValueSets } from './value-sets.ts';

/** Look-ups in the tables of `profiles/xds`: what the DMP wants as code for what a CDA says. */
export interface Codes {
  tables: Tables;
  valueSets: ValueSets;
  typeCode(type: Coded): Code;
  /** Class of a type (ASS_X16, ASS_X04), or null when no table knows it. */
  classCode(type: Coded): Code | null;
  /** Format of a document (ASS_A11), or null for a file whose media type the DMP does not take, or no body at all. */
  formatCode(facts: Pick<DocumentFacts, 'body' | 'templateIds'>): Code | null;
  /** The document's own code, then one for each flag. Empty without the former. */
  confidentialityCodes(base: Coded | null, visibility: Visibility): Code[];
  practiceSettingCode(setting: Coded): Code;
  healthcareFacilityTypeCode(facility: Coded): Code;
  /** Activity of the lot from the patient class (PV1-2). */
  contentTypeCode(patientClass: string | null): Code;
}

/** Makes the look-ups; official value sets loaded by the operator take the place of our own. */
export function openCodes(tables = readTables(), official: Partial<ValueSets> = {}): Codes {
  return {
    tables,
    valueSets: { ...ownValueSets(tables), ...official },
    typeCode: (type) => typeCode(tables, type),
    classCode: (type) => classCode(tables, type),
    formatCode: (facts) => formatCode(tables.formats, facts),
    confidentialityCodes: (base, visibility) =>
      confidentialityCodes(tables.confidentiality, base, visibility),
    practiceSettingCode: (setting) => labelled(tables.practiceSettings.codes, setting),
    healthcareFacilityTypeCode: (facility) => labelled(tables.facilities.codes, facility),
    contentTypeCode: (patientClass) => contentTypeCode(tables.contentTypes, patientClass),
  };
}

function findType(
  { types }: Tables,
  { code, codeSystem }: Coded,
): { scheme: string; type: DocumentType } | null {
  for (const { scheme, types: rows } of types.codes) {
    if (codeSystem !== null && codeSystem !== scheme) continue;
    if (Object.hasOwn(rows, code)) return { scheme, type: rows[code]! };
  }
  return null;
}

function typeCode(tables: Tables, type: Coded): Code {
  const found = findType(tables, type);
  return {
    code: type.code,
    scheme: type.codeSystem ?? found?.scheme ?? '',
    label: type.displayName ?? found?.type.label ?? type.code,
  };
}

function classCode(tables: Tables, type: Coded): Code | null {
  const found = findType(tables, type);
  if (!found) return null;
  const code = found.type.class;
  return { code, scheme: tables.classes.scheme, label: tables.classes.codes[code] ?? code };
}

function formatCode(
  formats: Tables['formats'],
  { body, templateIds }: Pick<DocumentFacts, 'body' | 'templateIds'>,
): Code | null {
  if (body.kind === 'absent') return null;
  if (body.kind === 'structured') return format(formats, templateFormat(formats, templateIds));
  const mediaType = mediaTypeOf(body.mediaType);
  return Object.hasOwn(formats.mediaTypes, mediaType)
    ? format(formats, formats.mediaTypes[mediaType]!)
    : null;
}

/** A media type without its parameters, in lower case. */
export function mediaTypeOf(mediaType: string | null): string {
  return (mediaType ?? '').toLowerCase().split(';')[0]!.trim();
}

/** Headers go from the general model to the particular one, so the last template that the table knows decides. */
function templateFormat(formats: Tables['formats'], templateIds: DocumentFacts['templateIds']): string {
  const known = templateIds.findLast(({ root }) => Object.hasOwn(formats.templates, root));
  return known ? formats.templates[known.root]! : formats.unknownTemplate;
}

function format(formats: Tables['formats'], code: string): Code {
  return { code, scheme: formatScheme(formats, code), label: formats.labels[code] ?? code };
}

/** The confidentialityCode that says each flag. */
const FLAG_CODES: Readonly<Record<keyof VisibilityFlags, string>> = {
  maskedToProfessionals: 'MASQUE_PS',
  hiddenFromPatient: 'INVISIBLE_PATIENT',
  hiddenFromRepresentatives: 'INVISIBLE_REPRESENTANTS_LEGAUX',
};

/** The flags that confidentialityCodes say: what `confidentialityCodes` writes, read back. */
export function visibilityFlags(codes: readonly Pick<Code, 'code'>[]): VisibilityFlags {
  const says = (flag: keyof VisibilityFlags) => codes.some(({ code }) => code === FLAG_CODES[flag]);
  return {
    maskedToProfessionals: says('maskedToProfessionals'),
    hiddenFromPatient: says('hiddenFromPatient'),
    hiddenFromRepresentatives: says('hiddenFromRepresentatives'),
  };
}

function confidentialityCodes(
  { base: own, visibility: flags }: Tables['confidentiality'],
  base: Coded | null,
  visibility: Visibility,
): Code[] {
  if (!base) return [];
  const raised = VISIBILITY_FLAGS.filter((flag) => visibility[flag]).map((flag) => FLAG_CODES[flag]);
  return [
    {
      code: base.code,
      scheme: base.codeSystem ?? own.scheme,
      label: base.displayName ?? own.labels[base.code] ?? base.code,
    },
    ...raised.map((code) => ({ code, scheme: flags.scheme, label: flags.labels[code] ?? code })),
  ];
}

function labelled(
  groups: readonly { scheme: string; labels: Record<string, string>; others?: string[] }[],
  { code, codeSystem, displayName }: Coded,
): Code {
  const group = groups.find(({ scheme, labels, others }) =>
    codeSystem === null ? code in labels || others?.includes(code) : scheme === codeSystem,
  );
  return {
    code,
    scheme: codeSystem ?? group?.scheme ?? '',
    label: displayName ?? group?.labels[code] ?? code,
  };
}

function contentTypeCode(table: Tables['contentTypes'], patientClass: string | null): Code {
  const known = patientClass !== null && Object.hasOwn(table.byPatientClass, patientClass);
  const code = known ? table.byPatientClass[patientClass]! : table.otherwise;
  return { code, scheme: table.scheme, label: table.labels[code] ?? code };
}
