import type { CheckContext } from './check.ts';
import { type Association, identifierOf, slotValues } from './ebxml.ts';
import { checkSlots } from './metadata.ts';
import { HAS_MEMBER, REPLACES, SIGNS } from './names.ts';
import { LOT_PATIENT, type SlotRule } from './profile.ts';
import type { Report } from './report.ts';
import { isSignature, type Submission } from './submission.ts';

const STATUS_SLOT: Readonly<Record<string, SlotRule>> = {
  SubmissionSetStatus: { required: false, many: false, format: 'text' },
};

/** Associations of a deposit by type; the DMP is not known to support any other (specification sheet, 7.4). */
const TYPES: Readonly<
  Record<string, (one: Association, submission: Submission, context: CheckContext) => void>
> = {
  [HAS_MEMBER]: checkMembership,
  [SIGNS]: checkSigns,
  [REPLACES]: checkReplacement,
};

/** Ties between lot, documents, signature and what is replaced. What the registry knows of targets is judged elsewhere. */
export function checkAssociations(submission: Submission, context: CheckContext): void {
  for (const one of submission.associations) {
    checkSlots(one, STATUS_SLOT, 'Association', context.report);
    const check = Object.hasOwn(TYPES, one.type) ? TYPES[one.type] : undefined;
    if (check) check(one, submission, context);
    else context.report.refuse('sandbox.association-type', one.element, { type: one.type });
  }
  checkMembers(submission, context.report);
  checkSigned(submission, context.report);
  checkReplacedOnce(submission, context.report);
}

function checkMembership(one: Association, submission: Submission, { report, store }: CheckContext): void {
  checkEnd(one, 'source', one.source === submission.lot?.id, 'RegistryPackage', report);
  const inMessage = submission.entries.has(one.target);
  const known = inMessage ? null : store.entry(one.target);
  const registered = known !== null;
  checkEnd(
    one,
    'target',
    inMessage || registered,
    'ExtrinsicObject (Original), entryUUID (Reference)',
    report,
  );
  const expected = registered ? 'Reference' : 'Original';
  if (slotValues(one, 'SubmissionSetStatus')[0] !== expected) {
    report.refuse('sandbox.association-status', one.element, { expected });
  }
  if (known && submission.lot && known.patient !== identifierOf(submission.lot, LOT_PATIENT)) {
    report.refuse('sandbox.patient-mismatch', one.element, { what: 'entryUUID' });
  }
}

function checkSigns(one: Association, submission: Submission, { report }: CheckContext): void {
  const source = submission.entries.get(one.source);
  checkEnd(one, 'source', source !== undefined && isSignature(source), 'signature', report);
  checkEnd(one, 'target', one.target === submission.lot?.id, 'RegistryPackage', report);
  const [status] = slotValues(one, 'SubmissionSetStatus');
  if (status !== undefined && status !== 'Original') {
    report.refuse('sandbox.association-status', one.element, { expected: 'Original' });
  }
}

function checkReplacement(one: Association, submission: Submission, { report }: CheckContext): void {
  const source = submission.entries.get(one.source);
  checkEnd(one, 'source', source !== undefined && !isSignature(source), 'ExtrinsicObject', report);
  checkEnd(one, 'target', one.target.startsWith('urn:uuid:'), 'entryUUID (urn:uuid:…)', report);
}

function checkEnd(
  one: Association,
  end: 'source' | 'target',
  right: boolean,
  expected: string,
  report: Report,
): void {
  if (right) return;
  const type = one.type.slice(one.type.lastIndexOf(':') + 1);
  report.refuse(`sandbox.association-${end}`, one.element, { type, expected });
}

function checkMembers(submission: Submission, report: Report): void {
  const members = new Map<string, number>();
  for (const { type, target } of submission.associations) {
    if (type === HAS_MEMBER) members.set(target, (members.get(target) ?? 0) + 1);
  }
  for (const entry of submission.documents) {
    if (members.get(entry.id) !== 1) report.refuse('sandbox.member-count', entry.element);
  }
}

function checkSigned(submission: Submission, report: Report): void {
  for (const entry of submission.signatures) {
    const ties = submission.associations.filter((one) => one.type === SIGNS && one.source === entry.id);
    if (ties.length !== 1) report.refuse('sandbox.signature-count', entry.element);
  }
}

/** A document is replaced by one document, and a document replaces one. */
function checkReplacedOnce(submission: Submission, report: Report): void {
  const ends = new Set<string>();
  for (const one of submission.associations.filter((each) => each.type === REPLACES)) {
    checkEnd(one, 'source', !ends.has(`from ${one.source}`), 'ExtrinsicObject (RPLC × 1)', report);
    checkEnd(one, 'target', !ends.has(`to ${one.target}`), 'entryUUID (RPLC × 1)', report);
    ends.add(`from ${one.source}`).add(`to ${one.target}`);
  }
}
