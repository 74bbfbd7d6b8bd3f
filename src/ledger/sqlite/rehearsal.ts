import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { ledgerError } from '../errors.ts';
import { openKeys } from '../keys.ts';
import { type ChainReport, verifyLedger } from '../verify.ts';
import { openSqliteCopy } from './copy.ts';
import { databaseFile, openForReading, projectionsAreOld, schemaOf } from './database.ts';
import { MIGRATIONS, WRITABLE_FROM } from './migrations.ts';
import { openSqliteLedger, type SqliteLedgerOptions } from './store.ts';

/** What this build makes of a ledger, tried on a copy. */
export interface Rehearsal {
  /** Number of the last migration before and after. */
  schema: { from: number; to: number };
  /** Whether the tables that are read have to be made again from the events, which the first start waits for. */
  projections: 'kept' | 'made again';
  /** Opening the copy with all of that, ms. */
  openMs: number;
  /** Whether the build that wrote the ledger last may open it afterwards. */
  mayGoBack: boolean;
  chains: ChainReport[];
}

export interface RehearsalOptions extends Omit<SqliteLedgerOptions, 'witnessFiles'> {
  /** Folder that takes the copy of the tables for a while. */
  scratch: string;
}

/**
 * Opens a copy of a data folder with this build, as its first start would, and verifies the result. The tables are copied by
 * one reading, beside a running gateway; the bodies are only read, where they stand.
 * @throws ViaducError `ledger.no-room`, and what opening the ledger for writing throws
 */
export async function rehearse(options: RehearsalOptions): Promise<Rehearsal> {
  const { folder, scratch, ...settings } = options;
  needRoom(databaseFile(folder), scratch);
  const copy = mkdtempSync(join(scratch, 'viaduc-upgrade-'));
  try {
    const before = copyTables(folder, copy);
    linkBodies(folder, copy);
    const began = performance.now();
    const ledger = await openSqliteLedger({ ...settings, folder: copy, witnessFiles: [] });
    const openMs = performance.now() - began;
    await ledger.close();
    const whole = openSqliteCopy(copy, openKeys(settings.keyFile, false));
    const chains = verifyLedger(whole);
    whole.close();
    return {
      schema: { from: before.schema, to: MIGRATIONS.length },
      projections: before.projectionsAreOld ? 'made again' : 'kept',
      ...{ openMs, mayGoBack: before.schema >= WRITABLE_FROM, chains },
    };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function needRoom(database: string, scratch: string): void {
  const needed = statSync(database, { throwIfNoEntry: false })?.size ?? 0;
  const { bavail, bsize } = statfsSync(scratch);
  // The copy, and what making the tables again writes ahead.
  if (bavail * bsize < 2 * needed)
    throw ledgerError('ledger.no-room', { folder: scratch, megabytes: Math.ceil((2 * needed) / 1e6) });
}

function copyTables(folder: string, copy: string): { schema: number; projectionsAreOld: boolean } {
  const database = openForReading(folder);
  try {
    database.raw.prepare('VACUUM INTO ?').run(databaseFile(copy));
    return { schema: schemaOf(database), projectionsAreOld: projectionsAreOld(database) };
  } finally {
    database.close();
  }
}

/** One link for each file: whatever is removed from the copy is a link. */
function linkBodies(folder: string, copy: string): void {
  const bodies = join(folder, 'bodies');
  if (!statSync(bodies, { throwIfNoEntry: false })) return;
  for (const entry of readdirSync(bodies, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const link = join(copy, relative(folder, file));
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(resolve(file), link);
  }
}
