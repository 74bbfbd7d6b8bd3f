import { fill, type Values } from '../../words/errors.ts';
import { type Finding, finding, type Place } from '../../words/findings.ts';
import { placeOf } from '../../xml/select.ts';
import type { XmlAttribute, XmlDocument, XmlNode } from '../../xml/tree.ts';
import { validationLimits } from '../limits.ts';
import { type SchemaFindingCode, schemaFindings } from './errors.ts';

/** The findings of one schema about one document, each once, up to the limit. */
export class SchemaReport {
  readonly #document: XmlDocument;
  readonly #about: { schema: string; pack: string };
  readonly #findings = new Map<string, Finding>();
  #overflowed = false;

  /** @param about the schema and the edition of the pack that every finding names */
  constructor(document: XmlDocument, about: { schema: string; pack: string }) {
    this.#document = document;
    this.#about = about;
  }

  /**
   * Adds a finding at a node.
   * @param english values of the English sentence, where they differ
   */
  add(code: SchemaFindingCode, at: XmlNode | XmlAttribute, values: Values, english: Values = values): void {
    if (this.#hasRoom()) this.#push(code, placeOf(this.#document, at), values, english);
  }

  /** All findings in the order of their places. */
  finish(): Finding[] {
    const found = [...this.#findings.values()].sort(byPlace);
    if (!this.#overflowed) return found;
    const values = { limit: validationLimits.complaints.value };
    return [...found, finding(schemaFindings, 'xsd.too-many', { source: 'xsd', values, ...this.#about })];
  }

  #hasRoom(): boolean {
    if (this.#findings.size < validationLimits.complaints.value) return true;
    this.#overflowed = true;
    return false;
  }

  #push(code: SchemaFindingCode, place: Place, values: Values, english: Values): void {
    const about = { ...this.#about, source: 'xsd', place, values: quoted(values) } as const;
    const one = finding(schemaFindings, code, about);
    const detail = fill(schemaFindings[code].message.en, quoted(english));
    const { value } = validationLimits.detailCharacters;
    const message = shortened(one.message, value);
    this.#findings.set(`${code} ${one.line}:${one.column} ${message}`, {
      ...one,
      message,
      detail: shortened(detail, value),
    });
  }
}

function byPlace(a: Finding, b: Finding): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

/** Values of the document as a message quotes them. */
function quoted(values: Values): Values {
  const most = validationLimits.quotedCharacters.value;
  const { value } = values;
  return typeof value === 'string' ? { ...values, value: shortened(value, most) } : values;
}

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most).toWellFormed()}…` : text;
}
