import type { Markup } from '../../xml/writer.ts';
import type { Body } from './mtom.ts';
import { type EnvelopeInput, writeEnvelope } from './soap.ts';

/** A SOAP 1.2 message without attachments (SOAP 1.2 part 2, section 7; RFC 3902). */
export function plainSoap(input: EnvelopeInput): Body {
  const envelope: Markup = writeEnvelope(input);
  const bytes = Buffer.from(envelope.text);
  return {
    contentType: `application/soap+xml; charset=UTF-8; action="${input.action}"`,
    length: bytes.length,
    chunks: [bytes],
  };
}
