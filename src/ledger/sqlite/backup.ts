import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { type BackupManifest, MANIFEST_FILE, readManifest } from '../backup-manifest.ts';
import { readBody, syncFolder } from '../bodies.ts';
import { ledgerError } from '../errors.ts';
import { databaseFile, openForReading } from './database.ts';

/** What a data folder holds that a backup does not need: made again, of the moment, of the sandbox, or copied in its own way. */
const LEFT_OUT =
  /^((ledger|alarms)\.sqlite(-wal|-shm|-journal)?|log.*\.jsonl|lock(-journal)?|endpoints\.json|cache|sandbox)$/;

/** How often the whole is copied again because files changed under the copy. */
const ATTEMPTS = 3;

export interface BackupOptions {
  /** Data folder; a gateway may write it meanwhile. */
  folder: string;
  /** Folder to make. */
  target: string;
  product: { name: string; version: string };
  nowMs: number;
}

/**
 * Copies a data folder as it stood at one instant, beside a running gateway: the tables by one reading, then the bodies,
 * which are only ever added to. The target appears whole and synced, or not at all. The key file is not in it.
 * @throws ViaducError `ledger.backup-exists`, `ledger.not-found`, `ledger.backup-unsettled`
 */
export async function backUp(options: BackupOptions): Promise<BackupManifest> {
  const { target } = options;
  if (existsSync(target)) throw ledgerError('ledger.backup-exists', { folder: target });
  const partial = `${target}.partial`;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true, mode: 0o700 });
    const manifest = await copyAll(options, partial);
    if (!everyBodyIsThere(partial)) continue;
    syncAll(partial);
    renameSync(partial, target);
    syncFolder(dirname(target));
    return manifest;
  }
  rmSync(partial, { recursive: true, force: true });
  throw ledgerError('ledger.backup-unsettled', { folder: options.folder });
}

async function copyAll({ folder, product, nowMs }: BackupOptions, partial: string): Promise<BackupManifest> {
  const database = openForReading(folder);
  database.raw.prepare('VACUUM INTO ?').run(databaseFile(partial));
  database.close();
  for (const path of filesOf(folder, LEFT_OUT))
    await copyFile(join(folder, path), join(partial, path)).catch(unlessGone);
  const files = [];
  for (const path of filesOf(partial)) files.push(await described(partial, path));
  const manifest: BackupManifest = {
    ...{ v: 1, at: new Date(nowMs).toISOString(), product },
    ...chainsOf(partial),
    files,
  };
  writeFileSync(join(partial, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  return manifest;
}

/** A copy that stands beside the place it is meant for, until it is finished. */
export interface PutBack {
  /** Where it stands meanwhile. */
  folder: string;
  manifest: BackupManifest | null;
  /** Puts it in its place, whole and synced. */
  finish(): void;
  abandon(): void;
}

/**
 * Copies a backup, or a copy of a data folder, beside the folder where a gateway will use it.
 * @throws ViaducError `ledger.backup-damaged`, `ledger.backup-unreadable`, `ledger.not-found`, `ledger.restore-not-empty`
 */
export async function putBack(backup: string, folder: string): Promise<PutBack> {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw ledgerError('ledger.restore-not-empty', { folder });
  if (!existsSync(databaseFile(backup))) throw ledgerError('ledger.not-found', { folder: backup });
  const manifest = readManifest(backup);
  const partial = `${folder}.restoring`;
  const abandon = () => rmSync(partial, { recursive: true, force: true });
  abandon();
  try {
    mkdirSync(partial, { recursive: true, mode: 0o700 });
    for (const path of filesOf(backup, /^(backup\.json|lock(-journal)?|endpoints\.json)$/))
      await copyFile(join(backup, path), join(partial, path));
    if (manifest) await compare(partial, manifest);
  } catch (error) {
    abandon();
    throw error;
  }
  const finish = () => {
    syncAll(partial);
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
    syncFolder(dirname(folder));
  };
  return { folder: partial, manifest, finish, abandon };
}

/** A purge may remove a file between its name and its bytes: whether it is missed is seen when all are there. */
function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

async function compare(folder: string, { files }: BackupManifest): Promise<void> {
  for (const { path, size, sha256 } of files) {
    const found = existsSync(join(folder, path)) ? await described(folder, path) : null;
    if (found?.size !== size || found.sha256 !== sha256)
      throw ledgerError('ledger.backup-damaged', { file: path, why: found ? 'altered' : 'missing' });
  }
}

/** Paths of the files below a folder, relative to it; `except` looks at the names directly in it. */
function filesOf(folder: string, except?: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !except?.test(path.split('/')[0]!))
    .toSorted();
}

async function copyFile(from: string, to: string): Promise<void> {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  const target = await open(to, 'wx', statSync(from).mode & 0o777);
  try {
    for await (const chunk of createReadStream(from)) await target.write(chunk);
    await target.sync();
  } finally {
    await target.close();
  }
}

async function described(folder: string, path: string): Promise<BackupManifest['files'][number]> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(join(folder, path))) hash.update(chunk);
  return { path, size: statSync(join(folder, path)).size, sha256: hash.digest('hex') };
}

function chainsOf(folder: string): Pick<BackupManifest, 'environment' | 'chains'> {
  const database = openForReading(folder);
  try {
    const environment = database.get("SELECT value FROM meta WHERE key = 'environment'")?.value;
    const chains = database.all(`SELECT e.establishment, e.seq, e.hash,
      coalesce((SELECT max(number) FROM seals s WHERE s.establishment = e.establishment), 0) AS seal
      FROM events e WHERE e.seq = (SELECT max(seq) FROM events l WHERE l.establishment = e.establishment)`);
    return {
      environment: String(environment),
      chains: chains.map((row) => ({
        establishment: String(row.establishment),
        lastEvent: Number(row.seq),
        head: String(row.hash),
        lastSeal: Number(row.seal),
      })),
    };
  } finally {
    database.close();
  }
}

/** Whether each body that the copied tables name stands where they say: a purge may have moved some meanwhile. */
function everyBodyIsThere(folder: string): boolean {
  const database = openForReading(folder);
  try {
    const bodies = database.iterate(
      'SELECT id, file, "offset", length FROM bodies WHERE wrapped IS NOT NULL',
    );
    for (const { id, file, offset, length } of bodies) {
      const place = { file: String(file), offset: Number(offset), length: Number(length) };
      if (readBody(folder, String(id), place) === null) return false;
    }
    return true;
  } finally {
    database.close();
  }
}

/** What the copies of files left unsynced: the tables, the manifest, and every folder. */
function syncAll(folder: string): void {
  for (const name of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(name.parentPath, name.name);
    if (name.isDirectory() || name.parentPath === folder) syncFolder(path);
  }
  syncFolder(folder);
}
