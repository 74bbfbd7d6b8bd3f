import { randomUUID } from 'node:crypto';
import { fill, type ViaducError } from '../../words/errors.ts';
import { type Markup, xml } from '../../xml/writer.ts';
import type { DmpSandboxErrorCode } from './errors.ts';
import { dmpSandboxErrors } from './errors.ts';
import type { Existence } from './existence.ts';
import { writeExistence } from './existence-answer.ts';
import { ANONYMOUS, QUERY_NS, RIM_NS, RS_NS, SOAP_NS, WSA_NS } from './names.ts';
import type { Transaction } from './operations.ts';
import type { Problem } from './report.ts';

/** An HTTP answer as it leaves. */
export interface Answer {
  status: number;
  contentType: string;
  body: Buffer;
}

/** What a transaction came to, before it is written: scripted faults change it here. */
export interface Outcome {
  transaction: Transaction;
  replyAction: string;
  /** wsa:MessageID of the request. */
  relatesTo: string;
  problems: Problem[];
  /** entryUUIDs that a query found. */
  found: string[];
  /** What TD0.2 found out. */
  existence?: Existence | null;
}

const STATUS_TYPE = 'urn:oasis:names:tc:ebxml-regrep:ResponseStatusType';
const SEVERITY_TYPE = 'urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType';
const FAULT_ACTION = `${WSA_NS}/soap/fault`;

/** Whether the outcome holds an error, so that nothing of the request was kept. */
export function isFailure(outcome: Outcome): boolean {
  return outcome.problems.some((one) => one.severity === 'Error');
}

/** Writes the SOAP envelope of an outcome: a RegistryResponse, or an AdhocQueryResponse for a query. */
export function writeOutcome(outcome: Outcome, attributes: ErrorAttributes = errorAttributes): string {
  const status = `${STATUS_TYPE}:${isFailure(outcome) ? 'Failure' : 'Success'}`;
  const errors = outcome.problems.length > 0 ? errorList(outcome.problems, attributes) : null;
  return envelope(outcome.replyAction, outcome.relatesTo, bodyOf(outcome, status, errors));
}

function bodyOf(outcome: Outcome, status: string, errors: Markup | null): Markup {
  const { transaction, existence = null, problems } = outcome;
  if (transaction === 'td0.2') return writeExistence(existence, problems, new Date());
  return transaction === 'iti-18' ? queryResponse(outcome, status, errors) : registryResponse(status, errors);
}

function registryResponse(status: string, errors: Markup | null): Markup {
  return xml`<rs:RegistryResponse xmlns:rs="${RS_NS}" status="${status}">${errors}</rs:RegistryResponse>`;
}

function queryResponse({ found }: Outcome, status: string, errors: Markup | null): Markup {
  const refs = found.map((id) => xml`<rim:ObjectRef id="${id}"/>`);
  return xml`<query:AdhocQueryResponse xmlns:query="${QUERY_NS}" xmlns:rim="${RIM_NS}" xmlns:rs="${RS_NS}" status="${status}" totalResultCount="${found.length}">${errors}<rim:RegistryObjectList>${refs}</rim:RegistryObjectList></query:AdhocQueryResponse>`;
}

/** The attributes of a RegistryError; a scripted fault writes them wrongly. */
export type ErrorAttributes = (problem: Problem) => { errorCode: string; codeContext: string };

export const errorAttributes: ErrorAttributes = ({ errorCode, message, remedy, code }) => ({
  errorCode,
  codeContext: `${message.fr} ${remedy.fr} [${code}]`,
});

function errorList(problems: readonly Problem[], attributes: ErrorAttributes): Markup {
  const severities = problems.some((one) => one.severity === 'Error') ? 'Error' : 'Warning';
  const errors = problems.map((one) => {
    const { errorCode, codeContext } = attributes(one);
    return xml`<rs:RegistryError errorCode="${errorCode}" codeContext="${codeContext}" severity="${SEVERITY_TYPE}:${one.severity}" location="${one.location}"/>`;
  });
  return xml`<rs:RegistryErrorList highestSeverity="${SEVERITY_TYPE}:${severities}">${errors}</rs:RegistryErrorList>`;
}

function envelope(action: string, relatesTo: string | null, body: Markup): string {
  const related = relatesTo === null ? null : xml`<wsa:RelatesTo>${relatesTo}</wsa:RelatesTo>`;
  const header = xml`<wsa:Action>${action}</wsa:Action><wsa:MessageID>urn:uuid:${randomUUID()}</wsa:MessageID><wsa:To>${ANONYMOUS}</wsa:To>${related}`;
  return xml`<soap:Envelope xmlns:soap="${SOAP_NS}"><soap:Header xmlns:wsa="${WSA_NS}">${header}</soap:Header><soap:Body>${body}</soap:Body></soap:Envelope>`
    .text;
}

/** SOAP fault codes that are not Sender, by error; SOAP 1.2 part 1, section 5.4.6. */
const FAULT_CODES: Readonly<Partial<Record<DmpSandboxErrorCode, string>>> = {
  'sandbox.not-soap-12': 'soap:VersionMismatch',
  'sandbox.header-not-understood': 'soap:MustUnderstand',
  'sandbox.internal': 'soap:Receiver',
};

/** Subcodes by error: those of WS-Addressing 1.0 SOAP binding (section 6.4), and the DMP's. */
const FAULT_SUBCODES: Readonly<Partial<Record<DmpSandboxErrorCode, string>>> = {
  'sandbox.addressing-missing': 'wsa:MessageAddressingHeaderRequired',
  'sandbox.addressing-invalid': 'wsa:InvalidAddressingHeader',
  'sandbox.action-unknown': 'wsa:ActionNotSupported',
  'sandbox.action-mismatch': 'wsa:InvalidAddressingHeader',
  'sandbox.right-denied': 'soap:DMPAccessDeniedByRightsService',
  'sandbox.vihf-missing': 'soap:DMPInvalidVihf',
  'sandbox.vihf-wrong': 'soap:DMPInvalidVihf',
  'sandbox.vihf-expired': 'soap:DMPInvalidVihf',
  'sandbox.vihf-reused': 'soap:DMPInvalidVihf',
  'sandbox.vihf-unsigned': 'soap:DMPInvalidVihf',
  'sandbox.vihf-signature': 'soap:DMPInvalidVihf',
  'sandbox.vihf-speciality': 'soap:DMPInvalidVihf',
  'sandbox.seal-refused': 'soap:DMPInvalidCertificate',
  'sandbox.structure-refused': 'soap:DMPInvalidStructure',
  'sandbox.scripted': 'soap:DMPInternalError',
};

/** Writes the SOAP fault of an error, its reason in French and in English. */
export function writeFault(error: ViaducError, relatesTo: string | null): string {
  const code = error.code as DmpSandboxErrorCode;
  const subcode = FAULT_SUBCODES[code];
  const reasons = (['fr', 'en'] as const).map((language) => {
    const { message, remedy } = dmpSandboxErrors[code];
    const text = fill(`${message[language]} ${remedy[language]}`, error.values);
    return xml`<soap:Text xml:lang="${language}">${text} [${code}]</soap:Text>`;
  });
  const inner = subcode && xml`<soap:Subcode><soap:Value>${subcode}</soap:Value></soap:Subcode>`;
  const fault = xml`<soap:Fault xmlns:wsa="${WSA_NS}"><soap:Code><soap:Value>${FAULT_CODES[code] ?? 'soap:Sender'}</soap:Value>${inner}</soap:Code><soap:Reason>${reasons}</soap:Reason></soap:Fault>`;
  return envelope(FAULT_ACTION, relatesTo, fault);
}

const ROOT_ID = 'root.message@cxf.apache.org';

/** An envelope as one-part multipart/related, as the repository answers even when there is nothing to attach. */
export function asMultipart(status: number, text: string, boundary = `uuid:${randomUUID()}`): Answer {
  const body = `\r\n--${boundary}\r\nContent-Type: application/xop+xml; charset=UTF-8; type="application/soap+xml"\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <${ROOT_ID}>\r\n\r\n${text}\r\n--${boundary}--`;
  const contentType = `multipart/related; type="application/xop+xml"; boundary="${boundary}"; start="<${ROOT_ID}>"; start-info="application/soap+xml"`;
  return { status, contentType, body: Buffer.from(body) };
}

/** An envelope by itself, as the registry answers. */
export function asPlain(status: number, text: string): Answer {
  return { status, contentType: 'application/soap+xml; charset=UTF-8', body: Buffer.from(text) };
}
