import type { ParsedMail } from '../../delivery/mssante/message/parsed-mail.ts';
import type { Charset } from '../../hl7v2/charset.ts';
import { type FieldValue, type SegmentValue, segment, writeMessage } from '../../hl7v2/writer.ts';
import type { IntegrationRow } from '../../ledger/view-integrations.ts';
import type { DocumentFacts, InstanceIdentifier } from '../../words/document.ts';
import type { Operation } from '../../words/request.ts';
import { patientSegment } from './mdm-patient.ts';

/** Who speaks to whom: MSH-3 to MSH-6, and the character set of the consumer. */
export interface MdmAddress {
  application: string;
  facility: string;
  receivingApplication: string;
  receivingFacility: string;
  charset: Charset;
  /** MSH-11. */
  processingId: 'P' | 'T';
}

/** The mailbox that took the mail in, and the ward that it stands for when it is known. */
export interface MdmMailbox {
  address: string;
  unit: { id: string; name: string; structure: string } | null;
}

export interface MdmInput {
  integration: Pick<IntegrationRow, 'controlId' | 'content' | 'mail'>;
  facts: DocumentFacts;
  /** The CDA as it came. */
  document: Buffer;
  mail: Pick<ParsedMail, 'from' | 'messageId' | 'subject' | 'text'>;
  /** When the mail was taken in, ISO 8601. */
  receivedAt: string;
  mailbox: MdmMailbox;
  address: MdmAddress;
}

const EVENTS: Readonly<Record<Operation, { trigger: string; order: string; status: string }>> = {
  deposit: { trigger: 'T02', order: 'NW', status: 'F' },
  replace: { trigger: 'T10', order: 'RO', status: 'C' },
  delete: { trigger: 'T04', order: 'CA', status: 'D' },
};

/**
 * The MDM v2.6 by which a document that came by MSSanté goes to its consumer (CI-SIS volet LPS 1.1, hl7v2 sheet 19.2): the
 * segments and fields that are listed there and no other. It is made of what the ledger holds and of nothing else, so that
 * a repetition has the same bytes.
 */
export function mdmMessage(input: MdmInput): Buffer {
  const { facts, address } = input;
  const type = documentType(facts);
  return writeMessage(
    [
      header(input),
      segment('EVN', { 2: timeStamp(Date.parse(input.receivedAt)) }),
      patientSegment(facts.patient!),
      segment('PV1', { 1: '1', 2: 'N' }),
      segment('ORC', { 1: EVENTS[input.integration.content.operation].order }),
      segment('OBR', { 1: '1', 4: type }),
      transcription(input),
      document(input, type),
      ...participants(input),
      mail(input),
      ...flags(input),
    ],
    address.charset,
  );
}

function header({ integration: { controlId, content }, receivedAt, address }: MdmInput): SegmentValue {
  return segment('MSH', {
    ...{ 3: address.application, 4: address.facility },
    ...{ 5: address.receivingApplication, 6: address.receivingFacility },
    7: timeStamp(Date.parse(receivedAt)),
    9: ['MDM', EVENTS[content.operation].trigger, 'MDM_T02'],
    10: controlId,
    11: address.processingId,
    12: '2.6',
    17: 'FRA',
    21: ['1.1', 'CISIS_CDA_HL7_LPS'],
  });
}

const SYSTEMS: Readonly<Record<string, string>> = {
  '2.16.840.1.113883.6.1': 'LN',
  '1.2.250.1.213.1.1.4.12': 'TRE_A05',
};

function documentType({ code, title }: DocumentFacts): FieldValue {
  return [code?.code ?? null, code?.displayName ?? title, SYSTEMS[code?.codeSystem ?? ''] ?? 'LN'];
}

function transcription({ facts, integration: { content } }: MdmInput): SegmentValue {
  const replaced = facts.related.find(({ typeCode }) => typeCode === 'RPLC')?.ids[0];
  return segment('TXA', {
    ...{ 1: '1', 2: facts.code?.code ?? null, 3: 'TEXT' },
    12: entityIdentifier(facts.id),
    13: content.operation === 'replace' && replaced ? entityIdentifier(replaced) : null,
    17: 'AU',
  });
}

function entityIdentifier({ root, extension }: InstanceIdentifier): FieldValue {
  return extension === null ? root : [extension, null, root, 'ISO'];
}

function document({ document: bytes, integration: { content } }: MdmInput, type: FieldValue): SegmentValue {
  return segment('OBX', {
    ...{ 1: '1', 2: 'ED', 3: type, 5: [null, 'text', 'XML', 'Base64', bytes.toString('base64')] },
    11: EVENTS[content.operation].status,
  });
}

/** Sender and mailbox; nobody's national identifier is known from an address alone. */
function participants({ mail: { from }, mailbox: { address, unit } }: MdmInput): SegmentValue[] {
  const ward: FieldValue | null = unit && [
    ...[unit.name, null, null, null, null],
    ...[unit.structure, 'UF', null, null, unit.id],
  ];
  return [
    segment('PRT', { 2: 'UC', 4: ['SB', 'Send by', 'participation'], 15: telecom(from[0] ?? '') }),
    segment('PRT', {
      ...{ 2: 'UC', 4: ['RCT', 'Result Copies To', 'participation'] },
      ...{ 8: ward, 15: telecom(address) },
    }),
  ];
}

function telecom(address: string): FieldValue {
  return [null, 'NET', 'X.400', address];
}

const NO_TEXT = 'Le courriel ne porte pas de texte.';

function mail({ mail: { messageId, subject, text }, integration }: MdmInput): SegmentValue {
  const body = Buffer.from(text || NO_TEXT).toString('base64');
  return segment('OBX', {
    ...{ 1: '2', 2: 'ED', 3: [messageId ?? integration.mail, subject] },
    ...{ 5: [null, 'text', null, 'Base64', body], 11: 'F' },
  });
}

const FLAGS = [
  ['MASQUE_PS', 'Masqué aux professionnels de Santé', 'maskedToProfessionals'],
  ['INVISIBLE_PATIENT', 'Document Non Visible par le patient', 'hiddenFromPatient'],
  [
    'INVISIBLE_REP_LEGAUX',
    'Non visible par les représentants Légaux du patient',
    'hiddenFromRepresentatives',
  ],
  ['MODIF_CONF_CODE', 'Modification Confidentiality Code', 'change'],
] as const;

function flags({ integration: { content } }: MdmInput): SegmentValue[] {
  return FLAGS.map(([code, label, flag], index) =>
    segment('OBX', {
      ...{ 1: String(index + 3), 2: 'CWE', 3: [code, label, 'MetaDMPMSS'] },
      ...{ 5: [content.visibility[flag] ? 'Y' : 'N', null, 'expandedYes-NoIndicator'], 11: 'F' },
    }),
  );
}

/** An instant as HL7 writes it, to the second, in UTC. */
function timeStamp(ms: number): string {
  return `${new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14)}+0000`;
}
