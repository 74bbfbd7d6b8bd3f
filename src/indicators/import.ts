import { createHash } from 'node:crypto';
import { sha256 } from '../ledger/cipher.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { ledgerLimits } from '../ledger/limits.ts';
import type { Clock } from '../words/clock.ts';
import type { Establishment } from '../words/establishment.ts';
import { newId } from '../words/ids.ts';
import type { Exam, Stay } from '../words/stay.ts';
import { readExams, readStays } from './csv.ts';
import type { Chunks } from './csv-lines.ts';
import type { RowError } from './errors.ts';
import { examKey, stayKey } from './facts.ts';

export interface ImportTools {
  ledger: Ledger;
  clock: Clock;
}

/** What an import did. Rows that are wrong are left out and named; the others are taken. */
export interface Imported {
  import: string;
  fileSha256: string;
  added: number;
  changed: number;
  unchanged: number;
  errors: RowError[];
  /** Errors beyond those that are told one by one. */
  unreportedErrors: number;
}

/**
 * Takes the stays of a CSV file into the ledger (specs SUN-ES 4.2): a row of a known key replaces it, one that says the
 * same changes nothing. Every event names the digest of the file and its author.
 * @throws ViaducError `indicators.csv-…` when the file is none, and the ledger's errors
 */
export function importStays(
  tools: ImportTools,
  establishment: Establishment,
  chunks: Chunks,
  author: string,
): Promise<Imported> {
  const known = async () =>
    new Map(
      (await tools.ledger.of(establishment.id).importedStays()).map((stay) => [
        stayKey(stay),
        JSON.stringify(stay),
      ]),
    );
  const patientOf = patientHasher(tools.ledger, establishment);
  const rows = (file: Chunks) =>
    batches(readStays(file, { establishment }), ({ stay, ipp }): [string, string] => {
      const row: Stay = { ...stay, patient: patientOf(ipp) };
      return [stayKey(row), JSON.stringify(row)];
    });
  return importRows(
    tools,
    { establishment: establishment.id, type: 'stays.imported', author, known, rows },
    chunks,
  );
}

/** Takes the exams of a CSV file into the ledger, as `importStays` does stays. */
export function importExams(
  tools: ImportTools,
  establishment: Establishment,
  chunks: Chunks,
  author: string,
): Promise<Imported> {
  const known = async () =>
    new Map(
      (await tools.ledger.of(establishment.id).exams()).map((exam) => [examKey(exam), JSON.stringify(exam)]),
    );
  const patientOf = patientHasher(tools.ledger, establishment);
  const rows = (file: Chunks) =>
    batches(readExams(file, { establishment }), ({ exam, ipp }): [string, string] => {
      const row: Exam = { ...exam, patient: patientOf(ipp) };
      return [examKey(row), JSON.stringify(row)];
    });
  return importRows(
    tools,
    { establishment: establishment.id, type: 'exams.imported', author, known, rows },
    chunks,
  );
}

/** The local identifier itself is never kept: only the hash by which documents of the same person are found. */
function patientHasher(
  ledger: Ledger,
  { id, ippRoot }: Establishment,
): (ipp: string | null) => string | null {
  return (ipp) =>
    ipp === null || ippRoot === null ? null : ledger.searchHash(id, 'ipp', `${ippRoot}^${ipp}`);
}

interface Batch {
  rows: [key: string, row: string][];
  errors: RowError[];
  unreportedErrors: number;
}

async function* batches<R>(
  read: AsyncGenerator<{ rows: R[]; errors: RowError[]; unreportedErrors: number }>,
  rowOf: (row: R) => [string, string],
): AsyncGenerator<Batch> {
  for await (const { rows, errors, unreportedErrors } of read)
    yield { rows: rows.map(rowOf), errors, unreportedErrors };
}

interface Import {
  establishment: string;
  type: 'stays.imported' | 'exams.imported';
  author: string;
  known(): Promise<Map<string, string>>;
  rows(file: Chunks): AsyncGenerator<Batch>;
}

/** Rows of one event: what they add and what they change. */
interface Part {
  added: number;
  changed: number;
  lines: string[];
}

async function importRows(tools: ImportTools, about: Import, chunks: Chunks): Promise<Imported> {
  const known = await about.known();
  const file = createHash('sha256');
  const done: Imported = {
    import: newId(tools.clock.now()),
    fileSha256: '',
    added: 0,
    changed: 0,
    unchanged: 0,
    errors: [],
    unreportedErrors: 0,
  };
  const waiting: Part[] = [];
  let open: Part = { added: 0, changed: 0, lines: [] };
  for await (const { rows, errors, unreportedErrors } of about.rows(digested(chunks, file))) {
    done.errors.push(...errors);
    done.unreportedErrors += unreportedErrors;
    for (const [key, row] of rows) {
      const before = known.get(key);
      if (before === row) done.unchanged += 1;
      else {
        open[before === undefined ? 'added' : 'changed'] += 1;
        open.lines.push(row);
        known.set(key, row);
      }
    }
    if (open.lines.length < ledgerLimits.importRows.value) continue;
    waiting.push(open);
    open = { added: 0, changed: 0, lines: [] };
  }
  if (open.lines.length > 0) waiting.push(open);
  done.fileSha256 = file.digest('hex');
  for (const part of waiting) await append(tools, about, done, part);
  return done;
}

async function* digested(chunks: Chunks, file: ReturnType<typeof createHash>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    file.update(chunk);
    yield chunk;
  }
}

async function append(tools: ImportTools, about: Import, done: Imported, part: Part): Promise<void> {
  const nowMs = tools.clock.now();
  const bytes = Buffer.from(`${part.lines.join('\n')}\n`);
  const id = newId(nowMs);
  const rows = { id, sha256: sha256(bytes), size: bytes.length };
  const { added, changed } = part;
  const data = {
    import: done.import,
    author: about.author,
    fileSha256: done.fileSha256,
    added,
    changed,
    removed: 0,
    rows,
  };
  await tools.ledger.append({
    establishment: about.establishment,
    nowMs,
    events: [{ type: about.type, data }],
    bodies: [{ id, bytes, retention: 'import' }],
  });
  done.added += added;
  done.changed += changed;
}
