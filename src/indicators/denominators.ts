import type { DefinedIndicator } from './definitions.ts';
import { EACH_ROW, type Grouping } from './grouping.ts';
import type { PreparedFacts } from './prepare.ts';
import type { Scope } from './report.ts';
import type { Settings } from './settings.ts';
import { TRAIT } from './tables.ts';
import type { Period } from './time.ts';

/** Why a unit may leave the denominator (sheet, section 11); also how those that stay are told apart. */
export type Exclusion =
  | 'sessions'
  | 'emergency'
  | 'out-patients'
  | 'deaths'
  | 'newborns'
  | 'opposed'
  | 'secret'
  | 'foreign-without-ins'
  | 'not-in-house';

/** The units of an indicator in a period. */
export interface Denominator {
  of: 'stay' | 'exam';
  /** Rows of the heads of the units, in the order of the table. */
  units: readonly number[];
  grouping: Grouping;
  /** Instant that places a unit, milliseconds, NaN when it has none. */
  at(unit: number): number;
  /** Whether any stay or exam of the period is known in the scope, excluded or not. */
  known: boolean;
  excluded: Partial<Record<Exclusion, number>>;
  beside: Partial<Record<Exclusion, number>>;
}

export interface Counting {
  facts: PreparedFacts;
  period: Period;
  scope: Scope;
  settings: Settings;
  /** Units placed at or after this instant are not known yet. */
  unknownFromMs: number;
}

/** The denominator of an indicator whose facts have a source. */
export function denominatorOf(indicator: DefinedIndicator, counting: Counting): Denominator {
  return indicator.denominator === 'reported-exams'
    ? reportedExams(indicator, counting)
    : closedStays(indicator, counting);
}

/** Stays closed when observed, that the date rule places in the period. Movements between wards make no stays. */
function closedStays(indicator: DefinedIndicator, counting: Counting): Denominator {
  const { facts, settings, scope, unknownFromMs } = counting;
  const { stays: table } = facts;
  const grouping = facts.stayGroups(scope.level, settings);
  const discharged = (unit: number) => table.discharged[unit]!;
  const admitted = (unit: number) => earliest(grouping, unit, (row) => table.admitted[row]!);
  const at = indicator.date === 'admitted' ? admitted : discharged;
  const anySurgery = (unit: number) =>
    some(grouping, unit, (row) => (table.traits[row]! & TRAIT.surgery) !== 0);
  const belongs = indicator.denominator === 'closed-stays-with-surgery' ? anySurgery : () => true;
  return select(counting, table.stays.length, {
    of: 'stay',
    grouping,
    at,
    inScope: scopeOf(counting, table),
    mayStand: (unit) => discharged(unit) < unknownFromMs,
    belongs,
    reasons: stayReasons(facts, settings),
  });
}

function reportedExams(indicator: DefinedIndicator, counting: Counting): Denominator {
  const { facts, settings } = counting;
  const { exams: table } = facts;
  const grouping = indicator.unit === 'study' ? facts.studyGroups() : EACH_ROW;
  const dates = indicator.date === 'performed' ? table.performed : table.validated;
  const inScope = scopeOf(counting, table);
  return select(counting, table.exams.length, {
    of: 'exam',
    grouping,
    at: (unit) => earliest(grouping, unit, (row) => dates[row]!),
    inScope: (row) => table.exams[row]!.kind === indicator.examKind && inScope(row),
    mayStand: (unit) => some(grouping, unit, (row) => table.validated[row]! < counting.unknownFromMs),
    belongs: () => true,
    reasons: examReasons(facts, grouping, settings),
  });
}

/** A reason to leave the denominator, whether it applies to a unit, and whether the settings say that it does. */
interface Reason {
  name: Exclusion;
  applies(unit: number): boolean;
  excludes: boolean;
}

interface Selection {
  of: Denominator['of'];
  grouping: Grouping;
  at(unit: number): number;
  inScope(row: number): boolean;
  /** Closed or reported when observed. */
  mayStand(unit: number): boolean;
  /** Of the kind that the denominator is made of. */
  belongs(unit: number): boolean;
  reasons: readonly Reason[];
}

/** One pass over a table. The first reason that excludes a unit is the one that is reported. */
function select({ period }: Counting, rows: number, by: Selection): Denominator {
  const units: number[] = [];
  const [excluded, beside]: [Denominator['excluded'], Denominator['beside']] = [{}, {}];
  let known = false;
  for (let unit = 0; unit < rows; unit += 1) {
    if (!by.grouping.isHead(unit)) continue;
    const at = by.at(unit);
    if (!(at >= period.startMs && at < period.endMs) || !by.inScope(unit) || !by.mayStand(unit)) continue;
    known = true;
    if (!by.belongs(unit)) continue;
    const applying = by.reasons.filter((reason) => reason.applies(unit));
    const excluding = applying.find((reason) => reason.excludes);
    if (excluding) count(excluded, excluding.name);
    else units.push(unit);
    if (!excluding) for (const { name } of applying) count(beside, name);
  }
  return { of: by.of, units, grouping: by.grouping, at: by.at, known, excluded, beside };
}

function count(figures: Partial<Record<Exclusion, number>>, name: Exclusion): void {
  figures[name] = (figures[name] ?? 0) + 1;
}

function stayReasons({ stays }: PreparedFacts, settings: Settings): Reason[] {
  const trait = (name: Exclusion, bit: number, excludes: boolean): Reason => ({
    name,
    excludes,
    applies: (unit) => (stays.traits[unit]! & bit) !== 0,
  });
  const deaths = new Set(settings.deathDischargeModes);
  return [
    trait('secret', TRAIT.secret, settings.excludeSecret),
    trait('sessions', TRAIT.session, settings.excludeSessions),
    trait('emergency', TRAIT.emergency, settings.excludeEmergency),
    trait('out-patients', TRAIT.outPatient, settings.excludeOutPatients),
    {
      name: 'deaths',
      excludes: settings.excludeDeaths,
      applies: (unit) => deaths.has(stays.stays[unit]!.dischargeMode ?? ''),
    },
    trait('newborns', TRAIT.newborn, settings.excludeNewborns),
    trait('opposed', TRAIT.opposed, settings.excludeOpposed),
    trait('foreign-without-ins', TRAIT.foreignWithoutIns, settings.excludeForeignWithoutIns),
  ];
}

function examReasons(facts: PreparedFacts, grouping: Grouping, settings: Settings): Reason[] {
  const { exams } = facts.exams;
  const inPatientStays = settings.examPatients === 'in-patients' ? inPatientKeys(facts) : null;
  const ofInPatient = (row: number) =>
    inPatientStays?.has(`${exams[row]!.finessEg}/${exams[row]!.stayNo}`) ?? true;
  return [
    {
      name: 'not-in-house',
      excludes: settings.inHouseOnly,
      applies: (unit) => !some(grouping, unit, (row) => exams[row]!.inHouse),
    },
    {
      name: 'out-patients',
      excludes: inPatientStays !== null,
      applies: (unit) => !some(grouping, unit, ofInPatient),
    },
  ];
}

function inPatientKeys({ stays }: PreparedFacts): ReadonlySet<string> {
  const keys = new Set<string>();
  stays.stays.forEach(({ finessEg, stayNo }, row) => {
    if ((stays.traits[row]! & TRAIT.inPatient) !== 0) keys.add(`${finessEg}/${stayNo}`);
  });
  return keys;
}

function scopeOf(
  { facts, scope }: Counting,
  table: { sites: Uint16Array; entities: Uint16Array },
): (row: number) => boolean {
  const code = facts.codes.codeOf(scope.finess);
  const column = scope.level === 'EJ' ? table.entities : table.sites;
  return (row) => column[row] === code;
}

function some(grouping: Grouping, unit: number, test: (row: number) => boolean): boolean {
  for (let row = unit; row >= 0; row = grouping.next(row)) if (test(row)) return true;
  return false;
}

function earliest(grouping: Grouping, unit: number, at: (row: number) => number): number {
  let first = Number.NaN;
  for (let row = unit; row >= 0; row = grouping.next(row)) {
    const ms = at(row);
    if (!(ms >= first)) first = Number.isNaN(ms) ? first : ms;
  }
  return first;
}
