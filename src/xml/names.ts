/**
 * An expanded name, interned for the life of the process: two nodes have the same name when their `Name` is the same
 * object. A compiled rule compares objects, never strings.
 */
export interface Name {
  /** Namespace URI, empty when none. */
  readonly ns: string;
  readonly local: string;
  /** Dense number, from 0, in order of first use. */
  readonly id: number;
}

const byNamespace = new Map<string, Map<string, Name>>();
let count = 0;

/** How many distinct names the process keeps; what comes from documents beyond it is not interned for ever. */
const MOST_NAMES = 50_000;

/** The one `Name` of a namespace and local name. Beyond `MOST_NAMES`, a fresh object: hostile names do not fill memory. */
export function nameOf(ns: string, local: string): Name {
  let locals = byNamespace.get(ns);
  const known = locals?.get(local);
  if (known) return known;
  const name: Name = { ns, local, id: count };
  if (count >= MOST_NAMES) return name;
  locals ??= new Map();
  locals.set(local, name);
  byNamespace.set(ns, locals);
  count += 1;
  return name;
}

export const XML_NS = 'http://www.w3.org/XML/1998/namespace';
export const XMLNS_NS = 'http://www.w3.org/2000/xmlns/';
export const XSI_NS = 'http://www.w3.org/2001/XMLSchema-instance';
/** Namespace of HL7 v3 and CDA. */
export const HL7_NS = 'urn:hl7-org:v3';
