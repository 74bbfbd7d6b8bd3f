import { isViaducError } from '../../words/errors.ts';
import { sha256 } from '../cipher.ts';
import type { Kept, LedgerCopy, StoredEvent } from '../copy.ts';
import type { LedgerKeys } from '../keys.ts';
import { unpack } from '../packing.ts';
import { readSeal } from '../seal.ts';
import { differingReadings } from './compare.ts';
import { type Database, openForReading } from './database.ts';
import { commitment, openBody, openPersonal, personKey, wrappingKey } from './vault.ts';

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
  const person = database.get(
    'SELECT wrapped, erased_at FROM persons WHERE establishment = ? AND person = ?',
    establishment,
    String(row.person),
  );
  if (person && person.wrapped === null && person.erased_at !== null) return { state: 'gone' };
  if (!personKey(database, wrapping, establishment, String(row.person)))
    return { state: 'altered', what: "the person's key is missing or damaged" };
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
    if (isViaducError(error, 'ledger.body-missing')) return wasErased(database, establishment, id);
    return { state: 'altered', what: (error as Error).message };
  }
}

/** A body without key is gone by decision only when the store still knows of it. */
function wasErased(database: Database, establishment: string, id: string): Kept {
  const row = database.get('SELECT id FROM bodies WHERE establishment = ? AND id = ?', establishment, id);
  return row ? { state: 'gone' } : { state: 'altered', what: 'the store has no trace of it' };
}
