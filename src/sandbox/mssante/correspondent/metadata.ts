import { createHash } from 'node:crypto';
import { type Markup, xml } from '../../../xml/writer.ts';
import type { CdaHead } from '../cda.ts';

/** A document that a correspondent sends, under its name in the archive. */
export interface SentDocument {
  name: string;
  bytes: Buffer;
  cda: CdaHead;
}

export interface MetadataChoices {
  /** `new` writes no action. */
  operation: 'new' | 'C' | 'D';
  nowMs: number;
  /** Number that makes the identifiers of this lot unique. */
  serial: number;
}

const ENTRY = 'urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1';
const SET = 'urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd';
const IDS = {
  entryPatient: 'urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427',
  entryUnique: 'urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab',
  setPatient: 'urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446',
  setUnique: 'urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8',
  setSource: 'urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832',
};
const CONFIDENTIALITY = 'urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f';
/** Root of the identifiers of the simulated correspondents. */
const ROOT = '2.25.311862540987651325120711650232710';

/** METADATA.XML of a lot as a correspondent's software writes it (IHE TF-3, 4.2). */
export function metadataOf(documents: readonly SentDocument[], choices: MetadataChoices): Buffer {
  const time = new Date(choices.nowMs).toISOString().replace(/\D/g, '').slice(0, 14);
  const [first] = documents;
  const lot = xml`<RegistryPackage id="Lot">${slot('submissionTime', [time])}<Name><LocalizedString value="Envoi"/></Name>${identifiers(
    'Lot',
    [
      [IDS.setPatient, patientOf(first!), 'XDSSubmissionSet.patientId'],
      [IDS.setUnique, `${ROOT}.1.${choices.serial}`, 'XDSSubmissionSet.uniqueId'],
      [IDS.setSource, ROOT, 'XDSSubmissionSet.sourceId'],
    ],
  )}</RegistryPackage><Classification id="LotKind" classifiedObject="Lot" classificationNode="${SET}"/>`;
  const entries = documents.map((document, index) =>
    entryOf(document, `Document${index + 1}`, time, choices),
  );
  const members = documents.map(
    (_, index) =>
      xml`<Association id="Member${index + 1}" associationType="urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember" sourceObject="Lot" targetObject="Document${index + 1}">${slot('SubmissionSetStatus', ['Original'])}</Association>`,
  );
  const list = xml`<lcm:SubmitObjectsRequest xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"><RegistryObjectList xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0">${entries}${lot}${members}</RegistryObjectList></lcm:SubmitObjectsRequest>`;
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${list.text}\n`);
}

function entryOf(
  { name, bytes, cda }: SentDocument,
  id: string,
  time: string,
  { operation }: MetadataChoices,
): Markup {
  const slots = [
    slot('creationTime', [time]),
    slot('languageCode', ['fr-FR']),
    slot('hash', [createHash('sha1').update(bytes).digest('hex')]),
    slot('size', [String(bytes.length)]),
    slot('URI', [name]),
    operation === 'new' ? null : slot('urn:bac-a-sable:action', [operation]),
  ];
  const confidentiality = xml`<Classification id="${id}C" classifiedObject="${id}" classificationScheme="${CONFIDENTIALITY}" nodeRepresentation="N">${slot('codingScheme', ['2.16.840.1.113883.5.25'])}<Name><LocalizedString value="Normal"/></Name></Classification>`;
  return xml`<ExtrinsicObject id="${id}" mimeType="text/xml" objectType="${ENTRY}">${slots}<Name><LocalizedString value="${cda.title}"/></Name>${confidentiality}${identifiers(
    id,
    [
      [IDS.entryPatient, patientOf({ cda }), 'XDSDocumentEntry.patientId'],
      [IDS.entryUnique, cda.id, 'XDSDocumentEntry.uniqueId'],
    ],
  )}</ExtrinsicObject>`;
}

function patientOf({ cda: { ins } }: Pick<SentDocument, 'cda'>): string {
  return ins ? `${ins.matricule}^^^&${ins.root}&ISO^NH` : '';
}

function slot(name: string, values: readonly string[]): Markup {
  return xml`<Slot name="${name}"><ValueList>${values.map((value) => xml`<Value>${value}</Value>`)}</ValueList></Slot>`;
}

function identifiers(owner: string, all: readonly (readonly [string, string, string])[]): Markup[] {
  return all.map(
    ([scheme, value, name], index) =>
      xml`<ExternalIdentifier id="${owner}X${index}" registryObject="${owner}" identificationScheme="${scheme}" value="${value}"><Name><LocalizedString value="${name}"/></Name></ExternalIdentifier>`,
  );
}
