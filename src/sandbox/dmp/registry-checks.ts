import type { XmlElement } from '../../xml/tree.ts';
import type { CheckContext } from './check.ts';
import { type Association, identifierOf, type RegistryObject, slotValues } from './ebxml.ts';
import { REPLACES, STATUS, UPDATE_STATUS } from './names.ts';
import { LOT_PATIENT, LOT_UNIQUE_ID } from './profile.ts';
import type { Entry } from './store.ts';
import { lotStructures, lotUniqueId, type Submission, structuresOf, uniqueIdOf } from './submission.ts';

/** A lot's uniqueId serves once (IHE ITI TF-3, 4.2.3.3.12). */
export function checkLotIsNew(submission: Submission, { report, store }: CheckContext): void {
  const { lot } = submission;
  const uniqueId = lot && identifierOf(lot, LOT_UNIQUE_ID);
  if (lot && uniqueId && store.lot(uniqueId)) report.refuse('sandbox.lot-known', lot.element);
}

/** A document's uniqueId is used up once accepted, whatever became of its entry since. */
export function checkDocumentsAreNew(
  submission: Submission,
  { report, store, switches }: CheckContext,
): void {
  for (const entry of submission.documents) {
    const uniqueId = uniqueIdOf(entry);
    const file = submission.fileOf.get(entry.id);
    const known = uniqueId ? store.entriesOf(uniqueId) : [];
    if (known.length === 0 || !file) continue;
    if (known.some((one) => one.hash !== file.hash)) {
      report.refuse('sandbox.document-differs', entry.element, { uniqueId });
    } else if (switches.sameDocument === 'duplicate-error' && !cameIn(known, lotUniqueId(submission))) {
      report.refuse('sandbox.document-known', entry.element, { uniqueId });
    }
  }
}

/** The very lot again is told once, about the lot: its documents are no second mistake. */
function cameIn(known: readonly Entry[], lot: string): boolean {
  return known.some((one) => one.lot === lot);
}

/** What is replaced exists, is Approved, is of the same patient and of one of our structures. */
export function checkReplaced(submission: Submission, context: CheckContext): void {
  for (const one of submission.associations) {
    if (one.type !== REPLACES || !one.target.startsWith('urn:uuid:')) continue;
    const target = context.store.entry(one.target);
    if (!target) {
      context.report.refuse('sandbox.target-unknown', one.element);
      continue;
    }
    if (target.status !== 'Approved') {
      context.report.refuse('sandbox.target-not-approved', one.element, { status: target.status });
    }
    const source = submission.entries.get(one.source);
    checkOwnership(target, source ? structuresOf(source) : [], submission.lot, one.element, context);
  }
}

/** @param written structures that say they are authors; who speaks is believed of its VIHF alone, where that is judged */
function checkOwnership(
  target: Entry,
  written: readonly string[],
  lot: RegistryObject | null,
  at: XmlElement,
  { report, vihf }: CheckContext,
): void {
  const structures = vihf ? [vihf.structure] : written;
  const patient = lot && identifierOf(lot, LOT_PATIENT);
  if (patient !== target.patient) report.refuse('sandbox.patient-mismatch', at, { what: 'entryUUID' });
  if (!structures.some((one) => target.structures.includes(one)))
    report.refuse('sandbox.target-structure', at);
}

/** An update here is a deletion: a lot and one association that moves an entry to Deleted (TD3.3c). */
export function checkDeletion(submission: Submission, context: CheckContext): void {
  const { report } = context;
  const [one, ...others] = submission.associations;
  if (!one || others.length > 0 || submission.documents.length > 0 || one.type !== UPDATE_STATUS) {
    report.refuse('sandbox.update-operation', submission.list);
    return;
  }
  if (one.source !== submission.lot?.id) {
    report.refuse('sandbox.association-source', one.element, {
      type: 'UpdateAvailabilityStatus',
      expected: 'RegistryPackage',
    });
  }
  if (slotValues(one, 'NewStatus')[0] !== STATUS.Deleted)
    report.refuse('sandbox.update-operation', one.element);
  checkDeleted(one, submission, context);
}

function checkDeleted(one: Association, submission: Submission, context: CheckContext): void {
  const { report, store } = context;
  const target = store.entry(one.target);
  if (!target) {
    report.refuse('sandbox.target-unknown', one.element);
    return;
  }
  const original = slotValues(one, 'OriginalStatus')[0];
  // Only what is Approved may be deleted here; Archived, the other state that may, is not reached without TD3.3d.
  if (target.status !== 'Approved' || original !== STATUS.Approved) {
    report.refuse('sandbox.update-status', one.element, { status: target.status });
  }
  checkOwnership(target, lotStructures(submission), submission.lot, one.element, context);
}
