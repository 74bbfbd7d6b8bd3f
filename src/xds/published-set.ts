import type { ViaducError } from '../words/errors.ts';
import { raise } from './errors.ts';
import type { KnownSet } from './known-sets.ts';
import type { Source } from './tables.ts';

/** A code of a published set. */
export interface PublishedCode {
  code: string;
  scheme: string;
  /** Milliseconds since 1970 from when the code may no longer be used; null while no end is known. */
  endsAt: number | null;
}

/** A code of a correspondence and the one it leads to. */
export interface Pair {
  code: string;
  /** Null for a code system that is not known, as that of templates. */
  scheme: string | null;
  to: string;
}

/** What a file of the agency says of itself, before anybody decides what it is for. */
export interface Publication {
  name: string;
  oid: string;
  /** Edition as the file words it, such as `20240927120000`. */
  edition: string;
  /** ISO 8601 date of the edition. */
  date: string;
  /** Milliseconds since 1970; null while no end is known. */
  endsAt: number | null;
  codes: PublishedCode[];
  /** Of a correspondence; a value set has none. */
  pairs: Pair[];
}

/** A value set or a correspondence as the operator loaded it. Plain data: it travels to the judges. */
export interface PublishedSet extends Pick<Publication, 'edition' | 'endsAt' | 'codes' | 'pairs'> {
  source: Source;
  attribute: KnownSet['attribute'];
  role: KnownSet['role'];
  /** Path of the file. */
  file: string;
}

/** Where a file is wrong, in both languages. */
export interface Broken {
  fr: string;
  en: string;
  /** From 1; null where the whole file is meant. */
  line?: number | null;
}

/** @returns the error to throw: file, line, reason */
export function unreadable(file: string, { fr, en, line = null }: Broken, cause?: unknown): ViaducError {
  const at = line === null ? { fr: '', en: '' } : { fr: `, ligne ${line}`, en: `, line ${line}` };
  return raise('xds.value-set-unreadable', { file, at, reason: { fr, en } }, cause);
}

/** `2024-09-27` of `20240927120000` or `2024-09-27T12:00:00+01:00`; null for anything else. */
export function dateOf(text: string | null | undefined): string | null {
  const [, year, month, day] = /^(\d{4})-?(\d{2})-?(\d{2})/.exec(text ?? '') ?? [];
  return year && month && day ? `${year}-${month}-${day}` : null;
}

/** Start of the day of an end; null without one. */
export function endOf(text: string | null | undefined): number | null {
  const date = dateOf(text);
  return date === null ? null : Date.parse(date);
}
