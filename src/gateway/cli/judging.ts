import { existsSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, posix } from 'node:path';
import { Judge, type JudgeSetup } from '../../checks/judge.ts';
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
  const only = schematronPaths(texts(values, 'schematron'));
  const cache = cacheFolder(config);
  const packs = named.length > 0 ? named.map(always) : await inForce(config);
  return { rules: { packs, cache, problems: 'report', ...(only.length > 0 ? { only } : {}) } };
}

/** Paths in a pack as its files are named: with `/`, without `./` before them. */
export function schematronPaths(named: readonly string[]): string[] {
  return named.map((path) => posix.normalize(path.replaceAll('\\', '/')));
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

function xmlFiles(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((one) => one.isFile() && /\.xml$/i.test(one.name))
    .map((one) => join(one.parentPath, one.name))
    .toSorted();
}
