/** Nomenclatures of the agency (NOS), whose FHIR addresses hold their number, by number: OID or word that XDS has as scheme. */
const NOMENCLATURES: Readonly<Record<string, string>> = {
  A00: '1.2.250.1.213.1.1.4.6',
  A01: '1.2.250.1.213.1.1.4.9',
  A02: '1.2.250.1.213.1.1.4.5',
  A03: '1.2.250.1.213.1.1.4.1',
  A05: '1.2.250.1.213.1.1.4.12',
  A06: '1.2.250.1.213.1.1.4.2.282',
  A07: '1.2.250.1.213.1.1.4.13',
  A08: '2.16.840.1.113883.5.25',
  A09: '1.2.840.10008.2.6.1',
  A10: 'URN',
  A11: '1.3.6.1.4.1.19376.1.2.3',
  A12: 'ASTM',
  R02: '1.2.250.1.71.4.2.4',
  R85: '1.2.250.1.213.1.6.1.107',
  R94: '1.2.250.1.213.1.6.1.4',
  R95: '1.2.250.1.213.1.6.1.109',
  R96: '1.2.250.1.213.1.6.1.110',
  R209: '1.2.250.1.213.2.2',
  R258: '1.2.250.1.213.1.1.4.2.280',
  R259: '2.16.840.1.113883.5.88',
};

/** Code systems of others, by FHIR address. */
const ADDRESSES: Readonly<Record<string, string>> = {
  'http://loinc.org': '2.16.840.1.113883.6.1',
  'http://terminology.hl7.org/CodeSystem/v3-Confidentiality': '2.16.840.1.113883.5.25',
  'http://terminology.hl7.org/CodeSystem/v3-ParticipationFunction': '2.16.840.1.113883.5.88',
  'http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode': '1.3.6.1.4.1.19376.1.2.3',
  'http://dicom.nema.org/resources/ontology/DCM': '1.2.840.10008.2.16.4',
};

/** The scheme that XDS and CDA have for a code system of FHIR; null for one that is not known here. */
export function schemeOf(system: string): string | null {
  if (system.startsWith('urn:oid:')) return system.slice('urn:oid:'.length);
  const number = /\/TRE[-_]([AR]\d+)-/.exec(system)?.[1];
  return (number === undefined ? undefined : NOMENCLATURES[number]) ?? ADDRESSES[system] ?? null;
}
