import type { Coded, DocumentFacts, EnclosedFile } from '../words/document.ts';
import type { Values, Words } from '../words/errors.ts';
import { type Finding, finding, type Severity } from '../words/findings.ts';
import { isOid } from '../words/ids.ts';
import { mediaTypeOf } from './codes.ts';
import { facilityOf, mainAct, practiceSettingOf } from './entry.ts';
import { xdsErrors } from './errors.ts';
import { xdsLimits } from './limits.ts';
import type { Author, Code, DocumentEntry, Person } from './model.ts';
import { nationalStructureId } from './national-ids.ts';
import { isStructure, type Structure } from './people.ts';
import type { XdsSettings } from './settings.ts';
import type { CodedAttribute } from './value-sets.ts';

/** What a judgement looks at: the document, what became of it, and in whose name it leaves. */
export interface Judged {
  facts: DocumentFacts;
  entry: DocumentEntry;
  structure: Structure;
  settings: XdsSettings;
}

type Problem = keyof typeof xdsErrors;

/** One thing to say, at a path below ClinicalDocument (empty for the document itself). */
interface Reproach {
  code: Problem;
  path: string;
  /** Error unless said otherwise. */
  severity?: Severity;
  values?: Values;
}

/**
 * What the DMP would say of a document before it is sent: an error where it would refuse for certain, a warning where only
 * our own lists speak or where the sender should look again, an info where the configuration filled a gap. `location` is an
 * XPath of local names; line and column are left to whoever holds the document's tree.
 */
export function judgeEntry(judged: Judged): Finding[] {
  return JUDGES.flatMap((judge) => judge(judged)).map(asFinding);
}

/** A finding of source `dmp` about a place of the document. */
export function asFinding({ code, path, severity = 'error', values = {} }: Reproach): Finding {
  const place = { location: path === '' ? '/ClinicalDocument' : `/ClinicalDocument/${path}` };
  return finding(xdsErrors, code, { source: 'dmp', severity, place, values });
}

const JUDGES: readonly ((judged: Judged) => Reproach[])[] = [
  judgeIdentifier,
  judgeType,
  judgeBody,
  judgeTexts,
  judgeConfidentiality,
  judgeTimes,
  judgePatient,
  judgeAuthors,
  judgeAuthorCodes,
  judgeInstitution,
  judgeInstitutionNames,
  judgeAuthenticator,
  judgeFacility,
  judgeSetting,
  judgeActs,
];

function judgeIdentifier({ facts: { id } }: Judged): Reproach[] {
  return id.extension === null && isOid(id.root) ? [] : [{ code: 'dmp.id-not-accepted', path: 'id' }];
}

function judgeType({ entry, settings }: Judged): Reproach[] {
  const { typeCode, classCode } = entry;
  if (!typeCode) return [{ code: 'dmp.type-missing', path: 'code' }];
  const values = { code: quoted(typeCode.code), scheme: quoted(typeCode.scheme) };
  if (!classCode) return [{ code: 'dmp.type-without-class', path: 'code', values }];
  const { source, force, has } = settings.codes.valueSets.typeCode;
  if (has(typeCode.code, typeCode.scheme)) return judgeCode('classCode', classCode, 'code', settings);
  const severity = force === 'refuses' ? 'error' : 'warning';
  const named = { ...values, set: source.set, version: source.version };
  return [{ code: 'dmp.type-not-accepted', path: 'code', severity, values: named }];
}

function judgeBody({ facts: { body }, entry, settings }: Judged): Reproach[] {
  if (entry.formatCode) {
    if (body.kind !== 'file') return judgeCode('formatCode', entry.formatCode, 'templateId', settings);
    return [...judgeCode('formatCode', entry.formatCode, FILE_PATH, settings), ...judgeFile(body)];
  }
  const mediaType = quoted(body.kind === 'file' ? (body.mediaType ?? '?') : body.kind);
  return [{ code: 'dmp.body-not-accepted', path: 'component', values: { mediaType } }];
}

const FILE_PATH = 'component/nonXMLBody/text';

/** What the bytes of a file must be for each media type that the DMP takes; of plain text, only what they must not be. */
const FORMS: Readonly<Record<string, EnclosedFile['form']>> = {
  'application/pdf': 'pdf',
  'application/rtf': 'rtf',
  'text/rtf': 'rtf',
  'image/jpeg': 'jpeg',
  'image/tiff': 'tiff',
};

/** The file itself: something, of the form that is announced, and PDF/A-1 for a PDF (sheet dmp-xds, 18.1). */
function judgeFile(body: Extract<DocumentFacts['body'], { kind: 'file' }>): Reproach[] {
  if (!body.file) return [];
  const { form, claim } = body.file;
  if (form === 'empty') return [{ code: 'dmp.body-empty', path: FILE_PATH }];
  const mediaType = mediaTypeOf(body.mediaType);
  const expected = FORMS[mediaType] ?? 'other';
  if (form !== expected)
    return [
      { code: 'dmp.body-of-other-form', path: FILE_PATH, values: { mediaType, form: FORM_WORDS[form] } },
    ];
  if (form !== 'pdf' || claim?.startsWith('1')) return [];
  const claimed = claim === null ? NO_CLAIM : `PDF/A-${claim.toLowerCase()}`;
  return [{ code: 'dmp.pdf-not-a1', path: FILE_PATH, severity: 'warning', values: { claimed } }];
}

const NO_CLAIM = { fr: 'aucune déclaration PDF/A', en: 'no claim of PDF/A' };

const FORM_WORDS: Readonly<Record<EnclosedFile['form'], string | Words>> = {
  pdf: 'PDF',
  jpeg: 'JPEG',
  tiff: 'TIFF',
  rtf: 'RTF',
  zip: 'ZIP',
  other: { fr: 'inconnu', en: 'unknown' },
  empty: { fr: 'vide', en: 'empty' },
};

function judgeTexts({ facts }: Judged): Reproach[] {
  const problems: Reproach[] = [];
  if (facts.title === null) problems.push({ code: 'dmp.no-title', path: 'title' });
  if (facts.languageCode === null)
    problems.push({ code: 'dmp.no-language', path: 'languageCode', severity: 'warning' });
  return problems;
}

function judgeConfidentiality({ entry, settings }: Judged): Reproach[] {
  const [base, ...flags] = entry.confidentialityCodes;
  const path = 'confidentialityCode';
  if (!base) return [{ code: 'dmp.no-confidentiality', path }];
  const problems = judgeCode('confidentialityCode', base, path, settings);
  for (const flag of flags) problems.push(...judgeCode('confidentialityCode', flag, '', settings));
  if (base.code === 'R' || base.code === 'V')
    problems.push({
      code: 'dmp.confidentiality-restricted',
      path,
      severity: 'warning',
      values: { code: base.code },
    });
  const raised = flags.map(({ code }) => code);
  const both = raised.includes('MASQUE_PS') && raised.includes('INVISIBLE_PATIENT');
  if (both && !settings.combinedMasking) problems.push({ code: 'dmp.masking-combined', path: '' });
  return problems;
}

function judgeTimes({ facts, entry }: Judged): Reproach[] {
  const problems: Reproach[] = [];
  if (entry.creationTime === null) problems.push({ code: 'dmp.no-creation-time', path: 'effectiveTime' });
  if (entry.serviceStartTime === null)
    problems.push({ code: 'dmp.no-service-start', path: `${actPath(facts)}/effectiveTime/low` });
  return problems;
}

function actPath(facts: DocumentFacts): string {
  const position = mainAct(facts)?.position ?? 1;
  return `documentationOf${position > 1 ? `[${position}]` : ''}/serviceEvent`;
}

function judgePatient({ entry }: Judged): Reproach[] {
  return entry.patientId ? [] : [{ code: 'dmp.no-ins', path: 'recordTarget/patientRole' }];
}

function judgeAuthors({ entry: { authors } }: Judged): Reproach[] {
  if (authors.length === 0) return [{ code: 'dmp.no-author-person', path: 'author' }];
  return authors.flatMap((author, index) => judgeAuthor(author, authorPath(index)));
}

function authorPath(index: number): string {
  return `author${index > 0 ? `[${index + 1}]` : ''}/assignedAuthor`;
}

function judgeAuthor({ person }: Author, path: string): Reproach[] {
  if (!isNamed(person)) return [{ code: 'dmp.author-without-name', path }];
  return person.id === null ? [{ code: 'dmp.author-without-id', path, severity: 'warning' }] : [];
}

/** Codes of authors: the DMP gets the specialty as a code, of the function only its label. */
function judgeAuthorCodes({ facts: { authors }, settings }: Judged): Reproach[] {
  return authors.flatMap(({ specialty, function: role }, index) => {
    const path = authorPath(index);
    return [
      ...(specialty ? judgeCode('authorSpecialty', asCode(specialty), `${path}/code`, settings) : []),
      ...(role
        ? judgeCode('authorRole', asCode(role), path.replace('assignedAuthor', 'functionCode'), settings)
        : []),
    ];
  });
}

function judgeActs({ facts: { serviceEvents }, settings }: Judged): Reproach[] {
  return serviceEvents.flatMap(({ code, translations = [] }, index) => {
    const path = `documentationOf${index > 0 ? `[${index + 1}]` : ''}/serviceEvent/code`;
    const coded = [code, ...translations].flatMap((one) => (one?.codeSystem ? [asCode(one)] : []));
    return coded.flatMap((one) => judgeCode('eventCode', one, path, settings));
  });
}

function asCode({ code, codeSystem, displayName }: Coded): Code {
  return { code, scheme: codeSystem ?? '', label: displayName ?? code };
}

function judgeInstitution({ entry: { authors }, structure }: Judged): Reproach[] {
  const institutions = authors.flatMap((author) => author.institutions);
  if (authors.length === 0 || institutions.some((one) => isStructure(one, structure))) return [];
  const path = 'author/assignedAuthor/representedOrganization';
  const values = { structure: nationalStructureId(structure.id) };
  return [{ code: 'dmp.author-institution-differs', path, values }];
}

/** A name that the document lacks was lent by the structure that sends, or is missing for good. */
function judgeInstitutionNames({ facts, entry: { authors } }: Judged): Reproach[] {
  return facts.authors.flatMap(({ organization }, index): Reproach[] => {
    if (!organization || organization.name !== null) return [];
    const lent = authors[index]!.institutions[0]!.name !== null;
    const path = `${authorPath(index)}/representedOrganization`;
    return lent
      ? [{ code: 'dmp.institution-name-lent', path, severity: 'info' }]
      : [{ code: 'dmp.institution-without-name', path, severity: 'warning' }];
  });
}

function judgeAuthenticator({ facts, entry }: Judged): Reproach[] {
  const path = 'legalAuthenticator';
  if (!facts.legalAuthenticator) return [{ code: 'dmp.no-legal-authenticator', path }];
  if (isNamed(entry.legalAuthenticator)) return [];
  return [{ code: 'dmp.legal-authenticator-without-name', path: `${path}/assignedEntity` }];
}

/** A system has one name, a person two. */
function isNamed(person: Person | null): person is Person {
  if (!person || person.family === null) return false;
  return person.nameType === 'U' || person.given !== null;
}

function judgeFacility({ facts, entry, settings }: Judged): Reproach[] {
  const path = 'componentOf/encompassingEncounter/location/healthCareFacility/code';
  const code = entry.healthcareFacilityTypeCode;
  if (!code) return [{ code: 'dmp.no-facility-type', path }];
  if (facilityOf(facts)) return judgeCode('healthcareFacilityTypeCode', code, path, settings);
  return [
    { code: 'dmp.facility-type-defaulted', path, severity: 'info', values: { code: code.code } },
    ...judgeCode('healthcareFacilityTypeCode', code, path, settings),
  ];
}

function judgeSetting({ facts, entry, settings }: Judged): Reproach[] {
  const path = `${actPath(facts)}/performer/assignedEntity/representedOrganization/standardIndustryClassCode`;
  const code = entry.practiceSettingCode;
  if (!code) return [{ code: 'dmp.no-practice-setting', path }];
  if (practiceSettingOf(facts)) return judgeCode('practiceSettingCode', code, path, settings);
  return [
    { code: 'dmp.practice-setting-defaulted', path, severity: 'info', values: { code: code.code } },
    ...judgeCode('practiceSettingCode', code, path, settings),
  ];
}

/** What a set says of a code. A code without a scheme cannot be sent at all. */
export function judgeCode(
  attribute: CodedAttribute,
  { code, scheme }: Code,
  path: string,
  { codes }: XdsSettings,
): Reproach[] {
  const { source, force, has } = codes.valueSets[attribute];
  if (has(code, scheme)) return [];
  const { set, version } = source;
  const values = { attribute, code: quoted(code), scheme: quoted(scheme), set, version };
  const refuses = force === 'refuses' || scheme === '';
  return [{ code: 'dmp.code-not-in-set', path, severity: refuses ? 'error' : 'warning', values }];
}

function quoted(text: string): string {
  const most = xdsLimits.quoted.value;
  return text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text;
}
