import { attribute } from '../../xml/select.ts';
import { checkAssociations } from './association-checks.ts';
import { checkCaller } from './caller-checks.ts';
import type { CheckContext, SubmissionCheck } from './check.ts';
import { checkContents, checkFiles } from './content-checks.ts';
import { classificationsOf, identifierOf, type RegistryObject, slotValues } from './ebxml.ts';
import { checkIds, checkLot, checkPatient, checkUniqueIds } from './identity-checks.ts';
import { checkClinical, checkElements, checkMetadata, checkSignature } from './metadata-checks.ts';
import { REPLACES } from './names.ts';
import { ENTRY_CLASS, ENTRY_CONFIDENTIALITY, ENTRY_FORMAT, ENTRY_PATIENT, ENTRY_TYPE } from './profile.ts';
import { checkDocumentsAreNew, checkLotIsNew, checkReplaced } from './registry-checks.ts';
import type { NewEntry } from './store.ts';
import { codeOf, isSignature, lotUniqueId, type Submission, structuresOf, uniqueIdOf } from './submission.ts';
import { checkSwitched } from './switched-checks.ts';
import { checkTraits } from './trait-checks.ts';

/** Every rule of a deposit (TD2.1a, TD2.1b). All of them run: the answer says everything at once. */
export const DEPOSIT_CHECKS: readonly SubmissionCheck[] = [
  checkElements,
  checkIds,
  checkLot,
  checkMetadata,
  checkClinical,
  checkSignature,
  checkSwitched,
  checkAssociations,
  checkUniqueIds,
  checkFiles,
  checkContents,
  checkPatient,
  checkTraits,
  checkCaller,
  checkLotIsNew,
  checkDocumentsAreNew,
  checkReplaced,
];

/** Provide and Register Document Set-b (IHE ITI TF-2, 3.41): judges a lot and, when nothing speaks against it, keeps it. */
export function deposit(submission: Submission, message: Buffer, context: CheckContext): void {
  for (const check of DEPOSIT_CHECKS) check(submission, context);
  if (context.report.failed) return;
  const { store } = context;
  const entries = submission.documents.map((entry) => newEntry(entry, submission));
  store.addLot({ uniqueId: lotUniqueId(submission), kind: 'deposit', message }, entries);
  for (const { replaces } of entries) if (replaces) store.setStatus(replaces, 'Deprecated');
}

function newEntry(entry: RegistryObject, submission: Submission): NewEntry {
  const { bytes, hash } = submission.fileOf.get(entry.id)!;
  const replacement = submission.associations.find((one) => one.type === REPLACES && one.source === entry.id);
  return {
    uniqueId: uniqueIdOf(entry),
    patient: identifierOf(entry, ENTRY_PATIENT)!,
    structures: structuresOf(entry),
    classCode: codeOf(entry, ENTRY_CLASS),
    typeCode: codeOf(entry, ENTRY_TYPE),
    formatCode: codeOf(entry, ENTRY_FORMAT),
    confidentiality: classificationsOf(entry, ENTRY_CONFIDENTIALITY).map((one) => one.code),
    mimeType: attribute(entry.element, 'mimeType')!,
    creationTime: slotValues(entry, 'creationTime')[0]!,
    hash,
    size: bytes.length,
    signature: isSignature(entry),
    replaces: replacement?.target ?? null,
    content: bytes,
  };
}
