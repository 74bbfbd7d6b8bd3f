import { sha256 } from '../cipher.ts';
import type { Kept, LedgerCopy, StoredEvent } from '../copy.ts';
import { isGone } from '../errors.ts';
import type { LedgerKeys } from '../keys.ts';
import { unpack } from '../packing.ts';
import type { GoneKind } from '../project-gone.ts';
import { readSeal } from '../seal.ts';
import { differingReadings } from './compare.ts';
import { type Database, openForReading } from './database.ts';
import { commitment, goneBy, indexProof, openBody, openPersonal, personKey, wrappingKey } from './vault.ts';

/** A data folder, opened read-only, to be verified. Without keys the encrypted stores are not checked, and the report says so. */
export function openSqliteCopy(folder: string, keys: LedgerKeys | null): LedgerCopy {
  const database = openForReading(folder);
  // One view of the whole while a gateway goes on writing.
  database.raw.exec('BEGIN');
  const wrapping = keys ? wrappingKey(keys) : null;
  return {
    establishments: () =>
      database.all('SELECT DISTINCT establishment FROM events').map((row) => String(row.establishment)),
    publicKeys: () => publicKeys(database),
    events: (establishment) =>
      database.iterate(
        'SELECT seq, at, type, text, hash FROM events WHERE establishment = ? ORDER BY seq',
        establishment,
      ) as Iterable<unknown> as Iterable<StoredEvent>,
    seals: (establishment) =>
      database
        .all('SELECT text, signature FROM seals WHERE establishment = ? ORDER BY number', establishment)
        .map((row) => readSeal(String(row.text), String(row.signature))),
    personal: (establishment, ref, expected) =>
      wrapping ? keptPersonal(database, wrapping, establishment, ref, expected) : NOT_CHECKED,
    body: (establishment, id, digest) =>
      wrapping ? keptBody(database, wrapping, folder, establishment, id, digest) : NOT_CHECKED,
    isDestroyed: (establishment, kind, id) => isDestroyed(database, establishment, kind, id),
    strangeIndexRows: (establishment) => (wrapping ? strangeRows(database, wrapping, establishment) : null),
    readings: (establishment) => {
      const readRows = (id: string) => unpack(openBody(database, wrapping!, folder, establishment, id));
      return wrapping ? differingReadings(database, establishment, readRows) : null;
    },
    close: () => database.close(),
  };
}

const NOT_CHECKED: Kept = { state: 'not-checked' };

function publicKeys(database: Database): Map<string, string> {
  const found = database.all("SELECT key, value FROM meta WHERE key LIKE 'public-key %'");
  return new Map(found.map((row) => [String(row.key).slice('public-key '.length), String(row.value)]));
}

function keptPersonal(
  database: Database,
  wrapping: Buffer,
  establishment: string,
  ref: string,
  expected: string,
): Kept {
  const row = database.get(
    'SELECT person FROM personal WHERE establishment = ? AND ref = ?',
    establishment,
    ref,
  );
  if (!row) return { state: 'altered', what: 'the value is missing' };
  const person = String(row.person);
  const decision =
    goneBy(database, establishment, 'value', ref) ?? goneBy(database, establishment, 'person', person);
  if (decision && isDestroyed(database, establishment, 'value', ref))
    return { state: 'gone', decision: decision.seq };
  if (!personKey(database, wrapping, establishment, person))
    return { state: 'altered', what: "the person's key is missing or damaged, and no event decided that" };
  const opened = openPersonal(database, wrapping, establishment, ref);
  if (!opened) return { state: 'altered', what: 'the value does not open' };
  return commitment(opened.key, ref, opened.packed) === expected
    ? { state: 'whole' }
    : { state: 'altered', what: 'the value is not the one committed to' };
}

function keptBody(
  database: Database,
  wrapping: Buffer,
  folder: string,
  establishment: string,
  id: string,
  digest: string,
): Kept {
  try {
    const bytes = unpack(openBody(database, wrapping, folder, establishment, id));
    return sha256(bytes) === digest
      ? { state: 'whole' }
      : { state: 'altered', what: 'its SHA-256 is not the one recorded' };
  } catch (error) {
    if (!isGone(error)) return { state: 'altered', what: (error as Error).message };
    const { event } = error.values;
    return event === undefined
      ? { state: 'altered', what: 'it is gone, and no event decided that' }
      : { state: 'gone', decision: Number(event) };
  }
}

const KEYS: Readonly<Record<GoneKind, string>> = {
  body: `SELECT 1 AS held FROM bodies b LEFT JOIN persons p ON p.establishment = b.establishment AND p.person = b.person
    WHERE b.establishment = ? AND b.id = ? AND b.wrapped IS NOT NULL AND (b.person IS NULL OR p.wrapped IS NOT NULL)`,
  value: `SELECT 1 AS held FROM personal v JOIN persons p ON p.establishment = v.establishment AND p.person = v.person
    WHERE v.establishment = ? AND v.ref = ? AND length(v.sealed) > 0 AND p.wrapped IS NOT NULL`,
  person: 'SELECT 1 AS held FROM persons WHERE establishment = ? AND person = ? AND wrapped IS NOT NULL',
};

function isDestroyed(database: Database, establishment: string, kind: GoneKind, id: string): boolean {
  return database.get(KEYS[kind], establishment, id) === undefined;
}

/** Rows of the search index that lead to nobody, or to somebody else than they were made for. */
function strangeRows(database: Database, wrapping: Buffer, establishment: string): string[] {
  const rows = database.iterate(
    `SELECT i.hash, i.person, p.proof FROM person_index i
       LEFT JOIN person_index_proofs p ON p.establishment = i.establishment AND p.hash = i.hash
       WHERE i.establishment = ? ORDER BY i.person`,
    establishment,
  );
  const strange: string[] = [];
  let last: { person: string; key: Buffer | null } = { person: '', key: null };
  for (const { hash, person, proof } of rows) {
    if (last.person !== person)
      last = { person: String(person), key: personKey(database, wrapping, establishment, String(person)) };
    const { key } = last;
    const holds = key !== null && (proof === null || indexProof(key, establishment, String(hash)) === proof);
    if (!holds) strange.push(String(hash).slice(0, 12));
  }
  return strange;
}
