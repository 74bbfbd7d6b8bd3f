import type { Hl7Place } from '../../hl7v2/message.ts';
import type { Values } from '../../words/errors.ts';
import { type Finding, finding, type Severity } from '../../words/findings.ts';
import { adtErrors } from './adt/errors.ts';
import { mllpErrors } from './errors.ts';

const messageErrors = { ...mllpErrors, ...adtErrors };

type Code = keyof typeof messageErrors & string;

/** What is found in a message, in order. Places are written as in ERR-2. */
export class Remarks {
  readonly findings: Finding[] = [];

  add(code: Code, place: Hl7Place | null, values: Values = {}, severity: Severity = 'error'): void {
    this.findings.push(remark(code, place, values, severity));
  }

  get refuses(): boolean {
    return this.findings.some(({ severity }) => severity === 'error');
  }
}

/** One finding about a message. */
export function remark(
  code: Code,
  place: Hl7Place | null,
  values: Values = {},
  severity: Severity = 'error',
): Finding {
  const location = place && placeText(place);
  return finding(messageErrors, code, { source: 'request', severity, values, place: { location } });
}

/** A place as ERR-2 writes it: `segment^occurrence^field^repetition^component`, as far as it is known. */
export function placeText({ segment, occurrence, field, repetition, component }: Hl7Place): string {
  const tail = component === undefined && repetition === undefined ? [] : [repetition ?? 1, component ?? 1];
  return [segment, occurrence, ...(field === undefined ? [] : [field, ...tail])].join('^');
}

/** Whether the place of a finding is one in a message, as `placeText` writes it. */
export function isMessagePlace(location: string | null): location is string {
  return location !== null && /^[A-Z][A-Z0-9]{2}(\^\d+)+$/.test(location);
}
