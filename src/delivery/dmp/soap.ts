import { randomUUID } from 'node:crypto';
import { XML_NS } from '../../xml/names.ts';
import { parseXml } from '../../xml/parse.ts';
import { attribute, child, elementsOf, foldedText } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { type Markup, xml } from '../../xml/writer.ts';

export const SOAP_NS = 'http://www.w3.org/2003/05/soap-envelope';
export const WSA_NS = 'http://www.w3.org/2005/08/addressing';
/** Front ends sometimes answer with a fault of the older version. */
const SOAP_11_NS = 'http://schemas.xmlsoap.org/soap/envelope/';
const ANONYMOUS = 'http://www.w3.org/2005/08/addressing/anonymous';

export interface EnvelopeInput {
  action: string;
  /** `urn:uuid:…`, new for every attempt. */
  messageId: string;
  /** URL of the service. */
  to: string;
  /** The whole `wsse:Security` element, written as signed. */
  security: Markup | null;
  body: Markup;
}

export function newMessageId(): string {
  return `urn:uuid:${randomUUID()}`;
}

/** A SOAP 1.2 envelope with WS-Addressing 1.0: Action, MessageID, ReplyTo (anonymous) and To (IHE ITI TF-2, appendix V). */
export function writeEnvelope({ action, messageId, to, security, body }: EnvelopeInput): Markup {
  return xml`<soap:Envelope xmlns:soap="${SOAP_NS}" xmlns:wsa="${WSA_NS}"><soap:Header><wsa:Action soap:mustUnderstand="true">${action}</wsa:Action><wsa:MessageID>${messageId}</wsa:MessageID><wsa:ReplyTo soap:mustUnderstand="true"><wsa:Address>${ANONYMOUS}</wsa:Address></wsa:ReplyTo><wsa:To>${to}</wsa:To>${security}</soap:Header><soap:Body>${body}</soap:Body></soap:Envelope>`;
}

/** A SOAP Fault; `subcode` is the local part of the innermost Subcode, such as DMPInvalidCertificate. */
export interface SoapFault {
  /** Sender, Receiver, MustUnderstand, VersionMismatch, DataEncodingUnknown; Client and Server are read as the first two. */
  code: string;
  subcode: string | null;
  reason: string;
}

export interface Envelope {
  /** MessageID that the answer relates to, when it says so. */
  relatesTo: string | null;
  fault: SoapFault | null;
  /** First element of the body; null when it is empty. */
  content: XmlElement | null;
}

/**
 * Reads an envelope of SOAP 1.2 or 1.1.
 * @returns null when the XML is something else
 * @throws XmlError when it is no XML
 */
export function readEnvelope(bytes: Uint8Array): Envelope | null {
  const { root } = parseXml(bytes);
  const { ns, local } = root.name;
  if (local !== 'Envelope' || (ns !== SOAP_NS && ns !== SOAP_11_NS)) return null;
  const body = child(root, 'Body', ns);
  if (!body) return null;
  const content = elementsOf(body)[0] ?? null;
  const fault = content?.name.local === 'Fault' && content.name.ns === ns ? readFault(content, ns) : null;
  return { relatesTo: foldedText(child(child(root, 'Header', ns), 'RelatesTo', WSA_NS)), fault, content };
}

const OLD_CODES: Readonly<Record<string, string>> = { Client: 'Sender', Server: 'Receiver' };

function readFault(fault: XmlElement, ns: string): SoapFault {
  if (ns === SOAP_11_NS) {
    const [code = '', subcode = null] = localPart(foldedText(child(fault, 'faultcode', ''))).split('.');
    return {
      code: OLD_CODES[code] ?? code,
      subcode,
      reason: foldedText(child(fault, 'faultstring', '')) ?? '',
    };
  }
  const code = child(fault, 'Code', ns);
  return {
    code: localPart(foldedText(child(code, 'Value', ns))),
    subcode: subcodeOf(code, ns),
    reason: reasonOf(child(fault, 'Reason', ns), ns),
  };
}

function subcodeOf(code: XmlElement | null, ns: string): string | null {
  let found: string | null = null;
  for (let inner = child(code, 'Subcode', ns); inner; inner = child(inner, 'Subcode', ns))
    found = localPart(foldedText(child(inner, 'Value', ns)));
  return found;
}

/** The text in French when there is one: it goes back to the sender. */
function reasonOf(reason: XmlElement | null, ns: string): string {
  const texts = reason ? elementsOf(reason).filter((one) => one.name.ns === ns) : [];
  const french = texts.find((one) => attribute(one, 'lang', XML_NS)?.toLowerCase().startsWith('fr'));
  return foldedText(french ?? texts[0] ?? null) ?? '';
}

function localPart(name: string | null): string {
  return name?.slice(name.indexOf(':') + 1) ?? '';
}
