import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BodyFiles } from '../bodies.ts';
import type { Reclaimed } from '../ledger.ts';
import { ledgerLimits } from '../limits.ts';
import type { Database } from './database.ts';
import { type Moved, sizeOf } from './reclaim.ts';
import { addWaste } from './vault.ts';

/** The writer's part in freeing space: which files are dead in large part, and where what is left of them went. */
export class Waste {
  readonly #database: Database;
  readonly #folder: string;
  readonly #files: BodyFiles;

  constructor(database: Database, folder: string, files: BodyFiles) {
    this.#database = database;
    this.#folder = folder;
    this.#files = files;
  }

  /**
   * Takes files out of use of which much is dead, those of the current month excepted. A retired file that was not copied
   * to its end, because something interrupted it, is named again.
   */
  retire(nowMs: number): { retired: string[]; removed: Reclaimed } {
    const removed = this.#removeObsolete(nowMs);
    const month = new Date(nowMs).toISOString().slice(0, 7);
    for (const { file, waste } of this.#database.all(
      'SELECT file, waste FROM body_files WHERE retired = 0',
    )) {
      const name = String(file);
      const size = sizeOf(join(this.#folder, name));
      const past = name.split('/')[2]!.slice(0, 7) < month;
      if (!past || Number(waste) * 100 < size * ledgerLimits.reclaimPercent.value) continue;
      this.#database.run('UPDATE body_files SET retired = 1 WHERE file = ?', name);
      this.#files.retire(name);
    }
    const retired = this.#database.all(
      'SELECT file FROM body_files WHERE retired = 1 AND obsolete_at_ms IS NULL',
    );
    return { retired: retired.map(({ file }) => String(file)), removed };
  }

  prepare(file: string, bytes: number): void {
    addWaste(this.#database, file, bytes);
  }

  relocate({ establishment, from, to, places }: Moved): void {
    this.#database.run('BEGIN IMMEDIATE');
    try {
      for (const { id, offset, length } of places) {
        const moved = this.#database.get(
          'UPDATE bodies SET file = ?, "offset" = ? WHERE establishment = ? AND id = ? AND file = ? AND wrapped IS NOT NULL RETURNING id',
          ...[to, offset, establishment, id, from],
        );
        if (moved) addWaste(this.#database, to, -length);
      }
      this.#database.run('COMMIT');
    } catch (error) {
      if (this.#database.raw.isTransaction) this.#database.raw.exec('ROLLBACK');
      throw error;
    }
  }

  /** Nothing in the file is read any more by who begins to read now. */
  obsolete(file: string, nowMs: number): void {
    this.#database.run('UPDATE body_files SET obsolete_at_ms = ? WHERE file = ?', nowMs, file);
  }

  #removeObsolete(nowMs: number): Reclaimed {
    const before = nowMs - ledgerLimits.obsoleteMinutes.value * 60_000;
    const rows = this.#database.all('SELECT file FROM body_files WHERE obsolete_at_ms <= ?', before);
    const removed = { files: 0, bytes: 0 };
    for (const { file } of rows) {
      const path = join(this.#folder, String(file));
      if (!existsSync(path)) continue;
      removed.files += 1;
      removed.bytes += sizeOf(path);
      rmSync(path);
    }
    return removed;
  }
}

/** Files to which nothing is appended any more; those already removed stay on the list, so that no name is used twice. */
export function retiredFiles(database: Database): string[] {
  return database.all('SELECT file FROM body_files WHERE retired = 1').map(({ file }) => String(file));
}
