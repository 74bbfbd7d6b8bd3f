import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Judge } from '../../checks/judge.ts';
import type { Config } from '../config.ts';
import { readConfig } from '../config.ts';
import { texts, type Values } from './command.ts';

/** A judge with the packs that a command names, else those of the configuration. */
export async function openJudge(values: Values): Promise<Judge> {
  const config: Config = readConfig();
  const named = texts(values, 'pack');
  const installation = { sourceId: config.oidRoot, product: config.product };
  return Judge.open({
    environment: config.environment,
    packs: named.length > 0 ? named : config.packs,
    installation,
  });
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
