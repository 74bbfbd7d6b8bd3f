import { type DocumentKinds, TAKEN } from './document-kinds.ts';
import { EXAM_LINKS, type ExamLink } from './exam-linking.ts';
import { truncatedPercent } from './figure.ts';
import { STAY_LINKS, type StayLink } from './linking.ts';
import type { Coverage, Scope } from './report.ts';
import type { Settings } from './settings.ts';
import type { FinessCodes } from './tables.ts';
import type { Period } from './time.ts';

type Side = 'linked' | 'inferred' | 'unlinked';
const SIDES: readonly Side[] = ['linked', 'inferred', 'unlinked'];

const SIDE_OF: Readonly<Record<StayLink | ExamLink, Side>> = {
  number: 'linked',
  visit: 'linked',
  swapped: 'linked',
  inferred: 'inferred',
  exam: 'linked',
  accession: 'linked',
  'no-reference': 'unlinked',
  'unknown-stay': 'unlinked',
  'ambiguous-stay': 'unlinked',
  'unknown-exam': 'unlinked',
  'ambiguous-exam': 'unlinked',
};

const STAY_SIDES = STAY_LINKS.map((link) => SIDES.indexOf(SIDE_OF[link]));
const EXAM_SIDES = EXAM_LINKS.map((link) => SIDES.indexOf(SIDE_OF[link]));

/** Whether a document with this link is in the work queue of deposits that no stay or exam is known for. */
export function isUnlinked(link: StayLink | ExamLink): boolean {
  return SIDE_OF[link] === 'unlinked';
}

/** Documents of one period and scope, counted by kind and side. */
export interface DepositTally {
  of(which: 'stay' | 'exam', taken: Uint8Array, settings: Settings): Coverage;
}

/** Documents with the instant at which each was accepted. */
interface Accepted {
  accepted: Float64Array;
  sites: Uint16Array;
}

/**
 * Rows of the documents accepted within the period, known yet and of the scope. A document that names no site belongs to
 * the legal entity's view only.
 */
export function acceptedIn(
  { accepted, sites }: Accepted,
  codes: FinessCodes,
  period: Period,
  scope: Scope,
  unknownFromMs: number,
): readonly number[] {
  const site = scope.level === 'EG' ? codes.codeOf(scope.finess) : null;
  const endMs = Math.min(period.endMs, unknownFromMs);
  const found: number[] = [];
  for (let row = 0; row < accepted.length; row += 1) {
    const at = accepted[row]!;
    if (at >= period.startMs && at < endMs && (site === null || sites[row] === site)) found.push(row);
  }
  return found;
}

/** One pass over the deposits of a period, for any number of indicators. */
export function tallyDeposits(
  { kinds, kindOf }: DocumentKinds,
  links: { stay: Uint8Array; exam: Uint8Array },
  deposits: readonly number[],
): DepositTally {
  const stay = tallyOf(kinds.length, kindOf, links.stay, STAY_SIDES, deposits);
  const exam = tallyOf(kinds.length, kindOf, links.exam, EXAM_SIDES, deposits);
  return { of: (which, taken, settings) => coverage(which === 'stay' ? stay : exam, taken, settings) };
}

/** Of mails, which only stays are known of. */
export function mailCoverage(
  { kinds, kindOf }: DocumentKinds,
  links: Uint8Array,
  mails: readonly number[],
  taken: Uint8Array,
  settings: Settings,
): Coverage {
  return coverage(tallyOf(kinds.length, kindOf, links, STAY_SIDES, mails), taken, settings);
}

function tallyOf(
  kinds: number,
  kindOf: Uint32Array,
  links: Uint8Array,
  sides: readonly number[],
  rows: readonly number[],
): Uint32Array {
  const tally = new Uint32Array(kinds * SIDES.length);
  for (const row of rows) tally[kindOf[row]! * SIDES.length + sides[links[row]!]!]! += 1;
  return tally;
}

function coverage(tally: Uint32Array, taken: Uint8Array, { coverageWarnPercent }: Settings): Coverage {
  const [linked, inferred, unlinked] = SIDES.map((_, side) =>
    taken.reduce((sum, how, kind) => (how === TAKEN.no ? sum : sum + tally[kind * SIDES.length + side]!), 0),
  ) as [number, number, number];
  const total = linked + inferred + unlinked;
  const percent = truncatedPercent(linked, total);
  return { linked, inferred, unlinked, total, percent, low: linked * 100 < coverageWarnPercent * total };
}
