import type { InstantRange } from '../cda/times.ts';
import type { CountedDocument } from '../words/figures.ts';
import type { DefinedIndicator } from './definitions.ts';
import type { Denominator } from './denominators.ts';
import { TAKEN, takenKinds } from './document-kinds.ts';
import { EXAM_LINKS } from './exam-linking.ts';
import type { LinkedDocuments } from './linked-documents.ts';
import { INFERRED, STAY_LINKS } from './linking.ts';
import { type Observation, standingOf } from './live.ts';
import type { PreparedFacts } from './prepare.ts';
import type { OpenedDocument } from './report.ts';
import type { Settings } from './settings.ts';
import type { Adjacency } from './tables.ts';

/** Why a document of the right type does not count for its unit, or that it does. */
export type Judgement = 'counts' | NonNullable<OpenedDocument['because']>;

/** Finds and judges the documents of the units of one indicator. A row is a version deposited, or a document mailed. */
export interface Feeding {
  /** Whether and how each kind of document is taken. */
  taken: Uint8Array;
  kindOf: Uint32Array;
  /** How a row is linked. */
  linkOf(row: number): OpenedDocument['link'];
  /** Rows of a unit that are of the indicator's types and known at the observation. */
  documentsOf(unit: number): number[];
  judge(row: number, unit: number): Judgement;
  /** What is shown of a row. */
  describe(row: number): Omit<OpenedDocument, 'counts' | 'because'>;
  /** FINESS of the site that a row names. */
  siteOf(row: number): string | null;
}

/** What an indicator is fed by: versions deposited in the DMP. */
export function feedingOf(
  indicator: DefinedIndicator,
  denominator: Pick<Denominator, 'of' | 'grouping'>,
  facts: PreparedFacts,
  settings: Settings,
  observation: Observation,
): Feeding {
  const { versions, deposits } = facts;
  const { kinds, kindOf } = deposits.kinds;
  const taken = takenKinds(kinds, indicator, settings);
  const { rowsOf, linkOf, isInferred } = linksOf(denominator.of, facts, settings);
  const nearDischarge = dischargeCheck(facts, settings);
  const relevant = (version: number) =>
    taken[kindOf[version]!] !== TAKEN.no && versions.delivered[version]! < observation.unknownFromMs;
  return {
    ...{ taken, kindOf, linkOf },
    documentsOf: (unit) => gather(denominator, rowsOf, unit, relevant),
    judge(version, unit) {
      const standing = standingOf(versions, version, observation, settings);
      if (standing !== 'live') return standing === 'unknown-yet' ? 'late' : standing;
      // A replaced prescription keeps the date of its first version unless the settings say otherwise.
      const dated = settings.replacementDate === 'first' ? versions.origin[version]! : version;
      const aroundDischarge = taken[kindOf[version]!] === TAKEN.aroundDischarge;
      if (aroundDischarge && !nearDischarge(deposits.datedRange(dated), unit)) return 'dated-elsewhere';
      return isInferred(version) && !settings.inferredCounts ? 'inferred' : 'counts';
    },
    describe: (version) => described(versions.documents[version]!, linkOf(version)),
    siteOf: (version) => versions.documents[version]!.stay?.finessEg ?? null,
  };
}

/** What is shown of any document. */
export function described(
  {
    uniqueId,
    submission,
    delivery,
    deliveredAt,
    typeCode,
    level,
  }: CountedDocument & { deliveredAt: string | null },
  link: OpenedDocument['link'],
): ReturnType<Feeding['describe']> {
  return { uniqueId, submission, delivery, deliveredAt, typeCode, level, link };
}

interface Links {
  /** Documents of each stay or exam. */
  rowsOf: Adjacency;
  linkOf: Feeding['linkOf'];
  isInferred(row: number): boolean;
}

function linksOf(of: Denominator['of'], facts: PreparedFacts, settings: Settings): Links {
  if (of === 'exam') {
    const { versionsOf: rowsOf, links } = facts.examLinks;
    return { rowsOf, linkOf: (version) => EXAM_LINKS[links[version]!]!, isInferred: () => false };
  }
  return stayLinksOf(facts.deposits, settings);
}

export function stayLinksOf(documents: LinkedDocuments, settings: Settings): Links {
  const { versionsOf: rowsOf, links } = documents.stayLinks(settings);
  return {
    rowsOf,
    linkOf: (row) => STAY_LINKS[links[row]!]!,
    isInferred: (row) => links[row] === INFERRED,
  };
}

/** The relevant documents of all members of a unit, each once. */
export function gather(
  { grouping }: Pick<Denominator, 'grouping'>,
  { starts, rows }: Adjacency,
  unit: number,
  relevant: (row: number) => boolean,
): number[] {
  const found: number[] = [];
  for (let member = unit; member >= 0; member = grouping.next(member))
    for (let at = starts[member]!; at < starts[member + 1]!; at += 1) {
      const row = rows[at]!;
      if (relevant(row) && !found.includes(row)) found.push(row);
    }
  return found;
}

/**
 * Whether a prescription is one of discharge (sheet, 5.2): its own date lies near the discharge of the stay. A date that
 * names a whole day lies near when any instant of it does.
 */
export function dischargeCheck(
  { stays }: PreparedFacts,
  settings: Settings,
): (dated: InstantRange | null, unit: number) => boolean {
  const beforeMs = settings.prescriptionHoursBefore * 3_600_000;
  const afterMs = settings.prescriptionHoursAfter * 3_600_000;
  return (dated, unit) => {
    const discharged = stays.discharged[unit]!;
    return dated !== null && dated.fromMs <= discharged + afterMs && dated.beforeMs > discharged - beforeMs;
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
