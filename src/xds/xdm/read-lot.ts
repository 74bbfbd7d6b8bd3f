import { attribute, child, children, elementsOf } from '../../xml/select.ts';
import type { XmlDocument, XmlElement } from '../../xml/tree.ts';
import type { Association, Author, Code, DocumentEntry, SubmissionSet } from '../model.ts';
import {
  ASSOCIATIONS,
  DOCUMENT_ENTRY,
  LCM_NS,
  REFERENCE_ID_LIST,
  RIM_NS,
  SUBMISSION_SET,
} from '../schemes.ts';
import { xdmError } from './errors.ts';
import { readCx, readCxi, readPid, readRecipient, readXcn } from './read-types.ts';
import { RegistryObject } from './registry-object.ts';

/** A lot as somebody else described it: XDM asks for less than a registry does. */
export interface ReadLot {
  submissionSet: Omit<SubmissionSet, 'contentTypeCode'> & { contentTypeCode: Code | null };
  entries: ReadEntry[];
  associations: Association[];
}

export interface ReadEntry {
  entry: DocumentEntry;
  /** Where it stands in METADATA.XML. */
  element: XmlElement;
}

/**
 * Reads METADATA.XML (IHE ITI TF-3, section 4.2) back into the model. What is not there is null or empty; folders and unknown
 * associations are passed over.
 * @throws ViaducError `xdm.metadata-of-other-kind`
 */
export function readLot(document: XmlDocument): ReadLot {
  const list = child(requestOf(document), 'RegistryObjectList', RIM_NS);
  const packages = children(list, 'RegistryPackage', RIM_NS).map((one) => new RegistryObject(one));
  const marked = new Set(children(list, 'Classification', RIM_NS).filter(marksSet).map(classified));
  const sets = packages.filter((one) => one.is(SUBMISSION_SET.node) || marked.has(one.id));
  if (!list || sets.length !== 1) throw xdmError('xdm.metadata-of-other-kind');
  return {
    submissionSet: readSet(sets[0]!),
    entries: children(list, 'ExtrinsicObject', RIM_NS).map((element) => ({
      entry: readEntry(new RegistryObject(element)),
      element,
    })),
    associations: children(list, 'Association', RIM_NS).flatMap(readAssociation),
  };
}

function requestOf({ root }: XmlDocument): XmlElement {
  if (root.name.local !== 'SubmitObjectsRequest' || root.name.ns !== LCM_NS)
    throw xdmError('xdm.metadata-of-other-kind');
  return root;
}

function marksSet(element: XmlElement): boolean {
  return attribute(element, 'classificationNode') === SUBMISSION_SET.node;
}

function classified(element: XmlElement): string | null {
  return attribute(element, 'classifiedObject');
}

const NOBODY: Author = { person: null, institutions: [], roles: [], specialties: [] };

function readSet(object: RegistryObject): ReadLot['submissionSet'] {
  return {
    symbolicId: object.id,
    uniqueId: object.identifier(SUBMISSION_SET.uniqueId) ?? '',
    sourceId: object.identifier(SUBMISSION_SET.sourceId) ?? '',
    submissionTime: object.first('submissionTime') ?? '',
    title: object.text('Name'),
    comments: object.text('Description'),
    author: object.authors(SUBMISSION_SET.author)[0] ?? NOBODY,
    contentTypeCode: object.code(SUBMISSION_SET.contentTypeCode),
    patientId: read(object.identifier(SUBMISSION_SET.patientId), readCx),
    intendedRecipients: object.slot('intendedRecipient').flatMap((text) => readRecipient(text) ?? []),
    extra: object.slots(isExtra),
  };
}

function readEntry(object: RegistryObject): DocumentEntry {
  const size = object.first('size');
  return {
    symbolicId: object.id,
    uniqueId: object.identifier(DOCUMENT_ENTRY.uniqueId) ?? '',
    mimeType: attribute(object.element, 'mimeType') ?? '',
    title: object.text('Name'),
    comments: object.text('Description'),
    languageCode: object.first('languageCode') ?? '',
    creationTime: object.first('creationTime'),
    serviceStartTime: object.first('serviceStartTime'),
    serviceStopTime: object.first('serviceStopTime'),
    ...readParticipants(object),
    ...readCodes(object),
    referenceIds: object.slot(REFERENCE_ID_LIST).flatMap((text) => readCxi(text) ?? []),
    hash: object.first('hash')?.toLowerCase() ?? null,
    size: size !== null && /^\d{1,15}$/.test(size) ? Number(size) : null,
    uri: object.first('URI'),
    extra: object.slots(isExtra),
  };
}

type Participants = Pick<
  DocumentEntry,
  'authors' | 'legalAuthenticator' | 'patientId' | 'sourcePatientId' | 'sourcePatientInfo'
>;

function readParticipants(object: RegistryObject): Participants {
  const info = object.slot('sourcePatientInfo');
  return {
    authors: object.authors(DOCUMENT_ENTRY.author),
    legalAuthenticator: read(object.first('legalAuthenticator'), readXcn),
    patientId: read(object.identifier(DOCUMENT_ENTRY.patientId), readCx),
    sourcePatientId: read(object.first('sourcePatientId'), readCx),
    sourcePatientInfo: info.length === 0 ? null : readPid(info),
  };
}

type Codes = Pick<
  DocumentEntry,
  | 'classCode'
  | 'typeCode'
  | 'formatCode'
  | 'confidentialityCodes'
  | 'healthcareFacilityTypeCode'
  | 'practiceSettingCode'
  | 'eventCodes'
>;

function readCodes(object: RegistryObject): Codes {
  return {
    classCode: object.code(DOCUMENT_ENTRY.classCode),
    typeCode: object.code(DOCUMENT_ENTRY.typeCode),
    formatCode: object.code(DOCUMENT_ENTRY.formatCode),
    confidentialityCodes: object.codes(DOCUMENT_ENTRY.confidentialityCode),
    healthcareFacilityTypeCode: object.code(DOCUMENT_ENTRY.healthcareFacilityTypeCode),
    practiceSettingCode: object.code(DOCUMENT_ENTRY.practiceSettingCode),
    eventCodes: object.codes(DOCUMENT_ENTRY.eventCode),
  };
}

function read<T>(text: string | null, reader: (text: string) => T): T | null {
  return text === null || text === '' ? null : reader(text);
}

/** Names of our own kind: `action` in any case, or a URN that is not IHE's. */
function isExtra(name: string): boolean {
  return /(^|\W)action$/i.test(name) || (/^urn:/i.test(name) && !/^urn:ihe:/i.test(name));
}

function readAssociation(element: XmlElement): Association[] {
  const type = attribute(element, 'associationType');
  const source = attribute(element, 'sourceObject') ?? '';
  const target = attribute(element, 'targetObject') ?? '';
  if (type === ASSOCIATIONS.HasMember)
    return [{ kind: 'HasMember', source, target, status: statusOf(element) }];
  if (type === ASSOCIATIONS.RPLC) return [{ kind: 'RPLC', source, target }];
  return type === ASSOCIATIONS.signs ? [{ kind: 'signs', source, target }] : [];
}

function statusOf(element: XmlElement): 'Original' | 'Reference' {
  const values =
    elementsOf(element).length > 0 ? new RegistryObject(element).slot('SubmissionSetStatus') : [];
  return values[0] === 'Reference' ? 'Reference' : 'Original';
}
