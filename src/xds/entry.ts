import { parseTime, toUtcDtm } from '../cda/times.ts';
import type { Coded, DocumentFacts, InstanceIdentifier, ServiceEvent } from '../words/document.ts';
import type { SubmissionRequest } from '../words/request.ts';
import type { Code, DocumentEntry, ReferenceId } from './model.ts';
import { insOf, sourceIdOf, sourceInfoOf } from './patient.ts';
import { authorOf, personOf, type Structure } from './people.ts';
import type { XdsSettings } from './settings.ts';

/** What an entry takes from elsewhere than the document. */
export interface EntryContext {
  request: SubmissionRequest;
  structure: Structure;
  settings: XdsSettings;
}

/**
 * The DocumentEntry of a CDA (CI-SIS, mapping of the CDA header to XDS; IHE ITI TF-3, section 4.2.3.2). What the document
 * does not give stays null: `judgeEntry` says what the DMP would say of it.
 */
export function entryOf(
  facts: DocumentFacts,
  symbolicId: string,
  { request, structure, settings }: EntryContext,
): DocumentEntry {
  return {
    symbolicId,
    uniqueId: facts.id.root,
    mimeType: facts.selfPresenting ? 'application/xslt+xml' : 'text/xml',
    title: facts.title,
    comments: null,
    languageCode: facts.languageCode ?? 'fr-FR',
    ...timesOf(facts, settings.zone),
    ...participantsOf(facts, structure),
    ...patientOf(facts, settings),
    ...codesOf(facts, request, settings),
    referenceIds: referenceIdsOf(facts, request, settings),
    hash: facts.sha1,
    size: facts.size,
    uri: null,
    extra: [],
  };
}

/** Position, from 1, and content of the act that the document is about. */
export interface MainAct {
  position: number;
  event: ServiceEvent;
}

/** The first act that has a start and a performer, else the first that has a start, else the first (CI-SIS). */
export function mainAct({ serviceEvents }: DocumentFacts): MainAct | null {
  const started = serviceEvents.filter(({ effectiveTime }) => effectiveTime.low !== null);
  const event = started.find(({ performer }) => performer !== null) ?? started[0] ?? serviceEvents[0];
  return event ? { event, position: serviceEvents.indexOf(event) + 1 } : null;
}

type Times = Pick<DocumentEntry, 'creationTime' | 'serviceStartTime' | 'serviceStopTime'>;

function timesOf(facts: DocumentFacts, zone: string): Times {
  const act = mainAct(facts)?.event.effectiveTime;
  return {
    creationTime: utc(facts.effectiveTime, zone),
    serviceStartTime: utc(act?.low ?? null, zone),
    serviceStopTime: utc(act?.high ?? null, zone),
  };
}

function utc(text: string | null, zone: string): string | null {
  const time = text === null ? null : parseTime(text);
  return time && toUtcDtm(time, zone);
}

type Participants = Pick<DocumentEntry, 'authors' | 'legalAuthenticator'>;

function participantsOf(facts: DocumentFacts, structure: Structure): Participants {
  return {
    authors: facts.authors.map((author) => authorOf(author, structure)),
    legalAuthenticator: facts.legalAuthenticator && personOf(facts.legalAuthenticator),
  };
}

type Patient = Pick<DocumentEntry, 'patientId' | 'sourcePatientId' | 'sourcePatientInfo'>;

function patientOf({ patient }: DocumentFacts, { unknownSex }: XdsSettings): Patient {
  return {
    patientId: insOf(patient),
    sourcePatientId: sourceIdOf(patient),
    sourcePatientInfo: sourceInfoOf(patient, unknownSex),
  };
}

type Codes = Pick<
  DocumentEntry,
  | 'typeCode'
  | 'classCode'
  | 'formatCode'
  | 'confidentialityCodes'
  | 'healthcareFacilityTypeCode'
  | 'practiceSettingCode'
  | 'eventCodes'
>;

function codesOf(facts: DocumentFacts, request: SubmissionRequest, settings: XdsSettings): Codes {
  const { codes } = settings;
  const facility = facilityOf(facts) ?? settings.facilityType;
  const setting = practiceSettingOf(facts) ?? settings.practiceSetting;
  return {
    typeCode: facts.code && codes.typeCode(facts.code),
    classCode: facts.code && codes.classCode(facts.code),
    formatCode: codes.formatCode(facts),
    confidentialityCodes: codes.confidentialityCodes(facts.confidentiality, request.visibility),
    healthcareFacilityTypeCode: facility && codes.healthcareFacilityTypeCode(facility),
    practiceSettingCode: setting && codes.practiceSettingCode(setting),
    eventCodes: eventCodesOf(facts),
  };
}

export function facilityOf(facts: DocumentFacts): Coded | null {
  return facts.encounter?.facility ?? null;
}

export function practiceSettingOf(facts: DocumentFacts): Coded | null {
  return mainAct(facts)?.event.performer?.organization?.industry ?? null;
}

/** Every coded act, its translations too, each code once; one without a code system cannot be an XDS code. */
function eventCodesOf({ serviceEvents }: DocumentFacts): Code[] {
  const codes = new Map<string, Code>();
  for (const one of serviceEvents.flatMap(({ code, translations = [] }) => [code, ...translations])) {
    if (!one?.codeSystem) continue;
    const { code: value, codeSystem: scheme, displayName } = one;
    codes.set(`${scheme}|${value}`, { code: value, scheme, label: displayName ?? value });
  }
  return [...codes.values()];
}

/**
 * Orders that have an authority, and the imaging study. An accession number comes without its authority, which IHE
 * requires with it: when the same number stands among the orders it takes theirs, else it is left out.
 */
function referenceIdsOf(
  { orders }: DocumentFacts,
  { exam }: SubmissionRequest,
  { codes }: XdsSettings,
): ReferenceId[] {
  const { kinds } = codes.tables.referenceIds;
  const known = orders.flatMap((order) => reference(order, kinds.order));
  const accession = orders.find(({ extension }) => extension !== null && extension === exam?.accession);
  if (accession) known.push(...reference(accession, kinds.accession));
  if (exam?.studyUid) known.push({ value: exam.studyUid, authority: null, kind: kinds.study });
  return known;
}

function reference({ root, extension }: InstanceIdentifier, kind: string): ReferenceId[] {
  return extension === null ? [] : [{ value: extension, authority: root, kind }];
}
