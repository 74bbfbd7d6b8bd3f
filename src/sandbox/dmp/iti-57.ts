import { checkCaller } from './caller-checks.ts';
import type { CheckContext, SubmissionCheck } from './check.ts';
import { checkIds, checkLot, checkPatient } from './identity-checks.ts';
import { checkElements, checkMetadata } from './metadata-checks.ts';
import { checkDeletion, checkLotIsNew } from './registry-checks.ts';
import { lotUniqueId, type Submission } from './submission.ts';

/** Every rule of a deletion (TD3.3c). */
export const DELETION_CHECKS: readonly SubmissionCheck[] = [
  checkElements,
  checkIds,
  checkLot,
  checkMetadata,
  checkPatient,
  checkCaller,
  checkLotIsNew,
  checkDeletion,
];

/** Update Document Set (IHE ITI TF-2, 3.57), of which a gateway may use the logical deletion only. */
export function update(submission: Submission, message: Buffer, context: CheckContext): void {
  for (const check of DELETION_CHECKS) check(submission, context);
  if (context.report.failed) return;
  context.store.addLot({ uniqueId: lotUniqueId(submission), kind: 'deletion', message }, []);
  context.store.setStatus(submission.associations[0]!.target, 'Deleted');
}
