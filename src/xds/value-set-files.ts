import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { isViaducError, type ViaducError } from '../words/errors.ts';
import { isConceptMap, readConceptMap } from './concept-map.ts';
import { raise } from './errors.ts';
import { readFhir } from './fhir-value-set.ts';
import { KNOWN_SETS, type KnownSet, setOfName, setOfOid } from './known-sets.ts';
import { xdsLimits } from './limits.ts';
import { type Publication, type PublishedSet, unreadable } from './published-set.ts';
import { readSvs } from './svs-file.ts';
import type { Source, Tables } from './tables.ts';

/** What the files of the operator came to. */
export interface LoadedSets {
  /** One for each set, its newest edition. */
  sets: PublishedSet[];
  /** Files that cannot be used, or no longer: `xds.value-set-…`. */
  problems: ViaducError[];
}

/**
 * Reads the value sets that an operator names: files, or folders whose files are looked through. In a folder only what
 * concerns the metadata of the DMP is read; the agency's packs hold a thousand sets more.
 * @param paths absolute
 */
export function loadValueSets(paths: readonly string[], tables: Tables, nowMs: number): LoadedSets {
  const problems: ViaducError[] = [];
  const noting = <T>(read: () => T[]): T[] => {
    try {
      return read();
    } catch (error) {
      if (!isViaducError(error)) throw error;
      problems.push(error);
      return [];
    }
  };
  const files = paths.flatMap((path) => noting(() => filesAt(path)));
  const sets = newest(files.flatMap((file) => noting(() => [readSet(file)])));
  for (const set of sets) problems.push(...outdated(set, tables, nowMs));
  return { sets, problems };
}

/** Sizes and times of what would be read: when it differs, the files are worth reading again. */
export function stampOf(paths: readonly string[]): string {
  return paths
    .flatMap((path) => [path, ...within(path).map((name) => join(path, name))])
    .map(stampOfFile)
    .join(' ');
}

function stampOfFile(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats ? `${stats.size}/${stats.mtimeMs}` : 'missing';
}

/** Names of what a folder holds in the forms that are read; none for a file, or for what cannot be looked into. */
function within(path: string): string[] {
  try {
    return readdirSync(path)
      .filter((name) => FORMS.has(extname(name).toLowerCase()))
      .toSorted();
  } catch {
    return [];
  }
}

const FORMS = new Set(['.xml', '.json']);

function filesAt(path: string): string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw unreadable(path, { fr: 'il n’existe pas', en: 'it does not exist' });
  if (!stats.isDirectory()) return [path];
  const names = within(path);
  const most = xdsLimits.valueSetFiles.value;
  if (names.length > most)
    throw unreadable(path, {
      fr: `le dossier contient ${names.length} fichiers, plus que ${most}`,
      en: `the folder holds ${names.length} files, more than ${most}`,
    });
  const files = names.map((name) => join(path, name)).filter(concerns);
  if (files.length === 0) throw raise('xds.value-set-none', { folder: path });
  return files;
}

/** Whether a file names a known set, in its own name or in its first bytes. */
function concerns(file: string): boolean {
  if (setOfName(basename(file))) return true;
  const head = headOf(file);
  return KNOWN_SETS.some(
    ({ oid }) => oid !== null && (head.includes(`"${oid}"`) || head.includes(`urn:oid:${oid}"`)),
  );
}

const HEAD_BYTES = 4096;

function headOf(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(HEAD_BYTES);
    return buffer.toString('latin1', 0, readSync(descriptor, buffer));
  } finally {
    closeSync(descriptor);
  }
}

function readSet(file: string): PublishedSet {
  const { size } = statSync(file);
  if (size > xdsLimits.valueSetBytes.value)
    throw unreadable(file, {
      fr: `il fait ${size} octets, plus que la limite`,
      en: `it has ${size} bytes, more than the limit`,
    });
  const { name, oid, date, ...content } = readPublication(file);
  const known = setOfOid(oid) ?? setOfName(name);
  if (!known)
    throw unreadable(file, {
      fr: `le jeu ${name} (${oid}) ne concerne aucune métadonnée du DMP`,
      en: `the set ${name} (${oid}) concerns no metadata of the DMP`,
    });
  const { attribute, role } = known;
  return { source: { set: known.name, oid, version: date }, attribute, role, ...content, file };
}

function readPublication(file: string): Publication {
  const bytes = bytesOf(file);
  if (extname(file).toLowerCase() !== '.json') return readSvs(file, bytes);
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  return isConceptMap(text) ? readConceptMap(file, text) : readFhir(file, text);
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? '';
    throw unreadable(file, { fr: reason, en: reason }, error);
  }
}

function newest(sets: readonly PublishedSet[]): PublishedSet[] {
  const best = new Map<KnownSet['name'], PublishedSet>();
  for (const set of sets) {
    const other = best.get(set.source.set);
    if (!other || other.source.version < set.source.version) best.set(set.source.set, set);
  }
  return [...best.values()];
}

/** A set that has ended, or that is older than the edition our own list was written from. */
function outdated(
  { source, role, endsAt, file }: PublishedSet,
  tables: Tables,
  nowMs: number,
): ViaducError[] {
  const { set, version } = source;
  if (endsAt !== null && endsAt <= nowMs) {
    const date = new Date(endsAt).toISOString().slice(0, 10);
    return [raise('xds.value-set-ended', { file, set, date })];
  }
  if (role === 'sibling') return [];
  const read: readonly { sources: Source[] }[] = Object.values({ ...tables });
  const written = read.flatMap(({ sources }) => sources);
  const known = written.find(({ oid }) => oid === source.oid)?.version;
  return known && version < known ? [raise('xds.value-set-outdated', { file, set, version, known })] : [];
}
