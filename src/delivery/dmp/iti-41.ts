import { type Markup, xml } from '../../xml/writer.ts';
import { readAnswer } from './answer.ts';
import type { DmpConnection } from './connection.ts';
import { type Body, includeHref, writeMtom } from './mtom.ts';
import { type DmpOutcome, outcomeOf } from './outcome.ts';
import { newMessageId, writeEnvelope } from './soap.ts';

const ACTION = 'urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b';
const XDSB_NS = 'urn:ihe:iti:xds-b:2007';
const XOP_NS = 'http://www.w3.org/2004/08/xop/include';

export interface ProvideAndRegister {
  /** `lcm:SubmitObjectsRequest`, the very text that was stored before sending. */
  metadata: Markup;
  /** One for each document entry of the metadata, signature included. Bytes are sent as they are. */
  documents: readonly { symbolicId: string; bytes: Uint8Array }[];
  /** The whole `wsse:Security` element, made afresh for every attempt. */
  security: Markup | null;
  /** New for every attempt unless given. */
  messageId?: string;
  boundary?: string;
}

/**
 * TD2.1a and TD2.1b, deposit and replacement: ITI-41 Provide and Register Document Set-b (IHE ITI TF-2, section 3.41).
 * Sending again what may have arrived takes the same metadata and bytes, and a new `security` and message id.
 */
export async function provideAndRegister(
  connection: DmpConnection,
  input: ProvideAndRegister,
  signal?: AbortSignal,
): Promise<DmpOutcome> {
  const messageId = input.messageId ?? newMessageId();
  const body = writeIti41({ ...input, messageId, to: connection.urlOf('repository') });
  const exchange = await connection.exchange('repository', body, signal);
  return outcomeOf(readAnswer(exchange, messageId), 'changes');
}

/** The MTOM message of a request; every document travels as a part of its own, uncopied. */
export function writeIti41(input: ProvideAndRegister & { messageId: string; to: string }): Body {
  const { metadata, documents, security, messageId, to, boundary } = input;
  const parts = documents.map(({ symbolicId, bytes }) => ({
    contentId: `${symbolicId}@viaduc`,
    contentType: 'application/octet-stream',
    bytes,
  }));
  const included = documents.map(({ symbolicId }, index) =>
    writeDocument(symbolicId, parts[index]!.contentId),
  );
  const body = xml`<xdsb:ProvideAndRegisterDocumentSetRequest xmlns:xdsb="${XDSB_NS}">${metadata}${included}</xdsb:ProvideAndRegisterDocumentSetRequest>`;
  const root = writeEnvelope({ action: ACTION, messageId, to, security, body }).text;
  return writeMtom({ root, action: ACTION, parts, ...(boundary === undefined ? {} : { boundary }) });
}

function writeDocument(symbolicId: string, contentId: string): Markup {
  return xml`<xdsb:Document id="${symbolicId}"><xop:Include xmlns:xop="${XOP_NS}" href="${includeHref(contentId)}"/></xdsb:Document>`;
}
