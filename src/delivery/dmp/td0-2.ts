import { randomUUID } from 'node:crypto';
import { attribute, child, descendants, foldedText } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { type Markup, xml } from '../../xml/writer.ts';
import { readAnswer } from './answer.ts';
import { meaningOf } from './codes.ts';
import type { DmpConnection } from './connection.ts';
import { sentence } from './errors.ts';
import { dmpLimits } from './limits.ts';
import { type DmpOutcome, outcomeOf } from './outcome.ts';
import { plainSoap } from './plain-soap.ts';
import { newMessageId } from './soap.ts';

const ACTION = 'urn:hl7-org:v3:PRPA_IN201307UV02';
const HL7_NS = 'urn:hl7-org:v3';
const XSI_NS = 'http://www.w3.org/2001/XMLSchema-instance';
const INTERACTIONS = '2.16.840.1.113883.1.6';
/** OID by which the DMP is addressed in HL7 v3 messages. */
const DMP_DEVICE = '1.2.250.1.213.4.1.1.1';
const REASONS = '1.2.250.1.213.1.1.4.11';

/** What the DMP says of a patient's record. */
export type DmpStatus =
  | {
      kind: 'answered';
      dmp: 'open' | 'closed' | 'absent';
      /** Whether the caller may consult, in the DMP's code, such as VALIDE; feeding does not need it. */
      authorisation: string | null;
      raw: Uint8Array;
    }
  | { kind: 'failed'; outcome: DmpOutcome };

export interface AskStatus {
  /** INS: matricule and OID. */
  patient: { value: string; authority: string };
  /** OID of the installation, under which the message and the question get identifiers. */
  installation: string;
  software: string;
  /** P in production, else D (sheet dmp-xds, 6.1; P is not confirmed by a source). */
  processing: 'P' | 'D';
  nowMs: number;
  security: Markup | null;
  messageId?: string;
}

/**
 * TD0.2, whether a patient has a DMP and whether it is open: HL7 v3 PRPA_IN201307UV02, answered by PRPA_IN201308UV02 (sheet
 * dmp-xds, section 6). A question has no effect: whatever goes wrong, it may be asked again.
 */
export async function askDmpStatus(
  connection: DmpConnection,
  { messageId = newMessageId(), ...about }: AskStatus,
  signal?: AbortSignal,
): Promise<DmpStatus> {
  const to = connection.urlOf('patients');
  const { security } = about;
  const body = plainSoap({ action: ACTION, messageId, to, security, body: writeQuestion(about) });
  const answer = readAnswer(await connection.exchange('patients', body, signal), messageId);
  if (answer.kind !== 'content' || answer.content.name.local !== 'PRPA_IN201308UV02')
    return { kind: 'failed', outcome: outcomeOf(answer, 'reads') };
  return readStatus(answer.content, answer.status, answer.raw);
}

function writeQuestion({
  patient,
  installation,
  software,
  processing,
  nowMs,
}: Omit<AskStatus, 'messageId'>): Markup {
  const created = new Date(nowMs).toISOString().slice(0, 19).replace(/[-T:]/g, '');
  const [message, question] = [randomUUID(), randomUUID()];
  return xml`<PRPA_IN201307UV02 xmlns="${HL7_NS}" xmlns:xsi="${XSI_NS}" ITSVersion="XML_1.0"><id root="${installation}" extension="${message}"/><creationTime value="${created}"/><interactionId root="${INTERACTIONS}" extension="PRPA_IN201307UV02"/><processingCode code="${processing}"/><processingModeCode code="T"/><acceptAckCode code="AL"/><receiver typeCode="RCV"><device classCode="DEV" determinerCode="INSTANCE"><id root="${DMP_DEVICE}"/><softwareName>DMP</softwareName></device></receiver><sender typeCode="SND"><device classCode="DEV" determinerCode="INSTANCE"><id root="${installation}"/><softwareName>${software}</softwareName></device></sender><controlActProcess classCode="CACT" moodCode="RQO"><reasonCode code="TEST_EXST" codeSystem="${REASONS}"/><queryByParameter><queryId root="${installation}" extension="${question}"/><statusCode code="new"/><parameterList><dataSource xsi:nil="true"/><patientIdentifier><value root="${patient.authority}" extension="${patient.value}"/><semanticsText>Patient.id</semanticsText></patientIdentifier></parameterList></queryByParameter></controlActProcess></PRPA_IN201307UV02>`;
}

function readStatus(content: XmlElement, httpStatus: number, raw: Uint8Array): DmpStatus {
  const acknowledgement = child(content, 'acknowledgement');
  const detail = child(acknowledgement, 'acknowledgementDetail');
  const code = attribute(child(detail, 'code'), 'code') ?? '';
  const authorisation = authorisationOf(content);
  if (code === 'DMPClosed') return { kind: 'answered', dmp: 'closed', authorisation, raw };
  const dmp = acknowledged(acknowledgement) ? recordOf(content) : null;
  if (dmp) return { kind: 'answered', dmp, authorisation, raw };
  return { kind: 'failed', outcome: refusal(code, foldedText(child(detail, 'text')), httpStatus, raw) };
}

/** The code stands in an attribute, or in an element of its own in later editions of the wrapper. */
function acknowledged(acknowledgement: XmlElement | null): boolean {
  const code =
    attribute(acknowledgement, 'typeCode') ?? attribute(child(acknowledgement, 'typeCode'), 'code');
  return code === 'AA' || code === 'CA';
}

/** Null when the answer says neither. */
function recordOf(content: XmlElement): 'open' | 'closed' | 'absent' | null {
  const all = [...descendants(content)];
  const first = (local: string) => all.find(({ name }) => name.ns === HL7_NS && name.local === local) ?? null;
  if (attribute(first('queryResponseCode'), 'code') === 'NF') return 'absent';
  const status = attribute(child(first('patient'), 'statusCode'), 'code');
  return status === 'active' ? 'open' : status === 'terminated' ? 'closed' : null;
}

function authorisationOf(content: XmlElement): string | null {
  for (const line of descendants(content)) {
    if (line.name.local !== 'attentionLine') continue;
    const parts = [...descendants(line)];
    if (!parts.some((one) => attribute(one, 'code') === 'AUTORISATION')) continue;
    const value = parts.find(({ name }) => name.local === 'value') ?? null;
    return attribute(value, 'code') ?? foldedText(value);
  }
  return null;
}

function refusal(code: string, text: string | null, httpStatus: number, raw: Uint8Array): DmpOutcome {
  const result = meaningOf(code)?.result ?? 'unknown';
  const about: Pick<DmpOutcome, 'layer' | 'httpStatus' | 'raw' | 'warnings'> = {
    ...{ layer: 'registry', httpStatus },
    ...{ raw, warnings: [] },
  };
  if (code === '')
    return {
      ...about,
      result: 'unknown',
      code: 'delivery.dmp-no-reason',
      detail: sentence('delivery.dmp-no-reason', { status: 'PRPA_IN201308UV02' }),
    };
  return {
    ...about,
    result: result === 'ambiguous' ? 'transient' : result,
    code: code.slice(0, dmpLimits.code.value),
    detail: (text ?? '').slice(0, dmpLimits.detail.value),
  };
}
