import type { ExamTable, StayTable } from './tables.ts';

/**
 * Rows that make one unit: the head stands for all, `next` leads from the head through the other members to -1. Rows
 * that are not a head are counted through their head only.
 */
export interface Grouping {
  isHead(row: number): boolean;
  next(row: number): number;
}

/** Every row is a unit of its own. */
export const EACH_ROW: Grouping = { isHead: () => true, next: () => -1 };

export function members(grouping: Grouping, head: number): number[] {
  const rows: number[] = [];
  for (let row = head; row >= 0; row = grouping.next(row)) rows.push(row);
  return rows;
}

/** Imaging exams of one study UID in one site are one unit (sheet, section 11, case 27). */
export function studies(table: ExamTable): Grouping {
  return chained(table.exams.length, (row) => {
    const { studyUid, kind } = table.exams[row]!;
    return studyUid === null ? null : `${table.sites[row]}/${kind}/${studyUid}`;
  });
}

/**
 * In the view of the legal entity, stays of one patient that follow one another in different sites (sheet, section 11,
 * case 7). The last stay is the head: its discharge ends the whole.
 */
export function transfers(table: StayTable, hours: number): Grouping {
  const previous = new Int32Array(table.stays.length).fill(-1);
  const continued = new Uint8Array(table.stays.length);
  for (const rows of staysOfPatients(table).values()) {
    rows.sort((a, b) => table.admitted[a]! - table.admitted[b]! || compareKeys(table, a, b));
    for (let at = 1; at < rows.length; at += 1) {
      const [before, after] = [rows[at - 1]!, rows[at]!];
      if (!isTransfer(table, before, after, hours)) continue;
      previous[after] = before;
      continued[before] = 1;
    }
  }
  return { isHead: (row) => continued[row] === 0, next: (row) => previous[row]! };
}

function staysOfPatients(table: StayTable): Map<string, number[]> {
  const ofPatients = new Map<string, number[]>();
  table.stays.forEach(({ patient }, row) => {
    if (patient === null || Number.isNaN(table.admitted[row]!)) return;
    const rows = ofPatients.get(patient);
    if (rows) rows.push(row);
    else ofPatients.set(patient, [row]);
  });
  return ofPatients;
}

function compareKeys(table: StayTable, a: number, b: number): number {
  const [one, other] = [table.stays[a]!, table.stays[b]!];
  return one.finessEg < other.finessEg || (one.finessEg === other.finessEg && one.stayNo < other.stayNo)
    ? -1
    : 1;
}

function isTransfer(table: StayTable, before: number, after: number, hours: number): boolean {
  const elsewhere =
    table.sites[before] !== table.sites[after] && table.entities[before] === table.entities[after];
  const gapMs = table.admitted[after]! - table.discharged[before]!;
  return elsewhere && Math.abs(gapMs) <= hours * 3_600_000;
}

/** Groups rows of the same key; rows without a key stand alone. The head is the first row, which nothing depends on. */
function chained(count: number, keyOf: (row: number) => string | null): Grouping {
  const next = new Int32Array(count).fill(-1);
  const isMember = new Uint8Array(count);
  const heads = new Map<string, number>();
  for (let row = 0; row < count; row += 1) {
    const key = keyOf(row);
    if (key === null) continue;
    const head = heads.get(key);
    if (head === undefined) heads.set(key, row);
    else {
      next[row] = next[head]!;
      next[head] = row;
      isMember[row] = 1;
    }
  }
  return { isHead: (row) => isMember[row] === 0, next: (row) => next[row]! };
}
