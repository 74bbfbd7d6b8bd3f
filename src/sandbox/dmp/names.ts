/** Namespaces of the messages (specification sheets: SOAP 1.2, WS-Addressing 1.0, XOP, ebXML RegRep 3.0, IHE XDS.b). */
export const SOAP_NS = 'http://www.w3.org/2003/05/soap-envelope';
export const SOAP_11_NS = 'http://schemas.xmlsoap.org/soap/envelope/';
export const WSA_NS = 'http://www.w3.org/2005/08/addressing';
export const WSSE_NS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
export const XOP_NS = 'http://www.w3.org/2004/08/xop/include';
export const RIM_NS = 'urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0';
export const RS_NS = 'urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0';
export const LCM_NS = 'urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0';
export const QUERY_NS = 'urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0';
export const XDSB_NS = 'urn:ihe:iti:xds-b:2007';
export const SAML_NS = 'urn:oasis:names:tc:SAML:2.0:assertion';
export const HL7_NS = 'urn:hl7-org:v3';
export const XMLDSIG_NS = 'http://www.w3.org/2000/09/xmldsig#';

export const ANONYMOUS = `${WSA_NS}/anonymous`;

/** Associations (IHE ITI TF-3, 4.2.2; the last is of ITI-57). */
export const HAS_MEMBER = 'urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember';
export const REPLACES = 'urn:ihe:iti:2007:AssociationType:RPLC';
export const SIGNS = 'urn:ihe:iti:2007:AssociationType:signs';
export const UPDATE_STATUS = 'urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus';

/** Statuses of an entry, as messages write them. */
export const STATUS = {
  Approved: 'urn:oasis:names:tc:ebxml-regrep:StatusType:Approved',
  Deprecated: 'urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated',
  Deleted: 'urn:asip:ci-sis:2010:StatusType:Deleted',
} as const;

export type Status = keyof typeof STATUS;

/** Code systems and roots that more than one rule names. */
export const CONFIDENTIALITY_SYSTEM = '2.16.840.1.113883.5.25';
export const VISIBILITY_SYSTEM = '1.2.250.1.213.1.1.4.13';
export const PERSON_ROOT = '1.2.250.1.71.4.2.1';
export const STRUCTURE_ROOT = '1.2.250.1.71.4.2.2';
