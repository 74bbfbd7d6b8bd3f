import { CHARSET_NAMES, type Charset, encode } from './charset.ts';
import { DELIMITERS, escapeText } from './escapes.ts';

/** A component: a text, or its subcomponents. */
export type ComponentValue = string | readonly string[];

/** A field: a text, or its components (null and empty are the same: nothing). */
export type FieldValue = string | readonly (ComponentValue | null)[] | { repeat: readonly FieldValue[] };

/** A segment by the numbers of its fields: `segment('MSA', { 1: 'AA', 2: id })`. */
export interface SegmentValue {
  name: string;
  fields: Readonly<Record<number, FieldValue | null>>;
}

export function segment(name: string, fields: SegmentValue['fields']): SegmentValue {
  return { name, fields };
}

/** Writes a message with the standard delimiters, each segment ended by CR, and MSH-18 set to the character set used. */
export function writeMessage(segments: readonly SegmentValue[], charset: Charset = 'utf-8'): Buffer {
  const text = segments.map((one) => `${writeSegment(one, charset)}\r`).join('');
  return encode(text, charset);
}

function writeSegment({ name, fields }: SegmentValue, charset: Charset): string {
  const header = name === 'MSH';
  const values = header ? { ...fields, 18: CHARSET_NAMES[charset] } : fields;
  const last = Math.max(0, ...Object.keys(values).map(Number));
  const cells: string[] = [];
  for (let number = header ? 3 : 1; number <= last; number += 1) cells.push(writeField(values[number] ?? ''));
  const { field, component, repetition, escape: sign, subcomponent } = DELIMITERS;
  const start = header ? [`MSH${field}${component}${repetition}${sign}${subcomponent}`] : [name];
  return [...start, ...cells].join(field);
}

function writeField(value: FieldValue): string {
  if (typeof value === 'string') return escapeText(value);
  if ('repeat' in value) return value.repeat.map(writeField).join(DELIMITERS.repetition);
  return trimmed(value.map(writeComponent), DELIMITERS.component);
}

function writeComponent(value: ComponentValue | null): string {
  if (value === null) return '';
  if (typeof value === 'string') return escapeText(value);
  return trimmed(value.map(escapeText), DELIMITERS.subcomponent);
}

/** Joins, leaving out what is empty at the end. */
function trimmed(texts: string[], separator: string): string {
  return texts.slice(0, texts.findLastIndex((text) => text !== '') + 1).join(separator);
}
