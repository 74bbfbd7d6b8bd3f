import { CODE_LISTS, type CodeList } from './codes.ts';
import type { FormatName } from './formats.ts';

/** What a Slot must be: how many values, whether it must stand, of which form. */
export interface SlotRule {
  required: boolean;
  many: boolean;
  format: FormatName;
}

/** What a Classification must be: a code of a list (any code when null), or an author. */
export interface ClassificationRule {
  name: string;
  min: number;
  max: number;
  kind: 'code' | 'author';
  codes: CodeList | null;
}

export interface IdentifierRule {
  /** The Name that the ExternalIdentifier must bear. */
  name: string;
  format: FormatName;
}

/** What an object of a submission must be, as a table. */
export interface ObjectRule {
  name: 'DocumentEntry' | 'SubmissionSet';
  titleRequired: boolean;
  objectType: string;
  objectTypeRequired: boolean;
  slots: Readonly<Record<string, SlotRule>>;
  /** By classification scheme. */
  classifications: Readonly<Record<string, ClassificationRule>>;
  /** By identification scheme. */
  identifiers: Readonly<Record<string, IdentifierRule>>;
}

const uuid = (text: string): string => `urn:uuid:${text}`;

const one = (format: FormatName): SlotRule => ({ required: true, many: false, format });
const maybeOne = (format: FormatName): SlotRule => ({ required: false, many: false, format });
const maybeMany = (format: FormatName): SlotRule => ({ required: false, many: true, format });

const code = (name: string, codes: CodeList | null, min = 1, max = 1): ClassificationRule => ({
  name,
  min,
  max,
  kind: 'code',
  codes,
});
const author: ClassificationRule = { name: 'author', min: 1, max: 100, kind: 'author', codes: null };

/** Classification of a RegistryPackage as a submission set; a Folder would have another node. */
export const SUBMISSION_SET_NODE = uuid('a54d6aa5-d40d-43f9-88c5-b4633d873bdd');

export const LOT_AUTHOR = uuid('a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d');
export const LOT_PATIENT = uuid('6b5aea1a-874d-4603-a4bc-96a0a7b38446');
export const LOT_UNIQUE_ID = uuid('96fdda7c-d067-4183-912e-bf5ee74998a8');

/** The submission set in the French profile (specification sheet, section 8; IHE ITI TF-3, table 4.2.3.3-1). */
export const SUBMISSION_SET: ObjectRule = {
  name: 'SubmissionSet',
  titleRequired: false,
  objectType: 'urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject:RegistryPackage',
  objectTypeRequired: false,
  slots: { submissionTime: one('second') },
  classifications: {
    [LOT_AUTHOR]: author,
    [uuid('aa543740-bdda-424e-8c96-df4873be8500')]: code('contentTypeCode', CODE_LISTS.contentTypeCode),
  },
  identifiers: {
    [LOT_PATIENT]: { name: 'XDSSubmissionSet.patientId', format: 'ins' },
    [uuid('554ac39e-e3fe-47fe-b233-965d2a147832')]: { name: 'XDSSubmissionSet.sourceId', format: 'oid' },
    [LOT_UNIQUE_ID]: { name: 'XDSSubmissionSet.uniqueId', format: 'oid' },
  },
};

export const ENTRY_AUTHOR = uuid('93606bcf-9494-43ec-9b4e-a7748d1a838d');
export const ENTRY_CLASS = uuid('41a5887f-8865-4c09-adf7-e362475b143a');
export const ENTRY_CONFIDENTIALITY = uuid('f4f85eac-e6cb-4883-b524-f2705394840f');
export const ENTRY_EVENT = uuid('2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4');
export const ENTRY_FORMAT = uuid('a09d5840-386c-46f2-b5ad-9c3699a4309d');
export const ENTRY_TYPE = uuid('f0306f51-975f-434e-a61c-c59651d33983');
export const ENTRY_PATIENT = uuid('58a6f841-87b3-4a3e-92fd-a8ffeff98427');
export const ENTRY_UNIQUE_ID = uuid('2e82c1f6-a085-4c72-9da3-8640a32e42ab');

/** The document entry in the French profile (specification sheet, section 9; IHE ITI TF-3, table 4.2.3.2-1). */
export const DOCUMENT_ENTRY: ObjectRule = {
  name: 'DocumentEntry',
  titleRequired: true,
  objectType: uuid('7edca82f-054d-47f2-a032-9b2a5b5186c1'),
  objectTypeRequired: true,
  slots: {
    creationTime: one('dtm'),
    serviceStartTime: one('dtm'),
    serviceStopTime: maybeOne('dtm'),
    languageCode: one('language'),
    legalAuthenticator: one('xcn'),
    sourcePatientId: one('sourcePatientId'),
    sourcePatientInfo: maybeMany('sourcePatientInfo'),
    hash: maybeOne('hash'),
    size: maybeOne('size'),
    'urn:ihe:iti:xds:2013:referenceIdList': maybeMany('reference'),
  },
  classifications: {
    [ENTRY_AUTHOR]: author,
    [ENTRY_CLASS]: code('classCode', CODE_LISTS.classCode),
    [ENTRY_TYPE]: code('typeCode', CODE_LISTS.typeCode),
    [ENTRY_FORMAT]: code('formatCode', CODE_LISTS.formatCode),
    [ENTRY_CONFIDENTIALITY]: code('confidentialityCode', CODE_LISTS.confidentialityCode, 1, 4),
    [uuid('f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1')]: code(
      'healthcareFacilityTypeCode',
      CODE_LISTS.healthcareFacilityTypeCode,
    ),
    [uuid('cccf5598-8b07-4b77-a05e-ae952c785ead')]: code(
      'practiceSettingCode',
      CODE_LISTS.practiceSettingCode,
    ),
    [ENTRY_EVENT]: code('eventCodeList', null, 0, 100),
  },
  identifiers: {
    [ENTRY_PATIENT]: { name: 'XDSDocumentEntry.patientId', format: 'ins' },
    [ENTRY_UNIQUE_ID]: { name: 'XDSDocumentEntry.uniqueId', format: 'oid' },
  },
};

/** Slots of an author Classification, of the lot as of a document. */
export const AUTHOR_SLOTS: Readonly<Record<string, SlotRule>> = {
  authorPerson: one('xcn'),
  authorInstitution: maybeMany('xon'),
  authorRole: maybeMany('text'),
  authorSpecialty: maybeMany('specialty'),
  authorTelecommunication: maybeMany('text'),
};

/** Slots of a coded Classification. */
export const CODE_SLOTS: Readonly<Record<string, SlotRule>> = { codingScheme: one('text') };

/** Systems that are no OID: those of the signature's codes (specification sheet, 13.2). */
export const NAMED_SYSTEMS: readonly string[] = ['URN', 'ASTM'];

export const MIME_TYPES: readonly string[] = ['text/xml', 'application/xslt+xml', 'application/dicom'];
export const DICOM = 'application/dicom';
