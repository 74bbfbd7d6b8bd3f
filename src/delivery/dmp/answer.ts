import { isViaducError } from '../../words/errors.ts';
import type { XmlElement } from '../../xml/tree.ts';
import type { Exchange } from './connection.ts';
import type { Failure } from './failure.ts';
import { unwrap } from './mtom.ts';
import { type Envelope, readEnvelope, type SoapFault } from './soap.ts';

/** How far an answer could be read: the layers of transport, HTTP, MIME and SOAP, in this order. */
export type Answer =
  | Failure
  /** Nothing but an HTTP status, such as the page of a front end. */
  | { kind: 'http'; status: number; sent: boolean; raw: Uint8Array }
  | { kind: 'unreadable'; status: number; reason: string; raw: Uint8Array }
  /** Answer to a request of another MessageID. */
  | { kind: 'stray'; status: number; raw: Uint8Array }
  | { kind: 'fault'; status: number; fault: SoapFault; sent: boolean; raw: Uint8Array }
  | { kind: 'content'; status: number; content: XmlElement; raw: Uint8Array };

/** Reads what an exchange brought, up to the first element of the SOAP body; what that means is the transaction's affair. */
export function readAnswer(exchange: Exchange, messageId: string): Answer {
  if (exchange.kind === 'failure') return exchange;
  const { status, contentType, bytes, sent } = exchange;
  const read = envelopeOf(contentType, bytes);
  if (typeof read === 'string') {
    return status >= 200 && status < 300
      ? { kind: 'unreadable', status, reason: read, raw: bytes }
      : { kind: 'http', status, sent, raw: bytes };
  }
  const { fault, relatesTo, content } = read;
  if (relatesTo !== null && relatesTo !== messageId) return { kind: 'stray', status, raw: bytes };
  if (fault) return { kind: 'fault', status, fault, sent, raw: bytes };
  if (!content) return { kind: 'unreadable', status, reason: 'empty SOAP body', raw: bytes };
  return { kind: 'content', status, content, raw: bytes };
}

/** The envelope, or why there is none. */
function envelopeOf(contentType: string | null, bytes: Uint8Array): Envelope | string {
  try {
    return readEnvelope(unwrap(contentType, bytes)) ?? 'no SOAP envelope';
  } catch (error) {
    if (isViaducError(error)) return error.message;
    throw error;
  }
}
