import { attribute, elementsOf, isElement, textOf } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { raise } from './errors.ts';
import { type MediaType, parseMediaType } from './media-type.ts';
import type { Part } from './multipart.ts';
import { XOP_NS } from './names.ts';

/** The parts of a XOP package: the root with the envelope, the others by Content-ID without angle brackets. */
export interface XopPackage {
  root: Buffer;
  attachments: ReadonlyMap<string, Buffer>;
}

/**
 * Opens a XOP package (XOP 1.0, section 4; MTOM with SOAP 1.2; RFC 2387).
 * @throws ViaducError `sandbox.content-type-parameter` or `sandbox.multipart-malformed`
 */
export function openXop(type: MediaType, parts: readonly Part[]): XopPackage {
  demandParameter('Content-Type', type, 'type', 'application/xop+xml');
  demandParameter('Content-Type', type, 'start-info', 'application/soap+xml');
  const root = rootOf(type, parts);
  const rootType = parseMediaType(root.headers.get('content-type'));
  if (rootType?.type !== 'application/xop+xml')
    throw wrongParameter('MIME root part', 'Content-Type', 'application/xop+xml');
  demandParameter('MIME root part', rootType, 'type', 'application/soap+xml');
  return { root: root.body, attachments: attachmentsOf(parts.filter((part) => part !== root)) };
}

function demandParameter(header: string, type: MediaType, name: string, expected: string): void {
  const value = type.parameters.get(name) ?? '';
  // The root part's own type may carry an action: type="application/soap+xml; action=…".
  if (value.split(';')[0]!.trim().toLowerCase() !== expected) throw wrongParameter(header, name, expected);
}

function wrongParameter(header: string, name: string, expected: string): Error {
  return raise('sandbox.content-type-parameter', { header, name, expected });
}

function rootOf(type: MediaType, parts: readonly Part[]): Part {
  const start = type.parameters.get('start');
  const root = start === undefined ? parts[0] : parts.find((part) => contentId(part) === bare(start));
  if (!root) throw wrongParameter('Content-Type', 'start', 'Content-ID');
  return root;
}

function attachmentsOf(parts: readonly Part[]): Map<string, Buffer> {
  const attachments = new Map<string, Buffer>();
  for (const part of parts) {
    const id = contentId(part);
    if (id === null || attachments.has(id))
      throw raise('sandbox.multipart-malformed', { what: 'Content-ID' });
    attachments.set(id, part.body);
  }
  return attachments;
}

/** A Content-ID stands between angle brackets (RFC 2045, section 7); without them it is none. */
function contentId(part: Part): string | null {
  const text = part.headers.get('content-id');
  return text && /^<[^<>\s]+>$/.test(text) ? bare(text) : null;
}

function bare(id: string): string {
  return id.replace(/^<(.*)>$/, '$1');
}

/**
 * The bytes that the single xop:Include of an element stands for.
 * @throws ViaducError `sandbox.document-inline` or `sandbox.part-missing`
 */
export function included(element: XmlElement, attachments: ReadonlyMap<string, Buffer>): Buffer {
  const [include, ...others] = elementsOf(element);
  if (
    !include ||
    others.length > 0 ||
    !isElement(include, 'Include', XOP_NS) ||
    textOf(element).trim() !== ''
  ) {
    throw raise('sandbox.document-inline');
  }
  const href = attribute(include, 'href') ?? '';
  const bytes = href.startsWith('cid:') ? attachments.get(decodeCid(href.slice('cid:'.length))) : undefined;
  if (!bytes) throw raise('sandbox.part-missing', { href });
  return bytes;
}

/** RFC 2392, section 2: the Content-ID is written into the URL with percent-encoding. */
function decodeCid(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
