import { normaliseMatricule } from '../identity/matricule.ts';
import type { LedgerView } from '../ledger/view.ts';
import type { ConsentRow, IdentityRow, SubmissionRow } from '../ledger/views.ts';
import type { DocumentFacts } from '../words/document.ts';
import type { DmpState } from '../words/movement.ts';
import type { StayReference, SubmissionRequest } from '../words/request.ts';

/** What is known now of the patient of a submission, from identity and consent messages. */
export interface KnownPatient {
  /** What the last statements say of the identity; null when none came. */
  identity: 'qualified' | 'not-qualified' | 'other-ins' | null;
  consent: NonNullable<SubmissionRequest['consent']>;
  /** State of the DMP as it was last told; null when it never was. */
  dmp: DmpState | null;
}

/** Reads what is known of the person of a submission: identity of those merged with them, consent also of those linked. */
export async function knownPatient(
  view: LedgerView,
  submission: SubmissionRow,
  facts: readonly DocumentFacts[],
): Promise<KnownPatient> {
  const { stay, consent } = submission.facts;
  const { person } = submission;
  const [merged, linked] =
    person === null ? [[], []] : [await view.samePersons(person), await view.samePersons(person, true)];
  const [identities, consents, dmp] = await Promise.all([
    view.identities(merged),
    view.consents(linked),
    view.dmpState(merged),
  ]);
  const own = insOf(facts, submission);
  const stated = identities.toSorted((a, b) => (a.statedAt < b.statedAt ? 1 : -1))[0];
  return {
    identity: stated ? await standingOf(view, stated, own) : null,
    ...{ consent: consentFor(consents, stay, consent), dmp },
  };
}

/** What a statement is worth for a document with an INS. One whose traits are gone vouches for nobody. */
async function standingOf(
  view: LedgerView,
  { qualified, traitsRef }: IdentityRow,
  own: string | null,
): Promise<NonNullable<KnownPatient['identity']>> {
  const traits = qualified && traitsRef !== null ? await view.personal(traitsRef) : null;
  if (!traits) return 'not-qualified';
  const { ins } = JSON.parse(traits.toString('utf8')) as { ins: { matricule: string } | null };
  const other = ins !== null && own !== null && ins.matricule !== normaliseMatricule(own);
  return other ? 'other-ins' : 'qualified';
}

/** The matricule that the documents of a submission bear, as their header writes it. */
function insOf(facts: readonly DocumentFacts[], { facts: { identity } }: SubmissionRow): string | null {
  const ids = facts[0]?.patient?.ids ?? [];
  return ids.find(({ root }) => root === identity.environmentRoot)?.extension ?? null;
}

/**
 * Whether the patient opposes (design, Fail closed). An opposition holds when it is the last word for the stay or the last
 * word for the patient; what was said without a stay is a word for both. What the request says adds an opposition, never
 * lifts one, and stands in only where no message spoke of the stay or the patient.
 * @param consents latest first
 */
export function consentFor(
  consents: readonly ConsentRow[],
  stay: StayReference | null,
  asked: SubmissionRequest['consent'],
): NonNullable<SubmissionRequest['consent']> {
  const ofStay = consents.find(({ visit }) => visit === null || sameStay(visit, stay))?.feeding;
  const others = [consents[0]?.feeding, asked ?? undefined];
  if (ofStay === 'opposed' || others.includes('opposed')) return 'opposed';
  if (ofStay !== undefined) return ofStay;
  return others.includes('informed-without-opposition') ? 'informed-without-opposition' : 'not-collected';
}

function sameStay(visit: NonNullable<ConsentRow['visit']>, stay: StayReference | null): boolean {
  if (!stay || stay.finessEg !== visit.finessEg) return false;
  return (
    (visit.visitNo !== null && visit.visitNo === stay.visit) ||
    (visit.stayNo !== null && visit.stayNo === stay.number)
  );
}
