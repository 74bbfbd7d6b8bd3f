/** An element of DER: its tag, where it starts, and where its content stands. Offsets in bytes. */
export interface Element {
  tag: number;
  start: number;
  from: number;
  to: number;
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
} as const;

/**
 * The element at an offset; definite lengths and tags of one byte only, which is what DER writes here.
 * @param end where the content that it stands in ends
 * @throws RangeError when it does not end before `end`
 */
export function elementAt(bytes: Uint8Array, start: number, end: number): Element {
  if (start + 2 > end) throw new RangeError(`DER is cut at byte ${start}`);
  const first = bytes[start + 1]!;
  const more = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || more > 4) throw new RangeError(`DER has a length out of bounds at byte ${start}`);
  const from = start + 2 + more;
  let length = more === 0 ? first : 0;
  for (let index = start + 2; index < from; index += 1) length = length * 256 + (bytes[index] ?? 0);
  if (from + length > end) throw new RangeError(`DER is cut at byte ${start}`);
  return { tag: bytes[start]!, start, from, to: from + length };
}

/** The element that fills the bytes. @throws RangeError */
export function wholeOf(bytes: Uint8Array): Element {
  return elementAt(bytes, 0, bytes.length);
}

/** The elements that stand in another, one after the other; none is kept. @throws RangeError */
export function* elementsIn(bytes: Uint8Array, { from, to }: Element): Generator<Element> {
  for (let at = from; at < to; ) {
    const element = elementAt(bytes, at, to);
    yield element;
    at = element.to;
  }
}

export function contentOf(bytes: Uint8Array, { from, to }: Element): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from);
}

/** Tag, length and content. */
export function writtenAs(bytes: Uint8Array, { start, to }: Element): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, to - start);
}

/** Arcs of an object identifier with dots. */
export function oidOf(bytes: Uint8Array, element: Element): string {
  const arcs: number[] = [];
  let value = 0;
  for (const byte of contentOf(bytes, element)) {
    value = value * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(value);
    value = 0;
  }
  const [first = 0, ...others] = arcs;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...others].join('.');
}

/** UTCTime or GeneralizedTime to the second, milliseconds since 1970; years from 50 on are of the last century (RFC 5280). */
export function timeOf(bytes: Uint8Array, element: Element): number {
  const text = contentOf(bytes, element).toString('latin1');
  const short = element.tag === TAG.utcTime;
  const full = short ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full);
  if (!parts) throw new RangeError(`DER has no time at byte ${element.start}`);
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** An extension of a certificate or of a list (RFC 5280, 4.1). */
export interface Extension {
  oid: string;
  critical: boolean;
  /** DER inside its OCTET STRING. */
  value: Buffer;
}

/** @param element the SEQUENCE of extensions */
export function extensionsIn(bytes: Uint8Array, element: Element): Extension[] {
  return [...elementsIn(bytes, element)].map((one) => {
    const parts = [...elementsIn(bytes, one)];
    const flag = parts.find(({ tag }) => tag === TAG.boolean);
    return {
      oid: oidOf(bytes, parts[0]!),
      critical: flag !== undefined && bytes[flag.from] !== 0,
      value: contentOf(bytes, parts.at(-1)!),
    };
  });
}
