import type { Database } from '../../ledger/sqlite/database.ts';

/** Everything that is counted, by table: states, codes and types, never an identifier. */
const COUNTS = {
  events: 'SELECT establishment, type, count(*) AS count FROM events GROUP BY establishment, type',
  submissions:
    'SELECT establishment, state, door, code, count(*) AS count FROM p_submissions GROUP BY establishment, state, door, code',
  deliveries:
    'SELECT establishment, kind, lane, state, outcome, code, count(*) AS count FROM p_deliveries GROUP BY establishment, kind, lane, state, outcome, code',
  notices:
    'SELECT establishment, kind, state, code, count(*) AS count FROM p_notices GROUP BY establishment, kind, state, code',
  work: 'SELECT establishment, cause, closed, count(*) AS count FROM p_work GROUP BY establishment, cause, closed',
  seals: 'SELECT establishment, count(*) AS count, max(number) AS last FROM seals GROUP BY establishment',
} as const;

export function countsOf(database: Database): Record<string, unknown> {
  return Object.fromEntries(Object.entries(COUNTS).map(([name, sql]) => [name, database.all(sql)]));
}
