import { type Hl7Message, isDeleted, type Segment } from '../../../hl7v2/message.ts';
import type { Consent, Visit } from '../../../words/movement.ts';
import type { Remarks } from '../remarks.ts';
import { timeOf } from './movement.ts';

const FEEDING: Readonly<Record<string, NonNullable<Consent['feeding']>>> = {
  NA: 'not-collected',
  IO: 'opposed',
  INO: 'informed-without-opposition',
};

const STATES = ['ACTIF', 'FERME', 'INEXISTANT'] as const;

/**
 * What ZFA says of the DMP: its state, and whether the patient opposes its feeding; null when it says neither. ZFA-11
 * (consulting) never stops a deposit.
 */
export function readConsent(
  message: Hl7Message,
  about: { message: string; statedAt: string; visit: Visit | null; zone: string },
  remarks: Remarks,
): Consent | null {
  const zfa = message.first('ZFA');
  if (!zfa) return null;
  const code = coded(zfa, 9, Object.keys(FEEDING), remarks);
  const status = coded(zfa, 1, STATES, remarks);
  if (code === null && status === null) return null;
  const feeding = code === null ? null : FEEDING[code]!;
  const undated = code === null || code === 'NA' ? null : about.statedAt;
  return {
    ...{ message: about.message, feeding, visit: about.visit },
    collectedAt: code === null ? null : (timeOf(zfa.text(10), about.zone) ?? undated),
    dmp: status && { status, at: timeOf(zfa.text(2), about.zone) ?? about.statedAt },
  };
}

/** A value of a table; null when the field is empty or is told to be deleted, or, with a remark, holds another. */
function coded<T extends string>(
  zfa: Segment,
  number: number,
  values: readonly T[],
  remarks: Remarks,
): T | null {
  const value = zfa.text(number).toUpperCase();
  if (value === '' || isDeleted(value)) return null;
  const known = values.find((one) => one === value);
  if (known === undefined)
    remarks.add('message.value-unknown', zfa.place(number), {
      field: `ZFA-${number}`,
      value: value.slice(0, 20),
      expected: values.join(', '),
    });
  return known ?? null;
}
