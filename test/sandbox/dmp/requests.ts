import { createHash, randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';

/**
 * Requests written by hand for the tests of the simulator: plain templates that share no line with any client, so that
 * a test changes one text of a request that is accepted and sees it refused.
 */
export const PATIENT = '279035121518989^^^&amp;1.2.250.1.213.1.4.10&amp;ISO^NH';
export const STRUCTURE = 'CH DEMO^^^^^&amp;1.2.250.1.71.4.2.2&amp;ISO^IDNST^^^10B0000012';
export const PERSON = '801234567897^MEDECIN^Test^^^^^^&amp;1.2.250.1.71.4.2.1&amp;ISO^D^^^IDNPS';
const SPECIALTY = 'G15_10/SM26^Qualifié en médecine générale (SM)^1.2.250.1.213.1.1.4.5';

let last = Date.now() * 1000;

/** An OID that no other test uses. */
export function freshOid(): string {
  last += 1;
  return `1.2.250.1.999.1.${last}`;
}

export interface CdaParts {
  uniqueId: string;
  patient?: { matricule: string; root: string };
  effectiveTime?: string;
  /** Text of the body, to change the bytes. */
  text?: string;
}

/** A CDA document as small as the simulator reads. */
export function cda(parts: CdaParts): string {
  const { uniqueId, patient = { matricule: '279035121518989', root: '1.2.250.1.213.1.4.10' } } = parts;
  return `<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3">
  <typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
  <id root="${uniqueId}"/>
  <code code="11488-4" codeSystem="2.16.840.1.113883.6.1"/>
  <title>Compte rendu</title>
  <effectiveTime value="${parts.effectiveTime ?? '20260715103000+0200'}"/>
  <recordTarget><patientRole>
    <id root="1.2.250.1.999.2" extension="IPP-1"/>
    <id root="${patient.root}" extension="${patient.matricule}"/>
  </patientRole></recordTarget>
  <component><nonXMLBody><text>${parts.text ?? 'Texte'}</text></nonXMLBody></component>
</ClinicalDocument>`;
}

const slot = (name: string, ...values: string[]): string =>
  `<rim:Slot name="${name}"><rim:ValueList>${values.map((one) => `<rim:Value>${one}</rim:Value>`).join('')}</rim:ValueList></rim:Slot>`;

const name = (text: string): string =>
  `<rim:Name><rim:LocalizedString xml:lang="fr-FR" value="${text}"/></rim:Name>`;

export interface Code {
  role: string;
  scheme: string;
  code: string;
  system: string;
}

const codeXml = (owner: string, { role, scheme, code, system }: Code): string =>
  `<rim:Classification id="${owner}-${role}-${code.replace(/\W/g, '')}" classifiedObject="${owner}" classificationScheme="urn:uuid:${scheme}" nodeRepresentation="${code}">${slot('codingScheme', system)}${name(`${role} ${code}`)}</rim:Classification>`;

const authorXml = (owner: string, scheme: string): string =>
  `<rim:Classification id="${owner}-author" classifiedObject="${owner}" classificationScheme="urn:uuid:${scheme}" nodeRepresentation="">${slot('authorPerson', PERSON)}${slot('authorInstitution', STRUCTURE)}${slot('authorRole', 'Médecin traitant')}${slot('authorSpecialty', SPECIALTY)}</rim:Classification>`;

const identifierXml = (owner: string, scheme: string, label: string, value: string): string =>
  `<rim:ExternalIdentifier id="${owner}-${label.split('.')[1]}" registryObject="${owner}" identificationScheme="urn:uuid:${scheme}" value="${value}">${name(label)}</rim:ExternalIdentifier>`;

export const ENTRY_CODES: readonly Code[] = [
  {
    role: 'classCode',
    scheme: '41a5887f-8865-4c09-adf7-e362475b143a',
    code: '10',
    system: '1.2.250.1.213.1.1.4.1',
  },
  {
    role: 'typeCode',
    scheme: 'f0306f51-975f-434e-a61c-c59651d33983',
    code: '11488-4',
    system: '2.16.840.1.113883.6.1',
  },
  {
    role: 'formatCode',
    scheme: 'a09d5840-386c-46f2-b5ad-9c3699a4309d',
    code: 'urn:ihe:iti:xds-sd:pdf:2008',
    system: '1.3.6.1.4.1.19376.1.2.3',
  },
  {
    role: 'confidentialityCode',
    scheme: 'f4f85eac-e6cb-4883-b524-f2705394840f',
    code: 'N',
    system: '2.16.840.1.113883.5.25',
  },
  {
    role: 'healthcareFacilityTypeCode',
    scheme: 'f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1',
    code: 'SA01',
    system: '1.2.250.1.71.4.2.4',
  },
  {
    role: 'practiceSettingCode',
    scheme: 'cccf5598-8b07-4b77-a05e-ae952c785ead',
    code: 'ETABLISSEMENT',
    system: '1.2.250.1.213.1.1.4.9',
  },
];

/** Codes of a signature object. */
export const SIGNATURE_CODES: readonly Code[] = [
  {
    role: 'classCode',
    scheme: '41a5887f-8865-4c09-adf7-e362475b143a',
    code: 'urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1',
    system: 'URN',
  },
  { role: 'typeCode', scheme: 'f0306f51-975f-434e-a61c-c59651d33983', code: 'E1762', system: 'ASTM' },
  {
    role: 'formatCode',
    scheme: 'a09d5840-386c-46f2-b5ad-9c3699a4309d',
    code: 'http://www.w3.org/2000/09/xmldsig#',
    system: 'URN',
  },
  {
    role: 'eventCode',
    scheme: '2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4',
    code: '1.2.840.10065.1.12.1.14',
    system: '1.2.840.10065.1.12',
  },
  ...['MASQUE_PS', 'INVISIBLE_PATIENT'].map((code) => ({
    role: 'confidentialityCode',
    scheme: 'f4f85eac-e6cb-4883-b524-f2705394840f',
    code,
    system: '1.2.250.1.213.1.1.4.13',
  })),
  ...ENTRY_CODES.slice(3),
];

export interface EntryParts {
  id: string;
  uniqueId: string;
  bytes: Buffer;
  codes?: readonly Code[];
  title?: string;
  language?: string;
  mimeType?: string;
}

export function entryXml(parts: EntryParts): string {
  const { id, uniqueId, bytes } = parts;
  return `<rim:ExtrinsicObject id="${id}" mimeType="${parts.mimeType ?? 'text/xml'}" objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1">
${slot('creationTime', '20260715083000')}
${slot('languageCode', parts.language ?? 'fr-FR')}
${slot('legalAuthenticator', PERSON)}
${slot('serviceStartTime', '202607150800')}
${slot('serviceStopTime', '20260715083000')}
${slot('sourcePatientId', 'IPP-1^^^&amp;1.2.250.1.999.2&amp;ISO^PI')}
${slot('sourcePatientInfo', 'PID-5|PAT-TROIS^DOMINIQUE^^^^^L', 'PID-7|19790328', 'PID-8|F')}
${slot('hash', createHash('sha1').update(bytes).digest('hex'))}
${slot('size', String(bytes.length))}
${name(parts.title ?? 'Compte rendu')}
${authorXml(id, '93606bcf-9494-43ec-9b4e-a7748d1a838d')}
${(parts.codes ?? ENTRY_CODES).map((one) => codeXml(id, one)).join('\n')}
${identifierXml(id, '58a6f841-87b3-4a3e-92fd-a8ffeff98427', 'XDSDocumentEntry.patientId', PATIENT)}
${identifierXml(id, '2e82c1f6-a085-4c72-9da3-8640a32e42ab', 'XDSDocumentEntry.uniqueId', uniqueId)}
</rim:ExtrinsicObject>`;
}

export function lotXml(uniqueId: string): string {
  return `<rim:RegistryPackage id="Lot01">
${slot('submissionTime', new Date().toISOString().replace(/\D/g, '').slice(0, 14))}
${name('Dépôt')}
<rim:Classification id="Lot01-node" classifiedObject="Lot01" classificationNode="urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"/>
${authorXml('Lot01', 'a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d')}
${codeXml('Lot01', { role: 'contentTypeCode', scheme: 'aa543740-bdda-424e-8c96-df4873be8500', code: '03', system: '1.2.250.1.213.2.2' })}
${identifierXml('Lot01', '6b5aea1a-874d-4603-a4bc-96a0a7b38446', 'XDSSubmissionSet.patientId', PATIENT)}
${identifierXml('Lot01', '554ac39e-e3fe-47fe-b233-965d2a147832', 'XDSSubmissionSet.sourceId', '1.2.250.1.999.3')}
${identifierXml('Lot01', '96fdda7c-d067-4183-912e-bf5ee74998a8', 'XDSSubmissionSet.uniqueId', uniqueId)}
</rim:RegistryPackage>`;
}

export function associationXml(id: string, type: string, source: string, target: string, slots = ''): string {
  return `<rim:Association id="${id}" associationType="${type}" sourceObject="${source}" targetObject="${target}">${slots}</rim:Association>`;
}

export const HAS_MEMBER = 'urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember';
export const RPLC = 'urn:ihe:iti:2007:AssociationType:RPLC';
export const SIGNS = 'urn:ihe:iti:2007:AssociationType:signs';

export const memberXml = (id: string, target: string, status = 'Original'): string =>
  associationXml(id, HAS_MEMBER, 'Lot01', target, slot('SubmissionSetStatus', status));

export const replaceXml = (source: string, target: string): string =>
  associationXml(`rplc-${source}`, RPLC, source, target);

export interface FilePart {
  id: string;
  bytes: Buffer;
}

/** A deposit before it is written as MTOM. */
export interface Deposit {
  lot: string;
  uniqueId: string;
  files: FilePart[];
  /** The SOAP envelope. */
  envelope: string;
}

const ITI_41 = 'urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b';
const ITI_18 = 'urn:ihe:iti:2007:RegistryStoredQuery';
const ITI_57 = 'urn:ihe:iti:2010:UpdateDocumentSet';

const NAMESPACES =
  'xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0" xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0" xmlns:xds="urn:ihe:iti:xds-b:2007" xmlns:query="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"';

export function soapXml(action: string, body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing" ${NAMESPACES}>
<s:Header><a:Action s:mustUnderstand="1">${action}</a:Action><a:MessageID>urn:uuid:${randomUUID()}</a:MessageID><a:To>http://dmp</a:To><a:ReplyTo s:mustUnderstand="1"><a:Address>http://www.w3.org/2005/08/addressing/anonymous</a:Address></a:ReplyTo></s:Header>
<s:Body>${body}</s:Body></s:Envelope>`;
}

export function submitXml(objects: string): string {
  return `<lcm:SubmitObjectsRequest><rim:RegistryObjectList>\n${objects}\n</rim:RegistryObjectList></lcm:SubmitObjectsRequest>`;
}

export function depositOf(lot: string, uniqueId: string, objects: string, files: FilePart[]): Deposit {
  const documents = files
    .map(
      ({ id }) =>
        `<xds:Document id="${id}"><xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:${id}%40test"/></xds:Document>`,
    )
    .join('');
  const body = `<xds:ProvideAndRegisterDocumentSetRequest>${submitXml(objects)}${documents}</xds:ProvideAndRegisterDocumentSetRequest>`;
  return { lot, uniqueId, files, envelope: soapXml(ITI_41, body) };
}

export interface DepositParts {
  lot?: string;
  uniqueId?: string;
  document?: string;
  /** More registry objects, such as an RPLC. */
  objects?: string;
  /** entryUUID that the document replaces. */
  replaces?: string;
}

/** The golden deposit: one document, accepted by every rule. */
export function deposit(parts: DepositParts = {}): Deposit {
  const { lot = freshOid(), uniqueId = freshOid(), objects = '' } = parts;
  const bytes = Buffer.from(parts.document ?? cda({ uniqueId }));
  const replacement = parts.replaces ? replaceXml('Doc01', parts.replaces) : '';
  const all = [
    lotXml(lot),
    entryXml({ id: 'Doc01', uniqueId, bytes }),
    memberXml('m1', 'Doc01'),
    replacement,
    objects,
  ];
  return depositOf(lot, uniqueId, all.join('\n'), [{ id: 'Doc01', bytes }]);
}

/** A deposit with its signature object, which need not be a true signature. */
export function signedDeposit(
  lot = freshOid(),
  uniqueId = freshOid(),
  signed = Buffer.from('<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>'),
): Deposit {
  const signature = freshOid();
  const bytes = Buffer.from(cda({ uniqueId }));
  const objects = [
    lotXml(lot),
    entryXml({ id: 'Doc01', uniqueId, bytes }),
    entryXml({
      id: 'Sig01',
      uniqueId: signature,
      bytes: signed,
      codes: SIGNATURE_CODES,
      title: 'Source',
      language: 'art',
    }),
    memberXml('m1', 'Doc01'),
    memberXml('m2', 'Sig01'),
    associationXml('s1', SIGNS, 'Sig01', 'Lot01', slot('SubmissionSetStatus', 'Original')),
  ];
  return depositOf(lot, uniqueId, objects.join('\n'), [
    { id: 'Doc01', bytes },
    { id: 'Sig01', bytes: signed },
  ]);
}

/** What to put in the place of a text: `$1` and the like stand for themselves unless it is a function of the groups. */
export type Change = string | ((...found: string[]) => string);

/** The same deposit with some text of its envelope changed; a text that is not there fails the test. */
export function altered(original: Deposit, from: string | RegExp, to: Change): Deposit {
  const envelope = original.envelope.replace(from, typeof to === 'string' ? () => to : to);
  if (envelope === original.envelope) throw new Error(`the request does not hold ${from}`);
  return { ...original, envelope };
}

export interface Wire {
  path: string;
  contentType: string;
  body: Buffer;
}

const BOUNDARY = 'MIME_boundary';

/** A deposit as multipart/related. */
export function mtom(
  { envelope, files }: Deposit,
  boundary = BOUNDARY,
  contentType = `multipart/related; boundary="${boundary}"; type="application/xop+xml"; start="<root@test>"; start-info="application/soap+xml"; action="${ITI_41}"`,
): Wire {
  const parts = [
    part(
      boundary,
      'application/xop+xml; charset=UTF-8; type="application/soap+xml"',
      'root@test',
      Buffer.from(envelope),
    ),
    ...files.map(({ id, bytes }) => part(boundary, 'text/xml', `${id}@test`, bytes)),
  ];
  return {
    path: 'repository',
    contentType,
    body: Buffer.concat([...parts, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}

export function part(boundary: string, type: string, id: string, bytes: Buffer, encoding = 'binary'): Buffer {
  const head = `\r\n--${boundary}\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\nContent-ID: <${id}>\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}

export const plain = (envelope: string, path = 'registry'): Wire => ({
  path,
  contentType: 'application/soap+xml; charset=UTF-8',
  body: Buffer.from(envelope),
});

const GET_DOCUMENTS = 'urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4';

export function queryEnvelope(slots: string, id = GET_DOCUMENTS, option = 'returnType="ObjectRef"'): string {
  return soapXml(
    ITI_18,
    `<query:AdhocQueryRequest><query:ResponseOption returnComposedObjects="false" ${option}/><rim:AdhocQuery id="${id}">${slots}</rim:AdhocQuery></query:AdhocQueryRequest>`,
  );
}

/** TD3.1b: the entryUUID of a document. */
export const query = (uniqueId: string): Wire =>
  plain(queryEnvelope(slot('$XDSDocumentEntryUniqueId', `('${uniqueId}')`)));

/** TD0.2: whether a patient has a DMP. */
export const existenceEnvelope = (matricule: string, root = '1.2.250.1.213.1.4.10'): string =>
  soapXml(
    'urn:hl7-org:v3:PRPA_IN201307UV02',
    `<h:PRPA_IN201307UV02 xmlns:h="urn:hl7-org:v3" ITSVersion="XML_1.0"><h:id root="1.2.250.1.999.4" extension="M1"/><h:creationTime value="20260715090000"/><h:interactionId root="2.16.840.1.113883.1.6" extension="PRPA_IN201307UV02"/><h:processingCode code="D"/><h:processingModeCode code="T"/><h:acceptAckCode code="AL"/><h:receiver typeCode="RCV"><h:device classCode="DEV" determinerCode="INSTANCE"><h:id root="1.2.250.1.213.4.1.1.1"/><h:softwareName>DMP</h:softwareName></h:device></h:receiver><h:sender typeCode="SND"><h:device classCode="DEV" determinerCode="INSTANCE"><h:id root="1.2.250.1.999.3"/></h:device></h:sender><h:controlActProcess classCode="CACT" moodCode="RQO"><h:reasonCode code="TEST_EXST" codeSystem="1.2.250.1.213.1.1.4.11"/><h:queryByParameter><h:queryId root="1.2.250.1.999.4" extension="Q1"/><h:statusCode code="new"/><h:parameterList><h:patientIdentifier><h:value root="${root}" extension="${matricule}"/><h:semanticsText>Patient.id</h:semanticsText></h:patientIdentifier></h:parameterList></h:queryByParameter></h:controlActProcess></h:PRPA_IN201307UV02>`,
  );

export { slot };

const APPROVED = 'urn:oasis:names:tc:ebxml-regrep:StatusType:Approved';
export const DELETED = 'urn:asip:ci-sis:2010:StatusType:Deleted';

/** TD3.3c: the deletion of an entry. */
export function deletionEnvelope(
  entryUuid: string,
  original = APPROVED,
  lot = freshOid(),
  next = DELETED,
): string {
  const association = associationXml(
    'u1',
    'urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus',
    'Lot01',
    entryUuid,
    slot('OriginalStatus', original) + slot('NewStatus', next),
  );
  return soapXml(ITI_57, submitXml(`${lotXml(lot)}\n${association}`));
}

export interface Reply {
  status: number;
  contentType: string;
  /** The SOAP envelope, out of its part when the answer is multipart. */
  text: string;
  raw: Buffer;
}

/** Sends bytes over a real socket; rejects when the connection is lost. */
export function send(
  url: string,
  wire: Wire,
  timeoutMs = 10_000,
  tls: RequestOptions | null = null,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = (tls ? httpsRequest : httpRequest)(`${url}/${wire.path}`, {
      ...tls,
      method: 'POST',
      agent: false,
      timeout: timeoutMs,
      headers: { 'content-type': wire.contentType, 'content-length': wire.body.length },
    });
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const raw = Buffer.concat(chunks);
        const contentType = response.headers['content-type'] ?? '';
        resolve({ status: response.statusCode!, contentType, raw, text: textOf(contentType, raw) });
      });
    });
    request.end(wire.body);
  });
}

/** The first part of a multipart answer, by the boundary that its Content-Type declares. */
function textOf(contentType: string, raw: Buffer): string {
  const text = raw.toString();
  const boundary = /boundary="([^"]+)"/.exec(contentType)?.[1];
  if (!boundary) return text;
  const [, first = ''] = text.split(`--${boundary}\r\n`);
  return first.slice(first.indexOf('\r\n\r\n') + 4, first.lastIndexOf(`\r\n--${boundary}--`));
}

/** `Success`, `Failure`, or the subcode or code of a fault. */
export function statusOf({ text }: Reply): string {
  const status = /status="[^"]*:(\w+)"/.exec(text)?.[1];
  return status ?? [...text.matchAll(/<soap:Value>([^<]+)</g)].at(-1)?.[1] ?? 'unreadable';
}

/** The errorCodes of an answer, with our own code of each. */
export function errorsOf({ text }: Reply): string[] {
  return [...text.matchAll(/errorCode="([^"]+)" codeContext="[^"]*\[sandbox\.([\w-]+)\]"/g)].map(
    ([, code, own]) => `${code} ${own}`,
  );
}

/** Our own code of a SOAP fault. */
export const faultOf = ({ text }: Reply): string | null =>
  /\[sandbox\.([\w-]+)\]<\/soap:Text>/.exec(text)?.[1] ?? null;

export const refsOf = ({ text }: Reply): string[] =>
  [...text.matchAll(/<rim:ObjectRef id="([^"]+)"/g)].map((one) => one[1]!);
