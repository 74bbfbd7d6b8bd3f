import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder } from '../../../ledger/bodies.ts';
import type { ViaducError } from '../../../words/errors.ts';
import { whiteListError } from './errors.ts';
import { type PublishedList, readList } from './list.ts';

const NAME = 'white-list.xml';

/** The last good list of a folder; null when there is none that can be read. */
export function keptList(folder: string): PublishedList | null {
  try {
    return readList(readFileSync(join(folder, NAME)));
  } catch {
    return null;
  }
}

/**
 * Puts a list in the place of the former one, at once and durably.
 * @returns `mssante.white-list-not-kept` when it could not, else null
 */
export function keepList(folder: string, bytes: Uint8Array): ViaducError | null {
  const path = join(folder, NAME);
  try {
    mkdirSync(folder, { recursive: true });
    const handle = openSync(`${path}.new`, 'w', 0o600);
    try {
      writeFileSync(handle, bytes);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(`${path}.new`, path);
    syncFolder(folder);
    return null;
  } catch (error) {
    return whiteListError(
      'mssante.white-list-not-kept',
      { reason: String((error as NodeJS.ErrnoException).code) },
      error,
    );
  }
}
