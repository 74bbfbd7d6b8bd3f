import type { Code, DocumentEntry, Lot } from './model.ts';

/** What is known of the signature document of a lot once it is written. */
export interface SignatureDocument {
  /** Bare OID of its own. */
  uniqueId: string;
  /** SHA-1 of its bytes, lower-case hexadecimal. */
  hash: string;
  /** Bytes. */
  size: number;
}

const FRENCH_CONFIDENTIALITY = '1.2.250.1.213.1.1.4.13';

const CODES = {
  classCode: code('urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1', 'URN', 'Digital Signature'),
  typeCode: code('E1762', 'ASTM', 'Full Document'),
  formatCode: code('http://www.w3.org/2000/09/xmldsig#', 'URN', 'Default Signature Style'),
  eventCodes: [code('1.2.840.10065.1.12.1.14', '1.2.840.10065.1.12', 'Source')],
  confidentialityCodes: [
    code('N', '2.16.840.1.113883.5.25', 'Normal'),
    code('MASQUE_PS', FRENCH_CONFIDENTIALITY, 'Masqué aux professionnels de santé'),
    code('INVISIBLE_PATIENT', FRENCH_CONFIDENTIALITY, 'Document non visible par le patient'),
  ],
};

/**
 * A lot with the entry of its signature, a member of it that signs it (sheet dmp-xds, 13.2; IHE DSG): author and times are
 * those of the lot, facility and practice setting those of its documents. It is no document of the sender's.
 */
export function withSignature(lot: Lot, symbolicId: string, signature: SignatureDocument): Lot {
  const { submissionSet, entries, associations } = lot;
  const entry = entryOf(lot, symbolicId, signature);
  const about = { source: symbolicId, target: submissionSet.symbolicId };
  return {
    submissionSet,
    entries: [...entries, entry],
    associations: [
      { kind: 'HasMember', source: submissionSet.symbolicId, target: symbolicId, status: 'Original' },
      { kind: 'signs', ...about },
      ...associations,
    ],
  };
}

function entryOf(
  { submissionSet, entries }: Lot,
  symbolicId: string,
  document: SignatureDocument,
): DocumentEntry {
  const { author, submissionTime, patientId } = submissionSet;
  const first = entries[0]!;
  return {
    symbolicId,
    ...document,
    ...CODES,
    mimeType: 'text/xml',
    title: 'Source',
    comments: null,
    languageCode: 'art',
    creationTime: submissionTime,
    serviceStartTime: submissionTime,
    serviceStopTime: submissionTime,
    authors: [author],
    legalAuthenticator: author.person,
    patientId,
    sourcePatientId: patientId,
    sourcePatientInfo: first.sourcePatientInfo,
    healthcareFacilityTypeCode: first.healthcareFacilityTypeCode,
    practiceSettingCode: first.practiceSettingCode,
    referenceIds: [],
    uri: null,
    extra: [],
  };
}

function code(value: string, scheme: string, label: string): Code {
  return { code: value, scheme, label };
}
