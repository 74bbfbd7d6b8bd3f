import type { DeliveredDocument } from '../words/figures.ts';
import type { Exam } from '../words/stay.ts';
import { type Adjacency, adjacency, type ExamTable } from './tables.ts';

/** How a report was linked to its exams, or why it is not (sheet, 6.2 and section 11, cases 26 to 28). */
export const EXAM_LINKS = ['exam', 'accession', 'no-reference', 'unknown-exam', 'ambiguous-exam'] as const;
export type ExamLink = (typeof EXAM_LINKS)[number];

/** The exams of every document version. */
export interface ExamLinks {
  /** Index into `EXAM_LINKS` for each version. */
  links: Uint8Array;
  /** Versions of each exam. */
  versionsOf: Adjacency;
}

export function linkToExams(documents: readonly DeliveredDocument[], table: ExamTable): ExamLinks {
  const link = examLinker(table);
  const links = new Uint8Array(documents.length);
  const [exams, versions]: [number[], number[]] = [[], []];
  for (let row = 0; row < documents.length; row += 1) {
    const found = link(documents[row]!);
    links[row] = EXAM_LINKS.indexOf(found.link);
    for (const exam of found.exams) {
      exams.push(exam);
      versions.push(row);
    }
  }
  return { links, versionsOf: adjacency(table.exams.length, exams, (pair) => versions[pair]!) };
}

interface Link {
  exams: readonly number[];
  link: ExamLink;
}

type ExamDocument = Pick<DeliveredDocument, 'exam' | 'exams' | 'stay'>;

/**
 * Links one report to exams: by request number or study UID, each that it names; else by accession number, which must
 * lead to one exam or one study, since an order may have asked for exams that this report does not answer.
 */
export function examLinker(table: ExamTable): (document: ExamDocument) => Link {
  const look = lookups(table);
  return (document) => {
    const ids = idsOf(document);
    if (ids.own.length === 0 && ids.accessions.length === 0) return { exams: [], link: 'no-reference' };
    const near = sameSite(table, document);
    const direct = ids.own.map((id) => near([...look.ids(id), ...look.studies(id)]));
    if (direct.some((rows) => rows !== 'ambiguous' && rows.length > 0)) return linked('exam', direct);
    const ordered = ids.accessions.map((id) => oneStudy(table, near(look.accessions(id))));
    if (ordered.some((rows) => rows !== 'ambiguous' && rows.length > 0)) return linked('accession', ordered);
    const ambiguous = [...direct, ...ordered].includes('ambiguous');
    return { exams: [], link: ambiguous ? 'ambiguous-exam' : 'unknown-exam' };
  };
}

type Found = readonly number[] | 'ambiguous';

function linked(link: ExamLink, found: readonly Found[]): Link {
  return { link, exams: [...new Set(found.flatMap((rows) => (rows === 'ambiguous' ? [] : rows)))] };
}

interface DocumentIds {
  /** Request numbers and study UIDs. */
  own: readonly Id[];
  accessions: readonly Id[];
}

/** An identifier, and which kind of exam it names when the request said so. */
interface Id {
  value: string;
  kind: Exam['kind'] | null;
}

/** In the header an identifier is `root^extension`, a study UID a `root` alone; which act or order it is of is not said. */
function idsOf({ exam, exams }: ExamDocument): DocumentIds {
  const kind = exam?.kind ?? null;
  const header = exams.map((id) => ({ kind, value: id.slice(id.indexOf('^') + 1).trim() }));
  const of = (...values: (string | null | undefined)[]) =>
    values.filter((value) => value != null).map((value) => ({ kind, value: value.trim() }));
  const given = (ids: readonly Id[]) => ids.filter(({ value }) => value !== '');
  return {
    own: given([...of(exam?.id, exam?.studyUid), ...header]),
    accessions: given([...of(exam?.accession), ...header]),
  };
}

/** Exams of the document's own site when there are any; else those of one other site, such as that of the laboratory. */
function sameSite(table: ExamTable, { stay }: ExamDocument): (rows: readonly number[]) => Found {
  return (rows) => {
    const own = rows.filter((row) => table.exams[row]!.finessEg === stay?.finessEg);
    if (own.length > 0) return own;
    return rows.every((row) => table.sites[row] === table.sites[rows[0]!]) ? rows : 'ambiguous';
  };
}

function oneStudy(table: ExamTable, rows: Found): Found {
  if (rows === 'ambiguous' || rows.length <= 1) return rows;
  const { studyUid } = table.exams[rows[0]!]!;
  const same = studyUid !== null && rows.every((row) => table.exams[row]!.studyUid === studyUid);
  return same ? rows : 'ambiguous';
}

type LookUp = (id: Id) => readonly number[];

function lookups(table: ExamTable): { ids: LookUp; studies: LookUp; accessions: LookUp } {
  const by = (keyOf: (exam: Exam) => string | null): LookUp => {
    const rows = rowsBy(table, keyOf);
    return ({ value, kind }) => {
      const found = rows.get(value) ?? NONE;
      return kind === null ? found : found.filter((row) => table.exams[row]!.kind === kind);
    };
  };
  return {
    ids: by((exam) => exam.examId.trim()),
    studies: by((exam) => exam.studyUid),
    accessions: by((exam) => exam.accession?.trim() ?? null),
  };
}

const NONE: readonly number[] = [];

function rowsBy(table: ExamTable, keyOf: (exam: Exam) => string | null): ReadonlyMap<string, number[]> {
  const rows = new Map<string, number[]>();
  table.exams.forEach((exam, row) => {
    const key = keyOf(exam);
    if (!key) return;
    const known = rows.get(key);
    if (known) known.push(row);
    else rows.set(key, [row]);
  });
  return rows;
}
