import { instant } from '../words/clock.ts';
import { isUnlinked } from './coverage.ts';
import type { Denominator } from './denominators.ts';
import { TAKEN } from './document-kinds.ts';
import { examKey, stayKey } from './facts.ts';
import { members } from './grouping.ts';
import { type Feeding, stateOf, type UnitState } from './numerators.ts';
import type { PreparedFacts } from './prepare.ts';
import type { OpenedDocument, OpenedIndicator, OpenedUnit, OpenOptions, UnlinkedDocument } from './report.ts';
import type { Unit } from './rules.ts';

/** What an indicator was counted from. */
export interface Counted {
  code: string;
  unit: Unit;
  facts: PreparedFacts;
  denominator: Denominator;
  feeding: Feeding;
  /** Rows of the documents accepted within the period that may feed it. */
  deposits: readonly number[];
}

/** Opens a figure into its units and documents, ordered by date and key, so that a page is the same each time. */
export function openIndicator(counted: Counted, options: OpenOptions = {}): OpenedIndicator {
  const { lists = ['counted', 'inferred', 'lacking', 'unlinked'], offset = 0, limit } = options;
  const page = <T>(items: readonly T[]) =>
    items.slice(offset, limit === undefined ? undefined : offset + limit);
  const states = Map.groupBy(counted.denominator.units, (unit) => stateOf(unit, counted.feeding));
  const opened = (state: UnitState) =>
    lists.includes(state)
      ? page(inOrder(counted, states.get(state) ?? [])).map((unit) => openUnit(counted, unit))
      : [];
  return {
    code: counted.code,
    unit: counted.unit,
    counted: opened('counted'),
    inferred: opened('inferred'),
    lacking: opened('lacking'),
    unlinked: lists.includes('unlinked') ? page(unlinkedOf(counted)) : [],
  };
}

/** What was not computed opens into nothing. */
export function openNothing(code: string, unit: Unit): OpenedIndicator {
  return { code, unit, counted: [], inferred: [], lacking: [], unlinked: [] };
}

function keyOf({ facts, denominator }: Counted, row: number): string {
  return denominator.of === 'stay' ? stayKey(facts.stays.stays[row]!) : examKey(facts.exams.exams[row]!);
}

/** By date, then by the least key of the members, whatever the order of the facts. */
function inOrder(counted: Counted, units: readonly number[]): number[] {
  const sorted = units.map((unit) => ({
    unit,
    at: counted.denominator.at(unit),
    key: keysOf(counted, unit)[0]!,
  }));
  sorted.sort((a, b) => a.at - b.at || compareTexts(a.key, b.key));
  return sorted.map(({ unit }) => unit);
}

function keysOf(counted: Counted, unit: number): string[] {
  return members(counted.denominator.grouping, unit)
    .map((row) => keyOf(counted, row))
    .sort(compareTexts);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function openUnit(counted: Counted, unit: number): OpenedUnit {
  const { facts, denominator, feeding } = counted;
  const documents = feeding.documentsOf(unit).map((row) => {
    const judgement = feeding.judge(row, unit);
    const counts = judgement === 'counts';
    return {
      ...feeding.describe(row),
      counts,
      because: counts ? null : judgement,
    } satisfies OpenedDocument;
  });
  const keys = keysOf(counted, unit);
  return {
    key: keys[0]!,
    members: keys,
    at: instant(denominator.at(unit)),
    specialty: denominator.of === 'stay' ? facts.stays.stays[unit]!.specialty : null,
    documents: documents.sort(byDelivery),
  };
}

function byDelivery(a: Omit<OpenedDocument, 'counts' | 'because'>, b: typeof a): number {
  return compareTexts(placeOf(a), placeOf(b));
}

/** By when it was delivered, or mailed, and which it is. */
function placeOf({ deliveredAt, mail, uniqueId, delivery }: Omit<OpenedDocument, 'counts' | 'because'>) {
  return [deliveredAt ?? mail?.acceptedAt ?? '', uniqueId, delivery].join(' ');
}

function unlinkedOf({ feeding, deposits }: Counted): UnlinkedDocument[] {
  const isTaken = (row: number) => feeding.taken[feeding.kindOf[row]!] !== TAKEN.no;
  return deposits
    .filter((row) => isTaken(row) && isUnlinked(feeding.linkOf(row)))
    .map((row) => ({ ...feeding.describe(row), finessEg: feeding.siteOf(row) }))
    .sort(byDelivery);
}
