import type { Hl7Message } from '../../../hl7v2/message.ts';
import type { Consent, Visit } from '../../../words/movement.ts';
import type { Remarks } from '../remarks.ts';
import { timeOf } from './movement.ts';

const FEEDING: Readonly<Record<string, Consent['feeding']>> = {
  NA: 'not-collected',
  IO: 'opposed',
  INO: 'informed-without-opposition',
};

const STATES: readonly string[] = ['ACTIF', 'FERME', 'INEXISTANT'];

/** What ZFA says of the feeding of the DMP; null without ZFA or without ZFA-9. ZFA-11 (consulting) never stops a deposit. */
export function readConsent(
  message: Hl7Message,
  about: { message: string; statedAt: string; visit: Visit | null; zone: string },
  remarks: Remarks,
): Consent | null {
  const zfa = message.first('ZFA');
  if (!zfa || zfa.isEmpty(9)) return null;
  const code = zfa.text(9).toUpperCase();
  const feeding = Object.hasOwn(FEEDING, code) ? FEEDING[code] : undefined;
  if (feeding === undefined) {
    const values = { field: 'ZFA-9', value: code.slice(0, 20), expected: Object.keys(FEEDING).join(', ') };
    remarks.add('message.value-unknown', zfa.place(9), values);
    return null;
  }
  const status = zfa.text(1).toUpperCase();
  return {
    ...{ message: about.message, feeding, visit: about.visit },
    collectedAt: timeOf(zfa.text(10), about.zone) ?? (code === 'NA' ? null : about.statedAt),
    dmp: STATES.includes(status) ? { status, at: timeOf(zfa.text(2), about.zone) ?? about.statedAt } : null,
  };
}
