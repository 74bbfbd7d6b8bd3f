/** An HL7 v3 instance identifier (II). */
export interface InstanceIdentifier {
  root: string;
  extension: string | null;
}

/** A coded value (CE or CD) as the document gives it. */
export interface Coded {
  code: string;
  codeSystem: string | null;
  displayName: string | null;
}

/** A person's name as the document gives it, parts in document order. */
export interface PersonName {
  family: { value: string; qualifier: string | null }[];
  given: { value: string; qualifier: string | null }[];
  prefix: string | null;
  suffix: string | null;
}

/** An organisation of the header. */
export interface Organization {
  ids: InstanceIdentifier[];
  name: string | null;
  /** standardIndustryClassCode, the source of practiceSettingCode. */
  industry: Coded | null;
}

/** A professional, a system or the patient as author, authenticator or performer. */
export interface Participant {
  ids: InstanceIdentifier[];
  kind: 'person' | 'device';
  name: PersonName | null;
  /** Manufacturer model or software name when it is a device. */
  deviceName: string | null;
  /** assignedAuthor/code or assignedEntity/code: profession and specialty. */
  specialty: Coded | null;
  /** functionCode of the participation: the source of authorRole. */
  function: Coded | null;
  organization: Organization | null;
  /** HL7 time stamp of the participation, as written. */
  time: string | null;
}

/** The patient of `recordTarget`, every field the INS rules read. Personal data: never outside encrypted stores. */
export interface PatientFacts {
  ids: InstanceIdentifier[];
  name: PersonName;
  /** administrativeGenderCode: M, F, UN or absent. */
  gender: string | null;
  /** birthTime as written. */
  birthTime: string | null;
  /** COG code of `birthplace/place/addr/county`. */
  birthPlace: string | null;
  address: string[];
}

/** An interval of HL7 time stamps as written. */
export interface Interval {
  low: string | null;
  high: string | null;
}

/** One act documented by the document (`documentationOf/serviceEvent`). */
export interface ServiceEvent {
  ids: InstanceIdentifier[];
  code: Coded | null;
  /** The code in other systems: of an imaging exam its modality and region. Left out when there is none. */
  translations?: Coded[];
  effectiveTime: Interval;
  performer: Participant | null;
}

/** The encounter of the document (`componentOf/encompassingEncounter`). */
export interface Encounter {
  ids: InstanceIdentifier[];
  code: Coded | null;
  effectiveTime: Interval;
  /** healthCareFacility/code: the source of healthcareFacilityTypeCode. */
  facility: Coded | null;
  facilityOrganization: Organization | null;
}

/** A link to another document (`relatedDocument`). */
export interface RelatedDocument {
  typeCode: string;
  ids: InstanceIdentifier[];
  setId: InstanceIdentifier | null;
}

/**
 * What the gateway knows of a CDA R2 document from its header and the kind of its body. Values are as written in the
 * document; nothing is repaired. Times are HL7 TS texts (`YYYYMMDDHHMMSS+ZZZZ`). Source: CDA R2, CI-SIS minimal structure.
 */
export interface DocumentFacts {
  id: InstanceIdentifier;
  setId: InstanceIdentifier | null;
  versionNumber: number | null;
  related: RelatedDocument[];
  templateIds: InstanceIdentifier[];
  code: Coded | null;
  title: string | null;
  languageCode: string | null;
  confidentiality: Coded | null;
  effectiveTime: string | null;
  patient: PatientFacts | null;
  authors: Participant[];
  custodian: Organization | null;
  legalAuthenticator: Participant | null;
  serviceEvents: ServiceEvent[];
  /** inFulfillmentOf/order/id. */
  orders: InstanceIdentifier[];
  encounter: Encounter | null;
  /** 1: a file in nonXMLBody; 2: structured text only; 3: at least one section with an entry. */
  level: 1 | 2 | 3;
  body:
    | { kind: 'structured' }
    | {
        kind: 'file';
        mediaType: string | null;
        representation: string | null;
        /** Absent from facts of former builds. */
        file?: EnclosedFile;
      }
    | { kind: 'absent' };
  /** The ClinicalDocument stands inside a style sheet (self-presenting document). */
  selfPresenting: boolean;
  /** Character encoding of the bytes, as declared or as the byte order mark says. */
  encoding: string;
  size: number;
  /** Lower-case hexadecimal digests of the bytes. */
  sha256: string;
  sha1: string;
  /** Digests of the document's canonical form (Canonical XML 1.0 with comments), Base64; of a document to be deposited. */
  canonical?: { sha1: string; sha256: string };
  /**
   * SHA-256 over the element content of the body without identifiers and times: equal for two versions of a series
   * whose body says the same (EX_GEN-1060, unchanged documents).
   */
  contentSha256: string;
}

/** A file in a document, by its own bytes. */
export interface EnclosedFile {
  form: 'pdf' | 'jpeg' | 'tiff' | 'rtf' | 'zip' | 'other' | 'empty';
  /** Part and level of PDF/A that a PDF claims, such as `1B`. */
  claim: string | null;
}
