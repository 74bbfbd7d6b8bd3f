import { type Name, nameOf, XML_NS } from './names.ts';

/** A qualified name resolved in a scope, with the place in the document's bytes where it was first met. */
export interface Resolved {
  readonly start: number;
  readonly end: number;
  readonly prefix: string;
  readonly name: Name;
  readonly next: Resolved | null;
  /** How many names stand behind this one in its bucket. */
  readonly behind: number;
}

const BUCKETS = 128;

/** Names beyond it in one bucket are kept by their text: documents can be made whose names all fall into one. */
const LONGEST_CHAIN = 16;

/**
 * The namespace bindings in force at an element, with the names already resolved under them. A name seen before is found
 * by its bytes alone, without making a string of it.
 */
export class Scope {
  readonly prefixes: ReadonlyMap<string, string>;
  readonly #elements: (Resolved | null)[] = new Array(BUCKETS).fill(null);
  readonly #attributes: (Resolved | null)[] = new Array(BUCKETS).fill(null);

  readonly #crowded = { element: new Map<string, Resolved>(), attribute: new Map<string, Resolved>() };
  readonly #inner = new Map<string, Scope>();

  constructor(prefixes: ReadonlyMap<string, string>) {
    this.prefixes = prefixes;
  }

  static readonly top = () => new Scope(new Map([['xml', XML_NS]]));

  /** The scope below an element that declares these prefixes; the same one for the same declarations. */
  with(declared: ReadonlyMap<string, string>): Scope {
    const key = [...declared].flat().join('\0');
    const known = this.#inner.get(key);
    if (known) return known;
    const inner = new Scope(new Map([...this.prefixes, ...declared]));
    this.#inner.set(key, inner);
    return inner;
  }

  /** The name between two offsets if it was resolved in this scope before. */
  known(bytes: Buffer, start: number, end: number, hash: number, element: boolean): Resolved | null {
    const first = (element ? this.#elements : this.#attributes)[hash & (BUCKETS - 1)] ?? null;
    let entry = first;
    while (entry && !sameBytes(bytes, entry.start, entry.end, start, end)) entry = entry.next;
    if (entry || !first || first.behind < LONGEST_CHAIN - 1) return entry;
    return this.#crowded[element ? 'element' : 'attribute'].get(bytes.toString('utf8', start, end)) ?? null;
  }

  /** Resolves a well-formed qualified name; null when its prefix is not bound. An attribute without a prefix has no namespace. */
  resolve(qname: string, start: number, end: number, hash: number, element: boolean): Resolved | null {
    const colon = qname.indexOf(':');
    const prefix = colon < 0 ? '' : qname.slice(0, colon);
    const ns = prefix === '' ? (element ? (this.prefixes.get('') ?? '') : '') : this.prefixes.get(prefix);
    if (ns === undefined) return null;
    const table = element ? this.#elements : this.#attributes;
    const bucket = hash & (BUCKETS - 1);
    const next = table[bucket] ?? null;
    const behind = next ? next.behind + 1 : 0;
    const resolved = { start, end, prefix, name: nameOf(ns, qname.slice(colon + 1)), next, behind };
    if (behind < LONGEST_CHAIN) table[bucket] = resolved;
    else this.#crowded[element ? 'element' : 'attribute'].set(qname, resolved);
    return resolved;
  }
}

function sameBytes(bytes: Uint8Array, aStart: number, aEnd: number, bStart: number, bEnd: number): boolean {
  const length = aEnd - aStart;
  if (bEnd - bStart !== length) return false;
  for (let at = 0; at < length; at += 1) if (bytes[aStart + at] !== bytes[bStart + at]) return false;
  return true;
}

const SLOTS = 1024;
const LONGEST_SHARED_BYTES = 64;

/**
 * Short ASCII values of one document, each made into a string once: identifiers, codes and OIDs come again and again.
 * Bounded by its slots; a value whose slot is taken by another is simply made again.
 */
export class SharedValues {
  readonly #bytes: Buffer;
  readonly #starts = new Int32Array(SLOTS);
  readonly #ends = new Int32Array(SLOTS);
  readonly #values: string[] = new Array(SLOTS).fill('');

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The string of an ASCII value between two offsets, whose hash the reader computed on the way. */
  get(start: number, end: number, hash: number): string {
    if (start === end) return '';
    if (end - start > LONGEST_SHARED_BYTES) return this.#bytes.toString('latin1', start, end);
    const slot = hash & (SLOTS - 1);
    if (sameBytes(this.#bytes, this.#starts[slot]!, this.#ends[slot]!, start, end))
      return this.#values[slot]!;
    this.#starts[slot] = start;
    this.#ends[slot] = end;
    const value = this.#bytes.toString('latin1', start, end);
    this.#values[slot] = value;
    return value;
  }
}
