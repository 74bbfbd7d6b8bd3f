import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packError } from '../errors.ts';
import { type InstalledPack, openInstalledPack, type PackManifest, readManifest } from './installed.ts';
import { EXAMPLES, inventoryOf } from './inventory.ts';
import { OVERRIDE_FILE } from './override.ts';

/** A pack kept in the data folder, under its hash. */
export interface KeptPack extends PackManifest {
  folder: string;
}

/** Digits of the hash that name its folder: 80 bits. */
const NAME_DIGITS = 20;

function packsFolder(data: string): string {
  return join(data, 'packs');
}

/** Folder of a kept pack. */
export function keptFolder(data: string, { id, sha256 }: Pick<PackManifest, 'id' | 'sha256'>): string {
  return join(packsFolder(data), sha256.slice(0, NAME_DIGITS), id);
}

/**
 * Copies a pack into the data folder under its hash, without the agency's examples, and with the choices that they taught;
 * whole or not at all. The same content is kept once, under the name that it had first.
 * @throws PackError when the folder is no pack, or when the copy is not what was read
 */
export function keepPack(
  source: string,
  data: string,
  cache: string | null,
): KeptPack & { already: boolean } {
  const pack = openInstalledPack(source, cache);
  const folder = keptFolder(data, pack);
  const [known] = folders(join(folder, '..'));
  if (known !== undefined)
    return { ...manifestOf(pack), id: known, folder: join(folder, '..', known), already: true };
  const staging = join(packsFolder(data), `.adding-${process.pid}`);
  rmSync(staging, { recursive: true, force: true });
  try {
    copy(pack, join(staging, pack.id));
    const { sha256 } = readManifest(join(staging, pack.id), null);
    if (sha256 !== pack.sha256) throw packError('validation.pack-changed', { folder: source });
    renameSync(staging, join(folder, '..'));
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return { ...manifestOf(pack), folder, already: false };
}

function manifestOf({ folder: _folder, xsd: _xsd, ...manifest }: InstalledPack): PackManifest {
  return manifest;
}

function copy(pack: InstalledPack, target: string): void {
  mkdirSync(target, { recursive: true, mode: 0o700 });
  for (const { path } of inventoryOf(pack.folder).files) {
    if (EXAMPLES.test(path) || path === OVERRIDE_FILE) continue;
    mkdirSync(dirname(join(target, path)), { recursive: true, mode: 0o700 });
    copyFileSync(join(pack.folder, path), join(target, path));
  }
  const { id, schema, choices } = pack;
  const override = { id, ...(schema ? {} : { schema: 'none' }), ...choices };
  writeFileSync(join(target, OVERRIDE_FILE), `${JSON.stringify(override, null, 2)}\n`);
}

/** The packs kept in a data folder, by id and hash. */
export function keptPacks(data: string, cache: string | null): KeptPack[] {
  return folders(packsFolder(data))
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => folders(join(packsFolder(data), name)).map((id) => join(packsFolder(data), name, id)))
    .map((folder) => ({ ...readManifest(folder, cache), folder }));
}

function folders(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .filter((one) => one.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Beside a pack that judges where it stands: its copy must stay, although no event of the ledger put it in force. */
const JUDGES_IN_PLACE = 'judges-in-place';

/** Notes that a pack judges, so that its copy is never removed. */
export function noteJudging(data: string, pack: Pick<PackManifest, 'id' | 'sha256'>): void {
  writeFileSync(join(keptFolder(data, pack), '..', JUDGES_IN_PLACE), '');
}

/** Whether a pack was noted to judge. */
export function hasJudged(data: string, pack: Pick<PackManifest, 'id' | 'sha256'>): boolean {
  return existsSync(join(keptFolder(data, pack), '..', JUDGES_IN_PLACE));
}

/** Deletes a kept pack. */
export function dropPack(data: string, pack: Pick<PackManifest, 'id' | 'sha256'>): void {
  rmSync(join(keptFolder(data, pack), '..'), { recursive: true, force: true });
}
