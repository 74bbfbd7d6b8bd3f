import type { CheckContext } from './check.ts';
import { classificationsOf, identifierOf } from './ebxml.ts';
import { ENTRY_CONFIDENTIALITY, ENTRY_PATIENT, LOT_PATIENT } from './profile.ts';
import { type Submission, structuresOf } from './submission.ts';

/**
 * What the VIHF says of the caller, against the lot: one patient, the structure among the authors (EX_2.1-1140), and under
 * a secret connection nothing that legal representatives see.
 */
export function checkCaller(submission: Submission, { report, vihf, switches }: CheckContext): void {
  if (!vihf) return;
  const secret = vihf.secret && switches.secretConnection === 'hidden-only';
  const { lot, clinical } = submission;
  if (lot && identifierOf(lot, LOT_PATIENT) !== vihf.patient)
    report.refuse('sandbox.vihf-patient', lot.element);
  for (const entry of clinical) {
    if (!structuresOf(entry).includes(vihf.structure))
      report.refuse('sandbox.author-not-caller', entry.element, { structure: vihf.structure });
    if (identifierOf(entry, ENTRY_PATIENT) !== vihf.patient)
      report.refuse('sandbox.vihf-patient', entry.element);
    const visibility = classificationsOf(entry, ENTRY_CONFIDENTIALITY).map(({ code }) => code);
    if (secret && !visibility.includes('INVISIBLE_REPRESENTANTS_LEGAUX'))
      report.refuse('sandbox.secret-connection', entry.element);
  }
}
