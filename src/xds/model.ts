/**
 * The metadata of a submission, free of any wire: what ITI-41 puts into SOAP and an XDM archive into METADATA.XML
 * (IHE ITI Technical Framework, Volume 3, section 4.2). A value that the documents do not give is null or an empty list.
 * Times are DTM: UTC, digits only, `YYYY[MM[DD[hh[mm[ss]]]]]`.
 */
export interface Lot {
  submissionSet: SubmissionSet;
  entries: DocumentEntry[];
  associations: Association[];
}

/** A coded value; `scheme` is the bare OID of its code system, or a word such as URN where the value set says so. */
export interface Code {
  code: string;
  scheme: string;
  label: string;
}

/** A patient identifier: national (NH) or local (PI). */
export interface PatientIdentifier {
  value: string;
  /** OID of the authority that assigned it. */
  authority: string;
  type: 'NH' | 'PI';
}

/**
 * A person or a system. Name type D is a person, U a system; identifier types are IDNPS (national professional), EI (local),
 * RI (system) and NH (patient).
 */
export interface Person {
  id: string | null;
  /** OID of the authority, null without an id. */
  authority: string | null;
  /** Of a system, its name. */
  family: string | null;
  given: string | null;
  nameType: 'D' | 'U';
  idType: 'IDNPS' | 'EI' | 'RI' | 'NH';
}

export interface Institution {
  name: string | null;
  /** Struct_IdNat (`1` + FINESS, `3` + SIRET…) when the authority is the national one. */
  id: string | null;
  authority: string | null;
}

export interface Author {
  person: Person | null;
  institutions: Institution[];
  /** Texts, such as the label of a functionCode. */
  roles: string[];
  specialties: Code[];
}

/** A name of the patient: D usual, L of birth, S pseudonym, U not said. */
export interface SourcePatientName {
  family: string;
  given: string;
  type: 'D' | 'L' | 'S' | 'U';
}

/** What the source knew of the patient when it submitted; never updated afterwards. */
export interface SourcePatientInfo {
  names: SourcePatientName[];
  /** YYYYMMDD, as far as known. */
  birthDate: string | null;
  sex: string | null;
}

/** An entry of referenceIdList. `kind` is one of the URNs of JDV_J231. */
export interface ReferenceId {
  value: string;
  authority: string | null;
  kind: string;
}

/** A further slot, whose name is a URN outside of `urn:ihe:` (IHE ITI TF-3, section 4.2.3.1.6). */
export interface ExtraSlot {
  name: string;
  values: string[];
}

export interface SubmissionSet {
  /** Identifier inside the message: in an archive `urn:uuid:`, never on the wire. */
  symbolicId: string;
  /** OID, new for every lot. */
  uniqueId: string;
  /** OID of the installation that submits. */
  sourceId: string;
  submissionTime: string;
  title: string | null;
  comments: string | null;
  author: Author;
  contentTypeCode: Code;
  patientId: PatientIdentifier | null;
  /** Mail addresses for which an archive is meant; none on the wire. */
  intendedRecipients: string[];
  extra: ExtraSlot[];
}

/** One document of the lot: a CDA, or the signature of the lot (a document like the others to XDS). */
export interface DocumentEntry {
  symbolicId: string;
  /** Bare OID. */
  uniqueId: string;
  mimeType: string;
  title: string | null;
  comments: string | null;
  languageCode: string;
  creationTime: string | null;
  serviceStartTime: string | null;
  serviceStopTime: string | null;
  authors: Author[];
  legalAuthenticator: Person | null;
  patientId: PatientIdentifier | null;
  sourcePatientId: PatientIdentifier | null;
  sourcePatientInfo: SourcePatientInfo | null;
  classCode: Code | null;
  typeCode: Code | null;
  formatCode: Code | null;
  /** One base code, then none to three visibility codes. */
  confidentialityCodes: Code[];
  healthcareFacilityTypeCode: Code | null;
  practiceSettingCode: Code | null;
  eventCodes: Code[];
  referenceIds: ReferenceId[];
  /** SHA-1 of the bytes, lower-case hexadecimal. */
  hash: string | null;
  /** Bytes. */
  size: number | null;
  /** Name of the file inside an XDM archive; null on the wire. */
  uri: string | null;
  extra: ExtraSlot[];
}

/** `source` and `target` are symbolic ids, or `urn:uuid:` for an object that the registry already holds. */
export type Association =
  | { kind: 'HasMember'; source: string; target: string; status: 'Original' | 'Reference' }
  | { kind: 'RPLC'; source: string; target: string }
  | { kind: 'signs'; source: string; target: string }
  | {
      kind: 'UpdateAvailabilityStatus';
      source: string;
      target: string;
      from: AvailabilityStatus;
      to: AvailabilityStatus;
    };

/** The last two are French. */
export type AvailabilityStatus = 'Approved' | 'Deprecated' | 'Archived' | 'Deleted';
