import type { CheckContext } from './check.ts';
import { identifierOf } from './ebxml.ts';
import { ENTRY_PATIENT, LOT_PATIENT } from './profile.ts';
import { type Submission, structuresOf } from './submission.ts';

/** What the VIHF says of the caller, against the lot: one patient, and the structure among the authors (EX_2.1-1140). */
export function checkCaller(submission: Submission, { report, vihf }: CheckContext): void {
  if (!vihf) return;
  const { lot, clinical } = submission;
  if (lot && identifierOf(lot, LOT_PATIENT) !== vihf.patient)
    report.refuse('sandbox.vihf-patient', lot.element);
  for (const entry of clinical) {
    if (!structuresOf(entry).includes(vihf.structure))
      report.refuse('sandbox.author-not-caller', entry.element, { structure: vihf.structure });
    if (identifierOf(entry, ENTRY_PATIENT) !== vihf.patient)
      report.refuse('sandbox.vihf-patient', entry.element);
  }
}
