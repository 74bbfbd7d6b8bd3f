import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, normalize, posix, relative, resolve, sep } from 'node:path';
import type { Judge, JudgeSetup } from '../../checks/judge.ts';
import type { ActivePack } from '../../validation/packs/rulebook.ts';
import type { RulesPolicy } from '../../words/establishment.ts';
import { type Config, readConfig } from '../config.ts';
import { readActivations, rulesInForce } from '../packs.ts';
import { texts, type Values } from './command.ts';

/** How a command judges: by the packs that it names, else by those in force in the data folder and its configuration. */
export async function judgeSetup(values: Values): Promise<JudgeSetup> {
  const config: Config = readConfig();
  return { ...(await rulesNamed(config, values)), ...installationOf(config) };
}

async function rulesNamed(config: Config, values: Values): Promise<Pick<JudgeSetup, 'rules'>> {
  const named = texts(values, 'pack');
  const only = schematronPaths(values);
  const cache = cacheFolder(config);
  const packs = named.length > 0 ? named.map(always) : await inForce(config);
  return { rules: { packs, cache, problems: 'report', ...(only.length > 0 ? { only } : {}) } };
}

/** Schematrons asked for, as a pack names its files: from its folder, with `/`, without `./` before them. */
export function schematronPaths(values: Values): string[] {
  const folders = texts(values, 'pack').map((folder) => resolve(folder));
  const inside = (path: string) => folders.find((folder) => path.startsWith(folder + sep));
  return texts(values, 'schematron').map((path) => {
    const folder = isAbsolute(path) ? inside(normalize(path)) : undefined;
    const named = folder === undefined ? path : relative(folder, path);
    return posix.normalize(named.replaceAll('\\', '/'));
  });
}

async function inForce(config: Config): Promise<readonly ActivePack[]> {
  const now = Date.now();
  return rulesInForce(config, readActivations(config), now).packs;
}

function always(folder: string): ActivePack {
  return { folder, from: null, until: null };
}

function installationOf({ environment, oidRoot, product }: Config): Omit<JudgeSetup, 'rules'> {
  return { environment, installation: { sourceId: oidRoot, product } };
}

/** The cache of the data folder when there is one, else that of the user: a command makes no data folder. */
export function cacheFolder({ cache, data }: Config): string {
  if (process.env.VIADUC_CACHE || existsSync(data)) return cache;
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'viaduc');
}

export async function openJudge(values: Values): Promise<Judge> {
  const { Judge } = await import('../../checks/judge.ts');
  return Judge.open(await judgeSetup(values));
}

/** By which rules the documents of a sender are judged, as the configuration says now. */
export function rulesOf({ senders }: Config, sender: string): RulesPolicy {
  return senders.find(({ id }) => id === sender)?.policy.rules ?? {};
}

/** The files named, and the XML files of the folders named, in order. */
export function filesOf(paths: readonly string[]): string[] {
  return paths.flatMap((path) => (statSync(path).isDirectory() ? xmlFiles(path) : [path]));
}

/** What may stand for a file: the document is read from the standard input. */
export const STANDARD_INPUT = '-';

/** The files to judge, as `filesOf`, and what cannot be read of what was named, with why. */
export function readableFiles(paths: readonly string[]): {
  files: string[];
  unreadable: { path: string; why: string }[];
} {
  const asked = paths.map((path) => (path === STANDARD_INPUT ? { files: [path] } : readableAt(path)));
  return {
    files: asked.flatMap(({ files }) => files ?? []),
    unreadable: asked.flatMap((one, index) => ('why' in one ? { path: paths[index]!, why: one.why } : [])),
  };
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'there is no right to read it',
};

function readableAt(path: string): { files: string[] } | { files?: never; why: string } {
  try {
    const files = filesOf([path]);
    for (const file of files) accessSync(file, constants.R_OK);
    return files.length > 0 ? { files } : { why: 'the folder holds no XML file' };
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    return { why: UNREADABLE[code] ?? message };
  }
}

function xmlFiles(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((one) => one.isFile() && /\.xml$/i.test(one.name))
    .map((one) => join(one.parentPath, one.name))
    .toSorted();
}
