import type { CodedAttribute } from './value-sets.ts';

/** A published value set or correspondence that concerns the metadata of the DMP. */
export interface KnownSet {
  /** Name by which the agency publishes it, version and ending left out. */
  name: string;
  attribute: CodedAttribute;
  /**
   * `refuses`: the DMP goes by it. `advises`: it says what is expected, but the DMP is not known to refuse by it. `sibling`: a
   * set of the CI-SIS, wider than the DMP's or other, by which nothing is judged. `corresponds`: no set, but a table that leads
   * from what a document says to the attribute.
   */
  role: 'refuses' | 'advises' | 'sibling' | 'corresponds';
  /** Where it was read in a publication. */
  oid: string | null;
}

/** By OID, else by the number in the name (JDV_J66). */
export const KNOWN_SETS: readonly KnownSet[] = [
  advice('JDV_J47-FunctionCode-CISIS', 'authorRole', '1.2.250.1.213.1.1.5.124'),
  dmp('JDV_J56-AuthorSpecialty-DMP', 'authorSpecialty', null),
  dmp('JDV_J57-ClassCode-DMP', 'classCode', '1.2.250.1.213.1.1.5.6'),
  dmp('JDV_J58-ConfidentialityCode-DMP', 'confidentialityCode', '1.2.250.1.213.1.1.5.9'),
  dmp('JDV_J59-ContentTypeCode-DMP', 'contentTypeCode', '1.2.250.1.213.1.1.5.2'),
  dmp('JDV_J60-FormatCode-DMP', 'formatCode', '1.2.250.1.213.1.1.5.8'),
  dmp('JDV_J61-HealthcareFacilityTypeCode-DMP', 'healthcareFacilityTypeCode', '1.2.250.1.213.1.1.5.3'),
  dmp('JDV_J62-PracticeSettingCode-DMP', 'practiceSettingCode', '1.2.250.1.213.1.1.5.4'),
  dmp('JDV_J66-TypeCode-DMP', 'typeCode', '1.2.250.1.213.1.1.5.7'),
  advice('JDV_ModaliteAcquisition-CISIS', 'eventCode', '1.2.250.1.213.1.1.5.618'),
  sibling('JDV_J01-XdsAuthorSpecialty-CISIS', 'authorSpecialty', '1.2.250.1.213.1.1.5.461'),
  sibling(
    'JDV_J02-XdsHealthcareFacilityTypeCode-CISIS',
    'healthcareFacilityTypeCode',
    '1.2.250.1.213.1.1.5.466',
  ),
  sibling('JDV_J03-XdsContentTypeCode-CISIS', 'contentTypeCode', null),
  sibling('JDV_J04-XdsPracticeSettingCode-CISIS', 'practiceSettingCode', '1.2.250.1.213.1.1.5.467'),
  sibling('JDV_J06-XdsClassCode-CISIS', 'classCode', null),
  sibling('JDV_J07-XdsTypeCode-CISIS', 'typeCode', '1.2.250.1.213.1.1.5.471'),
  sibling('JDV_J08-XdsConfidentialityCode-CISIS', 'confidentialityCode', '1.2.250.1.213.1.1.5.463'),
  sibling('JDV_J10-XdsFormatCode-CISIS', 'formatCode', '1.2.250.1.213.1.1.5.465'),
  correspondence('ASS_A11-CorresModeleCDA-XdsFormatCode-CISIS', 'formatCode', '1.2.250.1.213.1.1.4.331'),
  correspondence('ASS_X04-CorrespondanceType-Classe-CISIS', 'classCode', '1.2.250.1.213.1.1.4.249'),
  correspondence('ASS_X16-CorrespondanceType-Classe-DMP', 'classCode', '1.2.250.1.213.1.1.5.587'),
];

function correspondence(name: string, attribute: CodedAttribute, oid: string): KnownSet {
  return { name, attribute, role: 'corresponds', oid };
}

function dmp(name: string, attribute: CodedAttribute, oid: string | null): KnownSet {
  return { name, attribute, role: 'refuses', oid };
}

function advice(name: string, attribute: CodedAttribute, oid: string): KnownSet {
  return { name, attribute, role: 'advises', oid };
}

function sibling(name: string, attribute: CodedAttribute, oid: string | null): KnownSet {
  return { name, attribute, role: 'sibling', oid };
}

/** The set of an OID. */
export function setOfOid(oid: string): KnownSet | null {
  return KNOWN_SETS.find((known) => known.oid === oid) ?? null;
}

/** The set that a published name or a file name means: `JDV_J66_TypeCode_DMP.tabs`, `JDV-J66-TypeCode-DMP`. */
export function setOfName(name: string): KnownSet | null {
  const stem = stemOf(name);
  return stem === null ? null : (KNOWN_SETS.find((known) => stemOf(known.name) === stem) ?? null);
}

/** Number, or first word of a name without number: the rest is spelt now with hyphens, now with underscores. */
function stemOf(name: string): string | null {
  const [, stem] = /^(?:JDV|ASS)[-_]([AJX]\d+(?=[-_.]|$)|[A-Za-z]+)/.exec(name) ?? [];
  return stem?.toUpperCase() ?? null;
}
