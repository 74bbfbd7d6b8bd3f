import type { CheckContext } from './check.ts';
import { identifierOf, slotValues } from './ebxml.ts';
import { LOT_UNIQUE_ID } from './profile.ts';
import { type Submission, uniqueIdOf } from './submission.ts';

/** Identifiers made of a UUID (ITU-T X.667): legal OIDs, which the DMP is not known to take. */
const OF_UUID = /^2\.25\./;

/** What the DMP may demand beyond what sources agree on, by switches. */
export function checkSwitched(submission: Submission, { switches, report }: CheckContext): void {
  const demanded = [
    ...(switches.hashAndSize === 'required' ? ['hash', 'size'] : []),
    ...(switches.sourcePatientInfo === 'required' ? ['sourcePatientInfo'] : []),
  ];
  const owner = 'DocumentEntry';
  for (const entry of submission.clinical)
    for (const slot of demanded)
      if (slotValues(entry, slot).length === 0)
        report.refuse('sandbox.slot-missing', entry.element, { slot, owner });
  if (switches.uuidOids === 'accept') return;
  const { lot, documents } = submission;
  const all = documents.map((entry) => ({ element: entry.element, id: uniqueIdOf(entry) }));
  if (lot) all.push({ element: lot.element, id: identifierOf(lot, LOT_UNIQUE_ID) ?? '' });
  for (const { element, id } of all) if (OF_UUID.test(id)) report.refuse('sandbox.uuid-oid', element);
}
