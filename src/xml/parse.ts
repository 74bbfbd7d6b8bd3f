import type { Values } from '../words/errors.ts';
import { forbiddenCharacter, NAME } from './characters.ts';
import { type Decoded, decode } from './decode.ts';
import { XmlError, type xmlErrors } from './errors.ts';
import { xmlLimits } from './limits.ts';
import { type Malformed, malformed } from './malformed.ts';
import { type Name, XML_NS, XMLNS_NS } from './names.ts';
import { expand } from './references.ts';
import { type Resolved, Scope, SharedValues } from './scope.ts';
import { XmlAttribute, XmlComment, XmlDocument, XmlElement, XmlInstruction, XmlText } from './tree.ts';

/**
 * Parses the bytes of an XML 1.0 document with namespaces into a tree with positions. Refuses DOCTYPE, and with it every
 * entity but the five predefined ones; fetches nothing. The tree keeps the bytes: they must not change afterwards.
 * @throws XmlError with line and column of the first problem
 */
export function parseXml(bytes: Uint8Array): XmlDocument {
  return new Parser(decode(bytes)).run();
}

const LT = 0x3c;
const GT = 0x3e;
const SLASH = 0x2f;
const BANG = 0x21;
const QUESTION = 0x3f;
const EQUALS = 0x3d;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const AMPERSAND = 0x26;
const COLON = 0x3a;
const SPACE = 0x20;
const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;

/** Bytes that may stand in a qualified name; those beyond ASCII are judged with the whole name, once. */
const IN_NAME = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x80 || /[-.:\w]/.test(String.fromCharCode(byte)) ? 1 : 0,
);

/** Bytes of an attribute value that need no second look, quotes apart. */
const IN_VALUE = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < SPACE || byte >= 0x80 || byte === LT || byte === AMPERSAND ? 0 : 1,
);

/** An attribute read but not yet resolved: its element's own declarations may come after it. */
interface RawAttribute {
  start: number;
  end: number;
  hash: number;
  value: string;
}

const NO_ATTRIBUTES: RawAttribute[] = [];

const COMMENT_END = Buffer.from('--');
const INSTRUCTION_END = Buffer.from('?>');
const SECTION_END = Buffer.from(']]>');

const SHORT_TEXT_BYTES = 48;

/** Beyond it, a set finds an attribute that stands twice: comparing each with each would take the square of their number. */
const MANY_ATTRIBUTES = 32;

class Parser {
  readonly #bytes: Buffer;
  readonly #document: XmlDocument;
  readonly #shared: SharedValues;
  #at = 0;
  #order = 1;
  #element: XmlElement | null = null;
  #scope = Scope.top();
  readonly #scopes: Scope[] = [];
  readonly #allScopes = new Set<Scope>();
  /** Hash of the name read last. */
  #hash = 0;
  /** The plain text read last is nothing but white space. */
  #blank = false;
  /** Offsets of the next `&` and `]]>` at or after the reading position, so that no text is searched for them twice. */
  #ampersand = -1;
  #sectionEnd = -1;

  constructor(decoded: Decoded) {
    this.#bytes = decoded.utf8;
    this.#document = new XmlDocument(decoded.utf8, decoded.encoding);
    this.#shared = new SharedValues(decoded.utf8);
  }

  run(): XmlDocument {
    const forbidden = forbiddenCharacter(this.#bytes);
    if (forbidden >= 0) this.#refuseCharacter(forbidden);
    this.#declaration();
    this.#miscellaneous();
    this.#content();
    this.#miscellaneous();
    if (this.#at < this.#bytes.length) this.#fail('afterRoot', this.#at);
    this.#document.size = this.#order;
    return this.#document;
  }

  #declaration(): void {
    if (!/^<\?xml[\s?]/.test(this.#bytes.toString('latin1', 0, 6))) return;
    const end = this.#find(INSTRUCTION_END, 0, 'declarationEnd');
    const shape =
      /^\s+version\s*=\s*(["'])1\.[0-9]\1(\s+encoding\s*=\s*(["'])[A-Za-z][-A-Za-z0-9._]*\3)?(\s+standalone\s*=\s*(["'])(yes|no)\5)?\s*$/;
    if (!shape.test(this.#bytes.toString('latin1', 5, end))) this.#fail('declaration', 0);
    this.#at = end + 2;
  }

  #miscellaneous(): void {
    for (;;) {
      this.#skipSpace();
      if (this.#bytes[this.#at] !== LT) return;
      const next = this.#bytes[this.#at + 1];
      if (next === QUESTION) this.#instruction();
      else if (next === BANG) this.#bang();
      else return;
    }
  }

  #bang(): void {
    if (this.#startsWith('<!--')) {
      this.#comment();
      return;
    }
    if (/^<!DOCTYPE/i.test(this.#bytes.toString('latin1', this.#at, this.#at + 9)))
      throw this.#error('xml.doctype-refused', this.#at);
    this.#fail('unknownMarkup', this.#at);
  }

  /** Reads the root element with all it holds; depth is a stack of parents, never of calls. */
  #content(): void {
    if (this.#bytes[this.#at] !== LT) {
      this.#fail(this.#at < this.#bytes.length ? 'textOutside' : 'noElement', this.#at);
    }
    let depth = this.#startTag() ? 1 : 0;
    while (depth > 0) {
      this.#text();
      const next = this.#bytes[this.#at + 1];
      if (next === SLASH) {
        this.#endTag();
        depth -= 1;
      } else if (next === BANG) this.#bang();
      else if (next === QUESTION) this.#instruction();
      else if (this.#startTag()) depth += 1;
      if (depth > xmlLimits.depth.value)
        throw this.#error('xml.too-deep', this.#at, { limit: xmlLimits.depth.value });
    }
  }

  /** Reads up to the next markup that is not a CDATA section, as one text node. */
  #text(): void {
    const start = this.#at;
    let value = this.#plainText();
    if (this.#bytes[this.#at + 1] === BANG && this.#startsWith('<![CDATA[')) {
      value ??= this.#document.text(start, this.#at);
      while (this.#startsWith('<![CDATA[')) value += this.#cdata() + this.#pieceOfText();
      if (value === '') return;
    }
    if (this.#at === start) return;
    const parent = this.#element!;
    const blank = value === null ? this.#blank : isBlank(value);
    parent.children.push(new XmlText(value, blank, parent, start, this.#at, this.#nextOrder()));
  }

  #pieceOfText(): string {
    const start = this.#at;
    return this.#plainText() ?? this.#document.text(start, this.#at);
  }

  /** Reads up to `<`. The text itself when it holds references, null when its bytes can be decoded later. */
  #plainText(): string | null {
    const start = this.#at;
    const end = this.#nextMarkup(start);
    if (this.#ampersand < start || this.#sectionEnd < start) this.#seek(start);
    if (this.#sectionEnd < end) this.#fail('sectionEnd', this.#sectionEnd);
    this.#at = end;
    return this.#ampersand < end ? this.#expanded(this.#document.text(start, end), start) : null;
  }

  /** Offset of the next `<`: most texts are short, and the search inside a long one is left to the platform. */
  #nextMarkup(start: number): number {
    const bytes = this.#bytes;
    let at = start;
    while (bytes[at]! <= SPACE) at += 1;
    this.#blank = bytes[at] === LT;
    const near = Math.min(at + SHORT_TEXT_BYTES, bytes.length);
    while (at < near && bytes[at] !== LT) at += 1;
    if (at < near) return at;
    const found = bytes.indexOf(LT, at);
    return found < 0 ? this.#fail('endsInside', bytes.length, { name: this.#element!.name.local }) : found;
  }

  #seek(from: number): void {
    if (this.#ampersand < from) this.#ampersand = orEnd(this.#bytes.indexOf(AMPERSAND, from), this.#bytes);
    if (this.#sectionEnd < from)
      this.#sectionEnd = orEnd(this.#bytes.indexOf(SECTION_END, from), this.#bytes);
  }

  #refuseCharacter(at: number): never {
    const code = this.#bytes
      .toString('utf8', at, at + 3)
      .charCodeAt(0)
      .toString(16)
      .toUpperCase()
      .padStart(4, '0');
    return this.#fail('character', at, { code });
  }

  #expanded(text: string, start: number): string {
    const expanded = expand(text);
    if (typeof expanded === 'string') return expanded;
    return this.#fail(expanded.why, this.#bytes.indexOf(expanded.reference, start), {
      name: expanded.reference,
    });
  }

  #cdata(): string {
    const start = this.#at + 9;
    const end = this.#find(SECTION_END, start, 'cdataEnd');
    this.#at = end + 3;
    return this.#document.text(start, end);
  }

  #comment(): void {
    const start = this.#at;
    const close = this.#find(COMMENT_END, start + 4, 'commentEnd');
    if (this.#bytes[close + 2] !== GT) this.#fail('dashes', close);
    const parent = this.#element ?? this.#document;
    this.#at = close + 3;
    parent.children.push(new XmlComment(parent, start, this.#at, this.#nextOrder()));
  }

  #instruction(): void {
    const start = this.#at;
    const end = this.#find(INSTRUCTION_END, start + 2, 'instructionEnd');
    const found = /^(\S+)(?:\s+([\s\S]*))?$/.exec(this.#document.text(start + 2, end));
    const target = found?.[1] ?? '';
    if (!NAME.test(target)) this.#fail('target', start);
    if (/^xml$/i.test(target)) this.#fail('lateDeclaration', start);
    const parent = this.#element ?? this.#document;
    parent.children.push(new XmlInstruction(target, found?.[2] ?? '', parent, start, this.#nextOrder()));
    this.#at = end + 2;
  }

  /** Offset of the text that ends a construct. */
  #find(end: Buffer, from: number, unfinished: Malformed): number {
    const found = this.#bytes.indexOf(end, from);
    if (found < 0) this.#fail(unfinished, this.#at);
    return found;
  }

  /** Reads a start tag; true when the element stays open, false when it was empty. */
  #startTag(): boolean {
    const start = this.#at;
    const nameEnd = this.#name(start + 1);
    const nameHash = this.#hash;
    const raw = this.#rawAttributes(nameEnd, start);
    const declared = raw.length > 0 ? this.#declarations(raw) : null;
    const outer = this.#scope;
    if (declared) this.#scope = this.#scopeWith(declared, start);
    const element = this.#open(start, this.#resolve(start + 1, nameEnd, nameHash, true));
    element.declared = declared;
    if (raw.length > 0) this.#attach(element, raw);
    if (this.#bytes[this.#at] === SLASH) {
      if (this.#bytes[this.#at + 1] !== GT) this.#fail('slash', this.#at);
      this.#at += 2;
      this.#scope = outer;
      return false;
    }
    this.#at += 1;
    this.#scopes.push(outer);
    this.#element = element;
    return true;
  }

  #scopeWith(declared: ReadonlyMap<string, string>, start: number): Scope {
    const scope = this.#scope.with(declared);
    this.#allScopes.add(scope);
    if (this.#allScopes.size > xmlLimits.scopes.value)
      throw this.#error('xml.too-many-namespaces', start, { limit: xmlLimits.scopes.value });
    return scope;
  }

  #open(start: number, { name, prefix }: Resolved): XmlElement {
    const parent = this.#element ?? this.#document;
    const element = new XmlElement(name, prefix, parent, start, this.#nextOrder());
    parent.children.push(element);
    this.#document.elements.push(element);
    return element;
  }

  #rawAttributes(from: number, tag: number): RawAttribute[] {
    let list = NO_ATTRIBUTES;
    this.#at = from;
    for (;;) {
      const before = this.#at;
      this.#skipSpace();
      const byte = this.#bytes[this.#at];
      if (byte === GT || byte === SLASH) return list;
      if (byte === undefined) this.#fail('tagEnd', tag);
      if (before === this.#at) this.#fail('spaceMissing', this.#at);
      if (list === NO_ATTRIBUTES) list = [];
      list.push(this.#rawAttribute());
    }
  }

  #rawAttribute(): RawAttribute {
    const start = this.#at;
    const end = this.#name(start);
    const hash = this.#hash;
    this.#at = end;
    this.#skipSpace();
    if (this.#bytes[this.#at] !== EQUALS)
      this.#fail('noValue', start, { name: this.#bytes.toString('utf8', start, end) });
    this.#at += 1;
    this.#skipSpace();
    return { start, end, hash, value: this.#quoted() };
  }

  #quoted(): string {
    const bytes = this.#bytes;
    const quote = bytes[this.#at];
    if (quote !== QUOTE && quote !== APOSTROPHE) this.#fail('unquoted', this.#at);
    const start = this.#at + 1;
    const end = bytes.length;
    let at = start;
    let hash = 0;
    let plain = true;
    for (; at < end; at += 1) {
      const byte = bytes[at]!;
      if (byte === quote) break;
      if (IN_VALUE[byte] === 0) plain = false;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    if (at === end) this.#fail('valueEnd', start);
    this.#at = at + 1;
    return plain ? this.#shared.get(start, at, hash) : this.#unusual(start, at);
  }

  /** An attribute value with references, white space other than blanks, or characters beyond ASCII (XML 1.0, 3.3.3). */
  #unusual(start: number, end: number): string {
    for (let at = start; at < end; at += 1) if (this.#bytes[at] === LT) this.#fail('lessThan', at);
    return this.#expanded(this.#document.text(start, end).replace(/[\t\n]/g, ' '), start);
  }

  #declarations(raw: RawAttribute[]): Map<string, string> | null {
    let declared: Map<string, string> | null = null;
    for (const one of raw) {
      const prefix = this.#declaredPrefix(one);
      if (prefix === null) continue;
      declared ??= new Map();
      if (declared.has(prefix))
        this.#fail(prefix ? 'declaredTwice' : 'defaultTwice', one.start, { name: prefix });
      this.#checkDeclaration(prefix, one);
      declared.set(prefix, one.value);
    }
    return declared;
  }

  /** The prefix that `xmlns` or `xmlns:prefix` declares, or null for any other attribute. */
  #declaredPrefix(one: RawAttribute): string | null {
    if (
      this.#bytes[one.start] !== 0x78 ||
      this.#bytes.toString('latin1', one.start, one.start + 5) !== 'xmlns'
    )
      return null;
    if (one.end === one.start + 5) return '';
    return this.#bytes[one.start + 5] === COLON ? this.#bytes.toString('utf8', one.start + 6, one.end) : null;
  }

  /** Namespaces in XML 1.0, section 3: reserved prefixes and names, no un-declaring of a prefix. */
  #checkDeclaration(prefix: string, one: RawAttribute): void {
    const reserved =
      prefix === 'xmlns' || one.value === XMLNS_NS || (prefix === 'xml') !== (one.value === XML_NS);
    if (reserved) this.#fail('reserved', one.start);
    if (prefix !== '' && one.value === '') this.#fail('unbound', one.start, { name: prefix });
    const colon = one.end > one.start + 5;
    if (colon && !(NAME.test(prefix) && !prefix.includes(':'))) this.#fail('name', one.start);
  }

  #attach(element: XmlElement, raw: RawAttribute[]): void {
    const attributes: XmlAttribute[] = [];
    const names = raw.length > MANY_ATTRIBUTES ? new Set<Name>() : null;
    for (const one of raw) {
      if (element.declared && this.#declaredPrefix(one) !== null) continue;
      const { name, prefix } = this.#resolve(one.start, one.end, one.hash, false);
      const twice = names ? names.has(name) : attributes.some((other) => other.name === name);
      if (twice) this.#fail('twice', one.start, { name: name.local });
      names?.add(name);
      attributes.push(new XmlAttribute(name, prefix, one.value, element, one.start, this.#nextOrder()));
    }
    if (attributes.length > 0) element.attributes = attributes;
  }

  #endTag(): void {
    const start = this.#at;
    const end = this.#name(start + 2);
    const element = this.#element!;
    const resolved = this.#scope.known(this.#bytes, start + 2, end, this.#hash, true);
    if (!resolved || resolved.name !== element.name || resolved.prefix !== element.prefix) {
      const name = this.#bytes.toString('utf8', start + 2, end);
      this.#fail('crossed', start, { name, open: element.name.local });
    }
    this.#at = end;
    this.#skipSpace();
    if (this.#bytes[this.#at] !== GT) this.#fail('endTag', start);
    this.#at += 1;
    this.#scope = this.#scopes.pop()!;
    this.#element = element.parent instanceof XmlElement ? element.parent : null;
  }

  /** Offset after the qualified name that begins at `start`; its hash is left in `#hash`. */
  #name(start: number): number {
    const bytes = this.#bytes;
    const end = bytes.length;
    let at = start;
    let hash = 0;
    for (; at < end && IN_NAME[bytes[at]!] === 1; at += 1) hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
    if (at === start) this.#fail('nameMissing', start);
    this.#hash = hash;
    return at;
  }

  #resolve(start: number, end: number, hash: number, element: boolean): Resolved {
    return (
      this.#scope.known(this.#bytes, start, end, hash, element) ?? this.#newName(start, end, hash, element)
    );
  }

  /** Checks a name the first time it is met in its scope (Namespaces in XML 1.0, section 4). */
  #newName(start: number, end: number, hash: number, element: boolean): Resolved {
    const qname = this.#bytes.toString('utf8', start, end);
    const parts = qname.split(':');
    if (parts.length > 2 || !parts.every((part) => NAME.test(part))) this.#fail('name', start);
    const resolved = this.#scope.resolve(qname, start, end, hash, element);
    return resolved ?? this.#fail('undeclared', start, { name: qname });
  }

  #skipSpace(): void {
    const bytes = this.#bytes;
    const end = bytes.length;
    let at = this.#at;
    for (; at < end; at += 1) {
      const byte = bytes[at];
      if (byte !== SPACE && byte !== LF && byte !== CR && byte !== TAB) break;
    }
    this.#at = at;
  }

  #startsWith(text: string): boolean {
    return this.#bytes.toString('latin1', this.#at, this.#at + text.length) === text;
  }

  #nextOrder(): number {
    if (this.#order >= xmlLimits.nodes.value)
      throw this.#error('xml.too-many-nodes', this.#at, { limit: xmlLimits.nodes.value });
    this.#order += 1;
    return this.#order - 1;
  }

  #fail(what: Malformed, offset: number, names?: Readonly<Record<string, string>>): never {
    throw this.#error('xml.not-well-formed', offset, { what: malformed(what, names) });
  }

  #error(code: keyof typeof xmlErrors, offset: number, values: Values = {}): XmlError {
    return new XmlError(code, this.#document.placeOf(Math.max(0, offset)), values);
  }
}

function isBlank(text: string): boolean {
  return !/[^\t\n\r ]/.test(text);
}

function orEnd(index: number, bytes: Buffer): number {
  return index < 0 ? bytes.length : index;
}
