/** The document is not of the sort that is read from its bytes alone. */
export class NotPlain extends Error {}

/** Namespaces by prefix; the empty prefix is the default. */
export type Bindings = ReadonlyMap<string, string>;

/** Offsets of an attribute; its value without quotes. */
export interface RawAttribute {
  nameStart: number;
  nameEnd: number;
  valueStart: number;
  valueEnd: number;
}

/** A start tag as its bytes say it. */
export interface StartTag {
  nameStart: number;
  nameEnd: number;
  /** Offset after its `>`. */
  end: number;
  empty: boolean;
  /** It may be copied as it is, but for the end of an empty one. */
  canonical: boolean;
  /** What canonical form writes, in its order: declarations that say something new, then attributes. */
  written: readonly RawAttribute[];
  /** In force inside the element. */
  bindings: Bindings;
}

/** The prefix `xml` is bound everywhere and never written. */
export const ROOT_BINDINGS: Bindings = new Map([
  ['', ''],
  ['xml', 'http://www.w3.org/XML/1998/namespace'],
]);

const [TAB, LF, CR, SPACE, QUOTE, APOSTROPHE] = [0x09, 0x0a, 0x0d, 0x20, 0x22, 0x27];
const [AMPERSAND, SLASH, COLON, LESS, EQUALS, GREATER] = [0x26, 0x2f, 0x3a, 0x3c, 0x3d, 0x3e];
const NONE: readonly RawAttribute[] = [];

/** Reads the start tag at an offset. @throws NotPlain when it is none, or has a prefix that is not bound */
export function readStartTag(bytes: Buffer, at: number, inherited: Bindings): StartTag {
  const nameStart = at + 1;
  const nameEnd = endOfName(bytes, nameStart);
  const { attributes, end, empty, tidy } = readAttributes(bytes, nameEnd);
  const tag = { nameStart, nameEnd, end, empty };
  if (attributes.length === 0) {
    boundPrefix(bytes, nameStart, nameEnd, inherited);
    return { ...tag, canonical: tidy, written: NONE, bindings: inherited };
  }
  const { written, bindings } = inOrder(bytes, attributes, inherited);
  boundPrefix(bytes, nameStart, nameEnd, bindings);
  const same =
    written.length === attributes.length && written.every((one, index) => one === attributes[index]);
  return { ...tag, canonical: tidy && same, written, bindings };
}

function endOfName(bytes: Buffer, start: number): number {
  let at = start;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (isSpace(byte) || byte === GREATER || byte === SLASH || byte === EQUALS) break;
    if (byte === LESS || byte === QUOTE || byte === APOSTROPHE || byte === AMPERSAND) throw new NotPlain();
  }
  if (at === start || at === bytes.length) throw new NotPlain();
  return at;
}

function isSpace(byte: number): boolean {
  return byte === SPACE || byte === LF || byte === CR || byte === TAB;
}

interface Attributes {
  attributes: RawAttribute[];
  end: number;
  empty: boolean;
  /** One space before each, double quotes, nothing to escape, nothing before the end. */
  tidy: boolean;
}

function readAttributes(bytes: Buffer, from: number): Attributes {
  const attributes: RawAttribute[] = [];
  let tidy = true;
  for (let at = from; ; ) {
    const start = at;
    while (isSpace(bytes[at] ?? 0)) at += 1;
    const empty = bytes[at] === SLASH;
    if (empty || bytes[at] === GREATER) {
      if (empty && bytes[at + 1] !== GREATER) throw new NotPlain();
      return { attributes, end: at + (empty ? 2 : 1), empty, tidy: tidy && at === start };
    }
    if (at === start) throw new NotPlain();
    const one = readAttribute(bytes, at);
    tidy &&= at === start + 1 && bytes[start] === SPACE && isTidy(bytes, one);
    attributes.push(one);
    at = one.valueEnd + 1;
  }
}

function readAttribute(bytes: Buffer, nameStart: number): RawAttribute {
  const nameEnd = endOfName(bytes, nameStart);
  let at = nameEnd;
  while (isSpace(bytes[at] ?? 0)) at += 1;
  if (bytes[at] !== EQUALS) throw new NotPlain();
  at += 1;
  while (isSpace(bytes[at] ?? 0)) at += 1;
  const quote = bytes[at];
  if (quote !== QUOTE && quote !== APOSTROPHE) throw new NotPlain();
  const valueStart = at + 1;
  let valueEnd = valueStart;
  while (valueEnd < bytes.length && bytes[valueEnd] !== quote) valueEnd += 1;
  if (valueEnd === bytes.length) throw new NotPlain();
  return { nameStart, nameEnd, valueStart, valueEnd };
}

function isTidy(bytes: Buffer, { nameEnd, valueStart, valueEnd }: RawAttribute): boolean {
  if (valueStart !== nameEnd + '="'.length || bytes[valueStart - 1] !== QUOTE) return false;
  for (let at = valueStart; at < valueEnd; at += 1) {
    const byte = bytes[at]!;
    if (byte === AMPERSAND || byte === LESS || byte === TAB || byte === LF || byte === CR) return false;
  }
  return true;
}

/** What is written of the attributes of an element, in order, and what they bind. */
function inOrder(
  bytes: Buffer,
  attributes: RawAttribute[],
  inherited: Bindings,
): { written: readonly RawAttribute[]; bindings: Bindings } {
  if (!attributes.some((one) => isDeclaration(bytes, one)))
    return { bindings: inherited, written: sortedAttributes(bytes, attributes, inherited) };
  const declarations = attributes.filter((one) => isDeclaration(bytes, one));
  const bindings = extended(bytes, declarations, inherited);
  const said = declarations
    .map((one) => ({ one, prefix: declaredPrefix(bytes, one) }))
    .filter(({ prefix }) => inherited.get(prefix) !== bindings.get(prefix))
    .sort(({ prefix: left }, { prefix: right }) => Buffer.compare(Buffer.from(left), Buffer.from(right)))
    .map(({ one }) => one);
  const others = attributes.filter((one) => !declarations.includes(one));
  return { bindings, written: [...said, ...sortedAttributes(bytes, others, bindings)] };
}

const XMLNS = 'xmlns';

function isDeclaration(bytes: Buffer, { nameStart, nameEnd }: RawAttribute): boolean {
  if (nameEnd - nameStart < XMLNS.length || bytes[nameStart] !== 0x78) return false;
  const after = nameStart + XMLNS.length;
  return (
    bytes.toString('latin1', nameStart, after) === XMLNS && (after === nameEnd || bytes[after] === COLON)
  );
}

function declaredPrefix(bytes: Buffer, { nameStart, nameEnd }: RawAttribute): string {
  return bytes.toString('utf8', nameStart + `${XMLNS}:`.length, nameEnd);
}

function extended(bytes: Buffer, declarations: readonly RawAttribute[], inherited: Bindings): Bindings {
  const all = new Map(inherited);
  for (const one of declarations) {
    const uri = bytes.toString('utf8', one.valueStart, one.valueEnd);
    if (/[&<\s]/.test(uri)) throw new NotPlain();
    all.set(declaredPrefix(bytes, one), uri);
  }
  return all;
}

/** The namespace of a prefixed name, the empty one of a name without. */
function boundPrefix(
  bytes: Buffer,
  start: number,
  end: number,
  bindings: Bindings,
): { ns: string; local: number } {
  for (let at = start; at < end; at += 1) {
    if (bytes[at] !== COLON) continue;
    const ns = bindings.get(bytes.toString('utf8', start, at));
    if (!ns) throw new NotPlain();
    return { ns, local: at + 1 };
  }
  return { ns: '', local: start };
}

/** By namespace, then by local name, in the order of code points: that of the bytes of UTF-8. */
function sortedAttributes(
  bytes: Buffer,
  attributes: readonly RawAttribute[],
  bindings: Bindings,
): readonly RawAttribute[] {
  if (attributes.some((one) => hasPrefix(bytes, one))) return sortedByNamespace(bytes, attributes, bindings);
  for (let index = 1; index < attributes.length; index += 1) {
    const [before, one] = [attributes[index - 1]!, attributes[index]!];
    if (compareBytes(bytes, before.nameStart, before.nameEnd, one.nameStart, one.nameEnd) > 0)
      return attributes.toSorted((left, right) =>
        compareBytes(bytes, left.nameStart, left.nameEnd, right.nameStart, right.nameEnd),
      );
  }
  return attributes;
}

function hasPrefix(bytes: Buffer, { nameStart, nameEnd }: RawAttribute): boolean {
  for (let at = nameStart; at < nameEnd; at += 1) if (bytes[at] === COLON) return true;
  return false;
}

function sortedByNamespace(
  bytes: Buffer,
  attributes: readonly RawAttribute[],
  bindings: Bindings,
): readonly RawAttribute[] {
  const named = attributes.map((one) => ({
    one,
    ...boundPrefix(bytes, one.nameStart, one.nameEnd, bindings),
  }));
  named.sort(
    (left, right) =>
      (left.ns === right.ns ? 0 : Buffer.compare(Buffer.from(left.ns), Buffer.from(right.ns))) ||
      compareBytes(bytes, left.local, left.one.nameEnd, right.local, right.one.nameEnd),
  );
  return named.map(({ one }) => one);
}

function compareBytes(bytes: Buffer, left: number, leftEnd: number, right: number, rightEnd: number): number {
  const shared = Math.min(leftEnd - left, rightEnd - right);
  for (let index = 0; index < shared; index += 1) {
    const difference = bytes[left + index]! - bytes[right + index]!;
    if (difference !== 0) return difference;
  }
  return leftEnd - left - (rightEnd - right);
}
