import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { HEADER_BYTES, syncFolder } from '../bodies.ts';
import type { Reclaimed } from '../ledger.ts';
import { ledgerLimits } from '../limits.ts';
import type { Database } from './database.ts';

/** What the writer's thread does for it; each is one commit. */
export interface ReclaimCalls {
  /** Takes files that are dead in large part out of use and names them; removes those that were copied long enough ago. */
  retire(nowMs: number): Promise<{ retired: string[]; removed: Reclaimed }>;
  /** Writes down that a file will be made, all of it dead until something is moved there: an interruption leaves a trace. */
  prepare(file: string, bytes: number): Promise<void>;
  relocate(moved: Moved): Promise<void>;
  obsolete(file: string, nowMs: number): Promise<void>;
}

/** Records of one establishment that were copied from one file to another. */
export interface Moved {
  establishment: string;
  from: string;
  to: string;
  places: { id: string; offset: number; length: number }[];
}

/**
 * Frees the space of bodies that were destroyed, from outside the writer's thread: copying reads and writes encrypted
 * records as they are. Whatever interrupts it, every body can be read from the old file or from the new one.
 */
export async function reclaim(
  database: Database,
  folder: string,
  calls: ReclaimCalls,
  nowMs: number,
  signal?: AbortSignal,
): Promise<Reclaimed> {
  const { retired, removed } = await calls.retire(nowMs);
  if (retired.length === 0) return removed;
  const live = await livePlaces(database, new Set(retired), signal);
  for (const file of retired) {
    await copyLive(folder, file, live.get(file) ?? [], calls, signal);
    await calls.obsolete(file, nowMs);
  }
  return removed;
}

type Place = Moved['places'][number];

/** Places of everything that can still be read, by file; read in steps between which others are served. */
async function livePlaces(
  database: Database,
  files: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<Map<string, Place[]>> {
  const found = new Map<string, Place[]>([...files].map((file) => [file, []]));
  for (const establishment of new Set([...files].map(establishmentOf))) {
    for (let after = ''; ; ) {
      const rows = database.all(
        `SELECT id, file, "offset", length, wrapped IS NOT NULL AS live FROM bodies
           WHERE establishment = ? AND id > ? ORDER BY id LIMIT ?`,
        ...[establishment, after, ledgerLimits.reclaimRows.value],
      );
      for (const { id, file, offset, length, live } of rows)
        if (live)
          found.get(String(file))?.push({ id: String(id), offset: Number(offset), length: Number(length) });
      if (rows.length === 0) break;
      after = String(rows.at(-1)!.id);
      await setImmediate();
      signal?.throwIfAborted();
    }
  }
  return found;
}

function establishmentOf(file: string): string {
  return file.split('/')[1]!;
}

async function copyLive(
  folder: string,
  file: string,
  live: readonly Place[],
  calls: ReclaimCalls,
  signal?: AbortSignal,
): Promise<void> {
  if (live.length === 0) return;
  const stem = file.replace(/(\.c-[0-9a-f]+)?\.bodies$/, '');
  const to = `${stem}.c-${randomBytes(6).toString('hex')}.bodies`;
  await calls.prepare(
    to,
    live.reduce((sum, { length }) => sum + length, 0),
  );
  const places = await copyRecords(join(folder, file), join(folder, to), live, signal);
  const most = ledgerLimits.reclaimRows.value;
  for (let from = 0; from < places.length; from += most) {
    const part = places.slice(from, from + most);
    await calls.relocate({ establishment: establishmentOf(file), from: file, to, places: part });
  }
}

/** Copies records as they are, in the order of their places, synced with their folder when it resolves. */
async function copyRecords(
  source: string,
  target: string,
  live: readonly Place[],
  signal?: AbortSignal,
): Promise<Place[]> {
  const [from, to] = [await open(source, 'r'), await open(target, 'wx', 0o640)];
  try {
    const places: Place[] = [];
    let end = 0;
    for (const { id, offset, length } of live.toSorted((a, b) => a.offset - b.offset)) {
      signal?.throwIfAborted();
      await copyBytes(from, offset, to, end, HEADER_BYTES + length);
      places.push({ id, offset: end, length });
      end += HEADER_BYTES + length;
    }
    await to.sync();
    syncFolder(dirname(target));
    return places;
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  } finally {
    await Promise.all([from.close(), to.close()]);
  }
}

async function copyBytes(
  from: FileHandle,
  at: number,
  to: FileHandle,
  end: number,
  length: number,
): Promise<void> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await from.read(bytes, 0, length, at);
  // A record that the file no longer holds whole is copied as far as it goes: reading it says that it is damaged.
  for (let done = 0; done < bytesRead; )
    done += (await to.write(bytes, done, bytesRead - done, end + done)).bytesWritten;
}

/** Bytes of a file on the disk, 0 when it is not there. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
