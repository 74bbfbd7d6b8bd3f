import type { Charset } from '../../hl7v2/charset.ts';
import { type SegmentValue, segment, writeMessage } from '../../hl7v2/writer.ts';
import type { Finding } from '../../words/findings.ts';
import { newId } from '../../words/ids.ts';
import { mllpLimits } from '../limits.ts';
import { CONDITIONS, conditionOf } from './codes.ts';
import type { Answer, PlacedFinding } from './handler.ts';
import type { MessageHead } from './head.ts';
import { isMessagePlace } from './remarks.ts';

/** An instant as HL7 writes it, to the second, in UTC: `20260101083000+0000`. */
export function timeStamp(ms: number): string {
  return `${new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14)}+0000`;
}

/**
 * The acknowledgement of a message (interface, section 13): MSH turned round, MSA, and an ERR for each finding, at most
 * twenty, the last of which counts the rest. The same answer gives the same bytes.
 */
export function acknowledgement(head: MessageHead, answer: Answer, charset: Charset): Buffer {
  return writeMessage([header(head, answer), msa(head, answer), ...errors(answer)], charset);
}

/** An answer that is kept takes its instant and its identifier from its reference: given again, it is the same. */
function header(head: MessageHead, { reference, atMs }: Answer): SegmentValue {
  const id = (reference ?? newId(atMs)).replaceAll('-', '');
  return segment('MSH', {
    3: head.receivingApplication,
    4: head.receivingFacility,
    5: head.application,
    6: head.facility,
    7: timeStamp(reference === null ? atMs : Number.parseInt(id.slice(0, 12), 16)),
    9: ['ACK', head.trigger, 'ACK'],
    10: id.slice(-CONTROL_ID_LENGTH),
    11: head.processingId,
    12: head.type === 'MDM' ? '2.6' : '2.5',
    17: 'FRA',
  });
}

/** Characters of MSH-10 in version 2.5. */
const CONTROL_ID_LENGTH = 20;

function msa({ controlId }: MessageHead, { code }: Answer): SegmentValue {
  return segment('MSA', { 1: code, 2: controlId });
}

/** Errors first; an acceptance carries its warnings only. */
function errors(answer: Answer): SegmentValue[] {
  const { value: most } = mllpLimits.errorSegments;
  const wanted = answer.code === 'AA' ? 'warning' : 'error';
  const said = distinct(answer.findings.filter(({ severity }) => severity === wanted));
  const shown = said.length > most ? said.slice(0, most - 1) : said;
  const segments = shown.map((finding) => errorSegment(finding, answer));
  if (shown.length < said.length) segments.push(countOfRest(said.length - shown.length, answer));
  return segments;
}

/** What is found in both documents of a message at the same place of the message is said once. */
function distinct(findings: readonly PlacedFinding[]): PlacedFinding[] {
  const keys = findings.map(({ code, detail, location, at, line }) =>
    [code, detail, location, at, line].join('\n'),
  );
  return findings.filter((_, index) => keys.indexOf(keys[index]!) === index);
}

function errorSegment(finding: PlacedFinding, answer: Answer): SegmentValue {
  const { code, message, detail, remedy, severity, location } = finding;
  const condition = conditionOf(code);
  return segment('ERR', {
    2: placeOf(finding),
    3: [condition, CONDITIONS[condition]!, 'messageErrorCondition'],
    4: severity === 'error' ? 'E' : 'W',
    5: [code, null, '99VIADUC'],
    7: short(isMessagePlace(location) ? detail : [detail, place(finding)].filter(Boolean).join(' ')),
    8: short([message, remedy?.fr, reference(answer)].filter(Boolean).join(' ')),
  });
}

function countOfRest(rest: number, answer: Answer): SegmentValue {
  return segment('ERR', {
    3: ['207', CONDITIONS['207']!, 'messageErrorCondition'],
    4: answer.code === 'AA' ? 'W' : 'E',
    5: ['message.more-findings', null, '99VIADUC'],
    7: `${rest} more finding(s) stand in the report.`,
    8: `${rest} autre(s) constat(s) figurent dans le rapport. ${reference(answer)}`.trim(),
  });
}

function reference(answer: Answer): string {
  return answer.reference === null ? '' : `[${answer.reference}]`;
}

/** A place in the message as it is; one in a document is at what carries it. */
function placeOf({ location, at }: PlacedFinding): string[] | null {
  const place = isMessagePlace(location) ? location : at;
  return place?.split('^') ?? null;
}

/** Where in a document, for the integrator. */
function place({ line, column, location }: Finding): string {
  const where = [line === null ? null : `line ${line}, column ${column ?? 1}`, location].filter(Boolean);
  return where.length === 0 ? '' : `(${where.join(', ')})`;
}

function short(text: string): string {
  const { value: most } = mllpLimits.errorTextLength;
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
