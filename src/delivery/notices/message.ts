import type { Charset } from '../../hl7v2/charset.ts';
import { type SegmentValue, segment, writeMessage } from '../../hl7v2/writer.ts';
import type { NoticeRow } from '../../ledger/views.ts';
import type { NoticeKind } from '../../words/notice.ts';
import type { NamedRecipient } from '../mssante/recipient.ts';

/**
 * The message of a notice (interface, section 14): a ZAM, version 2.6. It is made of what the ledger holds and of nothing
 * else, so that a repetition has the same bytes. `recipient`: of a notice about a mail.
 */
export function noticeMessage(
  notice: NoticeRow,
  charset: Charset,
  recipient: NamedRecipient | null = null,
): Buffer {
  const at = timeStamp(Date.parse(notice.createdAt));
  return writeMessage(
    [
      header(notice, at),
      segment('EVN', { 2: at }),
      status(notice),
      ...named(notice, recipient),
      ...error(notice),
    ],
    charset,
  );
}

/** By kind: what is acknowledged, who is named, and the table of the error. */
const KINDS = {
  Z01: {
    about: ['ACK_RECEPTION_DMP', 'Accusé de réception DMP'],
    named: null,
    errors: 'DMP_ERROR_CODE',
  },
  Z02: {
    about: ['ACK_RECEPTION_MSS', 'Accusé de réception MSSanté'],
    named: ['DESTINATAIRE_MSS', 'Destinataire MSSanté'],
    errors: 'SMTPERRORCODE',
  },
  Z03: {
    about: ['ACK_LECTURE_MSS', 'Accusé de lecture'],
    named: ['LECTEUR_MSS', 'Lecteur du courriel MSSanté'],
    errors: 'applicationErrorCondition',
  },
} as const satisfies Record<NoticeKind, object>;

function header({ content: { origin }, controlId, kind }: NoticeRow, at: string): SegmentValue {
  return segment('MSH', {
    3: origin.receivingApplication,
    4: origin.receivingFacility,
    5: origin.application,
    6: origin.facility,
    7: at,
    9: ['ZAM', kind, 'ZAM_Z01'],
    10: controlId,
    11: origin.processingId,
    12: '2.6',
    17: 'FRA',
    21: ['2.1', 'CISIS_CDA_HL7_V2'],
  });
}

function status({ kind, content: { origin, success } }: NoticeRow): SegmentValue {
  return segment('OBX', {
    1: '1',
    2: 'CWE',
    3: [...KINDS[kind].about, 'AckMetierZAM'],
    4: origin.controlId,
    5: [success ? 'Y' : 'N', null, 'expandedYes-NoIndicator'],
    11: 'F',
  });
}

function named({ kind }: NoticeRow, recipient: NamedRecipient | null): SegmentValue[] {
  const { named: who } = KINDS[kind];
  if (!who || !recipient) return [];
  return [
    segment('OBX', {
      1: '2',
      2: 'XTN',
      3: [...who, 'AckMetierZAM'],
      4: recipient.id,
      5: [null, null, 'X.400', recipient.address],
      11: 'F',
    }),
  ];
}

function error({ kind, content: { success, error: why } }: NoticeRow): SegmentValue[] {
  if (success || !why) return [];
  return [
    segment('ERR', {
      3: ['207', 'Application error', 'messageErrorCondition'],
      4: 'E',
      5: [why.code, why.label, KINDS[kind].errors],
      7: why.detail,
      8: why.label,
    }),
  ];
}

/** An instant as HL7 writes it, to the second, in UTC: `20260101083000+0000`. */
function timeStamp(ms: number): string {
  return `${new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14)}+0000`;
}
