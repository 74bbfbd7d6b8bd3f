import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { packError } from '../errors.ts';
import { validationLimits } from '../limits.ts';

/** A file of a pack as the file system describes it. */
export interface PackFile {
  /** Path in the pack, with `/`. */
  path: string;
  /** Bytes. */
  size: number;
  /** Time of its last change, milliseconds. */
  mtimeMs: number;
}

/** Folder of the agency's examples: published with the rules, no part of them. */
export const EXAMPLES = /^exemplescda\//i;

/** What a pack folder holds: its files, sorted by path, and the paths of links that are not followed. */
export interface Inventory {
  files: PackFile[];
  links: string[];
}

/**
 * Every regular file of a pack folder. Links of the file system are followed to files inside the folder only; hidden files
 * are left out.
 * @throws PackError `validation.pack-not-found`, `validation.pack-too-large`
 */
export function inventoryOf(folder: string): Inventory {
  const files: PackFile[] = [];
  const links: string[] = [];
  const folders = [''];
  let entries = 0;
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    const inside = readFolder(join(folder, at));
    entries += inside.length;
    checkSize(folder, entries);
    for (const entry of inside) {
      if (entry.name.startsWith('.')) continue;
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile() || leadsInside(folder, path)) files.push({ path, ...described(folder, path) });
      else if (entry.isSymbolicLink() && !EXAMPLES.test(path)) links.push(path);
    }
  }
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), links: links.sort() };
}

function readFolder(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw packError('validation.pack-not-found', { folder }, error);
  }
}

function checkSize(folder: string, entries: number): void {
  const { value, unit } = validationLimits.packFolderEntries;
  if (entries > value) throw packError('validation.pack-too-large', { folder, limit: value, unit });
}

function described(folder: string, path: string): Omit<PackFile, 'path'> {
  const { size, mtimeMs } = statSync(join(folder, path));
  return { size, mtimeMs };
}

/** Whether a link of the file system leads to a regular file inside the folder. */
function leadsInside(folder: string, path: string): boolean {
  const file = join(folder, path);
  if (!(statSync(file, { throwIfNoEntry: false })?.isFile() ?? false)) return false;
  const real = relative(realpathSync(folder), realpathSync(file));
  return real !== '..' && !real.startsWith(`..${sep}`);
}

/** What changes as soon as a file of the pack does, without reading any: SHA-256 over paths, sizes and times. */
export function fingerprint(folder: string, { files, links }: Inventory): string {
  const lines = files.map(({ path, size, mtimeMs }) => `${path}\n${size} ${mtimeMs}\n`);
  return createHash('sha256')
    .update(`${folder}\n${lines.join('')}${links.join('\n')}`)
    .digest('hex');
}

/** SHA-256 of a file of a pack, lower-case hexadecimal. */
export function hashOf(folder: string, path: string): string {
  return createHash('sha256')
    .update(readFileSync(join(folder, path)))
    .digest('hex');
}
