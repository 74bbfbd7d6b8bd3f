import { fill, type Values, type Words } from '../../words/errors.ts';
import { placeOf } from '../../xml/select.ts';
import { documentOf, type XmlElement } from '../../xml/tree.ts';
import { dmpSandboxLimits } from './limits.ts';
import { type RefusalCode, refusalRows } from './refusals.ts';
import type { BusinessCase, Switches } from './switches.ts';

/** One RegistryError of an answer. */
export interface Problem {
  code: RefusalCode;
  errorCode: string;
  severity: 'Error' | 'Warning';
  message: Words;
  remedy: Words;
  /** XPath with line and column in the SOAP message or in the document, empty when no place applies. */
  location: string;
}

/** Cases whose errorCode is a switch, because that of the national DMP is not known. */
const SWITCHED: Readonly<Partial<Record<RefusalCode, BusinessCase>>> = {
  'sandbox.patient-closed': 'patientClosed',
  'sandbox.patient-absent': 'patientAbsent',
  'sandbox.lot-known': 'lotKnown',
  'sandbox.document-known': 'documentKnown',
  'sandbox.document-too-large': 'documentTooLarge',
  'sandbox.author-not-caller': 'authorNotCaller',
  'sandbox.code-unknown': 'codeUnknown',
};

/** Gathers what is wrong with one message, so that the answer says everything at once. */
export class Report {
  readonly problems: Problem[] = [];
  readonly #errorCodes: Switches['errorCodes'];
  #failed = false;

  constructor(switches: Switches) {
    this.#errorCodes = switches.errorCodes;
  }

  get failed(): boolean {
    return this.#failed;
  }

  refuse(code: RefusalCode, at: XmlElement | null, values: Values = {}): void {
    this.#add(code, 'Error', () => (at ? locate(at) : ''), values);
  }

  /** A refusal about a place that is no element, such as bytes that are not XML. */
  refuseAt(code: RefusalCode, location: string, values: Values = {}): void {
    this.#add(code, 'Error', () => location, values);
  }

  warn(code: RefusalCode, at: XmlElement | null, values: Values = {}): void {
    this.#add(code, 'Warning', () => (at ? locate(at) : ''), values);
  }

  #add(code: RefusalCode, severity: Problem['severity'], location: () => string, values: Values): void {
    if (severity === 'Error') this.#failed = true;
    if (this.problems.length >= dmpSandboxLimits.problems.value && !this.#makeRoom(severity)) return;
    this.problems.push({ ...problem(code, this.#errorCodes, values), severity, location: location() });
  }

  /** In a full report an error takes the place of a warning: without it the answer would say Success. */
  #makeRoom(severity: Problem['severity']): boolean {
    const warning = severity === 'Error' ? this.problems.findIndex((one) => one.severity === 'Warning') : -1;
    if (warning >= 0) this.problems.splice(warning, 1);
    return warning >= 0;
  }
}

/** A problem outside any message, as scripted faults make them. */
export function problem(
  code: RefusalCode,
  errorCodes: Partial<Switches['errorCodes']> = {},
  values: Values = {},
): Problem {
  const row = refusalRows[code];
  const switched = SWITCHED[code];
  return {
    code,
    errorCode: (switched && errorCodes[switched]) ?? row.errorCode,
    severity: 'Error',
    message: { fr: fill(row.message.fr, values), en: fill(row.message.en, values) },
    remedy: { fr: fill(row.remedy.fr, values), en: fill(row.remedy.en, values) },
    location: '',
  };
}

/** `XPath (line:column)` of an element. */
export function locate(element: XmlElement): string {
  const { line, column, location } = placeOf(documentOf(element), element);
  return `${location} (${line}:${column})`;
}
