import { type Name, nameOf } from '../../xml/names.ts';
import { HL7_NS, LCM_NS, QUERY_NS, XDSB_NS } from './names.ts';

export type Endpoint = 'repository' | 'registry' | 'patients';
export type Transaction = 'iti-41' | 'iti-18' | 'iti-57' | 'td0.2';

/** A transaction as WS-Addressing and SOAP show it. */
export interface Operation {
  transaction: Transaction;
  endpoint: Endpoint;
  action: string;
  replyAction: string;
  /** Element of the SOAP body. */
  payload: Name;
}

const BASE = '/si-dmp-server/v2/services';

/** Address of each endpoint. */
export const PATHS: ReadonlyMap<string, Endpoint> = new Map([
  [`${BASE}/repository`, 'repository'],
  [`${BASE}/registry`, 'registry'],
  [`${BASE}/patients`, 'patients'],
]);

/** Transactions by their wsa:Action; the hyphen in the answer to ITI-57 is the DMP's. */
export const OPERATIONS: readonly Operation[] = [
  {
    transaction: 'iti-41',
    endpoint: 'repository',
    action: 'urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b',
    replyAction: 'urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-bResponse',
    payload: nameOf(XDSB_NS, 'ProvideAndRegisterDocumentSetRequest'),
  },
  {
    transaction: 'iti-18',
    endpoint: 'registry',
    action: 'urn:ihe:iti:2007:RegistryStoredQuery',
    replyAction: 'urn:ihe:iti:2007:RegistryStoredQueryResponse',
    payload: nameOf(QUERY_NS, 'AdhocQueryRequest'),
  },
  {
    transaction: 'iti-57',
    endpoint: 'registry',
    action: 'urn:ihe:iti:2010:UpdateDocumentSet',
    replyAction: 'urn:ihe:iti:2010:UpdateDocumentSet-Response',
    payload: nameOf(LCM_NS, 'SubmitObjectsRequest'),
  },
  {
    transaction: 'td0.2',
    endpoint: 'patients',
    action: 'urn:hl7-org:v3:PRPA_IN201307UV02',
    replyAction: 'urn:hl7-org:v3:PRPA_IN201308UV02',
    payload: nameOf(HL7_NS, 'PRPA_IN201307UV02'),
  },
];

/** Services of the DMP that a gateway in indirect authentication has no use of (sheet dmp-xds, 2 and 5.1). */
export const DENIED_PATHS: ReadonlyMap<string, string> = new Map([
  [`${BASE}/habilitations`, 'TD0.3, TD0.4'],
  [`${BASE}/patientsPDQ`, 'TD0.5'],
  [`${BASE}/patientsSpecific`, 'TD1.6'],
  [`${BASE}/patientCertif`, 'TD0.0'],
]);

/** Actions that the DMP knows and a gateway in indirect authentication may not use (rights matrix PDT-INF-526). */
export const DENIED_ACTIONS: ReadonlyMap<string, { endpoint: Endpoint; operation: string }> = new Map([
  ['urn:ihe:iti:2007:RetrieveDocumentSet', { endpoint: 'repository', operation: 'TD3.2 (ITI-43)' }],
]);
