import { type Markup, xml } from '../xml/writer.ts';
import { codedText, cx, cxi, pidLines, xcn, xon, xtn } from './formats.ts';
import type {
  Association,
  Author,
  Code,
  DocumentEntry,
  ExtraSlot,
  Lot,
  PatientIdentifier,
  SubmissionSet,
} from './model.ts';
import {
  ASSOCIATIONS,
  DOCUMENT_ENTRY,
  LCM_NS,
  REFERENCE_ID_LIST,
  RIM_NS,
  STATUSES,
  SUBMISSION_SET,
} from './schemes.ts';

/**
 * Writes a lot as ebXML RegRep 3.0 (IHE ITI TF-3, section 4.2): the `lcm:SubmitObjectsRequest` of ITI-41 and ITI-57 and of
 * METADATA.XML in an XDM archive. Every id is made from that of its owner, so that none repeats, in this message or another.
 * Values that are null are left out.
 */
export function submitObjectsRequest({ submissionSet, entries, associations }: Lot): Markup {
  const links = associations.map((association, index) =>
    writeAssociation(association, `${stem(submissionSet.symbolicId)}-a${index + 1}`),
  );
  return xml`<lcm:SubmitObjectsRequest xmlns:lcm="${LCM_NS}" xmlns:rim="${RIM_NS}"><rim:RegistryObjectList>${writeSubmissionSet(
    submissionSet,
  )}${entries.map(writeEntry)}${links}</rim:RegistryObjectList></lcm:SubmitObjectsRequest>`;
}

const OBJECT_TYPE = 'urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject';

function writeSubmissionSet(set: SubmissionSet): Markup {
  const owner = new Owner(set.symbolicId, 'XDSSubmissionSet');
  const classifications = [
    owner.node(SUBMISSION_SET.node),
    owner.author(SUBMISSION_SET.author, set.author),
    owner.code(SUBMISSION_SET.contentTypeCode, set.contentTypeCode),
  ];
  const identifiers = [
    owner.patient(SUBMISSION_SET.patientId, set.patientId),
    owner.identifier(SUBMISSION_SET.sourceId, 'sourceId', set.sourceId),
    owner.identifier(SUBMISSION_SET.uniqueId, 'uniqueId', set.uniqueId),
  ];
  return xml`<rim:RegistryPackage id="${set.symbolicId}" objectType="${OBJECT_TYPE}:RegistryPackage">${slot(
    'submissionTime',
    [set.submissionTime],
  )}${slot('intendedRecipient', set.intendedRecipients.map(xtn))}${set.extra.map(extraSlot)}${text('Name', set.title)}${text('Description', set.comments)}${classifications}${identifiers}</rim:RegistryPackage>`;
}

function writeEntry(entry: DocumentEntry): Markup {
  const owner = new Owner(entry.symbolicId, 'XDSDocumentEntry');
  const identifiers = [
    owner.patient(DOCUMENT_ENTRY.patientId, entry.patientId),
    owner.identifier(DOCUMENT_ENTRY.uniqueId, 'uniqueId', entry.uniqueId),
  ];
  return xml`<rim:ExtrinsicObject id="${entry.symbolicId}" mimeType="${entry.mimeType}" objectType="${
    DOCUMENT_ENTRY.stable
  }">${writeSlots(entry)}${text('Name', entry.title)}${text('Description', entry.comments)}${writeClassifications(
    entry,
    owner,
  )}${identifiers}</rim:ExtrinsicObject>`;
}

function writeSlots(entry: DocumentEntry): Markup[] {
  const { legalAuthenticator, sourcePatientId, sourcePatientInfo, referenceIds } = entry;
  return [
    slot('creationTime', [entry.creationTime]),
    slot('hash', [entry.hash]),
    slot('languageCode', [entry.languageCode]),
    slot('legalAuthenticator', [legalAuthenticator && xcn(legalAuthenticator)]),
    slot('serviceStartTime', [entry.serviceStartTime]),
    slot('serviceStopTime', [entry.serviceStopTime]),
    slot('size', [entry.size]),
    slot('sourcePatientId', [sourcePatientId && cx(sourcePatientId)]),
    slot('sourcePatientInfo', sourcePatientInfo ? pidLines(sourcePatientInfo) : []),
    slot(REFERENCE_ID_LIST, referenceIds.map(cxi)),
    slot('URI', [entry.uri]),
    ...entry.extra.map(extraSlot),
  ];
}

function writeClassifications(entry: DocumentEntry, owner: Owner): (Markup | null)[] {
  return [
    ...entry.authors.map((author) => owner.author(DOCUMENT_ENTRY.author, author)),
    owner.code(DOCUMENT_ENTRY.classCode, entry.classCode),
    ...entry.confidentialityCodes.map((code) => owner.code(DOCUMENT_ENTRY.confidentialityCode, code)),
    ...entry.eventCodes.map((code) => owner.code(DOCUMENT_ENTRY.eventCode, code)),
    owner.code(DOCUMENT_ENTRY.formatCode, entry.formatCode),
    owner.code(DOCUMENT_ENTRY.healthcareFacilityTypeCode, entry.healthcareFacilityTypeCode),
    owner.code(DOCUMENT_ENTRY.practiceSettingCode, entry.practiceSettingCode),
    owner.code(DOCUMENT_ENTRY.typeCode, entry.typeCode),
  ];
}

/** What the ids below an object begin with: `urn:uuid:` with more behind it would be no UUID. */
function stem(id: string): string {
  return id.replace(/^urn:uuid:/, 'of-');
}

/** Writes what belongs to one registry object, numbering its ids. */
class Owner {
  readonly #id: string;
  readonly #kind: string;
  #written = 0;

  constructor(id: string, kind: 'XDSSubmissionSet' | 'XDSDocumentEntry') {
    this.#id = id;
    this.#kind = kind;
  }

  #next(letter: 'c' | 'i'): string {
    this.#written += 1;
    return `${stem(this.#id)}-${letter}${this.#written}`;
  }

  /** The classification that says what a registry package is. */
  node(scheme: string): Markup {
    return xml`<rim:Classification id="${this.#next('c')}" objectType="${OBJECT_TYPE}:Classification" classifiedObject="${this.#id}" classificationNode="${scheme}"/>`;
  }

  code(scheme: string, code: Code | null): Markup | null {
    if (!code) return null;
    return this.#classification(
      scheme,
      code.code,
      xml`${slot('codingScheme', [code.scheme])}${text('Name', code.label)}`,
    );
  }

  author(scheme: string, { person, institutions, roles, specialties }: Author): Markup {
    const slots = [
      slot('authorInstitution', institutions.map(xon)),
      slot('authorPerson', [person && xcn(person)]),
      slot('authorRole', roles),
      slot('authorSpecialty', specialties.map(codedText)),
    ];
    return this.#classification(scheme, '', xml`${slots}`);
  }

  #classification(scheme: string, node: string, content: Markup): Markup {
    return xml`<rim:Classification id="${this.#next('c')}" objectType="${OBJECT_TYPE}:Classification" classificationScheme="${scheme}" classifiedObject="${this.#id}" nodeRepresentation="${node}">${content}</rim:Classification>`;
  }

  patient(scheme: string, patient: PatientIdentifier | null): Markup | null {
    return patient && this.identifier(scheme, 'patientId', cx(patient));
  }

  identifier(scheme: string, name: string, value: string): Markup {
    return xml`<rim:ExternalIdentifier id="${this.#next('i')}" objectType="${OBJECT_TYPE}:ExternalIdentifier" registryObject="${this.#id}" identificationScheme="${scheme}" value="${value}">${text(
      'Name',
      `${this.#kind}.${name}`,
    )}</rim:ExternalIdentifier>`;
  }
}

function writeAssociation(association: Association, id: string): Markup {
  const { kind, source, target } = association;
  return xml`<rim:Association id="${id}" objectType="${OBJECT_TYPE}:Association" associationType="${
    ASSOCIATIONS[kind]
  }" sourceObject="${source}" targetObject="${target}">${associationSlots(association)}</rim:Association>`;
}

/** The signature says `Original` of itself too, as every message accepted by the DMP does. */
function associationSlots(association: Association): Markup[] {
  switch (association.kind) {
    case 'HasMember':
      return [slot('SubmissionSetStatus', [association.status])];
    case 'signs':
      return [slot('SubmissionSetStatus', ['Original'])];
    case 'UpdateAvailabilityStatus':
      return [
        slot('OriginalStatus', [STATUSES[association.from]]),
        slot('NewStatus', [STATUSES[association.to]]),
      ];
    case 'RPLC':
      return [];
  }
}

/** A slot with the values that are not null, or nothing when none is left: an empty ValueList is refused by registries. */
function slot(name: string, values: readonly (string | number | null)[]): Markup {
  const given = values.filter((value) => value !== null && value !== '');
  if (given.length === 0) return xml``;
  return xml`<rim:Slot name="${name}"><rim:ValueList>${given.map(
    (value) => xml`<rim:Value>${value}</rim:Value>`,
  )}</rim:ValueList></rim:Slot>`;
}

function extraSlot({ name, values }: ExtraSlot): Markup {
  return slot(name, values);
}

function text(element: 'Name' | 'Description', value: string | null): Markup {
  if (value === null) return xml``;
  const localized = xml`<rim:LocalizedString value="${value}"/>`;
  return element === 'Name'
    ? xml`<rim:Name>${localized}</rim:Name>`
    : xml`<rim:Description>${localized}</rim:Description>`;
}
