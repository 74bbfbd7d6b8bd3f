import { instant } from '../words/clock.ts';
import type { Establishment } from '../words/establishment.ts';
import type { Exam, Stay } from '../words/stay.ts';
import { Cells, type CellTime } from './csv-cells.ts';
import { type Chunks, type Line, readLines, recordsOf } from './csv-lines.ts';
import { indicatorError, type RowError, rowError } from './errors.ts';
import { examKey, stayKey } from './facts.ts';
import { indicatorLimits } from './limits.ts';
import { type Zone, zoneOf } from './zone.ts';

/** Columns of the two files (sheet, 4.2). Others are ignored; those required must be named by the first line. */
export const CSV_COLUMNS = {
  stays: {
    required: ['finess_eg', 'stay_no', 'class', 'discharged_at'],
    optional: [
      ...['finess_ej', 'ipp', 'visit_no', 'admitted_at', 'discharge_mode', 'specialty'],
      ...['has_surgery', 'is_session', 'mother_stay_no'],
    ],
  },
  exams: {
    required: ['finess_eg', 'kind', 'exam_id', 'validated_at'],
    optional: ['finess_ej', 'ipp', 'stay_no', 'accession', 'study_uid', 'performed_at', 'in_house'],
  },
} as const;

/** A stay as a file gives it. The local patient identifier stands apart: only its keyed hash is ever kept. */
export interface StayRow {
  line: number;
  stay: Omit<Stay, 'patient'>;
  ipp: string | null;
}

export interface ExamRow {
  line: number;
  exam: Omit<Exam, 'patient'>;
  ipp: string | null;
}

/** Some lines of a file, read: the rows taken, and why others were not. */
export interface CsvBatch<R> {
  rows: R[];
  errors: RowError[];
  /** Errors of this batch beyond those that a file reports one by one. */
  unreportedErrors: number;
}

export interface CsvContext {
  /** Rows of other legal entities or sites are refused. */
  establishment: Establishment;
  /** IANA zone of times without offset; the establishment's when absent. */
  zone?: string;
}

/**
 * Reads `stays.csv`: UTF-8, `;`, one stay a line; times in ISO 8601 with an offset or in local time, a day alone being its
 * beginning. Instants of the rows are ISO 8601 UTC. Of one natural key in a file the first row is taken. Memory does not
 * grow with the file but for the natural keys seen, some 100 bytes a row.
 * @throws ViaducError indicators.csv-empty, csv-separator, csv-column-missing, csv-column-twice, csv-not-utf8,
 *   csv-line-too-long
 */
export function readStays(chunks: Chunks, context: CsvContext): AsyncGenerator<CsvBatch<StayRow>> {
  const zone = zoneOf(context.zone ?? context.establishment.zone);
  return readRows(chunks, CSV_COLUMNS.stays.required, {
    keyColumn: 'stay_no',
    read: (cells) => readStay(cells, context.establishment, zone),
    keyOf: ({ stay }) => stayKey(stay),
  });
}

/** Reads `exams.csv` as `readStays` does stays. */
export function readExams(chunks: Chunks, context: CsvContext): AsyncGenerator<CsvBatch<ExamRow>> {
  const zone = zoneOf(context.zone ?? context.establishment.zone);
  return readRows(chunks, CSV_COLUMNS.exams.required, {
    keyColumn: 'exam_id',
    read: (cells) => readExam(cells, context.establishment, zone),
    keyOf: ({ exam }) => examKey(exam),
  });
}

const STAY_CLASSES = ['I', 'O', 'E', 'R', 'N'] as const;
const EXAM_KINDS = ['BIO', 'IMG'] as const;
const LONGEST_NUMBER = 64;

function readStay(cells: Cells, { finessEj, sites }: Establishment, zone: Zone): StayRow {
  const [admitted, discharged] = cells.interval('admitted_at', 'discharged_at', zone);
  const stay = {
    finessEj: cells.finess('finess_ej', [finessEj], finessEj),
    finessEg: cells.finess(
      'finess_eg',
      sites.map((site) => site.finessEg),
    ),
    stayNo: cells.required('stay_no', LONGEST_NUMBER),
    visitNo: cells.text('visit_no', LONGEST_NUMBER),
    class: cells.choice('class', STAY_CLASSES),
    admittedAt: utc(admitted),
    dischargedAt: utc(discharged),
    dischargeMode: cells.text('discharge_mode'),
    specialty: cells.text('specialty'),
    hasSurgery: cells.flag('has_surgery', false),
    isSession: cells.flag('is_session', false),
    motherStayNo: cells.text('mother_stay_no', LONGEST_NUMBER),
  };
  return { line: cells.line, stay, ipp: cells.text('ipp', LONGEST_NUMBER) };
}

function readExam(cells: Cells, { finessEj, sites }: Establishment, zone: Zone): ExamRow {
  const [performed, validated] = cells.interval('performed_at', 'validated_at', zone);
  const exam = {
    finessEj: cells.finess('finess_ej', [finessEj], finessEj),
    finessEg: cells.finess(
      'finess_eg',
      sites.map((site) => site.finessEg),
    ),
    stayNo: cells.text('stay_no', LONGEST_NUMBER),
    kind: cells.choice('kind', EXAM_KINDS),
    examId: cells.required('exam_id'),
    accession: cells.text('accession'),
    studyUid: cells.uid('study_uid'),
    performedAt: utc(performed),
    validatedAt: utc(validated),
    inHouse: cells.flag('in_house', true),
  };
  return { line: cells.line, exam, ipp: cells.text('ipp', LONGEST_NUMBER) };
}

function utc(time: CellTime | null): string | null {
  return time && instant(time.ms);
}

/** How rows of one file are read. */
interface RowKind<R> {
  keyColumn: string;
  read(cells: Cells): R;
  keyOf(row: R): string;
}

async function* readRows<R>(
  chunks: Chunks,
  required: readonly string[],
  kind: RowKind<R>,
): AsyncGenerator<CsvBatch<R>> {
  let header: Header | null = null;
  let reported = 0;
  const seen = new Map<string, number>();
  for await (const lines of readLines(chunks)) {
    const body = header ? lines : lines.slice(1);
    header ??= headerOf(lines[0]!, required);
    const { rows, errors } = readBatch(body, header, kind, seen);
    const told = errors.slice(0, indicatorLimits.csvReportedErrors.value - reported);
    reported += told.length;
    yield { rows, errors: told, unreportedErrors: errors.length - told.length };
  }
  if (!header) throw indicatorError('indicators.csv-empty');
}

function readBatch<R>(
  lines: readonly Line[],
  header: Header,
  kind: RowKind<R>,
  seen: Map<string, number>,
): { rows: R[]; errors: RowError[] } {
  const rows: R[] = [];
  const errors: RowError[] = [];
  recordsOf(lines).forEach((record, at) => {
    const row = readRow(record, lines[at]!.number, header, kind, seen);
    if (Array.isArray(row)) errors.push(...row);
    else rows.push(row.row);
  });
  return { rows, errors };
}

function readRow<R>(
  record: string[] | RowError,
  line: number,
  header: Header,
  kind: RowKind<R>,
  seen: Map<string, number>,
): { row: R } | RowError[] {
  if (!Array.isArray(record)) return [record];
  const counts = { found: record.length, expected: header.width };
  if (counts.found !== counts.expected) return [rowError('indicators.csv-field-count', line, null, counts)];
  const cells = new Cells(line, record, header.places);
  const row = kind.read(cells);
  if (cells.errors.length > 0) return cells.errors;
  const key = kind.keyOf(row);
  const first = seen.get(key);
  if (first !== undefined) return [rowError('indicators.csv-key-twice', line, kind.keyColumn, { first })];
  seen.set(key, line);
  return { row };
}

/** The columns as the first line names them. */
interface Header {
  /** How many there are, those without a name included. */
  width: number;
  places: ReadonlyMap<string, number>;
}

function headerOf(line: Line, required: readonly string[]): Header {
  const [header] = recordsOf([line]);
  if (!Array.isArray(header) || (header.length === 1 && /[,\t]/.test(header[0]!)))
    throw indicatorError('indicators.csv-separator');
  const names = header.map((name) => name.trim().toLowerCase());
  const twice = names.filter((name, at) => name !== '' && names.indexOf(name) < at);
  if (twice.length > 0) throw indicatorError('indicators.csv-column-twice', { columns: twice.join(', ') });
  const missing = required.filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw indicatorError('indicators.csv-column-missing', { columns: missing.join(', ') });
  return { width: names.length, places: new Map(names.map((name, at) => [name, at])) };
}
