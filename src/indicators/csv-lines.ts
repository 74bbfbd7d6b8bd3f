import { TextDecoder } from 'node:util';
import { parse } from 'csv-parse/sync';
import { indicatorError, type RowError, rowError } from './errors.ts';
import { indicatorLimits } from './limits.ts';

export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** A line of a file, without its end; numbers count from 1. */
export interface Line {
  number: number;
  text: string;
}

/**
 * The lines of a UTF-8 file that hold something, with or without a byte order mark, in batches. One line is one record:
 * no value of these files holds a line end, and a misplaced quotation mark can then spoil its own line only.
 * @throws ViaducError indicators.csv-not-utf8, indicators.csv-line-too-long
 */
export async function* readLines(chunks: Chunks): AsyncGenerator<Line[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 0;
  let rest = '';
  let batch: Line[] = [];
  for await (const text of decoded(chunks, decoder, () => number)) {
    const lines = (rest + text).split('\n');
    rest = withinCap(lines.pop()!, number + lines.length + 1);
    for (const line of lines) {
      number += 1;
      push(batch, number, line);
      if (batch.length < indicatorLimits.csvBatchRows.value) continue;
      yield batch;
      batch = [];
    }
  }
  push(batch, number + 1, rest);
  if (batch.length > 0) yield batch;
}

function push(batch: Line[], number: number, line: string): void {
  const text = withinCap(line.endsWith('\r') ? line.slice(0, -1) : line, number);
  if (text.trim() !== '') batch.push({ number, text });
}

function withinCap(text: string, line: number): string {
  const { value: limit } = indicatorLimits.csvLineCharacters;
  if (text.length > limit) throw indicatorError('indicators.csv-line-too-long', { line, limit });
  return text;
}

async function* decoded(chunks: Chunks, decoder: TextDecoder, line: () => number): AsyncGenerator<string> {
  try {
    for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (cause) {
    if (
      !(cause instanceof TypeError && 'code' in cause && cause.code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
    )
      throw cause;
    throw indicatorError('indicators.csv-not-utf8', { line: line() }, cause);
  }
}

const FORMAT = { delimiter: ';', record_delimiter: ['\n'], relax_column_count: true };

/** The values of each line, or the error of a line whose quotation marks are misplaced. */
export function recordsOf(lines: readonly Line[]): (string[] | RowError)[] {
  if (!lines.some(({ text }) => text.includes('"'))) return lines.map(({ text }) => text.split(';'));
  try {
    const records = parse(lines.map(({ text }) => text).join('\n'), FORMAT);
    if (records.length === lines.length) return records;
  } catch {
    // one line is wrong: each is read alone, to find which
  }
  return lines.map(recordOf);
}

function recordOf({ number, text }: Line): string[] | RowError {
  try {
    const [record, ...others] = parse(text, FORMAT);
    if (record && others.length === 0) return record;
  } catch {
    // what the library says quotes the line
  }
  return rowError('indicators.csv-quotes', number, null);
}
