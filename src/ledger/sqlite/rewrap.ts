import { decrypt, encrypt } from '../cipher.ts';
import { ledgerError } from '../errors.ts';
import { keyCheck, type LedgerKeys } from '../keys.ts';
import type { Database } from './database.ts';
import { wrappingKey } from './vault.ts';

/** Rows wrapped again in one step. */
const STEP = 1000;

/**
 * Wraps every key that the master key wraps under another master key, in the transaction that is open: those of persons,
 * and those of bodies that are about nobody. What they encrypt stays as it is. The ledger then belongs to the new keys.
 */
export function rewrap(database: Database, old: LedgerKeys, next: LedgerKeys): void {
  database.raw.exec('PRAGMA secure_delete = ON');
  const keys = { old: wrappingKey(old), next: wrappingKey(next) };
  if (!old.master.equals(next.master)) {
    rewrapTable(database, keys, 'persons', 'person', 'wrapped IS NOT NULL', (id) => `key of person ${id}`);
    rewrapTable(
      database,
      keys,
      'bodies',
      'id',
      'wrapped IS NOT NULL AND person IS NULL',
      (id) => `key of body ${id}`,
    );
  }
  database.run("UPDATE meta SET value = ? WHERE key = 'key-check'", keyCheck(next));
  database.run(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING',
    `public-key ${next.id}`,
    next.publicPem,
  );
}

function rewrapTable(
  database: Database,
  keys: { old: Buffer; next: Buffer },
  table: 'persons' | 'bodies',
  column: 'person' | 'id',
  condition: string,
  context: (id: string) => string,
): void {
  let [establishment, after] = ['', ''];
  for (;;) {
    const rows = database.all(
      `SELECT establishment, ${column} AS id, wrapped FROM ${table}
         WHERE (establishment, ${column}) > (?, ?) AND ${condition} ORDER BY establishment, ${column} LIMIT ${STEP}`,
      ...[establishment, after],
    );
    for (const row of rows) {
      [establishment, after] = [String(row.establishment), String(row.id)];
      const key = decrypt(keys.old, row.wrapped as Uint8Array, context(after));
      if (!key) throw ledgerError('ledger.key-unwrappable', { table, id: after });
      database.run(
        `UPDATE ${table} SET wrapped = ? WHERE establishment = ? AND ${column} = ?`,
        ...[encrypt(keys.next, key, context(after)), establishment, after],
      );
    }
    if (rows.length < STEP) return;
  }
}
