import type { Exam, Stay } from '../words/stay.ts';
import { indicatorError } from './errors.ts';
import { examKey, type IndicatorFacts, oneOfEach, type StayMark, stayKey } from './facts.ts';
import { factInstant, type Zone } from './zone.ts';

/** What a stay is, as bits: read for every stay of every figure. */
export const TRAIT = {
  session: 1,
  emergency: 2,
  outPatient: 4,
  inPatient: 8,
  newborn: 16,
  surgery: 32,
  opposed: 64,
  secret: 128,
  foreignWithoutIns: 256,
} as const;

/** Stays in columns. Instants are milliseconds, NaN where there is none. */
export interface StayTable {
  stays: readonly Stay[];
  admitted: Float64Array;
  discharged: Float64Array;
  traits: Uint16Array;
  sites: Uint16Array;
  entities: Uint16Array;
  /** Stays left out because another of the same natural key was kept. */
  repeated: number;
}

/** Exams in columns. */
export interface ExamTable {
  exams: readonly Exam[];
  performed: Float64Array;
  validated: Float64Array;
  sites: Uint16Array;
  entities: Uint16Array;
  repeated: number;
}

/** FINESS numbers as small integers, so that a scope is compared in a few nanoseconds. */
export class FinessCodes {
  readonly #codes = new Map<string, number>();

  /** The code of a number, made when it is new; never 0. */
  codeOf(finess: string): number {
    const known = this.#codes.get(finess);
    if (known !== undefined) return known;
    this.#codes.set(finess, this.#codes.size + 1);
    return this.#codes.size;
  }
}

export function stayTable(facts: IndicatorFacts, codes: FinessCodes, zone: Zone): StayTable {
  const { kept: stays, repeated } = oneOfEach(facts.stays, stayKey);
  const marks = marksOf(facts.marks ?? []);
  const read = (stay: Stay, member: 'admittedAt' | 'dischargedAt') =>
    column(stay[member], zone, () => ({ kind: 'stay', key: stayKey(stay), member }));
  return {
    stays,
    repeated,
    admitted: Float64Array.from(stays, (stay) => read(stay, 'admittedAt')),
    discharged: Float64Array.from(stays, (stay) => read(stay, 'dischargedAt')),
    traits: Uint16Array.from(
      stays,
      (stay) => traitsOf(stay) | (marks.size && (marks.get(stayKey(stay)) ?? 0)),
    ),
    sites: Uint16Array.from(stays, (stay) => codes.codeOf(stay.finessEg)),
    entities: Uint16Array.from(stays, (stay) => codes.codeOf(stay.finessEj)),
  };
}

export function examTable(facts: IndicatorFacts, codes: FinessCodes, zone: Zone): ExamTable {
  const { kept: exams, repeated } = oneOfEach(facts.exams, examKey);
  const read = (exam: Exam, member: 'performedAt' | 'validatedAt') =>
    column(exam[member], zone, () => ({ kind: 'exam', key: examKey(exam), member }));
  return {
    exams,
    repeated,
    performed: Float64Array.from(exams, (exam) => read(exam, 'performedAt')),
    validated: Float64Array.from(exams, (exam) => read(exam, 'validatedAt')),
    sites: Uint16Array.from(exams, (exam) => codes.codeOf(exam.finessEg)),
    entities: Uint16Array.from(exams, (exam) => codes.codeOf(exam.finessEj)),
  };
}

/** A date that cannot be read must not silently leave a figure. */
function column(
  text: string | null,
  zone: Zone,
  about: () => { kind: string; key: string; member: string },
): number {
  if (text === null) return Number.NaN;
  const ms = factInstant(text, zone);
  if (ms === null) throw indicatorError('indicators.fact-invalid', about());
  return ms;
}

function marksOf(marks: readonly StayMark[]): ReadonlyMap<string, number> {
  const bits = new Map<string, number>();
  for (const mark of marks) bits.set(stayKey(mark), (bits.get(stayKey(mark)) ?? 0) | MARK_TRAIT[mark.mark]);
  return bits;
}

const MARK_TRAIT: Readonly<Record<StayMark['mark'], number>> = {
  opposed: TRAIT.opposed,
  secret: TRAIT.secret,
  'foreign-without-ins': TRAIT.foreignWithoutIns,
};

const CLASS_TRAIT: Readonly<Record<string, number>> = {
  I: TRAIT.inPatient,
  R: TRAIT.session,
  E: TRAIT.emergency,
  N: TRAIT.outPatient,
  O: TRAIT.outPatient,
};

function traitsOf(stay: Stay): number {
  return (
    (CLASS_TRAIT[stay.class] ?? 0) |
    (stay.isSession ? TRAIT.session : 0) |
    (stay.hasSurgery ? TRAIT.surgery : 0) |
    (stay.motherStayNo === null ? 0 : TRAIT.newborn)
  );
}

/** For each row of one table the rows of another, in two flat arrays. */
export interface Adjacency {
  /** The rows of `row` are `rows[starts[row]]` up to but without `rows[starts[row + 1]]`. */
  starts: Int32Array;
  rows: Int32Array;
}

/** From pairs (`from[i]`, `to[i]`) to the lists of each `from`; pairs whose `from` is negative are left out. */
export function adjacency(count: number, from: ArrayLike<number>, to: (pair: number) => number): Adjacency {
  const starts = new Int32Array(count + 1);
  for (let pair = 0; pair < from.length; pair += 1) if (from[pair]! >= 0) starts[from[pair]! + 1]! += 1;
  for (let row = 0; row < count; row += 1) starts[row + 1]! += starts[row]!;
  const next = starts.slice(0, count);
  const rows = new Int32Array(starts[count]!);
  for (let pair = 0; pair < from.length; pair += 1) {
    if (from[pair]! < 0) continue;
    rows[next[from[pair]!]!] = to(pair);
    next[from[pair]!]! += 1;
  }
  return { starts, rows };
}
