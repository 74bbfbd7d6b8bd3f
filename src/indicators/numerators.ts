import type { DefinedIndicator } from './definitions.ts';
import type { Denominator } from './denominators.ts';
import { TAKEN, takenKinds } from './document-kinds.ts';
import { EXAM_LINKS } from './exam-linking.ts';
import { INFERRED, STAY_LINKS } from './linking.ts';
import { type Observation, standingOf } from './live.ts';
import type { PreparedFacts } from './prepare.ts';
import type { OpenedDocument } from './report.ts';
import type { Settings } from './settings.ts';
import type { Adjacency } from './tables.ts';

/** Why a document of the right type does not count for its unit, or that it does. */
export type Judgement = 'counts' | NonNullable<OpenedDocument['because']>;

/** Finds and judges the documents of the units of one indicator. */
export interface Feeding {
  taken: Uint8Array;
  /** For each version, how it is linked. */
  linkOf(version: number): OpenedDocument['link'];
  /** Rows of the versions of a unit that are of the indicator's types and known at the observation. */
  documentsOf(unit: number): number[];
  judge(version: number, unit: number): Judgement;
}

export function feedingOf(
  indicator: DefinedIndicator,
  denominator: Pick<Denominator, 'of' | 'grouping'>,
  facts: PreparedFacts,
  settings: Settings,
  observation: Observation,
): Feeding {
  const { versions, kinds } = facts;
  const taken = takenKinds(kinds.kinds, indicator, settings);
  const { versionsOf, linkOf, isInferred } = linksOf(denominator.of, facts, settings);
  const nearDischarge = dischargeCheck(facts, settings);
  const relevant = (version: number) =>
    taken[kinds.kindOf[version]!] !== TAKEN.no && versions.delivered[version]! < observation.unknownFromMs;
  return {
    taken,
    linkOf,
    documentsOf: (unit) => gather(denominator, versionsOf, unit, relevant),
    judge(version, unit) {
      const standing = standingOf(versions, version, observation, settings);
      if (standing !== 'live') return standing === 'unknown-yet' ? 'late' : standing;
      const dated = taken[kinds.kindOf[version]!] === TAKEN.aroundDischarge;
      if (dated && !nearDischarge(version, unit)) return 'dated-elsewhere';
      return isInferred(version) && !settings.inferredCounts ? 'inferred' : 'counts';
    },
  };
}

interface Links {
  versionsOf: Adjacency;
  linkOf: Feeding['linkOf'];
  isInferred(version: number): boolean;
}

function linksOf(of: Denominator['of'], facts: PreparedFacts, settings: Settings): Links {
  if (of === 'exam') {
    const { versionsOf, links } = facts.examLinks;
    return { versionsOf, linkOf: (version) => EXAM_LINKS[links[version]!]!, isInferred: () => false };
  }
  const { versionsOf, links } = facts.stayLinks(settings);
  return {
    versionsOf,
    linkOf: (version) => STAY_LINKS[links[version]!]!,
    isInferred: (version) => links[version] === INFERRED,
  };
}

function gather(
  { grouping }: Pick<Denominator, 'grouping'>,
  { starts, rows }: Adjacency,
  unit: number,
  relevant: (version: number) => boolean,
): number[] {
  const found: number[] = [];
  for (let row = unit; row >= 0; row = grouping.next(row))
    for (let at = starts[row]!; at < starts[row + 1]!; at += 1) {
      const version = rows[at]!;
      if (relevant(version) && !found.includes(version)) found.push(version);
    }
  return found;
}

/**
 * Whether a prescription is one of discharge (sheet, 5.2): its own date lies near the discharge of the stay. A date that
 * names a whole day lies near when any instant of it does. A replaced prescription keeps the date of its first version
 * unless the settings say otherwise.
 */
function dischargeCheck(
  facts: PreparedFacts,
  settings: Settings,
): (version: number, unit: number) => boolean {
  const { versions, stays } = facts;
  const beforeMs = settings.prescriptionHoursBefore * 3_600_000;
  const afterMs = settings.prescriptionHoursAfter * 3_600_000;
  return (version, unit) => {
    const dated = settings.replacementDate === 'first' ? versions.origin[version]! : version;
    const range = facts.datedRange(dated);
    const discharged = stays.discharged[unit]!;
    return range !== null && range.fromMs <= discharged + afterMs && range.beforeMs > discharged - beforeMs;
  };
}

/** What became of the units of a denominator. */
export interface Tally {
  numerator: number;
  /** Units fed only by documents of inferred stays. */
  inferred: number;
}

/** `inferred`: only documents of inferred stays would feed it. */
export type UnitState = 'lacking' | 'counted' | 'inferred';

export function stateOf(unit: number, feeding: Feeding): UnitState {
  let inferred = false;
  for (const version of feeding.documentsOf(unit)) {
    const judgement = feeding.judge(version, unit);
    if (judgement === 'counts') return 'counted';
    inferred ||= judgement === 'inferred';
  }
  return inferred ? 'inferred' : 'lacking';
}

/** The numerator: units, or the documents themselves (each once, though it feed several units). */
export function tally(
  indicator: Pick<DefinedIndicator, 'numerator'>,
  denominator: Denominator,
  feeding: Feeding,
): Tally {
  const figures = { lacking: 0, counted: 0, inferred: 0 };
  for (const unit of denominator.units) figures[stateOf(unit, feeding)] += 1;
  const numerator =
    indicator.numerator === 'documents-fed' ? countingDocuments(denominator, feeding) : figures.counted;
  return { numerator, inferred: figures.inferred };
}

function countingDocuments(denominator: Denominator, feeding: Feeding): number {
  const found = new Set<number>();
  for (const unit of denominator.units)
    for (const version of feeding.documentsOf(unit))
      if (feeding.judge(version, unit) === 'counts') found.add(version);
  return found.size;
}
