import type { Values } from '../words/errors.ts';
import { isOid } from '../words/ids.ts';
import { type IndicatorErrorCode, type RowError, rowError } from './errors.ts';
import { readInstant, type Zone } from './zone.ts';

const FINESS = /^1?(\d[\dAB]\d{7})$/;
const LONGEST_TEXT = 128;

/** An instant as a row gives it. */
export interface CellTime {
  ms: number;
  /** Whether the row gave a day alone. */
  dayOnly: boolean;
}

/**
 * Reads the values of one row by column name and gathers all its errors. A column that the file does not have reads as
 * empty.
 */
export class Cells {
  readonly line: number;
  readonly errors: RowError[] = [];
  readonly #values: readonly string[];
  readonly #columns: ReadonlyMap<string, number>;

  constructor(line: number, values: readonly string[], columns: ReadonlyMap<string, number>) {
    this.line = line;
    this.#values = values;
    this.#columns = columns;
  }

  fail(code: IndicatorErrorCode, column: string, values: Values = {}): null {
    this.errors.push(rowError(code, this.line, column, values));
    return null;
  }

  /** A trimmed value, null when empty. */
  text(column: string, longest = LONGEST_TEXT): string | null {
    const at = this.#columns.get(column);
    const value = at === undefined ? '' : this.#values[at]!.trim();
    if (value.length > longest) return this.fail('indicators.csv-value-too-long', column, { limit: longest });
    return value === '' ? null : value;
  }

  /** A value that must be there; empty text stands for the missing one, the row being refused anyway. */
  required(column: string, longest = LONGEST_TEXT): string {
    const before = this.errors.length;
    const value = this.text(column, longest);
    if (value === null && this.errors.length === before) this.fail('indicators.csv-value-missing', column);
    return value ?? '';
  }

  choice<const C extends string>(column: string, choices: readonly C[]): C {
    const value = this.required(column);
    const chosen = choices.find((one) => one === value);
    if (!chosen && value !== '')
      this.fail('indicators.csv-choice-invalid', column, { choices: choices.join(', ') });
    return chosen ?? choices[0]!;
  }

  flag(column: string, whenEmpty: boolean): boolean {
    const value = this.text(column);
    if (value !== null && value !== '0' && value !== '1')
      this.fail('indicators.csv-choice-invalid', column, { choices: '0, 1' });
    return value === null ? whenEmpty : value === '1';
  }

  /** A FINESS number of 9 characters, bare or preceded by `1`, that must be one of those given. */
  finess(column: string, known: readonly string[], whenEmpty?: string): string {
    const value = whenEmpty === undefined ? this.required(column) : (this.text(column) ?? whenEmpty);
    const finess = FINESS.exec(value)?.[1];
    if (finess === undefined && value !== '') this.fail('indicators.csv-finess-invalid', column);
    else if (finess !== undefined && !known.includes(finess))
      this.fail('indicators.csv-finess-foreign', column);
    return finess ?? '';
  }

  uid(column: string): string | null {
    const value = this.text(column);
    return value !== null && !isOid(value) ? this.fail('indicators.csv-uid-invalid', column) : value;
  }

  time(column: string, zone: Zone): CellTime | null {
    const value = this.text(column);
    if (value === null) return null;
    const ms = readInstant(value, zone);
    return ms === null
      ? this.fail('indicators.csv-time-invalid', column)
      : { ms, dayOnly: value.length === 10 };
  }

  /** Two times in order. Where one is a day alone, only the days must be. */
  interval(from: string, to: string, zone: Zone): [CellTime | null, CellTime | null] {
    const [first, last] = [this.time(from, zone), this.time(to, zone)];
    if (first && last) {
      const byDay = first.dayOnly || last.dayOnly;
      const reversed = byDay ? zone.dayOf(last.ms) < zone.dayOf(first.ms) : last.ms < first.ms;
      if (reversed) this.fail('indicators.csv-times-reversed', to, { before: from });
    }
    return [first, last];
  }
}
