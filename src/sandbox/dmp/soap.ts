import { XmlError } from '../../xml/errors.ts';
import type { Name } from '../../xml/names.ts';
import { parseXml } from '../../xml/parse.ts';
import { attribute, children, elementsOf, isElement, textOf } from '../../xml/select.ts';
import { ELEMENT, type XmlDocument, type XmlElement } from '../../xml/tree.ts';
import { escapeXml } from '../../xml/writer.ts';
import { raise } from './errors.ts';
import { SOAP_NS, WSA_NS } from './names.ts';

/** A SOAP 1.2 envelope whose shape was checked. */
export interface Envelope {
  document: XmlDocument;
  header: XmlElement | null;
  /** The header as it was written, for whoever asks what was sent last. */
  headerText: string;
  /** The only element inside a block of the header, in one that declares every prefix in force: a text that can be read by itself. */
  alone(inside: XmlElement): string;
  /** The elements of the body. */
  body: XmlElement[];
}

/**
 * Parses an envelope (SOAP 1.2 part 1, section 5.1).
 * @throws ViaducError `sandbox.xml-unreadable`, `sandbox.not-soap-12` or `sandbox.envelope-shape`
 */
export function parseEnvelope(bytes: Buffer): Envelope {
  const document = parse(bytes);
  const { root } = document;
  if (!isElement(root, 'Envelope', SOAP_NS)) {
    throw raise('sandbox.not-soap-12', { root: `{${root.name.ns}}${root.name.local}` });
  }
  const parts = elementsOf(root);
  const header = parts.length === 2 ? parts[0]! : null;
  const body = parts.at(-1);
  if (parts.length > 2 || !body || !isElement(body, 'Body', SOAP_NS)) throw misshapen('Body');
  if (header && !isElement(header, 'Header', SOAP_NS)) throw misshapen('Header');
  const headerText = header ? document.text(header.start, body.start).trim() : '';
  const alone = (inside: XmlElement) => textAlone(inside, document.text(inside.start, body.start));
  return { document, header, headerText, alone, body: elementsOf(body) };
}

/** @param text from the element on */
function textAlone(element: XmlElement, text: string): string {
  const declared = new Map<string, string>();
  for (let above = element.parent; above.kind === ELEMENT; above = above.parent)
    for (const [prefix, uri] of above.declared ?? []) if (!declared.has(prefix)) declared.set(prefix, uri);
  const { prefix, name } = element;
  const end = text.lastIndexOf(`</${prefix === '' ? '' : `${prefix}:`}${name.local}`);
  const declarations = [...declared].map(([one, uri]) => xmlns(one, uri)).join('');
  return `<alone${declarations}>${text.slice(0, text.indexOf('>', end) + 1)}</alone>`;
}

function xmlns(prefix: string, uri: string): string {
  return ` ${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${escapeXml(uri)}"`;
}

function parse(bytes: Buffer): XmlDocument {
  try {
    return parseXml(bytes);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    const { line, column, message } = error;
    throw raise('sandbox.xml-unreadable', { line, column, what: message }, error);
  }
}

function misshapen(expected: string): Error {
  return raise('sandbox.envelope-shape', { expected });
}

/** The only element of the body. @throws ViaducError `sandbox.envelope-shape` when it is another, or not alone */
export function payloadOf(envelope: Envelope, expected: Name): XmlElement {
  const [payload, ...others] = envelope.body;
  if (!payload || others.length > 0 || payload.name !== expected) throw misshapen(expected.local);
  return payload;
}

/** The WS-Addressing headers of a name. */
export function addressing(envelope: Envelope, local: string): XmlElement[] {
  return children(envelope.header, local, WSA_NS);
}

/** The text of the one header of a name, or null when it is missing, repeated or empty. */
export function addressingText(envelope: Envelope, local: string): string | null {
  const found = addressing(envelope, local);
  return found.length === 1 ? textOf(found[0]!).trim() || null : null;
}

/** Whether a header block must be understood (SOAP 1.2 part 1, section 5.2.3). */
export function mustUnderstand(header: XmlElement): boolean {
  return /^\s*(1|true)\s*$/.test(attribute(header, 'mustUnderstand', SOAP_NS) ?? '');
}
