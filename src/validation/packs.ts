import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ViaducError } from '../words/errors.ts';
import { HL7_NS } from '../xml/names.ts';
import { attribute, elementsOf } from '../xml/select.ts';
import { PackError, packError } from './errors.ts';
import { validationLimits } from './limits.ts';
import { findRuleSets, type RuleSetRef } from './rules.ts';
import { readSchema, type SchemaDocument, type SchemaDocuments, XSD_NS } from './schema/documents.ts';

/** One file that the schema of a pack is made of. */
export interface ManifestEntry {
  /** Path in the pack, with `/`. */
  path: string;
  /** Lower-case hexadecimal. */
  sha256: string;
  /** Bytes. */
  size: number;
}

/** A folder of rules as the agency publishes it, found whole as far as its XML Schema goes. */
export interface Pack {
  /** Edition: the name of its folder, such as `TestContenuCDA-3-0`. */
  id: string;
  /** Absolute path. */
  folder: string;
  /** The files of the CDA schema, by path. */
  manifest: ManifestEntry[];
  /** Lower-case hexadecimal SHA-256 over the manifest's lines `sha256  path`, sorted by path. */
  sha256: string;
  schema: {
    /** File name of the main schema without its ending: what findings name. */
    name: string;
    main: string;
    documents: SchemaDocuments;
  };
  /** The Schematrons that stand in the pack. */
  ruleSets: RuleSetRef[];
}

/**
 * Opens a pack folder as published: finds the CDA schema in it, reads every schema file that it reaches, computes the
 * manifest. Reads files of this folder only.
 * @throws PackError with every problem found, each with file and line where it has one
 */
export function openPack(folder: string): Pack {
  const real = realFolder(folder);
  const main = mainSchema(real);
  const { documents, problems } = readSchema(real, main);
  failOn(problems);
  const manifest = [...documents.values()].map(({ path, sha256, size }) => ({ path, sha256, size }));
  manifest.sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    id: basename(real),
    folder: real,
    manifest,
    sha256: digest(manifest),
    schema: { name: basename(main, '.xsd'), main, documents },
    ruleSets: findRuleSets(real),
  };
}

function failOn(problems: readonly ViaducError[]): void {
  const [first, ...rest] = problems;
  if (first) throw new PackError([first, ...rest]);
}

function digest(manifest: readonly ManifestEntry[]): string {
  const lines = manifest.map(({ path, sha256 }) => `${sha256}  ${path}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}

function realFolder(folder: string): string {
  try {
    const real = realpathSync(folder);
    readdirSync(real);
    return real;
  } catch (error) {
    throw packError('validation.pack-not-found', { folder }, error);
  }
}

/** Path of the one schema that declares ClinicalDocument itself; those named CDA… are looked at first. */
function mainSchema(folder: string): string {
  const schemas = schemaFiles(folder);
  const named = schemas.filter((path) => /^cda[^/]*\.xsd$/i.test(basename(path)));
  const mains = (named.length > 0 ? named : schemas).filter((path) => isMain(folder, path));
  const [main, second] = mains;
  if (main === undefined) throw packError('validation.pack-not-a-pack', { folder });
  if (second !== undefined) throw packError('validation.pack-ambiguous', { folder, files: mains.join(', ') });
  return main;
}

/** Whether a schema declares ClinicalDocument. Throws when a file that should be the main one cannot be read. */
function isMain(folder: string, path: string): boolean {
  const { documents, problems } = readSchema(folder, path, 'alone');
  failOn(problems);
  const document = documents.get(path);
  return document !== undefined && declaresClinicalDocument(document);
}

function declaresClinicalDocument({ tree }: SchemaDocument): boolean {
  if (attribute(tree.root, 'targetNamespace') !== HL7_NS) return false;
  return elementsOf(tree.root).some(
    (one) =>
      one.name.ns === XSD_NS && one.name.local === 'element' && attribute(one, 'name') === 'ClinicalDocument',
  );
}

/** Paths of all schema files below a folder, sorted; links of the file system are not followed. */
function schemaFiles(folder: string): string[] {
  const found: string[] = [];
  const folders = [''];
  let entries = 0;
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    const inside = readdirSync(join(folder, at), { withFileTypes: true });
    entries += inside.length;
    checkSize(folder, entries);
    for (const entry of inside) {
      if (entry.isDirectory()) folders.push(pathOf(at, entry));
      else if (entry.isFile() && /\.xsd$/i.test(entry.name)) found.push(pathOf(at, entry));
    }
  }
  return found.sort();
}

function pathOf(folder: string, entry: Dirent): string {
  return folder === '' ? entry.name : `${folder}/${entry.name}`;
}

function checkSize(folder: string, entries: number): void {
  const { value, unit } = validationLimits.packFolderEntries;
  if (entries > value) throw packError('validation.pack-too-large', { folder, limit: value, unit });
}
