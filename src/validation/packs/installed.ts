import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Values, ViaducError } from '../../words/errors.ts';
import {
  PackError,
  packError,
  type ValidationErrorCode,
  validationError,
  validationErrors,
} from '../errors.ts';
import { openPack, type Pack } from '../packs.ts';
import { sourceSha256 } from '../schematron/cache.ts';
import { EXAMPLES, fingerprint, hashOf, type Inventory, inventoryOf, type PackFile } from './inventory.ts';
import { type Choices, choicesHash, makeChoices } from './manifest.ts';
import { OVERRIDE_FILE, type Override, overridden, overrideFile, readOverride } from './override.ts';

/** What is known of a pack without its rules being compiled. Kept in the cache as it is. */
export interface PackManifest {
  /** Edition: the name of its folder, or what its override says. */
  id: string;
  /** Over every file of rules and the choices made: what a verdict names. Lower-case hexadecimal. */
  sha256: string;
  choices: Choices;
  /** What is wrong with how its files hang together. */
  problems: { code: ValidationErrorCode; values: Values }[];
  /** Paths of the Schematrons in which a file is missing. */
  incomplete: string[];
  /** Paths of those that lack half of what they include, or more: no document is found to satisfy them by trying. */
  hollow: string[];
  /** Paths of its Schematrons and of the files they include that cannot be read, whatever the reason. */
  damaged: string[];
  /** Whether it has an XML Schema. */
  schema: boolean;
  files: number;
  /** Bytes, of the files that count. */
  size: number;
}

/** A pack ready to judge: its manifest and its XML Schema. */
export interface InstalledPack extends PackManifest {
  /** Absolute real path. */
  folder: string;
  xsd: Pack | null;
}

let maker: string | null = null;

/** SHA-256 over the source that makes manifests: those that another version of it made are made again. */
function makerSha256(): string {
  maker ??= sourceSha256([import.meta.dirname, join(import.meta.dirname, '..', 'schematron')]);
  return maker;
}

/** Which problems mean that a file is not what was published, where the others mean that something is not there. */
const DAMAGE: readonly ValidationErrorCode[] = [
  'validation.pack-without-rules',
  'validation.rules-unreadable',
  'validation.values-unreadable',
  'validation.rules-outside',
  'validation.rules-on-network',
  'validation.rules-include-loop',
  'validation.link-not-followed',
];

export function isDamage(code: string): boolean {
  return (DAMAGE as readonly string[]).includes(code);
}

/**
 * Opens a pack folder: its manifest from the cache when no file has changed since, its XML Schema from the files.
 * @param cache folder for what is worth keeping, or null
 * @throws PackError when it is no pack or its XML Schema is not whole; problems of its Schematrons are in `problems`
 */
export function openInstalledPack(folder: string, cache: string | null): InstalledPack {
  const manifest = readManifest(folder, cache);
  const real = realFolder(folder);
  return { ...manifest, folder: real, xsd: manifest.schema ? openPack(real) : null };
}

/** The same without its XML Schema, which is not whole: what can be told of its rules. */
export function openRulesAlone(folder: string): InstalledPack {
  const real = realFolder(folder);
  const override = readOverride(overrideFile(real));
  return {
    ...makeManifest(real, inventoryOf(real), { ...override, schema: 'none' }),
    folder: real,
    xsd: null,
  };
}

/** The manifest alone: what naming the pack takes. */
export function readManifest(folder: string, cache: string | null): PackManifest {
  const real = realFolder(folder);
  const override = overrideFile(real);
  const inventory = inventoryOf(real);
  const key = createHash('sha256')
    .update(`${makerSha256()} ${fingerprint(real, inventory)}`)
    .update(override === null ? '' : readFileSync(override))
    .digest('hex');
  const file = cache === null ? null : join(cache, 'manifests', `${key}.json`);
  return fromCache(file) ?? kept(file, makeManifest(real, inventory, readOverride(override)));
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (error) {
    throw packError('validation.pack-not-found', { folder }, error);
  }
}

function makeManifest(folder: string, { files, links }: Inventory, override: Override): PackManifest {
  if (override.schema !== 'none') openPack(folder);
  const counted = files.filter(({ path }) => !EXAMPLES.test(path) && path !== OVERRIDE_FILE);
  const made = makeChoices(
    folder,
    files.map(({ path }) => path),
  );
  const choices = overridden(made.choices, override);
  checkPaths(choices, files);
  const notFollowed = links.map((file) => validationError('validation.link-not-followed', { file }));
  const problems = [...notFollowed, ...made.problems];
  return {
    id: override.id ?? basename(folder),
    sha256: packHash(folder, counted, choices),
    choices,
    problems: problems.map(({ code, values }) => ({ code: code as ValidationErrorCode, values })),
    incomplete: made.incomplete,
    hollow: made.hollow,
    damaged: problems.filter(({ code }) => isDamage(code)).map(({ values }) => String(values.file)),
    schema: override.schema !== 'none',
    files: counted.length,
    size: counted.reduce((sum, { size }) => sum + size, 0),
  };
}

/** An override may name only what is there. */
function checkPaths({ profiles, models }: Choices, files: readonly PackFile[]): void {
  const known = new Set(files.map(({ path }) => path));
  const [unknown] = [...profiles, ...models.map(({ path }) => path)].filter((path) => !known.has(path));
  if (unknown === undefined) return;
  const what = `there is no file ${unknown} in the pack`;
  throw packError('validation.override-malformed', { file: OVERRIDE_FILE, what });
}

function packHash(folder: string, files: readonly PackFile[], choices: Choices): string {
  const lines = files.map(({ path }) => `${hashOf(folder, path)}  ${path}\n`);
  return createHash('sha256')
    .update(`${lines.join('')}${choicesHash(choices)}  (choices)\n`)
    .digest('hex');
}

function fromCache(file: string | null): PackManifest | null {
  if (file === null) return null;
  try {
    const [digest, text = ''] = readFileSync(file, 'utf8').split('\n', 2);
    if (digest !== digestOf(text)) return null;
    const manifest = JSON.parse(text) as PackManifest;
    return manifest.problems.every(({ code }) => code in validationErrors) ? manifest : null;
  } catch {
    return null;
  }
}

/** Keeps a manifest, whole or not at all. A cache that cannot be written costs time and nothing else. */
function kept(file: string | null, manifest: PackManifest): PackManifest {
  if (file === null) return manifest;
  try {
    mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
    const text = JSON.stringify(manifest);
    writeFileSync(`${file}.${process.pid}.new`, `${digestOf(text)}\n${text}`, { mode: 0o600 });
    renameSync(`${file}.${process.pid}.new`, file);
  } catch {
    return manifest;
  }
  return manifest;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The problems of a manifest as errors of the catalogue. */
export function problemsOf({ problems }: Pick<PackManifest, 'problems'>): ViaducError[] {
  return problems.map(({ code, values }) => validationError(code, values));
}

/** Models that no document can be found to belong to. */
export function silentModels({ choices, damaged }: Pick<PackManifest, 'choices' | 'damaged'>): ViaducError[] {
  return choices.models
    .filter(
      ({ path, templates, exampleTemplates, codes }) =>
        !damaged.includes(path) && templates.length + exampleTemplates.length + codes.length === 0,
    )
    .map(({ path }) => validationError('validation.rules-answer-for-nobody', { file: path }));
}

/** Refuses a pack with problems, all of them told at once. */
export function failOnProblems(problems: readonly ViaducError[]): void {
  const [first, ...rest] = problems;
  if (first) throw new PackError([first, ...rest]);
}
