import { type DocumentKinds, TAKEN } from './document-kinds.ts';
import { EXAM_LINKS, type ExamLink } from './exam-linking.ts';
import { truncatedPercent } from './figure.ts';
import { STAY_LINKS, type StayLink } from './linking.ts';
import type { PreparedFacts } from './prepare.ts';
import type { Coverage, Scope } from './report.ts';
import type { Settings } from './settings.ts';
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

/** Document versions of one period and scope, counted by kind and side. */
export interface DepositTally {
  of(which: 'stay' | 'exam', taken: Uint8Array, settings: Settings): Coverage;
}

/**
 * Rows of the versions accepted within the period, known yet and of the scope. A deposit that names no site belongs to
 * the legal entity's view only.
 */
export function depositsOf(
  facts: PreparedFacts,
  period: Period,
  scope: Scope,
  unknownFromMs: number,
): readonly number[] {
  const { delivered } = facts.versions;
  const sites = facts.versionSites();
  const site = scope.level === 'EG' ? facts.codes.codeOf(scope.finess) : null;
  const endMs = Math.min(period.endMs, unknownFromMs);
  const found: number[] = [];
  for (let version = 0; version < delivered.length; version += 1) {
    const at = delivered[version]!;
    if (at >= period.startMs && at < endMs && (site === null || sites[version] === site)) found.push(version);
  }
  return found;
}

/** One pass over the deposits of a period, for any number of indicators. */
export function tallyDeposits(
  { kinds, kindOf }: DocumentKinds,
  links: { stay: Uint8Array; exam: Uint8Array },
  deposits: readonly number[],
): DepositTally {
  const tallies = {
    stay: new Uint32Array(kinds.length * SIDES.length),
    exam: new Uint32Array(kinds.length * SIDES.length),
  };
  for (const version of deposits) {
    const at = kindOf[version]! * SIDES.length;
    tallies.stay[at + STAY_SIDES[links.stay[version]!]!]! += 1;
    tallies.exam[at + EXAM_SIDES[links.exam[version]!]!]! += 1;
  }
  return { of: (which, taken, settings) => coverage(tallies[which], taken, settings) };
}

function coverage(tally: Uint32Array, taken: Uint8Array, { coverageWarnPercent }: Settings): Coverage {
  const [linked, inferred, unlinked] = SIDES.map((_, side) =>
    taken.reduce((sum, how, kind) => (how === TAKEN.no ? sum : sum + tally[kind * SIDES.length + side]!), 0),
  ) as [number, number, number];
  const total = linked + inferred + unlinked;
  const percent = truncatedPercent(linked, total);
  return { linked, inferred, unlinked, total, percent, low: linked * 100 < coverageWarnPercent * total };
}
