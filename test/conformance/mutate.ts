import { parseXml } from '../../src/xml/parse.ts';
import { descendants, elementsOf, pathOf } from '../../src/xml/select.ts';
import { ELEMENT, TEXT, type XmlAttribute, type XmlDocument, type XmlElement } from '../../src/xml/tree.ts';
import { escapeXml } from '../../src/xml/writer.ts';

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Values that some type of the CDA schemas takes and others do not. */
const VALUES = [
  ...[
    '',
    ' ',
    'a',
    'é',
    '-1',
    '+1',
    '00',
    '1.',
    '.5',
    '1e5',
    'INF',
    'NaN',
    'true',
    'TRUE',
    ' 1 ',
    '99999999999999',
  ],
  ...[
    '1.2.3',
    '1..2',
    '01.2',
    'urn:oid:1.2',
    '550e8400-e29b-41d4-a716-446655440000',
    '20200101',
    '202',
    '20200101120000+0100',
  ],
  ...[
    '2020-01-01',
    '20200101120000.123',
    'NI',
    'ni',
    'NI ',
    'NI UNK',
    'XX',
    'CD',
    'x y',
    'x:y',
    '_a',
    '-a',
    '1a',
    'ID1',
  ],
  ...[
    'tel:01',
    'tel: 01 02',
    'tel:',
    'mailto:a b@c',
    'mailto:',
    'http://é/',
    'http://[::1]/',
    'http://[',
    'http:',
    '//',
    '#',
    'a#b#c',
  ],
  ...[
    '%',
    '%41',
    'a|b',
    '{',
    'http://h:x/',
    'fr',
    'fr-FR',
    'fr_FR',
    'text/plain',
    'B64',
    'QQ==',
    'HP',
    'HP WP',
    'HP  XX',
    'RPLC',
    'EVN',
  ],
];

const TYPES = [
  'CD',
  'CE',
  'ST',
  'ED',
  'PQ',
  'INT',
  'REAL',
  'BL',
  'TS',
  'IVL_TS',
  'IVL_PQ',
  'PIVL_TS',
  'II',
  'TEL',
  'ANY',
  'SC',
  'RTO',
  ' CD ',
  'none',
];

const ATTRIBUTES = [
  'ID',
  'nullFlavor',
  'use',
  'code',
  'value',
  'root',
  'xml:lang',
  'xml:id',
  'xsi:nil',
  'mediaType',
  'unit',
  'IDREF',
  'headers',
  'styleCode',
  'referencedObject',
  'classCode',
  'none',
];

export interface Mutant {
  bytes: Buffer;
  what: string;
}

/** A document changed in one place, in a way that keeps it well-formed; null when the change drawn is not possible. */
export function mutate(document: XmlDocument, random: () => number): Mutant | null {
  const draw = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const element = draw([...descendants(document)]);
  const change = draw(Object.keys(CHANGES));
  const splices = CHANGES[change]!(new Edit(document, element, draw));
  if (!splices) return null;
  const bytes = spliced(document.utf8, splices);
  return isWellFormed(bytes) ? { bytes, what: `${change} at ${pathOf(element)}` } : null;
}

type Splice = [start: number, end: number, text: string];
type Draw = <T>(from: readonly T[]) => T;

/** A document and the element at which it is to be changed. */
class Edit {
  readonly element: XmlElement;
  readonly draw: Draw;
  readonly #bytes: Buffer;

  constructor(document: XmlDocument, element: XmlElement, draw: Draw) {
    this.#bytes = document.utf8;
    this.element = element;
    this.draw = draw;
  }

  /** Offset after the name of an element or attribute. */
  nameEnd({ start }: XmlElement | XmlAttribute): number {
    let at = start + 1;
    while (!/[\s>/=]/.test(String.fromCharCode(this.#bytes[at]!))) at += 1;
    return at;
  }

  attributeEnd(attribute: XmlAttribute): number {
    const open = /["']/.exec(this.#bytes.toString('latin1', attribute.start))!.index + attribute.start;
    return this.#bytes.indexOf(this.#bytes[open]!, open + 1) + 1;
  }

  tagEnd({ start }: XmlElement): number {
    const tag = /^<(?:[^"'>]|"[^"]*"|'[^']*')*>/.exec(this.#bytes.toString('latin1', start, start + 20_000));
    return start + tag![0].length;
  }

  end(element: XmlElement): number {
    const tagEnd = this.tagEnd(element);
    if (this.#bytes[tagEnd - 2] === 0x2f) return tagEnd;
    const last = element.children.at(-1);
    const inside =
      last?.kind === ELEMENT ? this.end(last) : last && 'end' in last ? last.end : (last?.start ?? tagEnd);
    return this.#bytes.indexOf('>', this.#bytes.indexOf('</', inside)) + 1;
  }

  /** Offset of the end tag of an element that has one. */
  endTag(element: XmlElement): number {
    return this.#bytes.lastIndexOf('</', this.end(element));
  }

  replaceAttribute(by: (attribute: XmlAttribute) => string | null): Splice[] | null {
    if (this.element.attributes.length === 0) return null;
    const attribute = this.draw(this.element.attributes);
    const value = by(attribute);
    const name =
      attribute.prefix === '' ? attribute.name.local : `${attribute.prefix}:${attribute.name.local}`;
    const text = value === null ? '' : `${name}="${escapeXml(value)}"`;
    return [[attribute.start, this.attributeEnd(attribute), text]];
  }

  /** Sets an attribute that is there, or adds it. */
  setAttribute(name: string, value: string): Splice[] | null {
    const local = name.slice(name.indexOf(':') + 1);
    const known = this.element.attributes.find((one) => one.name.local === local);
    if (known) return [[known.start, this.attributeEnd(known), `${name}="${escapeXml(value)}"`]];
    const at = this.nameEnd(this.element);
    return [[at, at, ` ${name}="${escapeXml(value)}"`]];
  }

  text(element: XmlElement): string {
    return this.#bytes.toString('utf8', element.start, this.end(element));
  }

  isEmpty(element: XmlElement): boolean {
    return this.#bytes[this.tagEnd(element) - 2] === 0x2f;
  }

  siblings(): XmlElement[] {
    const { parent } = this.element;
    return parent.kind === ELEMENT ? elementsOf(parent) : [];
  }
}

/** Each way to change a document at an element, as splices; null when it does not apply. */
const CHANGES: Readonly<Record<string, (edit: Edit) => Splice[] | null>> = {
  'value changed': (edit) =>
    edit.replaceAttribute(({ value }) => edit.draw([...VALUES, ` ${value}`, `${value} `])),
  'attribute removed': (edit) => edit.replaceAttribute(() => null),
  'type changed': (edit) => edit.setAttribute('xsi:type', edit.draw(TYPES)),
  'attribute set': (edit) => edit.setAttribute(edit.draw(ATTRIBUTES), edit.draw(VALUES)),
  'text changed': ({ element, draw }) => {
    const text = element.children.find((node) => node.kind === TEXT);
    return text ? [[text.start, text.end, escapeXml(draw(VALUES))]] : null;
  },
  'text put in': (edit) => {
    const at = edit.tagEnd(edit.element);
    return edit.isEmpty(edit.element)
      ? null
      : [[at, at, edit.draw(['a', ' ', '<![CDATA[]]>', '<![CDATA[ ]]>', '<?p i?>'])]];
  },
  'element removed': (edit) => [[edit.element.start, edit.end(edit.element), '']],
  'element doubled': (edit) => [[edit.element.start, edit.element.start, edit.text(edit.element)]],
  'elements exchanged': (edit) => {
    const siblings = edit.siblings();
    const next = siblings[siblings.indexOf(edit.element) + 1];
    if (!next) return null;
    const splice = (at: XmlElement, by: XmlElement): Splice => [at.start, edit.end(at), edit.text(by)];
    return [splice(edit.element, next), splice(next, edit.element)];
  },
  'element put in': (edit) => {
    const at = edit.element.start;
    return [[at, at, edit.text(edit.draw(edit.siblings().concat(edit.element)))]];
  },
  'child put in': (edit) => {
    const at = edit.tagEnd(edit.element);
    const child = edit.draw(['<reference/>', '<x/>', '<id/>', '<p:x xmlns:p="urn:p"/>', '<content ID="a"/>']);
    return edit.isEmpty(edit.element) ? null : [[at, at, child]];
  },
  'element renamed': (edit) => {
    const { element } = edit;
    const to = edit.draw(['x', 'id', 'text', ...edit.siblings().map(({ name }) => name.local)]);
    const end = edit.end(element);
    const name: Splice = [element.start + 1, edit.nameEnd(element), to];
    return edit.isEmpty(element) ? [name] : [name, [edit.endTag(element) + 2, end - 1, to]];
  },
};

function spliced(bytes: Buffer, splices: readonly Splice[]): Buffer {
  const lastFirst = splices.toSorted(([a], [b]) => b - a);
  return lastFirst.reduce(
    (text, [start, end, by]) => Buffer.concat([text.subarray(0, start), Buffer.from(by), text.subarray(end)]),
    bytes,
  );
}

function isWellFormed(bytes: Buffer): boolean {
  try {
    parseXml(bytes);
    return true;
  } catch {
    return false;
  }
}
