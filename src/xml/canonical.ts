import {
  COMMENT,
  ELEMENT,
  INSTRUCTION,
  TEXT,
  type XmlAttribute,
  type XmlDocument,
  type XmlElement,
  type XmlNode,
} from './tree.ts';

/** Longest text that is gathered before it is handed on. */
const PIECE = 65_536;

/**
 * A document in the form of Canonical XML 1.0 with comments (W3C REC-xml-c14n-20010315), handed to `take` in pieces: what
 * the manifest of a lot's signature digests. The document has no DTD, as `parseXml` guarantees.
 */
export function canonicalize(document: XmlDocument, take: (piece: string) => void): void {
  const writer = new CanonicalWriter(take);
  const rootAt = document.children.indexOf(document.root);
  document.children.forEach((node, index) => {
    if (index > rootAt) writer.raw('\n');
    writer.tree(node);
    if (index < rootAt) writer.raw('\n');
  });
  writer.end();
}

type Bindings = ReadonlyMap<string, string>;

class CanonicalWriter {
  readonly #take: (piece: string) => void;
  #gathered = '';

  constructor(take: (piece: string) => void) {
    this.#take = take;
  }

  raw(text: string): void {
    this.#gathered += text;
    if (this.#gathered.length >= PIECE) this.end();
  }

  end(): void {
    if (this.#gathered !== '') this.#take(this.#gathered);
    this.#gathered = '';
  }

  /** Depth is bounded by the parser. */
  tree(node: XmlNode, inherited: Bindings = NOTHING_BOUND): void {
    if (node.kind === ELEMENT) this.#element(node, inherited);
    else this.raw(leaf(node));
  }

  #element(element: XmlElement, inherited: Bindings): void {
    const name = qualified(element);
    const { declared, attributes, children } = element;
    const added = declared === null ? NO_BINDINGS : additions(declared, inherited);
    let start = `<${name}`;
    for (const [prefix, uri] of added)
      start += ` ${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${canonicalValue(uri)}"`;
    for (const attribute of attributes.length > 1 ? attributes.toSorted(byName) : attributes)
      start += ` ${qualified(attribute)}="${canonicalValue(attribute.value)}"`;
    this.raw(`${start}>`);
    const bound = added.length === 0 ? inherited : new Map([...inherited, ...added]);
    for (const child of children) this.tree(child, bound);
    this.raw(`</${name}>`);
  }
}

function leaf(node: Exclude<XmlNode, XmlElement>): string {
  switch (node.kind) {
    case TEXT:
      return canonicalText(node.value);
    case COMMENT:
      return `<!--${node.value}-->`;
    case INSTRUCTION:
      return `<?${node.target}${node.value === '' ? '' : ` ${node.value}`}?>`;
  }
}

const NO_BINDINGS: [string, string][] = [];
/** The prefix `xml` is bound everywhere and never written. */
const NOTHING_BOUND: Bindings = new Map([
  ['', ''],
  ['xml', 'http://www.w3.org/XML/1998/namespace'],
]);

/** Declarations that say something new, in the order of their prefixes. */
function additions(declared: Bindings, inherited: Bindings): [string, string][] {
  return [...declared]
    .filter(([prefix, uri]) => inherited.get(prefix) !== uri)
    .sort(([one], [other]) => compare(one, other));
}

function qualified({ prefix, name }: XmlElement | XmlAttribute): string {
  return prefix === '' ? name.local : `${prefix}:${name.local}`;
}

function byName({ name: one }: XmlAttribute, { name: other }: XmlAttribute): number {
  return compare(one.ns, other.ns) || compare(one.local, other.local);
}

/** In the order of code points, which that of UTF-16 code units is but for characters beyond the basic plane. */
function compare(one: string, other: string): number {
  if (one === other) return 0;
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

const IN_TEXT = /[&<>\r]/g;
const IN_VALUE = /[&<"\t\n\r]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};

/** A text as element content in canonical form. */
export function canonicalText(text: string): string {
  return text.replace(IN_TEXT, (character) => ESCAPES[character]!);
}

/** A text as the value of an attribute in canonical form. */
export function canonicalValue(value: string): string {
  return value.replace(IN_VALUE, (character) => ESCAPES[character]!);
}
